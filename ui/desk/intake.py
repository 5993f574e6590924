"""Makes a study of a radiograph: the one way in, for uploads and for the command alike. Knows no page.

A file is decoded in a limited process, filed in the data folder, and only then gets its row. Its name is not known
here; of who it shows, only keyed hashes are kept.
"""

import dataclasses
import os
import secrets
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from feedback_db.models import Study
from feedback_db.models.reading import Origin
from feedback_db.store.database import Database
from feedback_db.studies import studies
from lmrrg.imaging import receive_untrusted
from lmrrg.imaging.door import archive
from lmrrg.imaging.door.header import DAYS, replaced
from lmrrg.notices import as_json
from lmrrg.study import RadiographImage
from ui.desk.thumbnails import THUMBNAIL, thumbnail_of

ORIGINALS = "originals"


@dataclass(frozen=True, slots=True)
class StoredImage:
    """An image that lies in the data folder, in the words of ``studies.add_study``."""

    content_hash: str
    image_folder: str
    rows: int
    columns: int
    bits: int
    view: str | None
    notices: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Brought:
    """A file of which everything is here but the study: its image, and whose and of which day it is.

    ``content`` is kept only where originals are.
    """

    image: StoredImage
    patient: str = field(repr=False)
    examined_on: date | None
    content: bytes | None = field(repr=False)


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
        """``bring`` a file and ``add`` its study; see them for the errors."""
        brought = self.bring(content, patient=patient)
        return self.add(brought, site=site, indication=indication, added_by=added_by)

    def bring(self, content: bytes, *, patient: str = "") -> Brought:
        """Decode a file from outside and store its image: the slow part, which many may do at once.

        ``patient`` is who it shows; where that is empty the DICOM header says it, and where that says nothing
        either, the patient is one never seen before.

        Raises:
            IntakeError: the file cannot become a radiograph.
        """
        arrival = receive_untrusted(content)
        header = arrival.header
        named = header.whose if header else ""
        whose = patient.strip() or named or secrets.token_hex(16)
        kept = replaced(header, self.secret) if header else None
        return Brought(
            store_image(self.data_folder, arrival.image, kept),
            whose,
            # Days are moved by the patient whom the file names: of anybody else's they tell nothing.
            _day_of(kept) if kept and whose == named else None,
            content if self.keep_originals else None,
        )

    def add(
        self, brought: Brought, *, site: str = "", indication: str = "", added_by: int | None = None
    ) -> Study:
        """Add the study of a file that was brought. Studies of one patient are added in the order of time.

        Raises:
            DuplicateStudy: this very image is here already.
        """
        study = _add_study(
            self.database,
            self.secret,
            brought.image,
            patient=brought.patient,
            origin="upload",
            site=site.strip(),
            indication=indication.strip(),
            added_by=added_by,
            examined_on=brought.examined_on,
        )
        if brought.content is not None:
            self._keep_original(brought.content, study)
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
    """``store_image`` and add its study; ``patient`` is stored as a keyed hash only.

    Raises:
        DuplicateStudy: this very image is here already.
    """
    return _add_study(
        database,
        secret,
        store_image(data_folder, image, header),
        patient=patient,
        origin=origin,
        site=site,
        indication=indication,
        added_by=added_by,
        examined_on=examined_on,
    )


def store_image(
    data_folder: Path, image: RadiographImage, header: dict[str, Any] | None = None
) -> StoredImage:
    """File the image and what may be kept of its header under its content's hash, unless it is there already."""
    content = archive.content_hash(image)
    folder = f"images/{content[:2]}/{content}"
    if not (data_folder / folder / archive.DESCRIPTION).exists():
        archive.save(data_folder / folder, image, header)
        (data_folder / folder / THUMBNAIL).write_bytes(thumbnail_of(image))
    notices = [as_json(notice) for notice in image.notices]
    return StoredImage(content, folder, image.rows, image.columns, image.bits, image.view, notices)


def _add_study(
    database: Database, secret: bytes, image: StoredImage, *, patient: str, **columns: Any
) -> Study:
    with database.session() as session:
        key = studies.patient_key_of(patient, secret)
        return studies.add_study(
            session, patient_key=key, secret=secret, **dataclasses.asdict(image), **columns
        )


def _day_of(header: dict[str, Any]) -> date | None:
    """The day of the examination as it may be kept: moved with all others of the patient."""
    moved = (header["replaced"].get(name) for name in DAYS)
    return next((date.fromisoformat(day) for day in moved if day), None)
