"""What a reader marks in their own reading: errors in sentences by the six categories, boxes of regions.

Marks are the present opinion and are replaced; they belong to no revision. Once the report is signed they change only
while an amendment is kept, else 409. What is marked comes back with
``GET /api/studies/{id}/reading``.
"""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, Field, model_validator

from feedback_db.errors import NotAllowed
from feedback_db.models import RegionAction, RegionFeedback, SentenceFeedback, Verdict
from feedback_db.reading import marks
from lmrrg.metrics.categories import ERROR_CATEGORIES
from ui.access.roles import OwnReading
from ui.desk.services import CurrentReader, CurrentServices
from ui.desk.short_work import ShortRoute
from ui.kit.answers import Nothing
from ui.pages.reading import answers

router = APIRouter(prefix="/api/readings/{reading_id}", route_class=ShortRoute)

Index = Annotated[int, Path(ge=0, le=10_000)]


class ErrorSent(BaseModel):
    """One error: one of ``lmrrg.metrics.categories.ERROR_CATEGORIES``, and whether it matters clinically."""

    category: str
    significant: bool = False

    @model_validator(mode="after")
    def _is_known(self) -> "ErrorSent":
        if self.category not in ERROR_CATEGORIES:
            raise ValueError("not one of the six error categories")
        return self


class SentenceMark(BaseModel):
    """What is said of a sentence; ``text`` is the draft's (of an inserted one, the reader's)."""

    text: str = Field(max_length=4000)
    verdict: Verdict
    errors: list[ErrorSent] = Field(default_factory=list, max_length=len(ERROR_CATEGORIES))


class RegionMark(BaseModel):
    """A box that was drawn or moved, [x, y, width, height] in the image's pixels; none for one that was removed.

    ``image_id``: the image that it lies on, the one hung first where it is not said.
    """

    action: RegionAction
    image_id: int | None = None
    box_xywh: tuple[float, float, float, float] | None = None


@router.put("/sentences/{index}", response_model=answers.MarkedSentence)
def mark_sentence(
    index: Index, sent: SentenceMark, reading: OwnReading, services: CurrentServices, person: CurrentReader
) -> dict[str, int]:
    """Replace what was said of a sentence. Inserted sentences are counted apart from the draft's."""
    with services.database.session() as session:
        marks.mark_sentence(
            session,
            reading_id=reading,
            reader_id=person.id,
            sentence_index=index,
            text=sent.text,
            verdict=sent.verdict,
            errors=[marks.ErrorMark(error.category, error.significant) for error in sent.errors],
        )
    return {"index": index}


@router.delete("/sentences/{index}", response_model=Nothing)
def unmark_sentence(
    index: Index,
    reading: OwnReading,
    services: CurrentServices,
    person: CurrentReader,
    inserted: Annotated[bool, Query()] = False,
) -> dict[str, int]:
    """Take back what was said of a sentence."""
    with services.database.session() as session:
        marks.unmark_sentence(
            session, reading_id=reading, reader_id=person.id, sentence_index=index, inserted=inserted
        )
    return {}


@router.put("/regions/{region}", response_model=answers.MarkedRegion)
def mark_region(
    region: str, sent: RegionMark, reading: OwnReading, services: CurrentServices, person: CurrentReader
) -> dict[str, str]:
    """Replace what was said of one of the profile's regions."""
    if region not in services.profile.region_index:
        raise NotAllowed("There is no region of that name. Reload the page.")
    with services.database.session() as session:
        marks.mark_region(
            session,
            reading_id=reading,
            reader_id=person.id,
            region=region,
            action=sent.action,
            box_xywh=sent.box_xywh,
            image_id=sent.image_id,
        )
    return {"region": region}


@router.delete("/regions/{region}", response_model=Nothing)
def unmark_region(
    region: str,
    reading: OwnReading,
    services: CurrentServices,
    person: CurrentReader,
    image_id: Annotated[int | None, Query()] = None,
) -> dict[str, str]:
    """Take back what was said of a region, on the image hung first where none is named."""
    with services.database.session() as session:
        marks.unmark_region(
            session, reading_id=reading, reader_id=person.id, region=region, image_id=image_id
        )
    return {}


def sentences_as_json(rows: list[SentenceFeedback]) -> list[dict[str, Any]]:
    """One object a sentence, with all its errors."""
    told: dict[tuple[bool, int], dict[str, Any]] = {}
    for row in rows:
        one = told.setdefault(
            (row.verdict == "inserted", row.sentence_index),
            {"index": row.sentence_index, "text": row.text, "verdict": row.verdict, "errors": []},
        )
        if row.error_category is not None:
            one["errors"].append({"category": row.error_category, "significant": row.significant})
    return list(told.values())


def regions_as_json(rows: list[RegionFeedback]) -> list[dict[str, Any]]:
    return [
        {"region": row.region, "image_id": row.image_id, "action": row.action, "box_xywh": row.box}
        for row in rows
    ]
