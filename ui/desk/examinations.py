"""From the rows of a study to the study that a reporter is given, and back from what was kept of an earlier request.

The whole request is kept, by the numbers of images and of the prior, so that what a draft was written from can be put
together again. Of the patient's earlier studies the model is given the last one of the same site: readers who may see
this study's draft may see that report too.
"""

from collections.abc import Callable, Mapping
from typing import Any

from feedback_db.models import Study, StudyImage
from feedback_db.store.database import Session
from feedback_db.studies import images, priors
from lmrrg.errors import IntakeError
from lmrrg.study import Prior, RadiographImage
from lmrrg.study import Study as Examination

Load = Callable[[StudyImage], RadiographImage]
_TOLD = ("indication", "comparison", "technique", "age", "sex")


def what_to_ask(session: Session, study: Study) -> dict[str, Any]:
    """What a model is to be told of the study: its words, its images' numbers as they are hung, and its prior.

    ``prior_study`` and ``prior_report`` are of the prior whose signed report is told; ``prior`` has its images' numbers
    and the days between, whether or not a report of it is signed.
    """
    asked: dict[str, Any] = {name: said for name in _TOLD if (said := getattr(study, name))}
    asked["images"] = [image.id for image in images.of_study(session, study_id=study.id)]
    earlier = priors.priors_of(session, study_id=study.id, sites=(study.site,))
    if earlier:
        prior = earlier[0]
        shown = [image.id for image in images.of_study(session, study_id=prior.study.id)]
        asked["prior"] = {"study": prior.study.id, "images": shown, "days_before": prior.days_before}
    told = priors.report_to_tell(session, study=study)
    if told is not None:
        asked |= {"prior_study": told[0], "prior_report": told[1]}
    return asked


def images_asked(session: Session, study_id: int, asked: Mapping[str, Any]) -> dict[int, StudyImage]:
    """The rows of the images that a request names by their numbers, the study's own first and then the prior's."""
    own = images.named_by(asked, images.of_study(session, study_id=study_id))
    numbers = [*own, *asked.get("prior", {}).get("images", ())]
    return {number: image for number in numbers if (image := session.get(StudyImage, number)) is not None}


def examination(asked: Mapping[str, Any], rows: Mapping[int, StudyImage], load: Load) -> Examination:
    """What a draft is, or was, written of. A prior's image that cannot be read any more is left out.

    Raises:
        UnreadableFile: an image of the study itself is missing or damaged.
    """
    prior = asked.get("prior", {})
    own = asked.get("images") or [number for number in rows if number not in prior.get("images", ())]
    earlier: tuple[Prior, ...] = ()
    if prior or asked.get("prior_report"):
        shown = (_if_readable(rows[number], load) for number in prior.get("images", ()) if number in rows)
        earlier = (
            Prior(
                report=asked.get("prior_report", ""),
                images=tuple(image for image in shown if image is not None),
                days_before=prior.get("days_before"),
            ),
        )
    return Examination(
        images=tuple(load(rows[number]) for number in own),
        priors=earlier,
        **{name: asked[name] for name in _TOLD if name in asked},
    )


def _if_readable(row: StudyImage, load: Load) -> RadiographImage | None:
    try:
        return load(row)
    except IntakeError:
        return None
