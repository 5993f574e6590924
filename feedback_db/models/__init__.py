"""The tables, in three groups: people, readings, training. Plain columns and foreign keys, no lazy loading.

Knows no queries: those live in the modules named after what they do (``readings``, ``jobs``, …).
"""

from feedback_db.models.base import AppendOnly, Base, JsonObject, now
from feedback_db.models.people import AuditEvent, AuditHead, OneTimeLink, Reader, Role, SignInSession
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
    "ModelVersion",
    "OneTimeLink",
    "Outcome",
    "Preference",
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
    "TrainingEvent",
    "TrainingJob",
    "Verdict",
    "VersionStatus",
    "now",
]
