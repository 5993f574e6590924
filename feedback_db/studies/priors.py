"""The patient's earlier studies, and what was signed of them.

Which of two was made first is said by the days of their examinations where both files had one, and by the order of
intake otherwise. Knows no calendar: the days of one patient are moved together, and by another patient's tell nothing.
"""

from collections.abc import Sequence

from sqlalchemy import and_, or_, select, tuple_
from sqlalchemy.orm import Session

from feedback_db.models import Reading, Study
from feedback_db.reading.signed import SIGNED
from feedback_db.studies.studies import get

# Characters of a prior's signed report up to which a model is told it: about 600 of the default model's 1,024 tokens.
LONGEST_PRIOR = 2000


def prior_of(session: Session, *, study_id: int, sites: Sequence[str] | None = None) -> Study | None:
    """The same patient's study that was made last before this one, of these ``sites`` alone; None for all.

    A study with a day looks first among those with one, then among the others, which are ordered by their intake.
    Raises NotFound.
    """
    study = get(session, study_id=study_id)
    came_earlier = tuple_(Study.created_at, Study.id) < tuple_(study.created_at, study.id)
    query = select(Study).where(Study.patient_key == study.patient_key)
    newest = (Study.created_at.desc(), Study.id.desc())
    if study.examined_on is None:
        query = query.where(came_earlier).order_by(*newest)
    else:
        undated = Study.examined_on.is_(None)
        the_same_day = and_(Study.examined_on == study.examined_on, came_earlier)
        query = query.where(
            or_(Study.examined_on < study.examined_on, the_same_day, and_(undated, came_earlier))
        ).order_by(undated, Study.examined_on.desc(), *newest)
    if sites is not None:
        query = query.where(Study.site.in_(sites))
    return session.scalar(query.limit(1))


def days_between(earlier: Study, later: Study) -> int | None:
    """How many days lie between the examinations; None where a file said nothing of its day."""
    if earlier.examined_on is None or later.examined_on is None:
        return None
    return (later.examined_on - earlier.examined_on).days


def signed_text_of(session: Session, *, study_id: int) -> str | None:
    """The text of this study that a reader put their name to last; None where nobody did."""
    return session.scalar(
        select(Reading.text)
        .where(Reading.study_id == study_id, Reading.status.in_(SIGNED))
        .order_by(Reading.signed_at.desc(), Reading.id.desc())
        .limit(1)
    )


def report_to_tell(session: Session, *, study: Study) -> tuple[int, str] | None:
    """What a model is told of the study's prior: the prior's id, and what was signed of it; None for nothing.

    The prior is of the same site: whoever may read this study's draft may read that report too.
    """
    prior = prior_of(session, study_id=study.id, sites=(study.site,))
    text = signed_text_of(session, study_id=prior.id) if prior else None
    if prior is None or text is None or len(text) > LONGEST_PRIOR:
        return None
    return prior.id, text
