"""The worklist and its studies: listing, adding a radiograph, describing one. Knows no draft's content.

An uploaded file is decoded in a limited process of its own; neither its name nor a patient identifier is kept.
"""

import secrets
from typing import Annotated, Any, get_args

from fastapi import APIRouter, File, Form, UploadFile

from feedback_db import drafts, studies, versions
from feedback_db.models import Study
from feedback_db.studies import StudyStatus
from lmrrg.errors import FileTooLarge, UnreadableFile
from lmrrg.imaging import open_untrusted
from ui.intake import keep_study
from ui.services import Here, Person

router = APIRouter(prefix="/api")

STATUSES: tuple[StudyStatus, ...] = get_args(StudyStatus)
UNREAD: tuple[StudyStatus, ...] = ("in reading", "drafted", "new")
LONGEST_PAGE = 100


@router.get("/me")
def me(services: Here, person: Person) -> dict[str, Any]:
    """Who is signed in, which model is live and whether it can write now."""
    with services.database.reading_session() as session:
        live = versions.live(session)
    state = services.reporters.state(live)
    return {
        "reader": {"id": person.id, "name": person.name, "role": person.role},
        "model": {
            "name": live.name,
            "version": live.number,
            "demonstration": live.demonstration,
            "state": state.kind,
            "message": state.message,
        },
    }


@router.get("/studies")
def worklist(
    services: Here, person: Person, offset: int = 0, limit: int = 12, status: str = "", waiting: bool = False
) -> dict[str, Any]:
    """A page of the worklist; ``waiting``: only what is not signed, the furthest begun first."""
    offset, limit = max(0, offset), min(max(1, limit), LONGEST_PAGE)
    wanted = next((known for known in STATUSES if known == status), None)
    with services.database.reading_session() as session:
        if waiting:
            pages = (studies.worklist(session, offset=offset, limit=limit, status=each) for each in UNREAD)
            page = next((page for page in pages if page.rows), None)
            page = page or studies.worklist(session, offset=offset, limit=0)
        else:
            page = studies.worklist(session, offset=offset, limit=limit, status=wanted)
        authors = drafts.newest_versions(session, study_ids=[row.study_id for row in page.rows])
        names = {version.id: f"{version.name} {version.number}" for version in versions.history(session)}
    rows = [
        {
            "id": row.study_id,
            "site": row.site,
            "origin": row.origin,
            "view": row.view,
            "indication": row.indication,
            "status": row.status,
            "readers": list(row.readers),
            "drafted_by": names.get(authors.get(row.study_id, -1)),
            "created_at": row.created_at.isoformat(),
        }
        for row in page.rows
    ]
    return {"rows": rows, "total": page.total}


@router.post("/studies")
def add(
    services: Here,
    person: Person,
    file: Annotated[UploadFile, File()],
    indication: Annotated[str, Form(max_length=500)] = "",
    patient: Annotated[str, Form(max_length=120)] = "",
    site: Annotated[str, Form(max_length=40)] = "",
) -> dict[str, int]:
    """Take a radiograph in. Without an identifier the patient is taken to be one never seen before."""
    bound = services.settings.upload_megabytes * 1_000_000
    content = file.file.read(bound + 1)
    if len(content) > bound:
        raise FileTooLarge(
            f"The file is larger than {services.settings.upload_megabytes} MB. Export a single image and add that."
        )
    if not content:
        raise UnreadableFile("The file is empty. Export it again and add it then.")
    image = open_untrusted(content)
    study = keep_study(
        services.database,
        services.settings.data_folder,
        services.secret,
        image,
        patient=patient.strip() or secrets.token_hex(16),
        origin="upload",
        site=site.strip(),
        indication=indication.strip(),
        added_by=person.id,
    )
    return {"id": study.id}


@router.get("/studies/{study_id}")
def one(study_id: int, services: Here, person: Person) -> dict[str, Any]:
    """What the viewer and the page need to know of a study; its pixels come from their own route."""
    with services.database.reading_session() as session:
        study = studies.get(session, study_id=study_id)
        place = studies.place_of(session, study_id=study_id)
    image = services.images.load(study)
    return _study_as_json(study) | {
        "window": list(image.window),
        "kind": image.kind,
        "photometric": image.photometric,
        "pixel_spacing_mm": image.pixel_spacing_mm,
        "position": place.position,
        "total": place.total,
        "previous": place.previous,
        "next": place.next,
    }


def _study_as_json(study: Study) -> dict[str, Any]:
    return {
        "id": study.id,
        "site": study.site,
        "origin": study.origin,
        "view": study.view,
        "indication": study.indication,
        "rows": study.rows,
        "columns": study.columns,
        "bits": study.bits,
        "notices": study.notices,
        "created_at": study.created_at.isoformat(),
    }
