"""Stands before everything: nothing is served without sign-in, and no other site can act in a reader's name.

Denies by default; what is open is listed in ``OPEN``. Bounds what a request may bring, so that nobody fills the disk,
and sets the security headers. Knows nothing about what pages contain.
"""

import re
import secrets
from contextlib import suppress
from http.cookies import CookieError, SimpleCookie
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from feedback_db.models import now
from feedback_db.people import sessions
from feedback_db.store.database import Unavailable
from ui.desk.services import Services, SignedIn
from ui.desk.short_work import in_short_queue
from ui.kit.files import PUBLIC

COOKIE = "lmrrg_session"
PAGE_HEADER = "x-lmrrg-page"
# Sent with requests that a page makes by timer while nobody touches it: they must not keep a session from ending.
BACKGROUND_HEADER = "x-background"
OPEN = ("/sign-in", "/link", *(f"/public/{name}" for name in PUBLIC))
CODE = ("/ui/", "/assets/", "/public/")  # ours and Gradio's; anything else may hold patient data
# Of Gradio's own routes these are all that our pages ask: the page, its parts, and the queue of *Admin*.
GRADIO_OPEN = (
    "/gradio_api/startup-events",
    "/gradio_api/run/",
    "/gradio_api/queue/",
    "/gradio_api/heartbeat/",
    "/gradio_api/app_id",
    "/gradio_api/info",
    "/gradio_api/cancel",
    "/gradio_api/reset",
)
# Uploads, files, proxies, calls past the queue, monitoring, Gradio's sign-in, what describes the routes.
_GRADIO_CLOSED = (
    *("/gradio_api/", "/monitoring", "/openapi.json", "/docs", "/redoc"),
    *("/login", "/logout", "/manifest.json", "/pwa_icon"),
)
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
# The most bytes that a request may bring; adding a study takes a file and a little for its fields.
MOST_WHEN_OPEN = 16_000
MOST = 2_000_000
BESIDE_A_FILE = 1_000_000
_SCRIPT = re.compile(rb"<script(?=[\s>])")

# Gradio's page needs eval for the components' own script, inline styles, and data: fonts and pictures. Its inline
# scripts are let through by a number that is new with every page: markup that was slipped in cannot know it.
_PAGE_POLICY = (
    "default-src 'self'; script-src 'self' {nonce}'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; "
    "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
)
_STRICT_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}


class BodyTooLarge(HTTPException):
    """The request brings more than its address takes; ``detail`` says what to do.

    An HTTPException, because that is the one error which FastAPI lets through while it reads a request.
    """

    def __init__(self, what_to_do: str) -> None:
        super().__init__(413, what_to_do)


class Gate:
    """ASGI middleware. Puts ``SignedIn`` on ``request.state.reader`` for whoever gets through."""

    def __init__(self, app: ASGIApp, services: Services) -> None:
        self._app, self._services = app, services
        self._look = in_short_queue(self._reader)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008})
            return
        path: str = scope["path"]
        headers = Headers(scope=scope)
        is_open = path in OPEN
        answer: Response | None = None
        if not self._services.settings.serves(headers.get("host", "")):
            answer = _refusal(
                421, "This server does not go by that name. Ask whoever set it up for its address."
            )
        elif scope["method"] not in SAFE_METHODS and not self._from_our_page(path, headers):
            answer = _refusal(403, "This request did not come from a page of this server. Reload the page.")
        elif not is_open:
            reader = await self._look(scope)
            if reader is None:
                answer = self._turned_away(scope, headers)
            elif path.startswith(_GRADIO_CLOSED) and not path.startswith(GRADIO_OPEN):
                answer = _refusal(404, "There is nothing at this address.")
            else:
                scope["state"] = {**scope.get("state", {}), "reader": reader}
        most, too_much = self._bound(scope["method"], path)
        length = headers.get("content-length", "")
        if answer is None and length.isdecimal() and int(length) > most:
            answer = _refusal(413, too_much)

        nonce = secrets.token_urlsafe(16) if path == "/" else None
        policy = (
            _STRICT_POLICY if is_open else _PAGE_POLICY.format(nonce=f"'nonce-{nonce}' " if nonce else "")
        )

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                out = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    out[name] = value
                out["Content-Security-Policy"] = policy
                if scope.get("scheme") == "https":
                    out["Strict-Transport-Security"] = "max-age=31536000"
                for name in [name for name in out if name.startswith("access-control-")]:
                    del out[name]  # Gradio lets other pages of this machine read what it sends
                out.setdefault(
                    "Cache-Control",
                    "no-cache" if path.startswith(("/ui/", "/assets/", "/public/")) else "no-store",
                )
            await send(message)

        numbered = _number_scripts(nonce, send_with_headers) if nonce else send_with_headers
        await (answer or self._app)(scope, _counted(receive, most, too_much), numbered)

    def _bound(self, method: str, path: str) -> tuple[int, str]:
        """How many bytes a request may bring, and the sentence for one that brings more."""
        if path in OPEN:
            return (
                MOST_WHEN_OPEN,
                "That is too long for a name and a password. Reload the page and type them again.",
            )
        if (method, path) == ("POST", "/api/studies"):
            megabytes = self._services.settings.upload_megabytes
            return (
                megabytes * 1_000_000 + BESIDE_A_FILE,
                f"The file is larger than {megabytes} MB. Export a single image and add that.",
            )
        return MOST, "That is longer than a report can be. Shorten the text and send it again."

    def _reader(self, scope: Scope) -> SignedIn | None:
        token = session_token(scope)
        if not token:
            return None
        idle = self._services.settings.idle_minutes
        with self._services.database.reading_session() as session:
            held = sessions.holder(session, token=token, idle_minutes=idle)
        if held is None:
            return None
        reader, seen_at = held
        if now() - seen_at > sessions.NOTED_EVERY and BACKGROUND_HEADER not in Headers(scope=scope):
            # A disk without room refuses the note; whoever only reads goes on.
            with suppress(Unavailable), self._services.database.session() as session:
                sessions.note(session, token=token)
        bound = reader.sites is not None and reader.role == "reader"
        return SignedIn(reader.id, reader.name, reader.role, tuple(reader.sites or ()) if bound else None)

    @staticmethod
    def _from_our_page(path: str, headers: Headers) -> bool:
        origin = headers.get("origin")
        if origin is None:
            # Old browsers leave it out for same-site forms; then they must say so another way.
            ours = headers.get("sec-fetch-site") == "same-origin"
        else:
            ours = urlsplit(origin).netloc == headers.get("host")
        return ours and (not path.startswith("/api/") or PAGE_HEADER in headers)

    @staticmethod
    def _turned_away(scope: Scope, headers: Headers) -> Response:
        if scope["method"] == "GET" and "text/html" in headers.get("accept", ""):
            return RedirectResponse("/sign-in", status_code=303)
        return _refusal(401, "Sign in first.")


def session_token(scope: Scope) -> str | None:
    """The session cookie of a request, or None."""
    try:
        cookies = SimpleCookie(HTTPConnection(scope).headers.get("cookie", ""))
    except CookieError:
        return None
    return cookies[COOKIE].value if COOKIE in cookies else None


def _counted(receive: Receive, most: int, too_much: str) -> Receive:
    """Hands a request on until it has brought more than ``most`` bytes: not every request says its length."""
    brought = 0

    async def receive_counted() -> Message:
        nonlocal brought
        message = await receive()
        brought += len(message.get("body", b""))
        if brought > most:
            raise BodyTooLarge(too_much)
        return message

    return receive_counted


def _number_scripts(nonce: str, send: Send) -> Send:
    """Sends a page on with ``nonce`` on each of its scripts; the page is held until it is whole."""
    start: Message = {}
    parts: list[bytes] = []

    async def send_numbered(message: Message) -> None:
        nonlocal start
        if message["type"] == "http.response.start":
            start = message
            return
        if message["type"] != "http.response.body":
            await send(message)
            return
        parts.append(message.get("body", b""))
        if message.get("more_body", False):
            return
        body = b"".join(parts)
        headers = MutableHeaders(scope=start)
        if headers.get("content-type", "").startswith("text/html"):
            body = _SCRIPT.sub(b'<script nonce="%s"' % nonce.encode(), body)
            headers["content-length"] = str(len(body))
        await send(start)
        await send({"type": "http.response.body", "body": body})

    return send_numbered


def _refusal(status: int, message: str) -> Response:
    return JSONResponse({"error": message}, status_code=status)
