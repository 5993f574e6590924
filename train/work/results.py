"""What each stage reports when it is finished: apart from files, the only way for one stage to tell another anything.

Each is kept in its stage's ``done.json`` and read back as what it was. Does not know what a stage does.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal, TypeVar

from pydantic import TypeAdapter

from feedback_db.training.figure_names import called_now
from train.judge.bootstrap import Comparison

Decision = Literal["promote", "reject"]
R = TypeVar("R", bound="Result")
T = TypeVar("T")


class Result:
    """What a finished stage says; ``STAGE`` is its name."""

    __slots__ = ()
    STAGE: ClassVar[str]


@dataclass(frozen=True, slots=True)
class Taken(Result):
    """The snapshot.

    Attributes:
        sha256: over what was taken.
        readings, preferences, unread, held_out: how many there are of each.
        not_read: of how many readings the rules could largely not read the report; they reward nothing.
        sides: for how many findings the readings and their drafts name the same side, and for how many both name one.
        version_id, version, model: id, number and folder of the version that was live; training starts from it.
    """

    STAGE: ClassVar[str] = "snapshot"
    sha256: str
    version_id: int
    version: str = ""
    model: str = "default"
    readings: int = 0
    preferences: int = 0
    unread: int = 0
    not_read: int = 0
    held_out: int = 0
    sides: tuple[float, float] = (0, 0)  # a snapshot of an earlier release says nothing of them
    taken_at: str = ""


@dataclass(frozen=True, slots=True)
class FineTuned(Result):
    """Fine-tuning; ``model`` is the folder of the whole model that it made, inside the job's."""

    STAGE: ClassVar[str] = "sft"
    signed: int
    reworded: int
    replayed: int
    steps: int
    loss: float | None = None
    model: str = "sft/model"


@dataclass(frozen=True, slots=True)
class Scored(Result):
    """The preference scorer: its comparisons, how often it was right on those held back, whether it is heard."""

    STAGE: ClassVar[str] = "preference"
    comparisons: int
    heard: bool
    accuracy: float | None = None


@dataclass(frozen=True, slots=True)
class Preferring(Result):
    """Direct preference optimisation.

    Attributes:
        likelier_before, likelier_after: the share of pairs where the model was likelier to write the chosen text
            than the rejected one; None without a pair, and before where a stage was taken up again.
        model: the folder of the whole model that it made, inside the job's.
    """

    STAGE: ClassVar[str] = "dpo"
    pairs: int
    steps: int
    likelier_before: float | None = None
    likelier_after: float | None = None
    model: str = "dpo/model"


@dataclass(frozen=True, slots=True)
class Reinforced(Result):
    """Reinforcement; ``model`` is the folder of the last phase's whole model, inside the job's."""

    STAGE: ClassVar[str] = "grpo"
    model: str
    steps: int = 0
    phases: int = 0
    studies: int = 0
    unread: int = 0
    undecided: int = 0


@dataclass(frozen=True, slots=True)
class Measured(Comparison):
    """A figure of both versions; ``reference``: the same figure of the signed reports, where they have one."""

    reference: float | None = None


@dataclass(frozen=True, slots=True)
class MeasuredFinding(Comparison):
    """Label F1 of one finding: how many references name it, and the chance of such a loss between equals."""

    named: int
    chance: float


@dataclass(frozen=True, slots=True)
class MeasuredSet:
    """The figures of one set of ``n`` studies; ``sha256`` where it is drawn and may be drawn otherwise one day."""

    n: int
    figures: dict[str, Measured] = field(default_factory=dict)
    findings: dict[str, MeasuredFinding] = field(default_factory=dict)
    sha256: str | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "figures", called_now(self.figures))


@dataclass(frozen=True, slots=True)
class Evaluated(Result):
    """Candidate and live version side by side; ``live_id`` and ``live``: id and number of the latter.

    ``not_read``: held-out studies that judge nothing, because the rules could largely not read their signed report.
    """

    STAGE: ClassVar[str] = "evaluate"
    live_id: int
    live: str
    sets: dict[Literal["held_out", "base"], MeasuredSet]
    not_read: int = 0


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table that pages and benchmarks print; ``difference`` is candidate − live."""

    set: str
    metric: str
    direction: str
    candidate: float
    live: float
    difference: float
    ci95: tuple[float, float]
    n: int


@dataclass(frozen=True, slots=True)
class Judged(Result):
    """What the gate decided, and its reasons in the order of their weight."""

    STAGE: ClassVar[str] = "gate"
    decision: Decision
    reasons: tuple[str, ...]
    table: tuple[Row, ...] = ()
    findings: dict[str, MeasuredFinding] = field(default_factory=dict)
    live: str = ""


@dataclass(frozen=True, slots=True)
class NotRead:
    """How many signed reports the rules could largely not read: of those learned from, and of those held out."""

    readings: int = 0
    held_out: int = 0


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a job ended well: what its row, its page and ``outcome.json`` keep."""

    candidate_id: int
    version: str
    decision: Decision
    reasons: tuple[str, ...]
    table: tuple[Row, ...]
    findings: dict[str, MeasuredFinding]
    environment: dict[str, Any]
    snapshot_sha256: str | None = None
    not_read: NotRead = NotRead()
    seconds: dict[str, float] = field(default_factory=dict)
    processor_seconds: dict[str, float] = field(default_factory=dict)


# Of every stage.
RESULTS: Mapping[str, type[Result]] = {
    kind.STAGE: kind for kind in (Taken, FineTuned, Scored, Preferring, Reinforced, Evaluated, Judged)
}


def as_json(result: Any) -> Any:
    """A dataclass of this file, or a dictionary of such, as JSON has it; what is None is left out."""
    if isinstance(result, Mapping):
        return {name: as_json(value) for name, value in result.items()}
    return TypeAdapter(type(result)).dump_python(result, mode="json", exclude_none=True)


def from_json(kind: type[T], content: Any) -> T:
    """What ``as_json`` was given. Raises ``ValueError`` where it is something else."""
    return TypeAdapter(kind).validate_python(content)
