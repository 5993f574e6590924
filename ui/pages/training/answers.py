"""What the training page is answered: what waits, jobs and what they say, versions and how they did."""

from typing import Any

from feedback_db.models import EventKind, JobStatus, VersionStatus
from feedback_db.models.training import Decision, EvaluationSet
from ui.kit.answers import Answer


class Job(Answer):
    """A job; ``outcome`` is the trainer's, and empty until it has ended. ``now``: the server's time.

    ``stages``: those that it goes through, in order.
    """

    id: int
    status: JobStatus
    requested_by: str | None
    cancel_requested: bool
    attempts: int
    created_at: str
    started_at: str | None
    finished_at: str | None
    heartbeat_at: str | None
    now: str
    reason: str
    outcome: dict[str, Any]
    candidate_id: int | None
    stages: list[str]


class JobInBrief(Answer):
    """A past job, for the list."""

    id: int
    status: JobStatus
    began: bool
    at: str
    decision: str | None


class Version(Answer):
    """A model version."""

    id: int
    name: str
    number: str
    status: VersionStatus
    demonstration: bool
    created_at: str
    promoted_at: str | None
    promoted_by: str | None
    reason: str
    parent_id: int | None
    can_be_made_live: bool


class Signed(Answer):
    """Signed reports, by the side of the split."""

    training: int
    held_out: int


class Minimums(Answer):
    """How many signed reports training and its gate ask for."""

    readings: int
    held_out: int


class Preferences(Answer):
    """Which draft was better, by where it was told."""

    choices: int
    edits: int


class WayBack(Answer):
    """The version that was live before."""

    name: str
    number: str


class Overview(Answer):
    """The whole page; ``seconds``: how long each stage took in the last job like the one shown."""

    waiting: int
    signed: Signed
    minimums: Minimums
    preferences: Preferences
    job: Job | None
    queue: list[Job]
    queue_is_full: bool
    jobs: list[JobInBrief]
    seconds: dict[str, float] | None
    versions: list[Version]
    rolls_back_to: WayBack | None
    runs_jobs: bool
    may_train: bool


class Event(Answer):
    """One thing that a job said."""

    id: int
    at: str
    kind: EventKind
    stage: str
    step: int
    total: int
    data: dict[str, Any]


class Evaluation(Answer):
    """A measurement, with the gate's word on it."""

    set: EvaluationSet
    n: int
    decision: Decision | None
    reasons: list[str]
    figures: Any


class Events(Answer):
    """What a job said since the last look."""

    job: Job
    events: list[Event]
    last_event: int
    evaluations: list[Evaluation]


class Filed(Answer):
    """The job that was filed."""

    job_id: int


class Standing(Answer):
    """How a job stands."""

    status: JobStatus


class NowLive(Answer):
    """The version that is live now."""

    name: str
    version: str


class Promotion(Answer):
    """One time that a version went live."""

    at: str
    by: str | None
    reason: str


class VersionInFull(Version):
    """All that is known of a version."""

    parent: str | None
    snapshot_sha256: str | None
    config: dict[str, Any]
    readings: Any
    environment: Any
    evaluations: list[Evaluation]
    promotions: list[Promotion]
