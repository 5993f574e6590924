"""Writes ``docs/routes.md`` from the routes themselves: ``python -m docs.write_routes``."""

from inspect import getdoc
from pathlib import Path

from fastapi.routing import APIRoute

from ui.access import sign_in
from ui.pages.pages import PAGES

PAGE = Path(__file__).with_name("routes.md")
HEAD = """# Routes

What the pages ask the server, page by page; written by `python -m docs.write_routes` from the code. Everything but
signing in lies behind the session's cookie. What changes something comes from a page of this server and carries
`X-LMRRG-Page: 1`. Errors are `{"error": sentence}`: 401 not signed in, 403 not allowed, 404 not there or of a site that
is not yours, 409 somebody was faster, 413 too long, 422 refused in words. A save that comes too late answers 409 with
the newer text. Times are ISO 8601 in UTC.
"""


def lines() -> list[str]:
    """The page's lines: a heading for each page and a row for each of its routes."""
    parts = [("Signing in", (sign_in.router,)), *((page.title, page.routers) for page in PAGES)]
    written = [HEAD]
    for title, routers in parts:
        written += [f"## {title}", "", "| route | what it does |", "|---|---|"]
        for route in (one for router in routers for one in router.routes if isinstance(one, APIRoute)):
            said = (getdoc(route.endpoint) or "").split("\n\n")[0].replace("\n", " ").replace("``", "`")
            methods = ", ".join(sorted(route.methods))
            written.append(f"| `{methods} {route.path}` | {said.replace('|', '/')} |")
        written.append("")
    return written


if __name__ == "__main__":
    PAGE.write_text("\n".join(lines()), "utf-8")
