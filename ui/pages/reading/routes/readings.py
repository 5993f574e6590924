"""What the reading room sends and asks for: a study's draft, the reader's own text, saving, signing, amending.

A save names the revision it started from; where that is no longer the newest, nothing is overwritten and the newer
text comes back (``ui.web`` answers a stale revision for all routes alike).
"""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter
from fastapi.responses import StreamingResponse
from pydantic import AfterValidator, BaseModel, Field

from feedback_db.models import Draft, Reading
from feedback_db.reading import marks, readings
from feedback_db.store.database import Session
from feedback_db.studies import drafts, images, presence
from feedback_db.training import versions
from lmrrg import profiles
from lmrrg.reporters.serialise import up_to_date
from ui.access.roles import OwnReading, SeenStudy
from ui.desk.services import CurrentReader, CurrentServices, SignedIn
from ui.desk.short_work import ShortRoute
from ui.pages.reading import answers
from ui.pages.reading.routes.marks import regions_as_json, sentences_as_json
from ui.words import notices

router = APIRouter(prefix="/api", route_class=ShortRoute)


MOST_REGIONS = max(len(profiles.load(name).regions) for name in profiles.names())


def _is_known(region: str) -> str:
    if not any(region in profiles.load(name).region_index for name in profiles.names()):
        raise ValueError("a region of no kind of examination")
    return region


class SentenceSent(BaseModel):
    """One sentence of the reader's text; ``draft_index`` where it came from the draft's sentence of that index.

    ``regions``: what a sentence of the reader's own speaks of; the draft knows that of its own sentences.
    """

    text: str = Field(max_length=4000)
    draft_index: int | None = None
    state: Literal["untouched", "accepted", "edited", "added"] = "untouched"
    regions: list[Annotated[str, AfterValidator(_is_known)]] = Field(
        default_factory=list, max_length=MOST_REGIONS
    )


class TextSent(BaseModel):
    """The reader's whole text as it stands, and the revision it started from."""

    revision: int
    text: str = Field(max_length=40000)
    sentences: list[SentenceSent] = Field(max_length=400)
    active_seconds: float | None = Field(default=None, ge=0)

    def plain(self) -> list[dict[str, Any]]:
        return [
            sentence.model_dump(exclude=None if sentence.regions else {"regions"})
            for sentence in self.sentences
        ]


class DraftAsked(BaseModel):
    """``again``: write a new draft with the live version even where there is one."""

    again: bool = False


class DraftChosen(BaseModel):
    """The draft that a reading starts from; null for one that is written from nothing."""

    draft_id: int | None


class DraftAdopted(BaseModel):
    """The draft to start over from, and the revision that the page has."""

    draft_id: int
    revision: int


class Revision(BaseModel):
    """The revision that the page has."""

    revision: int


class Signature(Revision):
    """``agreement``: how well the draft fitted, 1 … 5, if the reader cares to say."""

    agreement: int | None = Field(default=None, ge=1, le=5)
    active_seconds: float | None = Field(default=None, ge=0)


class AmendmentSigned(TextSent):
    """A whole amendment, and how well the draft fitted."""

    agreement: int | None = Field(default=None, ge=1, le=5)


def reading_as_json(session: Session, reading: Reading) -> dict[str, Any]:
    """A reading as its reader's page needs it, with what was marked in it."""
    amending = reading.pending_text is not None
    return {
        "id": reading.id,
        "draft_id": reading.draft_id,
        "status": "open" if reading.status == "open" else "signed",
        "amended": reading.status == "amended",
        "revision": reading.revision,
        "text": reading.text,
        "sentences": reading.sentences,
        "saved_at": _at(reading.saved_at),
        "signed_at": _at(reading.signed_at),
        "active_seconds": reading.active_seconds,
        "agreement": reading.agreement,
        "amendment": {"text": reading.pending_text, "sentences": reading.pending_sentences}
        if amending
        else None,
        "sentence_marks": sentences_as_json(marks.sentences_of(session, reading_id=reading.id)),
        "region_marks": regions_as_json(marks.regions_of(session, reading_id=reading.id)),
    }


@router.get("/studies/{study_id}/reading", response_model=answers.Held, response_model_exclude_unset=True)
def held(study: SeenStudy, services: CurrentServices, person: CurrentReader) -> dict[str, Any]:
    """What there is of this study: a draft to start from, this reader's own text, who else has one or is here."""
    with services.database.reading_session() as session:
        reading = readings.find(session, study_id=study.id, reader_id=person.id)
        newest = drafts.readable(session, study_id=study.id)
        draft = _draft_of(session, reading, newest)
        newer = newest if newest and (draft is None or newest.id > draft.id) else None
        live = versions.live(session)
        here = {
            one.reader_id for one in presence.others_here(session, study_id=study.id, reader_id=person.id)
        }
        others = [
            {"reader": other.name, "status": other.status, "here": other.reader_id in here}
            for other in readings.others_of_study(session, study_id=study.id, reader_id=person.id)
        ]
        return {
            "draft": _draft_json(session, draft) if draft else None,
            "newer_draft": _author(session, newer) if newer else None,
            "reading": reading_as_json(session, reading) if reading else None,
            "others": others,
            "claimed_by": who(presence.holder(session, study_id=study.id)),
            "live": {"id": live.id, "name": live.name, "version": live.number},
        }


@router.post("/studies/{study_id}/draft", responses={200: {"model": answers.DraftEvent}})
def draft(study: SeenStudy, asked: DraftAsked, services: CurrentServices) -> StreamingResponse:
    """Follow a draft while it is written, one JSON object a line; it is kept even if nobody stays to see it."""
    with services.database.reading_session() as session:
        existing = None if asked.again else drafts.readable(session, study_id=study.id)
        ready = _draft_json(session, existing) if existing else None

    def lines() -> Iterator[str]:
        if ready is not None:
            yield _line({"kind": "draft", "draft": ready})
            return
        for event in services.drafting.ask(study.id).follow():
            if event["kind"] == "draft":
                with services.database.reading_session() as session:
                    written = drafts.get(session, draft_id=event["draft_id"])
                    event = {"kind": "draft", "draft": _draft_json(session, written)}
            yield _line(event)

    return StreamingResponse(lines(), media_type="application/x-ndjson")


@router.post("/studies/{study_id}/reading", response_model=answers.Reading, response_model_exclude_unset=True)
def open_reading(
    study: SeenStudy, chosen: DraftChosen, services: CurrentServices, person: CurrentReader
) -> dict[str, Any]:
    """Begin this reader's own text from a draft; a text that was saved already stays as it is."""
    with services.database.session() as session:
        reading = readings.open_reading(
            session, study_id=study.id, reader_id=person.id, draft_id=chosen.draft_id
        )
        return reading_as_json(session, reading)


@router.put("/readings/{reading_id}", response_model=answers.Saved)
def save(own: OwnReading, sent: TextSent, services: CurrentServices, person: CurrentReader) -> dict[str, Any]:
    """Keep the text; 409 with the newer one where ``revision`` is not the newest, 409 where it is signed."""
    with services.database.session() as session:
        return _kept(
            readings.save(
                session,
                _step(own, person, sent.revision, sent.active_seconds),
                text=sent.text,
                sentences=sent.plain(),
            )
        )


@router.post(
    "/readings/{reading_id}/adopt", response_model=answers.Reading, response_model_exclude_unset=True
)
def adopt(
    own: OwnReading, chosen: DraftAdopted, services: CurrentServices, person: CurrentReader
) -> dict[str, Any]:
    """Start over from another draft by the reader's choice; what was written stays in the revisions."""
    with services.database.session() as session:
        reading = readings.adopt_draft(
            session,
            _step(own, person, chosen.revision),
            draft_id=chosen.draft_id,
        )
        return reading_as_json(session, reading)


@router.post("/readings/{reading_id}/sign", response_model=answers.Saved)
def sign(
    own: OwnReading, asked: Signature, services: CurrentServices, person: CurrentReader
) -> dict[str, Any]:
    """Put the reader's name to the text that was saved as ``revision``; 409 where it is not the newest."""
    with services.database.session() as session:
        return _kept(
            readings.sign(
                session,
                _step(own, person, asked.revision, asked.active_seconds),
                agreement=asked.agreement,
            )
        )


@router.put("/readings/{reading_id}/amendment", response_model=answers.Saved)
def keep_amendment(
    own: OwnReading, sent: TextSent, services: CurrentServices, person: CurrentReader
) -> dict[str, Any]:
    """Keep an amendment that is being written; the signed text stays in force until it is signed."""
    with services.database.session() as session:
        return _kept(
            readings.keep_amendment(
                session,
                _step(own, person, sent.revision, sent.active_seconds),
                text=sent.text,
                sentences=sent.plain(),
            )
        )


@router.post("/readings/{reading_id}/amendment/discard", response_model=answers.Saved)
def discard_amendment(
    own: OwnReading, asked: Revision, services: CurrentServices, person: CurrentReader
) -> dict[str, Any]:
    """Give the amendment up; what was written of it stays in the revisions."""
    with services.database.session() as session:
        return _kept(readings.discard_amendment(session, _step(own, person, asked.revision)))


@router.post("/readings/{reading_id}/amend", response_model=answers.Saved)
def amend(
    own: OwnReading, sent: AmendmentSigned, services: CurrentServices, person: CurrentReader
) -> dict[str, Any]:
    """Replace the signed text by another signed text; the first stays in the record."""
    with services.database.session() as session:
        return _kept(
            readings.amend(
                session,
                _step(own, person, sent.revision, sent.active_seconds),
                text=sent.text,
                sentences=sent.plain(),
                agreement=sent.agreement,
            )
        )


@router.get("/readings/{reading_id}/revisions", response_model=list[answers.Revision])
def revisions(own: OwnReading, services: CurrentServices) -> list[dict[str, Any]]:
    """Everything that was ever saved of one's own reading, the oldest first."""
    with services.database.reading_session() as session:
        kept = readings.revisions(session, reading_id=own)
    return [
        {"revision": one.revision, "kind": one.kind, "saved_at": _at(one.saved_at), "text": one.text}
        for one in kept
    ]


def who(holder: presence.Holder | None) -> dict[str, Any] | None:
    """A reader as the pages name one."""
    return {"id": holder.reader_id, "name": holder.name} if holder else None


def _draft_of(session: Session, reading: Reading | None, newest: Draft | None) -> Draft | None:
    """What a reading was begun from; the newest draft where nothing was written yet, None where it was from nothing."""
    if reading is not None and reading.draft_id is not None:
        return drafts.get(session, draft_id=reading.draft_id)
    return newest if reading is None or reading.revision == 0 else None


def _author(session: Session, draft: Draft) -> dict[str, Any]:
    version = versions.get(session, version_id=draft.model_version_id)
    name = {"name": version.name, "version": version.number, "demonstration": version.demonstration}
    return {"id": draft.id, "model": name}


def _draft_json(session: Session, draft: Draft) -> dict[str, Any]:
    report = up_to_date(draft.report)
    return {
        **_author(session, draft),
        "model_version_id": draft.model_version_id,
        "report": report | {"notices": notices.said(report.get("notices", ()))},
        "created_at": draft.created_at.isoformat(),
        "prior_study": draft.request.get("prior_study"),
        "images": images.named_by(draft.request, images.of_study(session, study_id=draft.study_id)),
    }


def _step(
    reading_id: int, person: SignedIn, revision: int, active_seconds: float | None = None
) -> readings.Step:
    return readings.Step(
        reading_id=reading_id,
        reader_id=person.id,
        expected_revision=revision,
        active_seconds=active_seconds,
    )


def _kept(reading: Reading) -> dict[str, Any]:
    return {"revision": reading.revision, "saved_at": _at(reading.saved_at)}


def _at(time: datetime | None) -> str | None:
    return time.isoformat() if time else None


def _line(event: dict[str, Any]) -> str:
    return json.dumps(event) + "\n"
