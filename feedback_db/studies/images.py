"""The images of studies, in the order in which they are hung: frontal ones first, then by their arrival.

Knows nothing about pixels. A view that nobody stated counts as frontal, since most radiographs without one are.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, case, func, select
from sqlalchemy.orm import Session

from feedback_db.errors import NotFound
from feedback_db.models import JsonObject, Side, Study, StudyImage

# The views that a model which was made for frontal ones cannot write for.
NOT_FRONTAL = ("LATERAL",)


@dataclass(frozen=True, slots=True)
class NewImage:
    """An image that lies in the data folder and is to become a study's; see ``StudyImage``."""

    content_hash: str
    image_folder: str
    rows: int
    columns: int
    bits: int
    channels: int = 1
    view: str | None = None
    side: Side | None = None
    notices: tuple[JsonObject, ...] = ()


def is_frontal(view: str | None) -> bool:
    """Whether an image of this view is frontal, or may be."""
    return view not in NOT_FRONTAL


def named_by(asked: Mapping[str, Any], images: Sequence[StudyImage]) -> list[int]:
    """The numbers of the images that a draft's indices count, by what was ``asked``; ``images`` are the study's.

    A draft of before studies had several images names none: it was written of the one that the study had then.
    """
    return list(asked.get("images") or [min(images, key=lambda image: image.position).id])


def is_of_frontal(asked: Mapping[str, Any], images: Sequence[StudyImage]) -> bool:
    """Whether a draft was written for a frontal image, by what was ``asked``. A study's only image will do."""
    frontal = {image.id for image in images if is_frontal(image.view)}
    return len(images) == 1 or not frontal.isdisjoint(named_by(asked, images))


def hanging() -> tuple[ColumnElement[int], ColumnElement[int]]:
    """The order in which a study's images are hung, for ``order_by``."""
    last: ColumnElement[int] = case((StudyImage.view.in_(NOT_FRONTAL), 1), else_=0)
    return last, StudyImage.position  # type: ignore[return-value]


def hung_first() -> ScalarSelect[int]:
    """The number of the image that is hung first, as SQL over ``Study``."""
    return (
        select(StudyImage.id)
        .where(StudyImage.study_id == Study.id)
        .order_by(*hanging())
        .limit(1)
        .correlate(Study)
        .scalar_subquery()
    )


def of_study(session: Session, *, study_id: int) -> list[StudyImage]:
    """A study's images as they are hung."""
    return of_studies(session, study_ids=(study_id,)).get(study_id, [])


def of_studies(session: Session, *, study_ids: Sequence[int]) -> dict[int, list[StudyImage]]:
    """The images of several studies as they are hung, by the study's number."""
    found: dict[int, list[StudyImage]] = {}
    wanted = select(StudyImage).where(StudyImage.study_id.in_(study_ids))
    for image in session.scalars(wanted.order_by(StudyImage.study_id, *hanging())):
        found.setdefault(image.study_id, []).append(image)
    return found


def get(session: Session, *, study_id: int, image_id: int) -> StudyImage:
    """One image of this study; raises NotFound, of another study's too."""
    image = session.get(StudyImage, image_id)
    if image is None or image.study_id != study_id:
        raise NotFound("image", image_id)
    return image


def where_they_are(session: Session, *, content_hashes: Sequence[str]) -> dict[str, int]:
    """The study of each of these images that is here already, by its content's hash."""
    found = select(StudyImage.content_hash, StudyImage.study_id).where(
        StudyImage.content_hash.in_(content_hashes)
    )
    return {row.content_hash: row.study_id for row in session.execute(found)}


def append(session: Session, *, study_id: int, images: Sequence[NewImage]) -> list[StudyImage]:
    """Give the study these images, after those that it has. Raises IntegrityError where one is here already."""
    last = session.scalar(select(func.max(StudyImage.position)).where(StudyImage.study_id == study_id))
    begin = 0 if last is None else last + 1
    rows = [
        StudyImage(study_id=study_id, position=position, **asdict(image) | {"notices": list(image.notices)})
        for position, image in enumerate(images, begin)
    ]
    session.add_all(rows)
    session.flush()
    return rows
