"""Keeps the worklist's lines in step with what they are derived from: studies, drafts and readings.

Called by whoever writes those, within the same transaction. Knows nothing about the questions that are asked of the
list.
"""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, case, delete, select
from sqlalchemy.orm import Session

from feedback_db.models import Draft, Reading, Study, StudyImage, StudyStatus, WorklistEntry
from feedback_db.studies.doubt import doubt_of
from feedback_db.studies.images import is_of_frontal, of_studies, of_study

# An index row of PostgreSQL holds at most 2,704 bytes; a letter may take four.
LONGEST_WORDS = 500
_AT_ONCE = 500


def add(session: Session, *, study: Study) -> None:
    """The line of a new study."""
    images = of_study(session, study_id=study.id)
    session.add(WorklistEntry(study_id=study.id, site=study.site, words=words_of(study, images)))
    session.flush()


def refresh_words(session: Session, *, study: Study) -> None:
    """What a search finds the study by, after it got further images."""
    entry = _locked(session, study.id)
    entry.words = words_of(study, of_study(session, study_id=study.id))
    session.flush()


def words_of(study: Study, images: Sequence[StudyImage]) -> str:
    """What a search looks into: number, site, views, origin and indication, in small letters."""
    views = dict.fromkeys(image.view for image in images if image.view)
    parts = (str(study.id), study.site, *views, study.origin, study.indication)
    return " ".join(part for part in parts if part).lower()[:LONGEST_WORDS]


def take_draft(session: Session, *, draft: Draft) -> None:
    """Show what a new draft says of the study; one that was sampled for *Compare* only makes it drafted."""
    entry = _locked(session, draft.study_id)
    if not draft.sampled:
        _describe(entry, draft)
    entry.status = _status_now(session, draft.study_id)
    session.flush()


def refresh_status(session: Session, *, study_id: int) -> None:
    """Work out anew where a study stands, over all readers."""
    entry = _locked(session, study_id)
    entry.status = _status_now(session, study_id)
    if entry.status in ("signed", "amended"):
        entry.claimed_by = entry.claimed_at = None
    session.flush()


def rebuild(session: Session) -> int:
    """Make all lines anew, keeping who claimed what; returns how many there are. A few minutes for 100,000 studies."""
    claims = {
        row.study_id: (row.claimed_by, row.claimed_at)
        for row in session.execute(
            select(WorklistEntry.study_id, WorklistEntry.claimed_by, WorklistEntry.claimed_at).where(
                WorklistEntry.claimed_by.is_not(None)
            )
        )
    }
    session.execute(delete(WorklistEntry))
    numbers = list(session.scalars(select(Study.id).order_by(Study.id)))
    for start in range(0, len(numbers), _AT_ONCE):
        _rebuild_some(session, numbers[start : start + _AT_ONCE], claims)
    return len(numbers)


def _rebuild_some(session: Session, numbers: Sequence[int], claims: dict[int, tuple[int, object]]) -> None:
    readable = select(Draft).where(Draft.study_id.in_(numbers), Draft.sampled.is_(False)).order_by(Draft.id)
    images = of_studies(session, study_ids=numbers)
    newest = {
        draft.study_id: draft
        for draft in session.scalars(readable)
        if is_of_frontal(draft.request, images[draft.study_id])
    }
    rows = session.execute(select(Study, status_of_study()).where(Study.id.in_(numbers)))
    entries = []
    for study, status in rows:
        claimed_by, claimed_at = claims.get(study.id, (None, None))
        entry = WorklistEntry(
            study_id=study.id,
            site=study.site,
            words=words_of(study, images.get(study.id, [])),
            status=status,
            findings="|",
            claimed_by=claimed_by,
            claimed_at=claimed_at,
        )
        if study.id in newest:
            _describe(entry, newest[study.id])
        entries.append(entry)
    session.add_all(entries)
    session.flush()
    session.expunge_all()


def status_of_study() -> ColumnElement[StudyStatus]:
    """The furthest that any reader got with a study, as SQL over ``Study``: each test is one look into an index."""

    def reading_is(status: str) -> ColumnElement[bool]:
        return select(Reading.id).where(Reading.study_id == Study.id, Reading.status == status).exists()

    drafted = select(Draft.id).where(Draft.study_id == Study.id).exists()
    return case(
        (reading_is("amended"), "amended"),
        (reading_is("signed"), "signed"),
        (reading_is("open"), "in reading"),
        (drafted, "drafted"),
        else_="new",
    )


def _describe(entry: WorklistEntry, draft: Draft) -> None:
    doubt = doubt_of(draft.report)
    entry.needs_eye = draft.needs_eye
    entry.confidence = doubt.confidence
    entry.disagrees = doubt.disagrees
    entry.findings = doubt.listed
    entry.model_version_id = draft.model_version_id


def _locked(session: Session, study_id: int) -> WorklistEntry:
    """The line, held until the end of the transaction, so that of two readers the later sees the earlier's work."""
    return session.get_one(WorklistEntry, study_id, with_for_update=True, populate_existing=True)


def _status_now(session: Session, study_id: int) -> StudyStatus:
    return session.scalars(select(status_of_study()).where(Study.id == study_id)).one()
