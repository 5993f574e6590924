"""Studies under whose report nobody has put a name: what reinforcement may draw on besides what was signed.

Only reads. A held-out patient's study is in it only if that split is asked for.
"""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback_db.models import Reading, Split, Study, StudyImage
from feedback_db.reading.signed import SIGNED
from feedback_db.studies import priors
from feedback_db.studies.images import NOT_FRONTAL, hung_first


@dataclass(frozen=True, slots=True)
class UnreadStudy:
    """A study without a signed report. ``image_folder`` is its first frontal image's, in the data folder.

    ``prior_report`` is the earlier report that a model is told when it drafts this study; empty where it is told none.
    """

    study_id: int
    patient_key: str
    split: Split
    site: str
    view: str | None
    indication: str
    image_folder: str
    prior_report: str


def unread_studies(session: Session, *, split: Split, limit: int) -> list[UnreadStudy]:
    """The newest studies of a split with a frontal image that nobody has signed, the newest first."""
    signed = select(Reading.id).where(Reading.study_id == Study.id, Reading.status.in_(SIGNED)).exists()
    frontal = StudyImage.view.is_(None) | StudyImage.view.not_in(NOT_FRONTAL)
    rows = session.execute(
        select(Study, StudyImage)
        .join(StudyImage, StudyImage.id == hung_first())
        .where(Study.split == split, frontal, ~signed)
        .order_by(Study.id.desc())
        .limit(limit)
    )
    return [
        UnreadStudy(
            study_id=study.id,
            patient_key=study.patient_key,
            split=study.split,
            site=study.site,
            view=image.view,
            indication=study.indication,
            image_folder=image.image_folder,
            prior_report=priors.report_to_tell(session, study=study),
        )
        for study, image in rows
    ]
