"""The radiograph itself: 16-bit pixels for the viewer and a thumbnail for the worklist.

Pixels go out as little-endian uint16, row by row, exactly as they are archived; nothing is windowed here.
"""

from fastapi import APIRouter, Response

from ui.desk.services import Here
from ui.desk.thumbnails import THUMBNAIL, thumbnail_of
from ui.door.roles import SeenStudy

router = APIRouter(prefix="/api/studies/{study_id}")


@router.get("/pixels")
def pixels(study: SeenStudy, services: Here) -> Response:
    image = services.images.load(study)
    return Response(
        image.pixels.astype("<u2", copy=False).tobytes(),
        media_type="application/octet-stream",
        headers={"X-Rows": str(image.rows), "X-Columns": str(image.columns)},
    )


@router.get("/thumbnail")
def thumbnail(study: SeenStudy, services: Here) -> Response:
    path = services.settings.data_folder / study.image_folder / THUMBNAIL
    content = path.read_bytes() if path.exists() else thumbnail_of(services.images.load(study))
    return Response(content, media_type="image/png", headers={"Cache-Control": "private, max-age=3600"})
