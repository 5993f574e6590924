"""The worklist and its studies: listing, adding a radiograph, describing one. Knows nothing about what drafts say.

An uploaded file goes through the door of ``ui.desk.intake``; neither its name nor a patient identifier is kept.
"""

from dataclasses import replace
from typing import Annotated, Any, Literal, get_args

from fastapi import APIRouter, Depends, File, Form, Query, UploadFile

from feedback_db.errors import DuplicateStudy, NotAllowed
from feedback_db.models import Study, StudyStatus
from feedback_db.reading.signed import SIGNED
from feedback_db.store import room
from feedback_db.studies import images, presence, studies, worklist
from feedback_db.studies.studies import Examination
from feedback_db.studies.worklist import Order, Wanted
from feedback_db.training import versions
from lmrrg.errors import FileTooLarge, UnreadableFile
from lmrrg.notices import told
from ui.access.roles import SeenStudy
from ui.desk.image_facts import image_as_json, prior_as_json
from ui.desk.services import CurrentReader, CurrentServices, SignedIn
from ui.kit.answers import Nothing
from ui.pages.worklist import answers
from ui.settings import WebSettings

router = APIRouter(prefix="/api")

STATUSES: tuple[StudyStatus, ...] = get_args(StudyStatus)
LONGEST_PAGE = 100
# Images of one examination that are given at once.
MOST_FILES = 16


@router.get("/me", response_model=answers.Me)
def me(services: CurrentServices, person: CurrentReader) -> dict[str, Any]:
    """Who is signed in, which model is live and whether it can write now, and what kind of examination it is for."""
    with services.database.reading_session() as session:
        live = versions.live(session)
    state = services.reporters.state(live)
    return {
        "reader": {"id": person.id, "name": person.name, "role": person.role, "sites": person.sites},
        "model": {
            "name": live.name,
            "version": live.number,
            "demonstration": live.demonstration,
            "state": state.kind,
            "message": state.message,
        },
        "profile": {
            "name": services.profile.name,
            "title": services.profile.title,
            "regions": list(services.profile.region_names),
            "findings": list(services.profile.statements),
            "views": list(services.profile.views),
        },
        "room_left_gb": None if person.role == "reader" else _room_that_is_short(services.settings),
    }


def _room_that_is_short(settings: WebSettings) -> float | None:
    """Gigabytes left in the data folder where that is less than the settings want; None where there is enough."""
    gigabytes = room.left(settings.data_folder) / 1e9
    return round(gigabytes, 1) if gigabytes < settings.room_warning_gb else None


def _wanted(
    person: CurrentReader,
    status: str = "",
    waiting: bool = False,
    site: str | None = None,
    reader: int | None = None,
    finding: str = "",
    confidence_below: float | None = None,
    disagreement: bool = False,
    claimed: Literal["me", "nobody", "free", ""] = "",
    search: Annotated[str, Query(max_length=200)] = "",
) -> Wanted:
    """The filters of a request, within what this person may see; ``free``: mine or nobody's."""
    return Wanted(
        status=next((known for known in STATUSES if known == status), None),
        waiting=waiting,
        site=site,
        sites=person.sites,
        reader_id=reader,
        finding=finding or None,
        confidence_below=confidence_below,
        disagreement=disagreement,
        claimed_by=person.id if claimed == "me" else None,
        free_for=person.id if claimed == "free" else None,
        unclaimed=claimed == "nobody",
        search=search,
    )


Filters = Annotated[Wanted, Depends(_wanted)]


@router.get("/studies", response_model=answers.Worklist)
def list_studies(
    services: CurrentServices, wanted: Filters, offset: int = 0, limit: int = 12, order: Order = "newest"
) -> dict[str, Any]:
    """A page of the worklist. ``total`` is counted up to a thousand; ``more`` says that there are more."""
    offset, limit = max(0, offset), min(max(1, limit), LONGEST_PAGE)
    with services.database.reading_session() as session:
        page = worklist.page(session, wanted=wanted, order=order, offset=offset, limit=limit)
        names = {version.id: f"{version.name} {version.number}" for version in versions.history(session)}
    rows = [
        {
            "id": row.study_id,
            "site": row.site,
            "origin": row.origin,
            "view": row.views[0],
            "views": list(row.views),
            "has_frontal": row.has_frontal,
            "indication": row.indication,
            "status": row.status,
            "readers": list(row.readers),
            "drafted_by": names.get(row.model_version_id or -1),
            "created_at": row.created_at.isoformat(),
            "needs_eye": row.needs_eye,
            "confidence": row.confidence,
            "disagrees": row.disagrees,
            "findings": None if row.findings is None else list(row.findings),
            "claimed_by": {"id": row.claimed_by[0], "name": row.claimed_by[1]} if row.claimed_by else None,
        }
        for row in page.rows
    ]
    return {"rows": rows, "total": page.total, "more": page.more}


@router.get("/studies/choices", response_model=answers.Choices)
def choices(services: CurrentServices, person: CurrentReader) -> dict[str, Any]:
    """What the filters can offer, of the sites that this person sees: sites, readers, findings of drafts, states."""
    with services.database.reading_session() as session:
        offered = worklist.choices(session, sites=person.sites)
    return {
        "sites": offered.sites,
        "readers": [{"id": number, "name": name} for number, name in offered.readers],
        "findings": offered.findings,
        "statuses": list(STATUSES),
    }


@router.get("/studies/next", response_model=answers.Following)
def following(
    services: CurrentServices, person: CurrentReader, wanted: Filters, after: int, order: Order = "newest"
) -> dict[str, int | None]:
    """The study after this one in the list that these filters and this order make; null where it holds no other.

    Passes over what this reader has signed, unless that is what the filters ask for.
    """
    asked_for = wanted.status in SIGNED or wanted.reader_id is not None
    with services.database.reading_session() as session:
        number = worklist.following(
            session,
            study_id=after,
            wanted=wanted,
            order=order,
            reader_id=None if asked_for else person.id,
        )
    return {"id": number}


@router.post("/studies/{study_id}/claim", response_model=answers.Claim)
def claim(study: SeenStudy, services: CurrentServices, person: CurrentReader) -> dict[str, Any]:
    """Take the study out of the others' waiting list; 409 with who has it."""
    with services.database.session() as session:
        presence.claim(session, study_id=study.id, reader_id=person.id)
    return {"claimed_by": {"id": person.id, "name": person.name}}


@router.post("/studies/{study_id}/release", response_model=answers.Claim)
def release(study: SeenStudy, services: CurrentServices, person: CurrentReader) -> dict[str, None]:
    """Give it back; another's claim only as a lead or administrator."""
    with services.database.session() as session:
        presence.release(session, study_id=study.id, reader_id=person.id)
    return {"claimed_by": None}


@router.post("/studies/{study_id}/presence", response_model=answers.Presence)
def arrive(study: SeenStudy, services: CurrentServices, person: CurrentReader) -> dict[str, Any]:
    """Say that this reader's page has the study open, every 15 seconds; answers who else has."""
    with services.database.session() as session:
        presence.arrive(session, study_id=study.id, reader_id=person.id)
        others = presence.others_here(session, study_id=study.id, reader_id=person.id)
    return {
        "others": [
            {"reader": {"id": one.reader_id, "name": one.name}, "seen_at": one.seen_at.isoformat()}
            for one in others
        ]
    }


@router.delete("/studies/{study_id}/presence", response_model=Nothing)
def leave(study: SeenStudy, services: CurrentServices, person: CurrentReader) -> dict[str, Any]:
    """Say that the page was left."""
    with services.database.session() as session:
        presence.leave(session, study_id=study.id, reader_id=person.id)
    return {}


def _about(
    indication: Annotated[str, Form(max_length=500)] = "",
    comparison: Annotated[str, Form(max_length=500)] = "",
    technique: Annotated[str, Form(max_length=500)] = "",
    site: Annotated[str, Form(max_length=40)] = "",
) -> Examination:
    """What the form says of the examination."""
    return Examination(site.strip(), indication.strip(), comparison.strip(), technique.strip())


@router.post("/studies", response_model=answers.Added)
def add(
    services: CurrentServices,
    person: CurrentReader,
    file: Annotated[list[UploadFile], File(max_length=MOST_FILES)],
    about: Annotated[Examination, Depends(_about)],
    patient: Annotated[str, Form(max_length=120)] = "",
) -> dict[str, Any]:
    """Take radiographs in; several make one study unless their headers name several. All are taken, or none.

    ``Door`` says whose they are where ``patient`` is empty. ``ids``: the studies that they came to; ``id``: the first;
    ``notices``: what to check about them at once.
    Who reads for one site need not say which, and nobody files a study where they could not see it.
    """
    about = replace(about, site=_site_of(person, about.site))
    contents = [_content(one, services.settings.upload_megabytes) for one in file]
    try:
        added = services.door.take_in(*contents, patient=patient, said=about, added_by=person.id)
    except DuplicateStudy as twin:
        with services.database.reading_session() as session:
            where = studies.get(session, study_id=twin.study_id).site
        if person.may_see(where):
            raise
        raise NotAllowed(
            "This image is here already, at a site that your account does not see. Ask a lead to open it."
        ) from None
    numbers = [study.id for study in added]
    warnings = services.door.warnings(numbers)
    return {"id": numbers[0], "ids": numbers, "notices": [told(notice) for notice in warnings.values()]}


def _content(file: UploadFile, megabytes: int) -> bytes:
    bound = megabytes * 1_000_000
    content = file.file.read(bound + 1)
    if len(content) > bound:
        raise FileTooLarge(f"The file is larger than {megabytes} MB. Export a single image and add that.")
    if not content:
        raise UnreadableFile("The file is empty. Export it again and add it then.")
    return content


def _site_of(person: SignedIn, named: str) -> str:
    """The site of a study that this person adds; raises NotAllowed where it is none of theirs."""
    if not named and person.sites is not None and len(person.sites) == 1:
        return person.sites[0]
    if person.may_see(named):
        return named
    if not person.sites:
        raise NotAllowed("Your account sees no site's studies. Ask an administrator to give it a site.")
    raise NotAllowed(
        f"Your account adds studies of its own sites. Write one of these: {', '.join(person.sites)}."
    )


@router.get("/studies/{study_id}", response_model=answers.Study)
def one(study: SeenStudy, services: CurrentServices, person: CurrentReader) -> dict[str, Any]:
    """What the viewer and the page need to know of a study, its images as they are hung, and its prior.

    What is said of the image hung first stands beside the study's own facts too. Pixels come from their own routes.
    """
    data_folder = services.settings.data_folder
    with services.database.reading_session() as session:
        place = worklist.place_of(session, study_id=study.id, sites=person.sites)
        holder = presence.holder(session, study_id=study.id)
        hung = images.of_study(session, study_id=study.id)
        prior = prior_as_json(session, study, person.sites, data_folder)
    shown = [image_as_json(image, data_folder) for image in hung]
    return (
        shown[0]
        | _study_as_json(study)
        | {
            "images": shown,
            "prior": prior,
            "position": place.position,
            "total": place.total,
            "previous": place.previous,
            "next": place.next,
            "claimed_by": {"id": holder.reader_id, "name": holder.name} if holder else None,
        }
    )


def _study_as_json(study: Study) -> dict[str, Any]:
    return {
        "id": study.id,
        "site": study.site,
        "origin": study.origin,
        "indication": study.indication,
        "comparison": study.comparison,
        "technique": study.technique,
        "age": study.age,
        "sex": study.sex,
        "created_at": study.created_at.isoformat(),
    }
