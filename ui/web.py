"""Puts the web application together: gate, sign-in, pages, their scripts, and Gradio behind them all.

``GRADIO_ANALYTICS_ENABLED`` must be false before this is imported; ``app.py`` sees to that.
"""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import cast

import gradio as gr
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse

from feedback_db import errors as feedback_errors
from feedback_db.store.database import Unavailable
from feedback_db.store.room import was_full
from lmrrg.errors import IntakeError, LmrrgError
from ui.access import sign_in
from ui.access.entrance import BodyTooLarge, Gate
from ui.desk.services import Services, SignedIn
from ui.desk.training_worker import JobsWatch
from ui.kit.files import PUBLIC, OurFiles, script_or_style
from ui.pages.pages import PAGES
from ui.shell import blocks

NO_ROOM = (
    "The server's disk is full, so nothing could be saved. Tell whoever looks after the server; "
    "what you wrote stays on this page and is sent again when there is room."
)
_STATUS: dict[type[Exception], int] = {
    feedback_errors.NotFound: 404,
    feedback_errors.NotAllowed: 403,
    feedback_errors.AlreadySigned: 409,
    feedback_errors.DuplicateStudy: 409,
    feedback_errors.ClaimedByAnother: 409,
    feedback_errors.AlreadyChosen: 409,
    feedback_errors.FeedbackError: 422,
    IntakeError: 422,
    LmrrgError: 503,
}


def create_app(services: Services) -> FastAPI:
    """The whole application for these services; closes them when it stops."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        services.ahead.start()
        watch = JobsWatch(services.database, services.worker)
        watch.start()
        yield
        watch.stop()
        services.close()

    app = FastAPI(title="LM-RRG", docs_url=None, redoc_url=None, openapi_url=None, lifespan=lifespan)
    app.state.services = services
    app.add_middleware(Gate, services=services)
    for error, status in _STATUS.items():
        app.add_exception_handler(error, _answer_with(status))
    app.add_exception_handler(feedback_errors.StaleRevision, _answer_stale)
    app.add_exception_handler(RequestValidationError, _answer_invalid)
    app.add_exception_handler(BodyTooLarge, _answer_too_large)
    app.add_exception_handler(Unavailable, _answer_not_kept)
    app.add_exception_handler(OSError, _answer_not_kept)
    for router in (sign_in.router, *(router for page in PAGES for router in page.routers)):
        app.include_router(router)
    app.mount("/public", OurFiles(PUBLIC.get), name="public")
    app.mount("/ui", OurFiles(script_or_style), name="ui")
    gr.mount_gradio_app(
        app, blocks.build(services), path="/", auth_dependency=_name_of_reader, **blocks.mount_options()
    )
    return app


def _name_of_reader(request: Request) -> str | None:
    reader = cast("SignedIn | None", request.scope.get("state", {}).get("reader"))
    return reader.name if reader else None


def _answer_with(status: int) -> Callable[[Request, Exception], JSONResponse]:
    def answer(request: Request, error: Exception) -> JSONResponse:
        body: dict[str, object] = {"error": str(error)}
        if isinstance(error, feedback_errors.DuplicateStudy):
            body["study_id"] = error.study_id
        if isinstance(error, feedback_errors.ClaimedByAnother):
            body["claimed_by"] = {"id": error.reader_id, "name": error.name}
        if isinstance(error, feedback_errors.AlreadyChosen):
            body["outcome"] = error.outcome
        return JSONResponse(body, status_code=status)

    return answer


def _answer_stale(request: Request, error: Exception) -> JSONResponse:
    """Whatever was to be written: the newer text, so that the reader can lay both side by side and decide."""
    stale = cast(feedback_errors.StaleRevision, error)
    newer = {
        "revision": stale.revision,
        "text": stale.text,
        "sentences": stale.sentences,
        "saved_at": stale.saved_at.isoformat() if stale.saved_at else None,
    }
    return JSONResponse({"error": str(stale), "newer": newer}, status_code=409)


def _answer_invalid(request: Request, error: Exception) -> JSONResponse:
    return JSONResponse(
        {"error": "The page sent something that this server does not understand. Reload it."}, 422
    )


def _answer_not_kept(request: Request, error: Exception) -> JSONResponse:
    """The disk has no room, or the database does not answer: pages keep what they have and send it again."""
    if was_full(error):
        return JSONResponse({"error": NO_ROOM}, 507)
    if isinstance(error, Unavailable):
        return JSONResponse({"error": "The database does not answer. Try again in a moment."}, 503)
    raise error


def _answer_too_large(request: Request, error: Exception) -> JSONResponse:
    return JSONResponse({"error": cast(BodyTooLarge, error).detail}, 413)
