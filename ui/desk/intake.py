"""Makes studies of radiographs: the one way in, for uploads and the command alike. Knows nothing about pages.

A file is decoded in a limited process, filed in the data folder, and only then gets its row. Images of one examination
become one study. Does not know file names; of the patient, only keyed hashes are kept.
"""

import os
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date
from pathlib import Path
from typing import Any

from feedback_db.models import Origin, Study
from feedback_db.store.database import Database
from feedback_db.studies import studies
from feedback_db.studies.images import NewImage, of_studies, where_they_are
from feedback_db.studies.studies import UNKNOWN, Examination, told_together
from lmrrg.imaging import receive_untrusted
from lmrrg.imaging.door import archive
from lmrrg.imaging.door.examination import Named, Stated, by_examination, stated_of
from lmrrg.imaging.door.header import replaced
from lmrrg.notices import Notice, as_json, from_json
from lmrrg.study import RadiographImage
from ui.desk.thumbnails import THUMBNAIL, thumbnail_of

ORIGINALS = "originals"


@dataclass(frozen=True, slots=True)
class Brought:
    """A file that only lacks its study: its image, its patient and its examination.

    ``patient`` is empty where nobody is named. ``content`` is kept only where originals are.
    """

    image: NewImage
    patient: str = field(repr=False)
    about: Examination
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
        *contents: bytes,
        patient: str = "",
        said: Examination = UNKNOWN,
        added_by: int | None = None,
    ) -> list[Study]:
        """``bring`` files and ``add`` what they are of; see them for the errors. All of them are taken, or none."""
        brought = [self.bring(content, patient=patient) for content in contents]
        return self.add(brought, said=said, added_by=added_by)

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
        whose = patient.strip() or named
        stated = stated_of(header, self.secret) if header else Stated()
        if whose != named:
            # Days are shifted by the patient whom the file names: for another patient they mean nothing.
            stated = replace(stated, examined_on=None, day_rank=None)
        kept = replaced(header, self.secret) if header else None
        image = store_image(self.data_folder, arrival.image, kept)
        return Brought(
            image=replace(image, side=stated.side),
            patient=whose,
            about=_examination_of(stated),
            content=content if self.keep_originals else None,
        )

    def add(
        self,
        together: Sequence[Brought],
        *,
        said: Examination = UNKNOWN,
        added_by: int | None = None,
    ) -> list[Study]:
        """Add files that somebody gave as one examination: one study, unless their headers name several.

        ``said``: what whoever gave them says of it: site, indication, comparison, technique.
        An image whose examination has a study already joins that study, unless it states another day: then it is a
        study of its own, and its images bear a notice. All of them are added, or none.

        Raises:
            DuplicateStudy: all images of an examination are here already, or one of them in another study.
        """
        added = []
        with self.database.session() as session:
            for one in _examinations(together):
                patient_key = studies.patient_key_of(one[0].patient or secrets.token_hex(16), self.secret)
                about = told_together(said, *(file.about for file in one))
                images = list({file.image.content_hash: file.image for file in one}.values())
                twin = studies.of_another_day(session, patient_key=patient_key, about=about)
                if twin is not None:
                    told = as_json(Notice("other_day", {"study": twin.id}))
                    images = [replace(image, notices=(*image.notices, told)) for image in images]
                added.append(
                    studies.take_in(
                        session,
                        patient_key=patient_key,
                        named=bool(one[0].patient),
                        images=images,
                        origin="upload",
                        secret=self.secret,
                        about=about,
                        added_by=added_by,
                    )
                )
        for file in together:
            if file.content is not None:
                self._keep_original(file.content, file.image.content_hash)
        return added

    def where_they_are(self, files: Sequence[Brought]) -> dict[str, int]:
        """The study of each of these files' images that is here already, by its content's hash."""
        with self.database.reading_session() as session:
            return where_they_are(session, content_hashes=[file.image.content_hash for file in files])

    def warnings(self, numbers: Sequence[int]) -> dict[int, Notice]:
        """What whoever added these studies is to be told at once, by their numbers: that a day is in doubt."""
        with self.database.reading_session() as session:
            hung = of_studies(session, study_ids=numbers)
        said = {
            number: [from_json(notice) for image in images for notice in image.notices]
            for number, images in hung.items()
        }
        return {
            number: notice for number, all in said.items() for notice in all if notice.code == "other_day"
        }

    def _keep_original(self, content: bytes, name: str) -> None:
        folder = self.data_folder / ORIGINALS
        folder.mkdir(exist_ok=True)
        descriptor = os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
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
    examined_on: date | None = None,
) -> Study:
    """``store_image`` and add a study of it alone; ``patient`` is stored as a keyed hash only.

    Raises:
        DuplicateStudy: this very image is here already.
    """
    stored = store_image(data_folder, image)
    with database.session() as session:
        return studies.add_study(
            session,
            patient_key=studies.patient_key_of(patient, secret),
            images=[stored],
            origin=origin,
            secret=secret,
            about=Examination(site=site, indication=indication, examined_on=examined_on),
            added_by=added_by,
        )


def store_image(data_folder: Path, image: RadiographImage, header: dict[str, Any] | None = None) -> NewImage:
    """File the image and what may be kept of its header under its content's hash, unless it is there already."""
    content = archive.content_hash(image)
    folder = f"images/{content[:2]}/{content}"
    if not (data_folder / folder / archive.DESCRIPTION).exists():
        archive.save(data_folder / folder, image, header)
        (data_folder / folder / THUMBNAIL).write_bytes(thumbnail_of(image))
    return NewImage(
        content_hash=content,
        image_folder=folder,
        rows=image.rows,
        columns=image.columns,
        bits=image.bits,
        view=image.view,
        notices=tuple(as_json(notice) for notice in image.notices),
    )


def _examination_of(stated: Stated) -> Examination:
    """What a header states, in the words of the database; the side is the image's."""
    return Examination(
        **{one.name: getattr(stated, one.name) for one in fields(stated) if one.name != "side"}
    )


def _examinations(together: Sequence[Brought]) -> list[list[Brought]]:
    """The files by examination, where their headers name it; the others with the only one that is named."""
    groups = by_examination(
        (file for file in together if file.about.study_key),
        lambda file: Named(file.patient, file.about.study_key or "", file.about.examined_on),
    )
    unnamed = [file for file in together if not file.about.study_key]
    if unnamed and len(groups) == 1:
        return [groups[0] + unnamed]
    return [*groups, unnamed] if unnamed else groups
