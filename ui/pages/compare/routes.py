"""Compare: two drafts of one study, unnamed; which stands left is decided by a keyed hash, so nobody can tell.

The pair is the readable draft and either another version's or, where there is none, a sampled one.
"""

import hashlib
import hmac
import json
from collections.abc import Iterator
from typing import Any, Literal

from fastapi import APIRouter
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, Field

from feedback_db.errors import NotAllowed
from feedback_db.models import Draft, Outcome
from feedback_db.reading import preferences
from feedback_db.studies import drafts
from feedback_db.training import versions
from ui.access.roles import SeenStudy
from ui.desk.services import CurrentReader, CurrentServices, Services, SignedIn
from ui.pages.compare import answers
from ui.words import notices

router = APIRouter(prefix="/api/studies/{study_id}")

TEMPERATURE = 0.7
Reason = Literal["findings", "location", "severity", "comparison", "wording", "length"]
SAMPLES = 4  # how often to sample before saying that both drafts are the same


class ChoiceMade(BaseModel):
    """``pair`` as the page got it; ``outcome`` by where the drafts stood on the page; why, if the reader says so."""

    pair: str
    outcome: Outcome
    strength: Literal[1, 2, 3] = 1
    reasons: list[Reason] = Field(default_factory=list, max_length=6)


@router.post("/pair", responses={200: {"model": answers.PairEvent}})
def pair(study: SeenStudy, services: CurrentServices, person: CurrentReader) -> StreamingResponse:
    """Two drafts, written first where they are missing; one JSON object a line, the last one ``pair``."""

    def lines() -> Iterator[str]:
        first = second = None
        for event in _two_drafts(services, study.id):
            if isinstance(event, tuple):
                first, second = event
            else:
                yield json.dumps(event) + "\n"
        if first and second:
            yield json.dumps({"kind": "pair", "pair": _as_json(services, person, first, second)}) + "\n"

    return StreamingResponse(lines(), media_type="application/x-ndjson")


@router.post("/choice", response_model=answers.Choice)
def choose(
    study: SeenStudy, made: ChoiceMade, services: CurrentServices, person: CurrentReader
) -> dict[str, Any]:
    """Keep which was better; 409 with what was chosen where this reader judged the pair before.

    ``draft_id``: the better one, to go on with; null where neither was.
    """
    try:
        low, high = (int(number) for number in made.pair.split("-"))
    except ValueError as error:
        raise NotAllowed("This choice belongs to no pair of drafts. Reload the page.") from error
    left, right = _placed(services.secret, person, low, high)
    with services.database.session() as session:
        preferences.record_choice(
            session,
            study_id=study.id,
            reader_id=person.id,
            left_draft_id=left,
            right_draft_id=right,
            outcome=made.outcome,
            strength=made.strength,
            reasons=sorted(set(made.reasons)),
        )
    return {"outcome": made.outcome, "draft_id": {"left": left, "right": right}.get(made.outcome)}


def _two_drafts(services: Services, study_id: int) -> Iterator[dict[str, Any] | tuple[Draft, Draft]]:
    """States and errors while the drafts are made; last the two drafts, unless there was an error."""

    def all_drafts() -> list[Draft]:
        with services.database.reading_session() as session:
            return drafts.of_study(session, study_id=study_id)

    with services.database.reading_session() as session:
        live = versions.live(session)
    mine = [draft for draft in all_drafts() if draft.model_version_id == live.id and not draft.sampled]
    first = mine[-1] if mine else None
    if first is None:
        yield {"kind": "state", "text": "Writing the first draft"}
        drafting = services.drafting.ask(study_id)
        yield from (event for event in drafting.follow() if event["kind"] == "error")
        first = drafting.draft
    if first is None:
        return
    other = _another(all_drafts(), first)
    if other is None:
        yield {"kind": "state", "text": "Writing another draft"}
        drafting = services.drafting.sample(study_id, temperature=TEMPERATURE, candidates=SAMPLES)
        yield from (event for event in drafting.follow() if event["kind"] == "error")
        other = drafting.draft
    if other is not None:
        yield first, other


def _another(all_drafts: list[Draft], first: Draft) -> Draft | None:
    """The newest draft with other words: of another version if there is one, else sampled."""
    others = [draft for draft in all_drafts if draft.text != first.text]
    by_others = [
        draft for draft in others if draft.model_version_id != first.model_version_id and not draft.sampled
    ]
    sampled = [draft for draft in others if draft.model_version_id == first.model_version_id]
    candidates = by_others or sampled
    return candidates[-1] if candidates else None


def _placed(secret: bytes, person: SignedIn, low: int, high: int) -> tuple[int, int]:
    """(left, right) for this reader: always the same for the same two drafts, and told by nothing on the page."""
    digest = hmac.new(secret, f"compare:{person.id}:{low}:{high}".encode(), hashlib.sha256).digest()
    return (low, high) if digest[0] & 1 else (high, low)


def _as_json(services: Services, person: SignedIn, first: Draft, second: Draft) -> dict[str, Any]:
    low, high = sorted((first.id, second.id))
    by_id = {first.id: first, second.id: second}
    with services.database.reading_session() as session:
        earlier = preferences.choice_of(session, reader_id=person.id, draft_ids=(low, high))
    left, right = (by_id[number] for number in _placed(services.secret, person, low, high))
    return {
        "id": f"{low}-{high}",
        "left": _texts(left),
        "right": _texts(right),
        "same": left.text == right.text,
        # In one list, so that no notice tells which draft is whose.
        "notices": sorted(
            notices.said(*(draft.report.get("notices", ()) for draft in (first, second))),
            key=lambda notice: str(notice["code"]),
        ),
        "outcome": earlier.outcome if earlier else None,
        "strength": earlier.strength if earlier else None,
        "reasons": earlier.reasons if earlier else [],
        "draft_id": {"left": left.id, "right": right.id}.get(earlier.outcome or "") if earlier else None,
    }


def _texts(draft: Draft) -> list[str]:
    return [str(sentence["text"]) for sentence in draft.report["sentences"]]
