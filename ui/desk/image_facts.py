"""What a page needs to know about an image to hang it, without its pixels. Knows nothing about pages.

Size and view come from the database; grey windows and spacing from the archive's description beside the pixels.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from feedback_db.models import Study, StudyImage
from feedback_db.store.database import Session
from feedback_db.studies import images, priors
from lmrrg.errors import UnreadableFile
from lmrrg.imaging.door import archive
from ui.words import notices

_OF_DISPLAY = ("window", "windows", "kind", "photometric", "pixel_spacing_mm", "spacing_plane")


def image_as_json(image: StudyImage, data_folder: Path) -> dict[str, Any]:
    """One image of a study; ``header`` is what was kept of its file's, null where it was no DICOM file.

    Raises:
        UnreadableFile: its description is missing or damaged.
    """
    folder = data_folder / image.image_folder
    description = archive.load_description(folder)
    return {
        "id": image.id,
        "position": image.position,
        "view": image.view,
        "side": image.side,
        "rows": image.rows,
        "columns": image.columns,
        "bits": image.bits,
        "channels": image.channels,
        **{name: description.get(name) for name in _OF_DISPLAY},
        "header": archive.load_header(folder),
        "notices": notices.said(image.notices),
        "created_at": image.created_at.isoformat(),
    }


def prior_as_json(
    session: Session, study: Study, sites: Sequence[str] | None, data_folder: Path
) -> dict[str, Any] | None:
    """The study's prior of these sites with its images as they are hung, or None where there is none.

    ``order_known`` is false where only the order of listing says that it was before. Images whose files are missing or
    damaged are left out: the study at hand can be read without them.
    """
    found = priors.priors_of(session, study_id=study.id, sites=sites)
    if not found:
        return None
    prior = found[0]
    shown = []
    for image in images.of_study(session, study_id=prior.study.id):
        try:
            shown.append(image_as_json(image, data_folder))
        except UnreadableFile:
            continue
    return {
        "id": prior.study.id,
        "origin": prior.study.origin,
        "days_before": prior.days_before,
        "order_known": prior.order_known,
        "images": shown,
    }
