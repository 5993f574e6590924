"""What a reader said was right or wrong: of a sentence (verdict and errors), of a region (a box).

Marks are the present opinion: setting one again replaces it. Knows neither the names of the regions nor those
of the error categories; ``lmrrg.anatomy`` and ``lmrrg.findings`` do.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from feedback_db.errors import NotAllowed, NotFound
from feedback_db.models import Reading, RegionAction, RegionFeedback, SentenceFeedback, Verdict


@dataclass(frozen=True, slots=True)
class ErrorMark:
    """One error in a sentence: its category, and whether it matters clinically."""

    category: str
    significant: bool = False


def mark_sentence(
    session: Session,
    *,
    reading_id: int,
    reader_id: int,
    sentence_index: int,
    text: str,
    verdict: Verdict,
    errors: Sequence[ErrorMark] = (),
) -> list[SentenceFeedback]:
    """Replace what was said of a sentence of the draft; one row per error, one row where there is none.

    ``text`` is the draft's sentence (of an inserted one, the reader's). Raises NotFound, NotAllowed.
    """
    _check_owner(session, reading_id=reading_id, reader_id=reader_id)
    session.execute(
        delete(SentenceFeedback).where(
            SentenceFeedback.reading_id == reading_id, SentenceFeedback.sentence_index == sentence_index
        )
    )
    kept: list[ErrorMark | None] = [*errors] or [None]
    rows = [
        SentenceFeedback(
            reading_id=reading_id,
            sentence_index=sentence_index,
            text=text,
            verdict=verdict,
            error_category=error.category if error else None,
            significant=error is not None and error.significant,
        )
        for error in kept
    ]
    session.add_all(rows)
    session.flush()
    return rows


def mark_region(
    session: Session,
    *,
    reading_id: int,
    reader_id: int,
    region: str,
    action: RegionAction,
    box_xywh: tuple[float, float, float, float] | None = None,
) -> RegionFeedback:
    """Replace what was said of a region; ``box_xywh`` is in the original image's pixels, None when removed."""
    _check_owner(session, reading_id=reading_id, reader_id=reader_id)
    session.execute(
        delete(RegionFeedback).where(RegionFeedback.reading_id == reading_id, RegionFeedback.region == region)
    )
    row = RegionFeedback(
        reading_id=reading_id, region=region, action=action, box=list(box_xywh) if box_xywh else None
    )
    session.add(row)
    session.flush()
    return row


def sentences_of(session: Session, *, reading_id: int) -> list[SentenceFeedback]:
    """What was said of a reading's sentences, in their order."""
    return list(
        session.scalars(
            select(SentenceFeedback)
            .where(SentenceFeedback.reading_id == reading_id)
            .order_by(SentenceFeedback.sentence_index, SentenceFeedback.id)
        )
    )


def regions_of(session: Session, *, reading_id: int) -> list[RegionFeedback]:
    """What was said of a reading's regions."""
    return list(
        session.scalars(
            select(RegionFeedback).where(RegionFeedback.reading_id == reading_id).order_by(RegionFeedback.id)
        )
    )


def _check_owner(session: Session, *, reading_id: int, reader_id: int) -> None:
    reading = session.get(Reading, reading_id)
    if reading is None:
        raise NotFound("reading", reading_id)
    if reading.reader_id != reader_id:
        raise NotAllowed("This is another reader's report. Open the study to mark your own.")
