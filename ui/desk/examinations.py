"""From the rows of a study to the study that a reporter is given, and back from what was kept of an earlier request.

The whole request is kept, by the numbers of images and of priors, so that what a draft was written from can be put
together again. Of the patient's earlier studies a reporter is given the last ones of the same site, ``MOST_PRIORS`` of
them: readers who may see this study's draft may see those reports too.
"""

from collections.abc import Callable, Mapping
from typing import Any

from feedback_db.models import Study, StudyImage
from feedback_db.store.database import Session
from feedback_db.studies import images, priors
from feedback_db.studies.priors import PriorStudy
from lmrrg.errors import IntakeError
from lmrrg.study import Prior, RadiographImage
from lmrrg.study import Study as Examination

Load = Callable[[StudyImage], RadiographImage]
MOST_PRIORS = 3
_TOLD = ("indication", "comparison", "technique", "age", "sex")


def what_to_ask(session: Session, study: Study) -> dict[str, Any]:
    """What a model is to be told of the study: its words, its images' numbers as they are hung, and its priors.

    ``priors`` has of each its images' numbers and the days between, the newest first, with the report where one is
    signed that is short enough. ``prior_study`` and ``prior_report`` are of the newest, where its report is told: what
    a model that knows one earlier report writes from.
    """
    asked: dict[str, Any] = {name: said for name in _TOLD if (said := getattr(study, name))}
    asked["images"] = [image.id for image in images.of_study(session, study_id=study.id)]
    earlier = priors.priors_of(session, study_id=study.id, sites=(study.site,))[:MOST_PRIORS]
    if earlier:
        asked["priors"] = [_prior_of(session, prior) for prior in earlier]
        newest = asked["priors"][0]
        if "report" in newest:
            asked |= {"prior_study": newest["study"], "prior_report": newest["report"]}
    return asked


def _prior_of(session: Session, prior: PriorStudy) -> dict[str, Any]:
    shown = [image.id for image in images.of_study(session, study_id=prior.study.id)]
    report = priors.report_of(session, study_id=prior.study.id)
    told = {} if report is None else {"report": report}
    return {"study": prior.study.id, "images": shown, "days_before": prior.days_before, **told}


def images_asked(session: Session, study_id: int, asked: Mapping[str, Any]) -> dict[int, StudyImage]:
    """The rows of the images that a request names by their numbers, the study's own first and then the priors'."""
    own = images.named_by(asked, images.of_study(session, study_id=study_id))
    numbers = [*own, *(number for prior in _priors_in(asked) for number in prior.get("images", ()))]
    return {number: image for number in numbers if (image := session.get(StudyImage, number)) is not None}


def examination(asked: Mapping[str, Any], rows: Mapping[int, StudyImage], load: Load) -> Examination:
    """What a draft is, or was, written of. A prior's image that cannot be read any more is left out.

    Raises:
        UnreadableFile: an image of the study itself is missing or damaged.
    """
    earlier = _priors_in(asked)
    of_priors = {number for prior in earlier for number in prior.get("images", ())}
    own = asked.get("images") or [number for number in rows if number not in of_priors]
    return Examination(
        images=tuple(load(rows[number]) for number in own),
        priors=tuple(_as_prior(prior, rows, load) for prior in earlier),
        **{name: asked[name] for name in _TOLD if name in asked},
    )


def _priors_in(asked: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The priors of a request, the newest first. Earlier releases asked with one, and told its report beside it."""
    if "priors" in asked:
        return list(asked["priors"])
    one = dict(asked.get("prior", {}))
    if asked.get("prior_report"):
        one["report"] = asked["prior_report"]
    return [one] if one else []


def _as_prior(told: Mapping[str, Any], rows: Mapping[int, StudyImage], load: Load) -> Prior:
    shown = (_if_readable(rows[number], load) for number in told.get("images", ()) if number in rows)
    return Prior(
        report=told.get("report", ""),
        images=tuple(image for image in shown if image is not None),
        days_before=told.get("days_before"),
    )


def _if_readable(row: StudyImage, load: Load) -> RadiographImage | None:
    try:
        return load(row)
    except IntakeError:
        return None
