"""A server on this machine that speaks OpenAI's chat protocol; what it answers, a test says."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

Reply = tuple[int, Any, dict[str, str]]


def answer(text: str | None, **choice: Any) -> Reply:
    """A well-formed answer; ``choice`` adds to or changes its only choice."""
    message = {"role": "assistant", "content": text} | choice.pop("message", {})
    return 200, {"choices": [{"index": 0, "message": message, "finish_reason": "stop"} | choice]}, {}


def error(status: int, said: str = "no", **headers: str) -> Reply:
    return status, {"error": {"message": said}}, headers


@dataclass
class Served:
    """A running server: its address, and what it was asked with which key."""

    url: str
    asked: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str | None] = field(default_factory=list)


@contextmanager
def serving(reply: Callable[[dict[str, Any], int], Reply | None]) -> Iterator[Served]:
    """Serve; ``reply`` is given the question and how many came before. None breaks the connection."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            count = len(served.asked)
            served.asked.append(asked)
            served.keys.append(self.headers["Authorization"])
            said = reply(asked, count) if self.path == "/v1/chat/completions" else error(404)
            if said is None:
                self.connection.close()
                return
            status, body, headers = said
            written = body.encode() if isinstance(body, str) else json.dumps(body).encode()
            self.send_response(status)
            for name, value in {"Content-Length": str(len(written)), **headers}.items():
                self.send_header(name.replace("_", "-"), value)
            self.end_headers()
            self.wfile.write(written)

        def log_message(self, format: str, *args: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        def handle_error(self, request: Any, client_address: Any) -> None:
            pass  # whoever asked went away

    server = Server(("127.0.0.1", 0), Handler)
    served = Served(f"http://127.0.0.1:{server.server_port}/v1")
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield served
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
