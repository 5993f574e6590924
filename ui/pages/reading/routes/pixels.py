"""The radiographs themselves: 16-bit pixels for the viewer and thumbnails for the worklist.

Pixels go out as little-endian uint16, row by row, exactly as they are archived; nothing is windowed here. The addresses
without an image are those of the one that is hung first.
"""

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from feedback_db.models import StudyImage
from feedback_db.studies import images
from ui.access.roles import SeenStudy
from ui.desk.services import CurrentServices
from ui.desk.short_work import in_short_queue
from ui.desk.thumbnails import THUMBNAIL, thumbnail_of

router = APIRouter(prefix="/api/studies/{study_id}")


def _first_image(study: SeenStudy, services: CurrentServices) -> StudyImage:
    with services.database.reading_session() as session:
        return images.of_study(session, study_id=study.id)[0]


def _seen_image(study: SeenStudy, image_id: int, services: CurrentServices) -> StudyImage:
    with services.database.reading_session() as session:
        return images.get(session, study_id=study.id, image_id=image_id)


FirstImage = Annotated[StudyImage, Depends(in_short_queue(_first_image))]
SeenImage = Annotated[StudyImage, Depends(in_short_queue(_seen_image))]


@router.get("/thumbnail")
def first_thumbnail(image: FirstImage, services: CurrentServices) -> Response:
    """A small picture of the image hung first, for the worklist."""
    return _thumbnail(image, services)


@router.get("/images/{image_id}/pixels")
def pixels(image: SeenImage, services: CurrentServices) -> Response:
    """An image's 16-bit pixels, row by row, with their number in the headers."""
    return _pixels(image, services)


@router.get("/images/{image_id}/thumbnail")
def thumbnail(image: SeenImage, services: CurrentServices) -> Response:
    """A small picture of an image."""
    return _thumbnail(image, services)


def _pixels(row: StudyImage, services: CurrentServices) -> Response:
    image = services.images.load(row)
    return Response(
        image.pixels.astype("<u2", copy=False).tobytes(),
        media_type="application/octet-stream",
        headers={"X-Rows": str(image.rows), "X-Columns": str(image.columns)},
    )


def _thumbnail(row: StudyImage, services: CurrentServices) -> Response:
    path = services.settings.data_folder / row.image_folder / THUMBNAIL
    content = path.read_bytes() if path.exists() else thumbnail_of(services.images.load(row))
    return Response(content, media_type="image/png", headers={"Cache-Control": "private, max-age=3600"})
