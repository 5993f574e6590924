"""Makes a study of a radiograph: files it in the data folder, then writes its row. Knows no upload and no page."""

from pathlib import Path

from feedback_db import studies
from feedback_db.database import Database
from feedback_db.models import Study
from feedback_db.models.reading import Origin
from lmrrg.imaging import archive
from lmrrg.types import RadiographImage
from ui.thumbnails import THUMBNAIL, thumbnail_of


def keep_study(
    database: Database,
    data_folder: Path,
    secret: bytes,
    image: RadiographImage,
    *,
    patient: str,
    origin: Origin,
    site: str = "",
    indication: str = "",
    added_by: int | None = None,
) -> Study:
    """File the image under its content's hash and add the study; ``patient`` is stored as a keyed hash only.

    Raises:
        DuplicateStudy: this very image is here already.
    """
    content = archive.content_hash(image)
    folder = f"images/{content[:2]}/{content}"
    if not (data_folder / folder / archive.DESCRIPTION).exists():
        archive.save(data_folder / folder, image)
        (data_folder / folder / THUMBNAIL).write_bytes(thumbnail_of(image))
    with database.session() as session:
        return studies.add_study(
            session,
            patient_key=studies.patient_key_of(patient, secret),
            content_hash=content,
            image_folder=folder,
            rows=image.rows,
            columns=image.columns,
            bits=image.bits,
            origin=origin,
            secret=secret,
            site=site,
            view=image.view,
            indication=indication,
            notices=image.notices,
            added_by=added_by,
        )
