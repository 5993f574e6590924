"""The tables, in five groups: people, studies, readings, worklist, training.

Plain columns and foreign keys, no lazy loading.

Knows nothing about queries: those live in the modules named after what they do (``readings``, ``jobs``, …).
"""

from feedback_db.models.base import AppendOnly, Base, JsonObject, now
from feedback_db.models.people import AuditEvent, AuditHead, Macro, OneTimeLink, Reader, Role, SignInSession
from feedback_db.models.reading import (
    Draft,
    Outcome,
    Preference,
    Reading,
    ReadingRevision,
    ReadingStatus,
    RegionAction,
    RegionFeedback,
    RevisionKind,
    SentenceFeedback,
    Verdict,
)
from feedback_db.models.study import Origin, Sex, Side, Split, Study, StudyImage, StudyStatus
from feedback_db.models.training import (
    Evaluation,
    EventKind,
    JobStatus,
    ModelVersion,
    Promotion,
    TrainingEvent,
    TrainingJob,
    VersionStatus,
)
from feedback_db.models.worklist import Presence, WorklistEntry

__all__ = [
    "AppendOnly",
    "AuditEvent",
    "AuditHead",
    "Base",
    "Draft",
    "Evaluation",
    "EventKind",
    "JobStatus",
    "JsonObject",
    "Macro",
    "ModelVersion",
    "OneTimeLink",
    "Origin",
    "Outcome",
    "Preference",
    "Presence",
    "Promotion",
    "Reader",
    "Reading",
    "ReadingRevision",
    "ReadingStatus",
    "RegionAction",
    "RegionFeedback",
    "RevisionKind",
    "Role",
    "SentenceFeedback",
    "Sex",
    "Side",
    "SignInSession",
    "Split",
    "Study",
    "StudyImage",
    "StudyStatus",
    "TrainingEvent",
    "TrainingJob",
    "Verdict",
    "VersionStatus",
    "WorklistEntry",
    "now",
]
