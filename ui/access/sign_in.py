"""The pages outside the gate: signing in, the one-time link, the first administrator's name and password.

Plain HTML made here, every text escaped, no script. Knows nothing about studies.
"""

import re
from html import escape
from typing import Annotated

from fastapi import APIRouter, Form, Query, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse

from feedback_db.errors import FeedbackError, FirstAdminNeeded, LinkInvalid
from feedback_db.models import Reader
from feedback_db.people import accounts, sessions
from ui.access.entrance import COOKIE, session_token
from ui.desk.services import CurrentServices, Services

router = APIRouter()

_PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title} · LM-RRG</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="/public/icon.svg">
<link rel="stylesheet" href="/public/tokens.css"><link rel="stylesheet" href="/public/sign_in.css"></head>
<body class="lm"><main><p class="brand">LM-RRG</p><h1>{title}</h1>{body}
<p class="foot">Demonstration model trained on synthetic radiographs. Not for clinical use.</p></main></body></html>"""
_FIELDS = """<label class="field"><span>Name</span><input type="text" name="name" autocomplete="username"
 maxlength="80" required autofocus value="{name}"></label>
<label class="field"><span>Password{hint}</span><input type="password" name="password"
 autocomplete="{kind}-password" maxlength="200" required></label>"""


# A page of ours: a path without "//", no host, no query; its hash says which study.
_OURS = re.compile(r"/(?:[\w-]+/?)*(?:#[\w/-]*)?", re.ASCII)


def _back_to(asked: str) -> str:
    """Where one goes after signing in: what was asked for where it is a page of ours, else the first page."""
    return asked if _OURS.fullmatch(asked) else "/"


def _page(title: str, body: str, status: int = 200) -> HTMLResponse:
    return HTMLResponse(_PAGE.format(title=escape(title), body=body), status_code=status)


def _notice(text: str) -> str:
    return f'<p class="notice red" role="alert">{escape(text)}</p>' if text else ""


def _sign_in_page(
    problem: str = "", name: str = "", status: int = 200, *, back_to: str = "/"
) -> HTMLResponse:
    back = f'<input type="hidden" name="next" value="{escape(back_to)}">'
    fields = back + _FIELDS.format(name=escape(name), hint="", kind="current")
    button = '<button class="primary" type="submit">Sign in</button>'
    hint = '<p class="meta">No account, or password forgotten? An administrator of this installation can help.</p>'
    return _page(
        "Sign in",
        f'{_notice(problem)}<form method="post" action="/sign-in">{fields}{button}</form>{hint}',
        status,
    )


def _first_admin_page(token: str, problem: str = "", name: str = "", status: int = 200) -> HTMLResponse:
    fields = _FIELDS.format(name=escape(name), hint=" (at least 8 characters)", kind="new")
    body = (
        "<p>This installation has no account yet. Choose the name and password of its first administrator; the name"
        " appears under the reports that you sign.</p>"
        f'{_notice(problem)}<form method="post" action="/link">'
        f'<input type="hidden" name="token" value="{escape(token)}">{fields}'
        '<button class="primary" type="submit">Create the account and start</button></form>'
    )
    return _page("Welcome", body, status)


def _enter(
    services: Services, request: Request, reader: Reader, means: str, *, back_to: str = "/"
) -> Response:
    hours = services.settings.session_hours
    with services.database.session() as session:
        token = sessions.start(session, reader_id=reader.id, hours=hours, means=means)
    response = RedirectResponse(back_to, status_code=303)
    response.set_cookie(
        COOKIE,
        token,
        max_age=int(hours * 3600),
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https",
        path="/",
    )
    return response


@router.get("/sign-in")
def show_sign_in(asked: Annotated[str, Query(alias="next")] = "/") -> HTMLResponse:
    """The form; ``next`` is where it leads to."""
    return _sign_in_page(back_to=_back_to(asked))


@router.post("/sign-in")
def sign_in(
    request: Request,
    services: CurrentServices,
    name: Annotated[str, Form()] = "",
    password: Annotated[str, Form()] = "",
    asked: Annotated[str, Form(alias="next")] = "/",
) -> Response:
    """Come in by name and password, to the page ``next`` from which the end of a session led here."""
    back_to = _back_to(asked)
    with services.database.session() as session:
        reader = accounts.authenticate(session, name=name, password=password)
    if reader is None:
        return _sign_in_page(
            "Name and password do not match an account. Five failures lock an account for a quarter of an hour.",
            name,
            status=401,
            back_to=back_to,
        )
    return _enter(services, request, reader, "password", back_to=back_to)


@router.get("/link")
def open_link(request: Request, services: CurrentServices, token: str = "") -> Response:
    """The one-time link that the server prints: signs in, or asks for the first administrator's name and password."""
    return _redeem(request, services, token, None, None, shown=False)


@router.post("/link")
def first_admin(
    request: Request,
    services: CurrentServices,
    token: Annotated[str, Form()] = "",
    name: Annotated[str, Form()] = "",
    password: Annotated[str, Form()] = "",
) -> Response:
    """Make the first administrator, who is signed in by it."""
    return _redeem(request, services, token, name.strip() or None, password or None, shown=True)


def _redeem(
    request: Request, services: Services, token: str, name: str | None, password: str | None, *, shown: bool
) -> Response:
    try:
        with services.database.session() as session:
            reader = sessions.redeem_one_time_link(session, token=token, name=name, password=password)
    except FirstAdminNeeded as error:
        return _first_admin_page(token, str(error) if shown else "", name or "", status=400 if shown else 200)
    except LinkInvalid as error:
        return _sign_in_page(str(error), status=403)
    except FeedbackError as error:
        return _first_admin_page(token, str(error), name or "", status=400)
    return _enter(services, request, reader, "one-time link")


@router.post("/sign-out")
def sign_out(request: Request, services: CurrentServices) -> Response:
    """End this browser's session."""
    token = session_token(request.scope)
    if token:
        with services.database.session() as session:
            sessions.end(session, token=token)
    response = JSONResponse({})
    response.delete_cookie(COOKIE, path="/")
    return response
