"""The patient's earlier studies, and what was signed of them.

Which of two was made first is said by the days of their examinations where both files had one, within a day by their
ranks where all of that day have one, and otherwise by the order in which they were listed at intake; of that it is told
that the order is not known. Another image of the same examination is never a prior, even where it is a study of its
own. Knows nothing about calendars: the days of one patient are moved together, and by another patient's tell nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback_db.models import Reading, Study
from feedback_db.reading.signed import SIGNED
from feedback_db.studies.studies import get

# Characters of a prior's signed report up to which a model is told it: about 600 of the default model's 1,024 tokens.
LONGEST_PRIOR = 2000


@dataclass(frozen=True, slots=True)
class PriorStudy:
    """A study that was made before another one.

    ``days_before`` is None where a file said nothing of its day; ``order_known``: whether days or times say that it was
    made before, and not only the order in which the two were listed.
    """

    study: Study
    days_before: int | None
    order_known: bool


def priors_of(session: Session, *, study_id: int, sites: Sequence[str] | None = None) -> list[PriorStudy]:
    """The same patient's earlier studies, the latest first, of these ``sites`` alone; None for all.

    A study with a day has those with one before the others, which are ordered by their listing. Raises NotFound.
    """
    study = get(session, study_id=study_id)
    of_patient = list(session.scalars(select(Study).where(Study.patient_key == study.patient_key)))
    ranked = _days_with_ranks(of_patient)
    earlier = [
        other
        for other in of_patient
        if other.id != study.id
        and (study.study_key is None or other.study_key != study.study_key)
        and (sites is None or other.site in sites)
        and _is_before(other, study, ranked)
    ]
    # Without a day of its own a study knows the others by their listing alone.
    dated_first = study.examined_on is not None
    earlier.sort(key=lambda other: _place(other, ranked, dated_first=dated_first), reverse=True)
    return [PriorStudy(one, days_between(one, study), _is_known(one, study, ranked)) for one in earlier]


def prior_of(session: Session, *, study_id: int, sites: Sequence[str] | None = None) -> Study | None:
    """The study of ``priors_of`` that was made last; None where there is none. Raises NotFound."""
    found = priors_of(session, study_id=study_id, sites=sites)
    return found[0].study if found else None


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


def report_of(session: Session, *, study_id: int) -> str | None:
    """What a model is told of this study where it is a prior: what was signed last; None for nothing or too much."""
    text = signed_text_of(session, study_id=study_id)
    return text if text is not None and len(text) <= LONGEST_PRIOR else None


def report_to_tell(session: Session, *, study: Study) -> str:
    """The newest prior's report as a model is told it with this study; empty where it is told none.

    The prior is of the same site: whoever may read this study's draft may read that report too.
    """
    prior = prior_of(session, study_id=study.id, sites=(study.site,))
    return (report_of(session, study_id=prior.id) or "") if prior else ""


def _days_with_ranks(studies: Sequence[Study]) -> set[date]:
    """The days whose studies all have a rank: with one that has none no order of ranks is an order of all."""
    unranked = {study.examined_on for study in studies if study.day_rank is None}
    return {study.examined_on for study in studies if study.examined_on is not None} - unranked


def _listed(study: Study) -> tuple[datetime, int]:
    return (study.created_at, study.id)


def _place(study: Study, ranked: set[date], *, dated_first: bool) -> tuple[object, ...]:
    """Sorts studies by time: by day and rank where there are any, else by the listing."""
    day = study.examined_on
    if day is None or not dated_first:
        return (date.min, 0, *_listed(study))
    return (day, study.day_rank if day in ranked else 0, *_listed(study))


def _is_before(other: Study, study: Study, ranked: set[date]) -> bool:
    if other.examined_on is None or study.examined_on is None:
        return _listed(other) < _listed(study)
    return _place(other, ranked, dated_first=True) < _place(study, ranked, dated_first=True)


def _is_known(other: Study, study: Study, ranked: set[date]) -> bool:
    if other.examined_on is None or study.examined_on is None:
        return False
    ranks_tell = study.examined_on in ranked and other.day_rank != study.day_rank
    return other.examined_on != study.examined_on or ranks_tell
