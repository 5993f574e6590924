"""What a reader said was right or wrong: of a sentence (verdict and errors), of a region (a box).

Marks are the present opinion: setting one again replaces it. Those of a signed report stay as they are until its
amendment is being written; what changes then is in the audit. Knows neither the names of the regions nor those
of the error categories.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from feedback_db.errors import AlreadySigned, NotAllowed
from feedback_db.models import Reading, RegionAction, RegionFeedback, SentenceFeedback, Verdict
from feedback_db.people import audit
from feedback_db.reading.revisions import own
from feedback_db.reading.signed import SIGNED
from feedback_db.studies import images


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
    of the page's own, which has nothing to do with the draft's. Raises NotFound, NotAllowed, AlreadySigned.
    """
    reading = _own_to_mark(session, reading_id=reading_id, reader_id=reader_id)
    _forget_sentence(session, reading, sentence_index, inserted=verdict == "inserted")
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
    told = [asdict(error) for error in errors]
    _record(session, reading, "mark sentence", sentence=sentence_index, verdict=verdict, errors=told)
    return rows


def unmark_sentence(
    session: Session, *, reading_id: int, reader_id: int, sentence_index: int, inserted: bool = False
) -> None:
    """Take back what was said of a sentence; raises NotFound, NotAllowed, AlreadySigned."""
    reading = _own_to_mark(session, reading_id=reading_id, reader_id=reader_id)
    _forget_sentence(session, reading, sentence_index, inserted=inserted)
    _record(session, reading, "unmark sentence", sentence=sentence_index, inserted=inserted)


def mark_region(
    session: Session,
    *,
    reading_id: int,
    reader_id: int,
    region: str,
    action: RegionAction,
    box_xywh: tuple[float, float, float, float] | None = None,
    image_id: int | None = None,
) -> RegionFeedback:
    """Replace what was said of a region on one image, the one hung first unless told.

    ``box_xywh`` is in that image's own pixels, None when removed.

    Raises:
        NotAllowed: another reader's reading, or a box where there should be none, or none where there should be one.
        AlreadySigned: the report is signed, and no amendment is being written.
        NotFound: no such reading, or no such image of its study.
    """
    if (box_xywh is None) != (action == "removed"):
        raise NotAllowed("A region that is drawn or moved needs a box, one that is removed has none.")
    reading = _own_to_mark(session, reading_id=reading_id, reader_id=reader_id)
    image = _image_of(session, reading, image_id)
    _forget_region(session, reading, image, region)
    box = list(box_xywh) if box_xywh else None
    row = RegionFeedback(reading_id=reading_id, image_id=image, region=region, action=action, box=box)
    session.add(row)
    session.flush()
    _record(session, reading, "mark region", image=image, region=region, action=action, box=box)
    return row


def unmark_region(
    session: Session, *, reading_id: int, reader_id: int, region: str, image_id: int | None = None
) -> None:
    """Take back what was said of a region on one image, as above; raises NotFound, NotAllowed, AlreadySigned."""
    reading = _own_to_mark(session, reading_id=reading_id, reader_id=reader_id)
    image = _image_of(session, reading, image_id)
    _forget_region(session, reading, image, region)
    _record(session, reading, "unmark region", image=image, region=region)


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


def _own_to_mark(session: Session, *, reading_id: int, reader_id: int) -> Reading:
    """This reader's reading, if its marks may change; held, so that nobody signs it between our look and our rows."""
    reading = own(session, reading_id=reading_id, reader_id=reader_id)
    session.refresh(reading, with_for_update=True)
    if reading.status in SIGNED and reading.pending_text is None:
        raise AlreadySigned
    return reading


def _record(session: Session, reading: Reading, action: str, /, **what: Any) -> None:
    """What became of a signed report's mark, in the audit; not the sentence's words."""
    if reading.status in SIGNED:
        audit.append(
            session,
            reader_id=reading.reader_id,
            action=action,
            subject=f"reading:{reading.id}",
            data={"study": reading.study_id, "revision": reading.revision, **what},
        )


def _forget_sentence(session: Session, reading: Reading, sentence_index: int, *, inserted: bool) -> None:
    session.execute(
        delete(SentenceFeedback).where(
            SentenceFeedback.reading_id == reading.id,
            SentenceFeedback.sentence_index == sentence_index,
            (SentenceFeedback.verdict == "inserted").is_(inserted),
        )
    )


def _image_of(session: Session, reading: Reading, image_id: int | None) -> int:
    if image_id is None:
        return images.of_study(session, study_id=reading.study_id)[0].id
    return images.get(session, study_id=reading.study_id, image_id=image_id).id


def _forget_region(session: Session, reading: Reading, image_id: int, region: str) -> None:
    session.execute(
        delete(RegionFeedback).where(
            RegionFeedback.reading_id == reading.id,
            RegionFeedback.image_id == image_id,
            RegionFeedback.region == region,
        )
    )
