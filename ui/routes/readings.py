"""What the reading room sends and asks for: a study's draft, the reader's own text, saving, signing, amending.

A save names the revision it started from; where that is no longer the newest, the newer text comes back and
nothing is overwritten.
"""

import json
from collections.abc import Iterator
from typing import Any, Literal

from fastapi import APIRouter
from fastapi.responses import JSONResponse, StreamingResponse
from pydantic import BaseModel, Field
from starlette.responses import Response

from feedback_db import accounts, drafts, readings, studies, versions
from feedback_db.errors import StaleRevision
from feedback_db.models import Draft, ModelVersion, Reading
from ui.services import Here, Person, Services

router = APIRouter(prefix="/api")


class SentenceSent(BaseModel):
    """One sentence of the reader's text; ``draft_index`` where it came from the draft's sentence of that index."""

    text: str = Field(max_length=4000)
    draft_index: int | None = None
    state: Literal["untouched", "accepted", "edited", "added"] = "untouched"


class TextSent(BaseModel):
    """The reader's whole text as it stands, and the revision it started from."""

    revision: int
    text: str = Field(max_length=40000)
    sentences: list[SentenceSent] = Field(max_length=400)
    active_seconds: float | None = Field(default=None, ge=0)

    def plain(self) -> list[dict[str, Any]]:
        return [sentence.model_dump() for sentence in self.sentences]


class DraftAsked(BaseModel):
    """``again``: write a new draft with the live version even where there is one."""

    again: bool = False


class DraftChosen(BaseModel):
    """The draft that a reading starts from."""

    draft_id: int


class Revision(BaseModel):
    """The revision that is to be signed."""

    revision: int


def greedy_draft(all_drafts: list[Draft]) -> Draft | None:
    """The newest draft that was not sampled: the one to read, not one made for *Compare*."""
    plain = [draft for draft in all_drafts if not draft.request.get("temperature")]
    return plain[-1] if plain else None


def draft_as_json(draft: Draft, version: ModelVersion) -> dict[str, Any]:
    return {
        "id": draft.id,
        "model_version_id": version.id,
        "model": {"name": version.name, "version": version.number, "demonstration": version.demonstration},
        "report": draft.report,
        "created_at": draft.created_at.isoformat(),
    }


def reading_as_json(reading: Reading, saved_at: str | None) -> dict[str, Any]:
    return {
        "id": reading.id,
        "status": "open" if reading.status == "open" else "signed",
        "amended": reading.status == "amended",
        "revision": reading.revision,
        "text": reading.text,
        "sentences": reading.sentences,
        "saved_at": saved_at,
        "signed_at": reading.signed_at.isoformat() if reading.signed_at else None,
    }


@router.get("/studies/{study_id}/reading")
def held(study_id: int, services: Here, person: Person) -> dict[str, Any]:
    """What there is of this study: a draft to start from, this reader's own text, who else has one."""
    with services.database.reading_session() as session:
        studies.get(session, study_id=study_id)
        reading = readings.find(session, study_id=study_id, reader_id=person.id)
        own = reading.draft_id if reading is not None else None
        draft = (
            greedy_draft(drafts.of_study(session, study_id=study_id))
            if own is None
            else drafts.get(session, draft_id=own)
        )
        version = versions.get(session, version_id=draft.model_version_id) if draft else None
        live = versions.live(session)
        others = [
            {"reader": accounts.get(session, reader_id=other.reader_id).name, "status": other.status}
            for other in readings.of_study(session, study_id=study_id)
            if other.reader_id != person.id
        ]
        saved_at = _saved_at(readings.revisions(session, reading_id=reading.id)) if reading else None
        return {
            "draft": draft_as_json(draft, version) if draft and version else None,
            "reading": reading_as_json(reading, saved_at) if reading else None,
            "others": others,
            "live": {"id": live.id, "name": live.name, "version": live.number},
        }


@router.post("/studies/{study_id}/draft")
def draft(study_id: int, asked: DraftAsked, services: Here, person: Person) -> StreamingResponse:
    """Follow a draft while it is written, one JSON object a line; it is kept even if nobody stays to see it."""
    with services.database.reading_session() as session:
        studies.get(session, study_id=study_id)
        existing = None if asked.again else greedy_draft(drafts.of_study(session, study_id=study_id))

    def lines() -> Iterator[str]:
        if existing is not None:
            yield _line({"kind": "draft", "draft": _with_version(services, existing.id)})
            return
        for event in services.drafting.ask(study_id).follow():
            if event["kind"] == "draft":
                event = {"kind": "draft", "draft": _with_version(services, event["draft_id"])}
            yield _line(event)

    return StreamingResponse(lines(), media_type="application/x-ndjson")


@router.post("/studies/{study_id}/reading")
def open_reading(study_id: int, chosen: DraftChosen, services: Here, person: Person) -> dict[str, Any]:
    """Begin this reader's own text from a draft; a text that was saved already stays as it is."""
    with services.database.session() as session:
        reading = readings.open_reading(
            session, study_id=study_id, reader_id=person.id, draft_id=chosen.draft_id
        )
        return reading_as_json(reading, None)


@router.put("/readings/{reading_id}")
def save(reading_id: int, sent: TextSent, services: Here, person: Person) -> Response:
    try:
        with services.database.session() as session:
            reading = readings.save(
                session,
                reading_id=reading_id,
                reader_id=person.id,
                expected_revision=sent.revision,
                text=sent.text,
                sentences=sent.plain(),
                active_seconds=sent.active_seconds,
            )
            return _kept(reading, _saved_at(readings.revisions(session, reading_id=reading_id)))
    except StaleRevision as stale:
        return _stale(services, reading_id, stale)


@router.post("/readings/{reading_id}/sign")
def sign(reading_id: int, asked: Revision, services: Here, person: Person) -> Response:
    try:
        with services.database.session() as session:
            reading = readings.sign(
                session, reading_id=reading_id, reader_id=person.id, expected_revision=asked.revision
            )
            return _kept(reading, reading.signed_at.isoformat() if reading.signed_at else None)
    except StaleRevision as stale:
        return _stale(services, reading_id, stale)


@router.post("/readings/{reading_id}/amend")
def amend(reading_id: int, sent: TextSent, services: Here, person: Person) -> Response:
    """Replace the signed text by another signed text; the first stays in the record."""
    try:
        with services.database.session() as session:
            reading = readings.amend(
                session,
                reading_id=reading_id,
                reader_id=person.id,
                expected_revision=sent.revision,
                text=sent.text,
                sentences=sent.plain(),
            )
            return _kept(reading, reading.signed_at.isoformat() if reading.signed_at else None)
    except StaleRevision as stale:
        return _stale(services, reading_id, stale)


def _with_version(services: Services, draft_id: int) -> dict[str, Any]:
    with services.database.reading_session() as session:
        draft = drafts.get(session, draft_id=draft_id)
        return draft_as_json(draft, versions.get(session, version_id=draft.model_version_id))


def _kept(reading: Reading, saved_at: str | None) -> JSONResponse:
    return JSONResponse({"revision": reading.revision, "saved_at": saved_at})


def _saved_at(revisions: list[Any]) -> str | None:
    return revisions[-1].saved_at.isoformat() if revisions else None


def _stale(services: Services, reading_id: int, stale: StaleRevision) -> JSONResponse:
    with services.database.reading_session() as session:
        saved_at = _saved_at(readings.revisions(session, reading_id=reading_id))
    newer = {
        "revision": stale.revision,
        "text": stale.text,
        "sentences": stale.sentences,
        "saved_at": saved_at,
    }
    return JSONResponse({"error": str(stale), "newer": newer}, status_code=409)


def _line(event: dict[str, Any]) -> str:
    return json.dumps(event) + "\n"
