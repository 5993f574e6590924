"""Makes a study of a radiograph: the one way in, for uploads and for the command alike. Knows no page.

A file is decoded in a limited process, filed in the data folder, and only then gets its row. Its name is not known
here; of who it shows, only keyed hashes are kept.
"""

import os
import secrets
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from feedback_db import studies
from feedback_db.database import Database
from feedback_db.models import Study
from feedback_db.models.reading import Origin
from lmrrg.imaging import archive, receive_untrusted
from lmrrg.imaging.header import replaced
from lmrrg.types import RadiographImage
from ui.thumbnails import THUMBNAIL, thumbnail_of

ORIGINALS = "originals"
# The file's own words for the day of the examination, the best first.
DAYS = ("StudyDate", "AcquisitionDate", "ContentDate", "SeriesDate")


@dataclass(frozen=True, slots=True)
class Door:
    """Where files come in. ``keep_originals``: whether they stay as they came, names and all; off unless told."""

    database: Database
    data_folder: Path
    secret: bytes = field(repr=False)
    keep_originals: bool = False

    def take_in(
        self,
        content: bytes,
        *,
        patient: str = "",
        site: str = "",
        indication: str = "",
        added_by: int | None = None,
    ) -> Study:
        """Take a file from outside in.

        ``patient`` is who it shows; where that is empty the DICOM header says it, and where that says nothing
        either, the patient is one never seen before.

        Raises:
            IntakeError: the file cannot become a radiograph.
            DuplicateStudy: this very image is here already.
        """
        arrival = receive_untrusted(content)
        header = arrival.header
        named = header.whose if header else ""
        whose = patient.strip() or named or secrets.token_hex(16)
        kept = replaced(header, self.secret) if header else None
        study = keep_study(
            self.database,
            self.data_folder,
            self.secret,
            arrival.image,
            patient=whose,
            origin="upload",
            site=site.strip(),
            indication=indication.strip(),
            added_by=added_by,
            header=kept,
            # Days are moved by the patient whom the file names: of anybody else's they tell nothing.
            examined_on=_day_of(kept) if kept and whose == named else None,
        )
        if self.keep_originals:
            self._keep_original(content, study)
        return study

    def _keep_original(self, content: bytes, study: Study) -> None:
        folder = self.data_folder / ORIGINALS
        folder.mkdir(exist_ok=True)
        descriptor = os.open(folder / study.content_hash, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)


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
    header: dict[str, Any] | None = None,
    examined_on: date | None = None,
) -> Study:
    """File the image under its content's hash and add the study; ``patient`` is stored as a keyed hash only.

    Raises:
        DuplicateStudy: this very image is here already.
    """
    content = archive.content_hash(image)
    folder = f"images/{content[:2]}/{content}"
    if not (data_folder / folder / archive.DESCRIPTION).exists():
        archive.save(data_folder / folder, image, header)
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
            examined_on=examined_on,
            added_by=added_by,
        )


def _day_of(header: dict[str, Any]) -> date | None:
    """The day of the examination as it may be kept: moved with all others of the patient."""
    moved = (header["replaced"].get(name) for name in DAYS)
    return next((date.fromisoformat(day) for day in moved if day), None)
