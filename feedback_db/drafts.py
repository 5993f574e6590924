"""What models wrote: drafts are added and read, never changed.

Knows no model; a draft's ``report`` is the JSON that ``lmrrg.reporters.serialise`` made.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from feedback_db.errors import NotFound
from feedback_db.models import Draft


def add(
    session: Session,
    *,
    study_id: int,
    model_version_id: int,
    text: str,
    report: dict[str, Any],
    request: dict[str, Any] | None = None,
) -> Draft:
    """Keep a draft with its evidence."""
    draft = Draft(
        study_id=study_id, model_version_id=model_version_id, text=text, report=report, request=request or {}
    )
    session.add(draft)
    session.flush()
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


def of_study(session: Session, *, study_id: int) -> list[Draft]:
    """All drafts of a study, the oldest first."""
    return list(session.scalars(select(Draft).where(Draft.study_id == study_id).order_by(Draft.id)))


def newest_versions(session: Session, *, study_ids: Sequence[int]) -> dict[int, int]:
    """Study → model version of its newest draft, for those that have one; without loading the drafts."""
    newest = select(func.max(Draft.id)).where(Draft.study_id.in_(study_ids)).group_by(Draft.study_id)
    rows = session.execute(select(Draft.study_id, Draft.model_version_id).where(Draft.id.in_(newest)))
    return {row.study_id: row.model_version_id for row in rows}
