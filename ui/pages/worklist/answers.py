"""What the worklist is answered, and the study itself, which other pages ask for too."""

from typing import Any, Literal

from feedback_db.models import Role, StudyStatus
from lmrrg.notices import Severity
from ui.kit.answers import Answer, Who


class Me(Answer):
    """Who is signed in, which model is live, and what kind of examination it is for.

    ``room_left_gb``: told to leads and administrators while the disk has less room than the settings want; else null.
    """

    class Reader(Answer):
        """``sites``: whose studies they see; null for every site's."""

        id: int
        name: str
        role: Role
        sites: list[str] | None

    class Model(Answer):
        """``message``: why it cannot write now, else empty."""

        name: str
        version: str
        demonstration: bool
        state: Literal["cold", "loading", "ready", "failed"]
        message: str

    class Profile(Answer):
        """What an examination of this kind is; ``findings``: those that can be stated as present or absent."""

        name: str
        title: str
        regions: list[str]
        findings: list[str]
        views: list[str]

    reader: Reader
    model: Model
    profile: Profile
    room_left_gb: float | None


class Row(Answer):
    """One study of the list."""

    id: int
    site: str
    origin: Literal["phantom", "upload"]
    view: str | None
    views: list[str | None]
    has_frontal: bool
    indication: str
    status: StudyStatus
    readers: list[str]
    drafted_by: str | None
    created_at: str
    needs_eye: float | None
    confidence: float | None
    disagrees: bool
    findings: list[str] | None
    claimed_by: Who | None


class Worklist(Answer):
    """A page of the list; ``more``: it is longer than ``total`` says."""

    rows: list[Row]
    total: int
    more: bool


class Choices(Answer):
    """What the filters offer."""

    sites: list[str]
    readers: list[Who]
    findings: list[str]
    statuses: list[StudyStatus]


class Following(Answer):
    """The next study of the list, null at its end."""

    id: int | None


class Claim(Answer):
    """Whose study it is now."""

    claimed_by: Who | None


class Present(Answer):
    """Somebody else who has the study open."""

    reader: Who
    seen_at: str


class Presence(Answer):
    """Who else has the study open."""

    others: list[Present]


class Notice(Answer):
    """What is to be told of an image; compared by its code."""

    code: str
    values: dict[str, Any]
    severity: Severity
    sentence: str


class Added(Answer):
    """The studies that the files came to, the first of them, and what to check about them at once."""

    id: int
    ids: list[int]
    notices: list[Notice]


class Window(Answer):
    """A grey window that the file names: [centre, width]."""

    name: str
    window: tuple[float, float]


class Image(Answer):
    """One image of a study, without its pixels. Lengths in pixels unless named otherwise."""

    id: int
    position: int
    view: str | None
    side: str | None
    rows: int
    columns: int
    bits: int
    channels: int
    window: tuple[float, float]
    windows: list[Window]
    kind: str
    photometric: str | None
    pixel_spacing_mm: tuple[float, float] | None
    spacing_plane: str | None
    header: dict[str, Any] | None
    notices: list[Notice]
    created_at: str


class Prior(Answer):
    """The patient's earlier study; ``days_before``: null where a day is not known."""

    id: int
    origin: Literal["phantom", "upload"]
    days_before: int | None
    order_known: bool
    images: list[Image]


class Study(Image):
    """A study and its place in the list, with all that is said of the image that is hung first."""

    site: str
    origin: Literal["phantom", "upload"]
    indication: str
    comparison: str
    technique: str
    age: int | None
    sex: Literal["F", "M", "O"] | None
    images: list[Image]
    prior: Prior | None
    total: int
    previous: int | None
    next: int | None
    claimed_by: Who | None
