"""Rewriting a report by rule, for the reading room. Nothing is kept here: the page sends it back as the reader's."""

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import BaseModel, Field

from feedback_db.errors import NotAllowed
from ui.desk.services import CurrentReader, CurrentServices
from ui.pages.reading import answers
from ui.words import rewriting

router = APIRouter(prefix="/api/wording")

Text = Annotated[str, Field(max_length=4000)]
Sentences = Annotated[list[Text], Field(max_length=400)]


class Edit(BaseModel):
    """A sentence before and after; ``""`` where it is not there."""

    drafted: Text
    edited: Text


class Written(BaseModel):
    """The report's findings as they stand, sentence by sentence."""

    sentences: Sentences


class FindingChanged(Written):
    """``finding``: one of the profile's that can be stated as present or absent."""

    finding: str
    present: bool


@router.post("/errors", response_model=answers.Errors)
def errors(edit: Edit, services: CurrentServices, person: CurrentReader) -> dict[str, list[dict[str, Any]]]:
    """The categories of error that the edit seems to correct: a suggestion, for the reader to confirm."""
    found = rewriting.errors_corrected(edit.drafted, edit.edited, services.profile)
    return {"errors": [{"category": category, "significant": matters} for category, matters in found]}


@router.post("/impression", response_model=answers.Impression)
def impression(
    written: Written, services: CurrentServices, person: CurrentReader
) -> dict[str, Sequence[str]]:
    """The impression of the findings, and which of them it leaves to the reader."""
    return rewriting.impression(written.sentences, services.profile)._asdict()


@router.post("/findings", response_model=answers.Findings)
def findings(written: Written, services: CurrentServices, person: CurrentReader) -> dict[str, dict[str, str]]:
    """What the report says of each finding that it mentions."""
    return {"stated": dict(rewriting.stated(written.sentences, services.profile))}


@router.post("/unread", response_model=answers.Texts)
def unread(written: Written, services: CurrentServices, person: CurrentReader) -> dict[str, list[str]]:
    """The sentences that the rules did not understand: nothing is derived from them."""
    return {"sentences": rewriting.not_understood(written.sentences, services.profile)}


@router.post("/finding", response_model=answers.Texts)
def finding(
    changed: FindingChanged, services: CurrentServices, person: CurrentReader
) -> dict[str, list[str]]:
    """The report with the finding stated as present or absent."""
    profile = services.profile
    if changed.finding not in profile.statements:
        raise NotAllowed("This finding is not on the list. Reload the page.")
    said = rewriting.with_finding(
        changed.sentences, changed.finding, present=changed.present, profile=profile
    )
    return {"sentences": said}
