"""How a version did against another on the same studies: added once, read by the gate and the pages.

Knows nothing about metrics: ``metrics`` is whatever the trainer measured.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback_db.models import Evaluation
from feedback_db.models.training import Decision, EvaluationSet


def add(
    session: Session,
    *,
    version_id: int,
    against_id: int | None,
    set: EvaluationSet,
    n: int,
    metrics: Any,
    job_id: int | None = None,
    decision: Decision | None = None,
    reasons: Sequence[str] = (),
) -> Evaluation:
    """Keep a measurement over ``n`` studies of the set ``"held_out"`` or ``"base"``; ``metrics`` must be JSON."""
    evaluation = Evaluation(
        job_id=job_id,
        version_id=version_id,
        against_id=against_id,
        set=set,
        n=n,
        metrics=metrics,
        decision=decision,
        reasons=list(reasons),
    )
    session.add(evaluation)
    session.flush()
    return evaluation


def of_version(session: Session, *, version_id: int) -> list[Evaluation]:
    """How a version did, the oldest measurement first."""
    return list(
        session.scalars(select(Evaluation).where(Evaluation.version_id == version_id).order_by(Evaluation.id))
    )


def of_job(session: Session, *, job_id: int) -> list[Evaluation]:
    """What a job measured, in its order."""
    return list(
        session.scalars(select(Evaluation).where(Evaluation.job_id == job_id).order_by(Evaluation.id))
    )
