"""What a reader said was right or wrong: of a sentence (verdict and errors), of a region (a box).

Marks are the present opinion: setting one again replaces it. Knows neither the names of the regions nor those
of the error categories; ``lmrrg.anatomy`` and ``lmrrg.findings`` do.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from feedback_db.errors import NotAllowed
from feedback_db.models import RegionAction, RegionFeedback, SentenceFeedback, Verdict
from feedback_db.revisions import own


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

    ``text`` is the draft's sentence. Of one with the verdict ``"inserted"`` it is the reader's, and its index a number
    of the page's own, which has nothing to do with the draft's. Raises NotFound, NotAllowed.
    """
    inserted = verdict == "inserted"
    unmark_sentence(
        session, reading_id=reading_id, reader_id=reader_id, sentence_index=sentence_index, inserted=inserted
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


def unmark_sentence(
    session: Session, *, reading_id: int, reader_id: int, sentence_index: int, inserted: bool = False
) -> None:
    """Take back what was said of a sentence; raises NotFound, NotAllowed."""
    own(session, reading_id=reading_id, reader_id=reader_id)
    session.execute(
        delete(SentenceFeedback).where(
            SentenceFeedback.reading_id == reading_id,
            SentenceFeedback.sentence_index == sentence_index,
            (SentenceFeedback.verdict == "inserted").is_(inserted),
        )
    )


def mark_region(
    session: Session,
    *,
    reading_id: int,
    reader_id: int,
    region: str,
    action: RegionAction,
    box_xywh: tuple[float, float, float, float] | None = None,
) -> RegionFeedback:
    """Replace what was said of a region; ``box_xywh`` is in the original image's pixels, None when removed.

    Raises:
        NotAllowed: another reader's reading, or a box where there should be none, or none where there should be one.
        NotFound: no such reading.
    """
    if (box_xywh is None) != (action == "removed"):
        raise NotAllowed("A region that is drawn or moved needs a box, one that is removed has none.")
    unmark_region(session, reading_id=reading_id, reader_id=reader_id, region=region)
    row = RegionFeedback(
        reading_id=reading_id, region=region, action=action, box=list(box_xywh) if box_xywh else None
    )
    session.add(row)
    session.flush()
    return row


def unmark_region(session: Session, *, reading_id: int, reader_id: int, region: str) -> None:
    """Take back what was said of a region; raises NotFound, NotAllowed."""
    own(session, reading_id=reading_id, reader_id=reader_id)
    session.execute(
        delete(RegionFeedback).where(RegionFeedback.reading_id == reading_id, RegionFeedback.region == region)
    )


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
