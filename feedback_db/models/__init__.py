"""The tables, in four groups: people, readings, worklist, training. Plain columns and foreign keys, no lazy loading.

Knows no queries: those live in the modules named after what they do (``readings``, ``jobs``, …).
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
    Split,
    Study,
    StudyStatus,
    Verdict,
)
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
    "SignInSession",
    "Split",
    "Study",
    "StudyStatus",
    "TrainingEvent",
    "TrainingJob",
    "Verdict",
    "VersionStatus",
    "WorklistEntry",
    "now",
]
