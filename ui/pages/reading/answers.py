"""What the reading room is answered: drafts with their evidence, the reader's own text, marks, wording."""

from typing import Literal

from pydantic import Field

from feedback_db.models import ReadingStatus, RegionAction, RevisionKind, Verdict
from ui.kit.answers import Answer, Kept, Who
from ui.pages.worklist.answers import Notice

Box = tuple[float, float, float, float]
"""[x, y, width, height] in an image's pixels."""


class Map(Kept):
    """A map over an image of the study: one byte a cell, row by row, base64; ``kind``: where it comes from."""

    image: int
    kind: Literal["attended", "named", "gradient"]
    extent_xywh: Box
    rows: int
    columns: int
    values: str


class RegionWeight(Kept):
    """A region that a sentence was written from."""

    name: str
    weight: float


class DraftSentence(Kept):
    """A sentence of a draft; its map is left out where there is none."""

    text: str
    confidence: float | None = None
    regions: list[RegionWeight] = Field(default_factory=list)
    flag: str | None = None
    map: Map | None = None


class Region(Kept):
    """A region as the model sees it in one image."""

    name: str
    image: int
    box_xywh: Box
    visible: float
    significance: float
    map: Map | None = None


class Report(Kept):
    """A draft's report; a text alone has sentences and no evidence."""

    sentences: list[DraftSentence]
    regions: list[Region] = Field(default_factory=list)
    findings: dict[str, float] = Field(default_factory=dict)
    needs_eye: float | None = None
    novelty: float | None = None
    notices: list[Notice]
    looked_at: list[int]
    abilities: list[str] = Field(default_factory=list)


class Author(Answer):
    """Who wrote a draft."""

    name: str
    version: str
    demonstration: bool


class NewerDraft(Answer):
    """A draft that is newer than the one the reading began from."""

    id: int
    model: Author


class Draft(NewerDraft):
    """A draft; ``prior_study``: whose signed report the model was given. ``images``: their ids, by index of a map."""

    model_version_id: int
    report: Report
    created_at: str
    prior_study: int | None
    images: list[int]


class Sentence(Kept):
    """A sentence of the reader's text; ``regions``: those of a sentence of their own."""

    text: str
    draft_index: int | None = None
    state: str = "untouched"
    regions: list[str] = Field(default_factory=list)


class Amendment(Answer):
    """An amendment that is being written."""

    text: str
    sentences: list[Sentence]


class ErrorMark(Answer):
    """One of the six categories of error, and whether it matters clinically."""

    category: str
    significant: bool


class SentenceMark(Answer):
    """What a reader says of a sentence."""

    index: int
    text: str
    verdict: Verdict
    errors: list[ErrorMark]


class RegionMark(Answer):
    """A reader's box."""

    region: str
    image_id: int
    action: RegionAction
    box_xywh: Box | None


class Reading(Answer):
    """One reader's work on one study; ``draft_id``: null where it was written from nothing."""

    id: int
    draft_id: int | None
    status: Literal["open", "signed"]
    amended: bool
    revision: int
    text: str
    sentences: list[Sentence]
    saved_at: str | None
    signed_at: str | None
    active_seconds: float
    agreement: int | None
    amendment: Amendment | None
    sentence_marks: list[SentenceMark]
    region_marks: list[RegionMark]


class Other(Answer):
    """Somebody else's reading of the study."""

    reader: str
    status: ReadingStatus
    here: bool


class Live(Answer):
    """The version that is live."""

    id: int
    name: str
    version: str


class Held(Answer):
    """What there is of a study."""

    draft: Draft | None
    newer_draft: NewerDraft | None
    reading: Reading | None
    others: list[Other]
    claimed_by: Who | None
    live: Live


class StateTold(Answer):
    """A draft is on its way: what happens now."""

    kind: Literal["state"]
    text: str


class SentenceTold(Answer):
    """A draft is on its way: its next sentence."""

    kind: Literal["sentence"]
    sentence: DraftSentence


class ErrorTold(Answer):
    """No draft: why, and what to do; not ``possible``: no draft can be written of this study."""

    kind: Literal["error"]
    message: str
    possible: bool = True


class DraftTold(Answer):
    """The whole draft, the last of the stream."""

    kind: Literal["draft"]
    draft: Draft


DraftEvent = StateTold | SentenceTold | ErrorTold | DraftTold


class Saved(Answer):
    """The revision that is the newest now."""

    revision: int
    saved_at: str | None


class Revision(Answer):
    """One save of a reading."""

    revision: int
    kind: RevisionKind
    saved_at: str | None
    text: str


class MarkedSentence(Answer):
    """The sentence that was marked."""

    index: int


class MarkedRegion(Answer):
    """The region that was marked."""

    region: str


class GradCams(Answer):
    """A map for each sentence of a draft."""

    maps: list[Map]


class SentenceFound(Answer):
    """What the model says of a region, null where it says nothing more."""

    sentence: DraftSentence | None


class Errors(Answer):
    """The errors that an edit seems to correct."""

    errors: list[ErrorMark]


class Impression(Answer):
    """The impression of the findings, and which of them it leaves to the reader."""

    sentences: list[str]
    not_read: list[str]


class Findings(Answer):
    """What the report says of each finding that it mentions."""

    stated: dict[str, str]


class Texts(Answer):
    """Sentences: the findings rewritten, or those that were not understood."""

    sentences: list[str]


class Macro(Answer):
    """An abbreviation and what it stands for."""

    name: str
    text: str
