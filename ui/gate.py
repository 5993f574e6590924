"""Stands before everything: nothing is served to who is not signed in, and no other site can act in one's name.

Denies by default; what is open is listed in ``OPEN``. Also sets the security headers. Knows no page's content.
"""

from http.cookies import CookieError, SimpleCookie
from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from feedback_db import accounts
from ui.services import Services, SignedIn

COOKIE = "lmrrg_session"
PAGE_HEADER = "x-lmrrg-page"
OPEN = ("/sign-in", "/link", "/public/tokens.css", "/public/sign_in.css", "/public/icon.svg")
CODE = ("/ui/", "/assets/", "/public/")  # ours and Gradio's; all else may hold what is a patient's
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")

# Gradio's page needs inline script, eval for the components' own script, and data: fonts and pictures.
_PAGE_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
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


class Gate:
    """ASGI middleware. Puts ``SignedIn`` on ``request.state.reader`` for whoever gets through."""

    def __init__(self, app: ASGIApp, services: Services) -> None:
        self._app, self._services = app, services

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
        if scope["method"] not in SAFE_METHODS and not self._from_our_page(path, headers):
            answer = _refusal(403, "This request did not come from a page of this server. Reload the page.")
        elif not is_open:
            reader = await run_in_threadpool(self._reader, scope)
            if reader is None:
                answer = self._turned_away(scope, headers)
            else:
                scope["state"] = {**scope.get("state", {}), "reader": reader}

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                out = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    out[name] = value
                out["Content-Security-Policy"] = _STRICT_POLICY if is_open else _PAGE_POLICY
                out.setdefault(
                    "Cache-Control",
                    "no-cache" if path.startswith(("/ui/", "/assets/", "/public/")) else "no-store",
                )
            await send(message)

        await (answer or self._app)(scope, receive, send_with_headers)

    def _reader(self, scope: Scope) -> SignedIn | None:
        token = session_token(scope)
        if not token:
            return None
        with self._services.database.reading_session() as session:
            reader = accounts.reader_of_token(session, token=token)
        return SignedIn(reader.id, reader.name, reader.role) if reader else None

    @staticmethod
    def _from_our_page(path: str, headers: Headers) -> bool:
        origin = headers.get("origin")
        if origin is None:
            # Old browsers leave it out for forms of one's own site; then they must say so another way.
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


def _refusal(status: int, message: str) -> Response:
    return JSONResponse({"error": message}, status_code=status)
