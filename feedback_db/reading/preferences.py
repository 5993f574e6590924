"""Which of two texts was better: chosen in *Compare*, shown by an edit (draft ≺ signed), or by a sentence found wrong.

Knows nothing about models or rewards.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import ColumnElement, delete, func, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from feedback_db.errors import AlreadyChosen, NotAllowed, NotFound
from feedback_db.models import Draft, Outcome, Preference, Reading, SentenceFeedback, Split, Study, StudyImage
from feedback_db.models.reading import Source
from feedback_db.reading.signed import SIGNED
from feedback_db.studies.images import hung_first

STRENGTHS = (1, 2, 3)
# Of a choice: a draft without its wrong sentence still lacks what should stand there, and whoever struck the sentence
# has mostly said so by an edit too.
VERDICT_STRENGTH = 0.5


@dataclass(frozen=True, slots=True)
class PreferencePair:
    """Chosen ≻ rejected on one study; ``image_folder`` is that of the image hung first, in the data folder.

    With ``outcome`` ``"tie"`` or ``"both_bad"`` neither was chosen: the left text stands first. ``draft_ids`` are of
    the chosen and the rejected text, None for one that no model wrote so. ``preference_id`` is None for what follows
    from a verdict on a sentence: that is kept, not the preference.
    """

    preference_id: int | None
    study_id: int
    reader_id: int
    patient_key: str
    split: Split
    site: str
    indication: str
    image_folder: str
    chosen: str
    rejected: str
    source: Source | Literal["verdict"]
    outcome: Outcome | None
    strength: float
    reasons: tuple[str, ...] = ()
    draft_ids: tuple[int | None, int | None] = (None, None)


def record_choice(
    session: Session,
    *,
    study_id: int,
    reader_id: int,
    left_draft_id: int,
    right_draft_id: int,
    outcome: Outcome,
    strength: int = 1,
    reasons: Sequence[str] = (),
) -> Preference:
    """Keep a choice between two drafts of a study, by where they stood on the page.

    ``strength``: 1 slightly, 2 clearly, 3 much better; ``reasons`` in the page's words. A reader judges a pair once.

    Raises:
        AlreadyChosen: this reader did, whichever way the two stood then; carries how.
        NotFound: no such draft.
        NotAllowed: the two are one draft, or of another study, or the strength is none of the three.
    """
    left, right = (session.get(Draft, number) for number in (left_draft_id, right_draft_id))
    if left is None or right is None:
        raise NotFound("draft", left_draft_id if left is None else right_draft_id)
    if left.id == right.id or {left.study_id, right.study_id} != {study_id}:
        raise NotAllowed("A choice is between two drafts of the same study. Reload the page.")
    if strength not in STRENGTHS:
        raise NotAllowed("The strength of a preference is 1, 2 or 3.")
    chosen, rejected = (right, left) if outcome == "right" else (left, right)
    preference = Preference(
        study_id=study_id,
        reader_id=reader_id,
        chosen_text=chosen.text,
        rejected_text=rejected.text,
        chosen_draft_id=chosen.id,
        rejected_draft_id=rejected.id,
        source="choice",
        outcome=outcome,
        strength=strength,
        pair=_pair(left.id, right.id),
        reasons=list(reasons),
    )
    try:
        with session.begin_nested():
            session.add(preference)
    except IntegrityError as error:
        earlier = choice_of(session, reader_id=reader_id, draft_ids=(left.id, right.id))
        if earlier is None or earlier.outcome is None:
            raise
        raise AlreadyChosen(earlier.outcome) from error
    return preference


def choice_of(session: Session, *, reader_id: int, draft_ids: tuple[int, int]) -> Preference | None:
    """How this reader judged these two drafts, if they did.

    Its ``outcome`` is by where the drafts stood on the page that they chose on, where the chosen one is named.
    """
    return session.scalar(
        select(Preference).where(Preference.reader_id == reader_id, Preference.pair == _pair(*draft_ids))
    )


def count(session: Session, *, split: Split | None = None) -> dict[Source, int]:
    """How many decided preferences there are of each source (ties and *both bad* prefer nothing)."""
    wanted = [_decided()]
    if split is not None:
        wanted.append(Study.split == split)
    counted = session.execute(
        select(Preference.source, func.count())
        .join(Study, Study.id == Preference.study_id)
        .where(*wanted)
        .group_by(Preference.source)
    )
    found: dict[Source, int] = {"choice": 0, "edit": 0}
    for source, number in counted:
        found[source] = number
    return found


def record_edit(session: Session, *, reading_id: int) -> Preference | None:
    """Keep draft ≺ the text that the reader put their name to last; None where they are the same.

    A reading has at most one such preference: an amendment replaces it. Called by ``sign`` and ``amend``.
    """
    reading = session.get_one(Reading, reading_id)
    session.execute(delete(Preference).where(Preference.reading_id == reading_id))
    draft = session.get(Draft, reading.draft_id) if reading.draft_id is not None else None
    if reading.status == "open" or draft is None or draft.text.strip() == reading.text.strip():
        return None
    preference = Preference(
        study_id=reading.study_id,
        reader_id=reading.reader_id,
        reading_id=reading.id,
        chosen_text=reading.text,
        rejected_text=draft.text,
        rejected_draft_id=draft.id,
        source="edit",
    )
    session.add(preference)
    session.flush()
    return preference


def all_for(
    session: Session, *, split: Split | None = None, decided_only: bool = True
) -> list[PreferencePair]:
    """All preferences of a split, the oldest first; without ties and *both bad* unless asked for."""
    wanted: list[ColumnElement[bool]] = []
    if split is not None:
        wanted.append(Study.split == split)
    if decided_only:
        wanted.append(_decided())
    rows = session.execute(
        select(Preference, Study, StudyImage.image_folder)
        .join(Study, Study.id == Preference.study_id)
        .join(StudyImage, StudyImage.id == hung_first())
        .where(*wanted)
        .order_by(Preference.id)
    )
    return [
        PreferencePair(
            preference_id=preference.id,
            study_id=study.id,
            reader_id=preference.reader_id,
            patient_key=study.patient_key,
            split=study.split,
            site=study.site,
            indication=study.indication,
            image_folder=image_folder,
            chosen=preference.chosen_text,
            rejected=preference.rejected_text,
            source=preference.source,
            outcome=preference.outcome,
            strength=preference.strength,
            reasons=tuple(preference.reasons),
            draft_ids=(preference.chosen_draft_id, preference.rejected_draft_id),
        )
        for preference, study, image_folder in rows
    ]


def from_verdicts(session: Session, *, split: Split | None = None) -> list[PreferencePair]:
    """The draft without a sentence ≻ the draft as it was written, the oldest reading first.

    One for each sentence of the draft that whoever signed the reading deleted or marked with an error. A draft of that
    sentence alone is left out, and so is a sentence that the draft does not have: the reading began anew from another.
    """
    wrong = or_(SentenceFeedback.verdict == "deleted", SentenceFeedback.error_category.is_not(None))
    one_of_each = (
        select(func.min(SentenceFeedback.id))
        .where(SentenceFeedback.verdict != "inserted", wrong)
        .group_by(SentenceFeedback.reading_id, SentenceFeedback.sentence_index)
    )
    wanted: list[ColumnElement[bool]] = [
        Reading.status.in_(SIGNED),
        SentenceFeedback.id.in_(one_of_each),
    ]
    if split is not None:
        wanted.append(Study.split == split)
    rows = session.execute(
        select(SentenceFeedback.text, Draft.text, Draft.id, Reading.reader_id, Study, StudyImage.image_folder)
        .join(Reading, Reading.id == SentenceFeedback.reading_id)
        .join(Draft, Draft.id == Reading.draft_id)
        .join(Study, Study.id == Reading.study_id)
        .join(StudyImage, StudyImage.id == hung_first())
        .where(*wanted)
        .order_by(Reading.id, SentenceFeedback.sentence_index)
    )
    return [
        PreferencePair(
            preference_id=None,
            study_id=study.id,
            reader_id=reader_id,
            patient_key=study.patient_key,
            split=study.split,
            site=study.site,
            indication=study.indication,
            image_folder=image_folder,
            chosen=without,
            rejected=draft,
            source="verdict",
            outcome=None,
            strength=VERDICT_STRENGTH,
            draft_ids=(None, draft_id),
        )
        for sentence, draft, draft_id, reader_id, study, image_folder in rows
        if (without := _without(sentence, draft)) not in ("", draft.strip())
    ]


def _without(sentence: str, draft: str) -> str:
    """``draft`` without the first place where ``sentence`` stands in it by itself."""
    return re.sub(rf"(?<!\S){re.escape(sentence.strip())}(\s+|$)", "", draft, count=1).strip()


def _decided() -> ColumnElement[bool]:
    return or_(Preference.outcome.is_(None), Preference.outcome.in_(("left", "right")))


def _pair(first: int, second: int) -> str:
    low, high = sorted((first, second))
    return f"{low}-{high}"
