"""What the model says beyond its draft: a second opinion on the maps, and a sentence for one region."""

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import BaseModel, Field

from feedback_db.errors import NotAllowed, NotFound
from feedback_db.models import Draft
from feedback_db.studies import drafts
from feedback_db.training import versions
from lmrrg.errors import LmrrgError
from lmrrg.profiles import Profile
from lmrrg.reporters import ExplainsByGradient
from lmrrg.reporters.serialise import map_as_json
from ui.access.roles import SeenStudy
from ui.desk.drafting import request_of
from ui.desk.examinations import examination, images_asked
from ui.desk.services import CurrentServices
from ui.pages.reading import answers
from ui.words.rewriting import stated

router = APIRouter(prefix="/api/studies/{study_id}")

# How many more drafts are sampled before saying that the model has nothing to say about a region, and at what
# temperature.
SAMPLES = 3
TEMPERATURE = 0.8
# A sentence is about a region where at least this share of its evidence lies there.
LEAST_WEIGHT = 0.2


class SentenceAsked(BaseModel):
    """``said``: the report's sentences as they stand; none of them is offered again."""

    region: str
    said: Annotated[list[str], Field(max_length=400)] = []


@router.get("/drafts/{draft_id}/gradcam", response_model=answers.GradCams)
def grad_cams(study: SeenStudy, draft_id: int, services: CurrentServices) -> dict[str, Any]:
    """A draft's Grad-CAMs, one for each of its sentences, by the version that wrote it.

    One pass forth and back through the model for each sentence, so it is asked for only when somebody looks.
    """
    with services.database.reading_session() as session:
        written = drafts.get(session, draft_id=draft_id)
        if written.study_id != study.id:
            raise NotFound("draft", draft_id)
        version = versions.get(session, version_id=written.model_version_id)
        rows = images_asked(session, study.id, written.request)
    reporter = services.reporters.reporter(version)
    if not isinstance(reporter, ExplainsByGradient):
        raise NotAllowed("This model has no second opinion on its maps. Hold H for where it looked.")
    texts = [one["text"] for one in written.report["sentences"]]
    told = examination(written.request, rows, services.images.load)
    maps = reporter.grad_cams(told, texts, request_of(written.request))
    return {"maps": [map_as_json(one) for one in maps]}


@router.post("/sentence", response_model=answers.SentenceFound, response_model_exclude_unset=True)
def sentence(study: SeenStudy, asked: SentenceAsked, services: CurrentServices) -> dict[str, Any]:
    """A sentence that the model wrote for this region and the report does not have yet; null where there is none.

    First the drafts that are there are looked through, then a few more are sampled; none by a model whose drafts say
    nothing of regions.
    """
    if asked.region not in services.profile.region_index:
        raise NotAllowed("This region is not on the list. Reload the page.")
    with services.database.reading_session() as session:
        written = drafts.of_study(session, study_id=study.id)
    said = {text.strip() for text in asked.said}
    found = _about(written, asked.region, said, services.profile)
    if found is None and (not written or any(draft.report.get("regions") for draft in written)):
        drafting = services.drafting.sample(
            study.id, temperature=TEMPERATURE, candidates=SAMPLES, keep=SAMPLES
        )
        for event in drafting.follow():
            if event["kind"] == "error":
                raise LmrrgError(event["message"])
        found = _about(drafting.drafts, asked.region, said, services.profile)
    return {"sentence": found}


def _about(written: Sequence[Draft], region: str, said: set[str], profile: Profile) -> dict[str, Any] | None:
    """The sentence with most of its evidence in the region, without its map."""
    best: tuple[float, dict[str, Any]] | None = None
    for draft in written:
        for one in draft.report["sentences"]:
            weight = next((each["weight"] for each in one["regions"] if each["name"] == region), 0.0)
            if one["text"].lower().startswith("impression") or _is_said(one["text"].strip(), said, profile):
                continue
            if weight >= LEAST_WEIGHT and (best is None or weight > best[0]):
                best = weight, {name: one[name] for name in ("text", "confidence", "regions", "flag")}
    return best[1] if best else None


def _is_said(text: str, said: set[str], profile: Profile) -> bool:
    """Whether the report has this sentence, or denies all that it denies."""
    states = stated([text], profile)
    denied = bool(states) and all(label == "negative" for label in states.values())
    return text in said or (denied and states.items() <= stated(sorted(said), profile).items())
