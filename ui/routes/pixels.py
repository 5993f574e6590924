"""The radiograph itself: 16-bit pixels for the viewer and a thumbnail for the worklist.

Pixels go out as little-endian uint16, row by row, exactly as they are archived; nothing is windowed here.
"""

from fastapi import APIRouter, Response

from feedback_db import studies
from ui.services import Here, Person
from ui.thumbnails import THUMBNAIL, thumbnail_of

router = APIRouter(prefix="/api/studies/{study_id}")


@router.get("/pixels")
def pixels(study_id: int, services: Here, person: Person) -> Response:
    with services.database.reading_session() as session:
        study = studies.get(session, study_id=study_id)
    image = services.images.load(study)
    return Response(
        image.pixels.astype("<u2", copy=False).tobytes(),
        media_type="application/octet-stream",
        headers={"X-Rows": str(image.rows), "X-Columns": str(image.columns)},
    )


@router.get("/thumbnail")
def thumbnail(study_id: int, services: Here, person: Person) -> Response:
    with services.database.reading_session() as session:
        study = studies.get(session, study_id=study_id)
    path = services.settings.data_folder / study.image_folder / THUMBNAIL
    content = path.read_bytes() if path.exists() else thumbnail_of(services.images.load(study))
    return Response(content, media_type="image/png", headers={"Cache-Control": "private, max-age=3600"})
