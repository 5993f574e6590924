"""Who may do what, per route and per study.

``Lead`` and ``Admin`` stand where a route takes the person who asks; ``SeenStudy`` and ``OwnReading`` stand in every
route whose address names a study or a reading, and refuse one that this person may not see or write; of a reading they
hand on the number.
"""

from typing import Annotated

from fastapi import Depends

from feedback_db.errors import NotAllowed, NotFound
from feedback_db.models import Study
from feedback_db.reading import readings
from feedback_db.studies import studies
from ui.desk.services import CurrentReader, CurrentServices, SignedIn
from ui.desk.short_work import in_short_queue


def _lead(person: CurrentReader) -> SignedIn:
    if person.role not in ("lead", "admin"):
        raise NotAllowed("Only a lead may do this. Ask a lead or an administrator of this installation.")
    return person


def _admin(person: CurrentReader) -> SignedIn:
    if person.role != "admin":
        raise NotAllowed("Only an administrator may do this.")
    return person


def _seen_study(study_id: int, services: CurrentServices, person: CurrentReader) -> Study:
    with services.database.reading_session() as session:
        study = studies.get(session, study_id=study_id)
    if not person.may_see(study.site):
        # As if it did not exist: that a number exists already says something.
        raise NotFound("study", study_id)
    return study


def _own_reading(reading_id: int, services: CurrentServices, person: CurrentReader) -> int:
    with services.database.reading_session() as session:
        site = readings.site_of_own(session, reading_id=reading_id, reader_id=person.id)
    if not person.may_see(site):
        raise NotFound("reading", reading_id)
    return reading_id


Lead = Annotated[SignedIn, Depends(_lead)]
Admin = Annotated[SignedIn, Depends(_admin)]
SeenStudy = Annotated[Study, Depends(in_short_queue(_seen_study))]
OwnReading = Annotated[int, Depends(in_short_queue(_own_reading))]
