"""What models wrote: drafts are added and read, never changed.

Knows nothing about models; a draft's ``report`` is the JSON that ``lmrrg.reporters.serialise`` made.
"""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback_db.errors import NotFound
from feedback_db.models import Draft
from feedback_db.studies import images, worklist_entries
from feedback_db.studies.doubt import doubt_of


def add(
    session: Session,
    *,
    study_id: int,
    model_version_id: int,
    text: str,
    report: dict[str, Any],
    request: dict[str, Any] | None = None,
) -> Draft:
    """Keep a draft with its evidence, and show on the worklist what it says.

    A draft whose ``request`` names a temperature above 0 is a sample: for *Compare*, not for reading.
    """
    asked = request or {}
    draft = Draft(
        study_id=study_id,
        model_version_id=model_version_id,
        text=text,
        report=report,
        request=asked,
        sampled=bool(asked.get("temperature")),
        needs_eye=doubt_of(report).needs_eye,
    )
    session.add(draft)
    session.flush()
    worklist_entries.take_draft(session, draft=draft)
    return draft


def get(session: Session, *, draft_id: int) -> Draft:
    """The draft; raises NotFound."""
    draft = session.get(Draft, draft_id)
    if draft is None:
        raise NotFound("draft", draft_id)
    return draft


def latest(session: Session, *, study_id: int, model_version_id: int | None = None) -> Draft | None:
    """The newest draft of a study, of one version or of any; None where there is none."""
    query = select(Draft).where(Draft.study_id == study_id).order_by(Draft.id.desc()).limit(1)
    if model_version_id is not None:
        query = query.where(Draft.model_version_id == model_version_id)
    return session.scalar(query)


def readable(session: Session, *, study_id: int) -> Draft | None:
    """The study's newest draft for reading, of any version, not one sampled for *Compare*; None where there is none.

    A draft that was written for a lateral image alone, before images were brought together, is not for reading.
    """
    shown = images.of_study(session, study_id=study_id)
    # Not the drafts themselves: their maps are large.
    newest_first = (
        select(Draft.id, Draft.request)
        .where(Draft.study_id == study_id, Draft.sampled.is_(False))
        .order_by(Draft.id.desc())
    )
    for number, asked in session.execute(newest_first):
        if images.is_of_frontal(asked, shown):
            return session.get_one(Draft, number)
    return None


def of_study(session: Session, *, study_id: int) -> list[Draft]:
    """All drafts of a study, the oldest first."""
    return list(session.scalars(select(Draft).where(Draft.study_id == study_id).order_by(Draft.id)))
