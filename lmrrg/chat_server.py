"""A model behind an OpenAI-compatible server (vLLM, llama.cpp, Ollama, a vendor's): one question, one answer.

Asks again where that may help, and says in our words what went wrong. The key, where the server wants one, is read from
the environment variable LMRRG_SERVER_KEY when a question is asked; it is kept nowhere and stands in no message. Knows
the protocol (POST …/chat/completions) and nothing about reports: whoever asks decides what may leave this machine.
"""

import os
import random
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any
from urllib.parse import urlsplit

import httpx

from lmrrg.errors import ModelError, NoAnswer, ServerError

PREFIX = "server:"
KEY_VARIABLE = "LMRRG_SERVER_KEY"
_CONNECT_S = 10.0
_LONGEST_WAIT_S = 30.0
# What a server says when it is busy or stumbled, and may answer the next time.
_PASSING = frozenset({408, 409, 425, 429, 500, 502, 503, 504})
_THIS_MACHINE = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True)
class ChatServer:
    """The model ``name`` behind the server at ``url`` (with the path before ``/chat/completions``)."""

    url: str
    name: str

    @classmethod
    def at(cls, address: str) -> "ChatServer":
        """From ``server:URL#NAME``. Raises ModelError where the address names no server or no model."""
        url, _, name = address.removeprefix(PREFIX).partition("#")
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.netloc or not name:
            raise ModelError(
                f"“{address}” names no model: write {PREFIX}URL#NAME, as {PREFIX}http://localhost:8000/v1#my-model."
            )
        if "@" in parts.netloc:
            raise ModelError(
                f"The address of the server {parts.hostname} holds a password, which would be shown to others: take it "
                f"out, and give the server's key in the environment variable {KEY_VARIABLE}."
            )
        return cls(url.rstrip("/"), name)

    def __str__(self) -> str:
        return f"{PREFIX}{self.url}#{self.name}"


@dataclass(frozen=True, slots=True)
class Answer:
    """What the model wrote; ``cut`` where it was stopped at the most tokens that it may write."""

    text: str
    cut: bool = False


class Chat:
    """Questions to a model; close it when done, or use it as a context. Several threads may ask at once.

    Args:
        timeout_s: how long an answer may take.
        attempts: how often a question is asked, where the server is busy, stumbles or is silent.
        first_wait_s: the wait before the second attempt; it doubles with each, unless the server names one.
    """

    def __init__(
        self, server: ChatServer, *, timeout_s: float = 60.0, attempts: int = 4, first_wait_s: float = 0.5
    ) -> None:
        self.server, self.timeout_s = server, timeout_s
        self._attempts, self._first_wait_s = attempts, first_wait_s
        # A proxy that leads out of the house does not lead to this machine.
        proxied = urlsplit(server.url).hostname not in _THIS_MACHINE
        self._client = httpx.Client(timeout=httpx.Timeout(timeout_s, connect=_CONNECT_S), trust_env=proxied)

    def __enter__(self) -> "Chat":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self._client.close()

    def ask(
        self,
        messages: Sequence[Mapping[str, Any]],
        *,
        schema: Mapping[str, Any] | None = None,
        most_tokens: int = 1024,
        temperature: float = 0.0,
    ) -> Answer:
        """One answer to ``messages`` (OpenAI's form; a content may be parts, images among them).

        ``schema``: a JSON schema that the answer should follow; a server may ignore it, so check what came back.

        Raises:
            ServerError: it cannot be reached, refuses the key, or has no such model: no other question will do better.
            NoAnswer: this question had no answer.
        """
        body: dict[str, Any] = {
            "model": self.server.name,
            "messages": list(messages),
            "max_tokens": most_tokens,
            "temperature": temperature,
        }
        if schema is not None:
            form = {"name": "answer", "strict": True, "schema": schema}
            body["response_format"] = {"type": "json_schema", "json_schema": form}
        response = self._posted(body)
        if schema is not None and response.status_code in (
            400,
            422,
        ):  # it may not know how to follow a schema
            del body["response_format"]
            response = self._posted(body)
        if response.status_code != httpx.codes.OK:
            raise self._refused(response)
        return self._answer(response)

    def _posted(self, body: Mapping[str, Any]) -> httpx.Response:
        key = os.environ.get(KEY_VARIABLE, "").strip()
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        for attempt in range(1, self._attempts + 1):
            last = attempt == self._attempts
            named = None
            try:
                response = self._client.post(
                    f"{self.server.url}/chat/completions", json=body, headers=headers
                )
                if response.status_code not in _PASSING or last:
                    return response
                named = response.headers.get("Retry-After")
            except (httpx.ConnectError, httpx.ConnectTimeout) as error:
                if last:
                    raise ServerError(
                        f"The server {self.server.url} cannot be reached. Is it running, and is its address right?"
                    ) from error
            except httpx.TimeoutException as error:
                if last:
                    raise NoAnswer(
                        f"{self._who} has not answered within {self.timeout_s:g} s, asked {attempt} times."
                    ) from error
            except httpx.TransportError as error:
                if last:
                    raise ServerError(
                        f"The server {self.server.url} breaks the connection. Is it an OpenAI-compatible server?"
                    ) from error
            except (httpx.InvalidURL, UnicodeError) as error:
                raise ServerError(f"{self.server.url} is no address of a server.") from error
            time.sleep(self._wait(attempt, named))
        raise AssertionError("a question is asked at least once")

    def _wait(self, attempt: int, named: str | None) -> float:
        if named is not None and named.isdecimal():
            return min(float(named), _LONGEST_WAIT_S)
        # With a share of chance, so that many who were turned away do not come back together.
        wait = self._first_wait_s * 2.0 ** (attempt - 1) * random.uniform(0.5, 1.0)
        return min(wait, _LONGEST_WAIT_S)

    @property
    def _who(self) -> str:
        return f"“{self.server.name}” at {self.server.url}"

    def _refused(self, response: httpx.Response) -> ServerError:
        status = response.status_code
        if status in (401, 403):  # its own words may hold a part of the key
            has = "refuses the key" if os.environ.get(KEY_VARIABLE) else "asks for a key"
            return ServerError(
                f"The server {self.server.url} {has}. Give one that it takes in the environment variable "
                f"{KEY_VARIABLE}."
            )
        if status == 404:
            return ServerError(
                f"The server {self.server.url} has no model “{self.server.name}”, or its address lacks a part "
                "(most end in /v1)."
            )
        if response.is_redirect:
            return ServerError(
                f"The server {self.server.url} sends elsewhere. Give the address that it names."
            )
        return NoAnswer(f"{self._who} answered with an error ({status}{self._said(response)}).")

    def _said(self, response: httpx.Response) -> str:
        """The server's own word on an error, short and without the key."""
        try:
            body = response.json()
            said = body.get("error") or body["detail"]  # OpenAI's form, or that of servers made with FastAPI
            said = said["message"] if isinstance(said, dict) else said
        except (ValueError, LookupError, TypeError, AttributeError):
            return ""
        words = " ".join(str(said).split())
        key = os.environ.get(KEY_VARIABLE, "").strip()
        return ": " + (words.replace(key, "…") if key else words)[:200]

    def _answer(self, response: httpx.Response) -> Answer:
        try:
            choice = response.json()["choices"][0]
            message = choice["message"]
            text, refusal, ended = message.get("content"), message.get("refusal"), choice.get("finish_reason")
        except (ValueError, LookupError, TypeError, AttributeError) as error:
            raise NoAnswer(f"{self._who} answered in a form that is not OpenAI's.") from error
        if refusal or ended == "content_filter":
            raise NoAnswer(f"{self._who} refused to answer.")
        if not isinstance(text, str) or not text.strip():
            raise NoAnswer(f"{self._who} answered without a text.")
        return Answer(text, cut=ended == "length")
