"""Every error of the feedback database, as one tree; each message says what is wrong and what to do next.

    FeedbackError
    ├── NotFound               no row with that number
    │   └── NoSuchPatient      nothing is here of them
    ├── NotAllowed             this reader may not do that
    │   └── ReasonNeeded       a decision that others must understand later comes without a reason
    ├── StaleRevision          someone (or another tab) saved since; carries the newer text
    ├── AlreadySigned          a signed text is amended, not saved over, nor are its marks
    ├── NotSigned              only a signed text can be amended
    ├── EmptyReport            a report without words cannot be signed
    ├── DuplicateStudy         this image is here already; carries its study
    ├── ClaimedByAnother       another reader took this study; carries who
    ├── AlreadyChosen          this reader judged this pair of drafts before; carries how
    ├── WrongPassword          the password that was to be changed is another
    ├── BackupRefused          a backup that cannot be made, or must not be restored here
    ├── NameTaken              another account has this name
    ├── MacroTaken             another macro of this reader's has this name
    ├── WeakPassword           too short
    ├── LinkInvalid            a one-time link that is unknown, used or too old
    ├── FirstAdminNeeded       there is no account yet: the link must come with a name and a password
    ├── BrokenConfiguration    a training job's settings say what cannot be
    ├── JobNotRunning          the job was cancelled, finished, or given to another worker
    ├── NoLiveVersion          no model has been registered
    ├── NothingToRollBackTo    no version was live before this one
    ├── WeightsReplaced        this base model came with another program
    ├── UnknownRevision        no such schema revision to migrate to
    ├── DatabaseTooNew         written by a newer release than this one
    └── AppendOnlyRow          revisions, events and audit rows are never changed

Nothing here knows a web page: whoever catches one decides how to show ``str(error)``.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any


class FeedbackError(Exception):
    """Base of every error here. ``str(error)`` is fit to be shown to a reader."""


class NotFound(FeedbackError):
    """No row with that number."""

    def __init__(self, what: str, number: object) -> None:
        super().__init__(f"There is no {what} {number}. Go back to the worklist and open it again.")


class NoSuchPatient(NotFound):
    """Nothing is here of this patient."""

    def __init__(self) -> None:
        FeedbackError.__init__(
            self,
            "No study here is of this patient. Name one of their studies instead (--study), or check the identifier.",
        )


class NotAllowed(FeedbackError):
    """This reader may not do that."""


class StaleRevision(FeedbackError):
    """The reading was saved since the text at hand was loaded.

    Attributes:
        revision: the current revision, to be given as the step's ``expected_revision`` after the reader decided.
        text: the current text.
        sentences: the current sentences.
        saved_at: when that was saved; None where nobody saved since the study was opened.
    """

    def __init__(
        self, *, revision: int, text: str, sentences: list[dict[str, Any]], saved_at: datetime | None
    ) -> None:
        super().__init__(
            "This report was saved elsewhere since you loaded it. Compare the two texts and decide which to keep."
        )
        self.revision = revision
        self.text = text
        self.sentences = sentences
        self.saved_at = saved_at


class AlreadySigned(FeedbackError):
    """A signed text is amended, not saved over, nor are its marks."""

    def __init__(self) -> None:
        super().__init__("This report is signed. To change it or its marks, amend it first.")


class NotSigned(FeedbackError):
    """Only a signed text can be amended."""

    def __init__(self) -> None:
        super().__init__("This report is not signed yet: save or sign it instead of amending it.")


class EmptyReport(FeedbackError):
    """A report without words cannot be signed."""

    def __init__(self) -> None:
        super().__init__("The report is empty. Write at least one sentence before signing.")


class DuplicateStudy(FeedbackError):
    """This very image was added before. ``study_id`` is where."""

    def __init__(self, study_id: int) -> None:
        super().__init__(f"This image is here already, as study {study_id}. Open that one instead.")
        self.study_id = study_id


class ClaimedByAnother(FeedbackError):
    """Another reader took this study. ``reader_id`` and ``name`` say who."""

    def __init__(self, reader_id: int, name: str) -> None:
        super().__init__(f"{name} claimed this study. Take another one, or ask them to release it.")
        self.reader_id = reader_id
        self.name = name


class AlreadyChosen(FeedbackError):
    """This reader judged this pair of drafts before. ``outcome`` is how."""

    def __init__(self, outcome: str) -> None:
        super().__init__("You chose between these two drafts already. Go on to the next study.")
        self.outcome = outcome


class WrongPassword(FeedbackError):
    """The password that was to be changed is another."""

    def __init__(self) -> None:
        super().__init__("The present password is not right. Type it again.")


class BackupRefused(FeedbackError):
    """A backup that cannot be made, or must not be restored here; the message says why."""


class NameTaken(FeedbackError):
    """Another account has this name."""

    def __init__(self, name: str) -> None:
        super().__init__(f"An account named “{name}” exists already. Choose another name.")


class MacroTaken(FeedbackError):
    """Another macro of this reader's has this name."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"You have a macro “.{name}” already. Choose another name, or change the one you have."
        )


class WeakPassword(FeedbackError):
    """The password is too short."""

    def __init__(self, least: int) -> None:
        super().__init__(f"Choose a password of at least {least} characters.")


class LinkInvalid(FeedbackError):
    """A one-time link that is unknown, used or too old."""

    def __init__(self) -> None:
        super().__init__("This link was used already or is too old. Restart the server to get a new one.")


class FirstAdminNeeded(FeedbackError):
    """There is no account yet; the link stays good."""

    def __init__(self) -> None:
        super().__init__("There is no account yet. Choose a name and a password for the first administrator.")


class BrokenConfiguration(FeedbackError):
    """A training job's settings say what cannot be. ``faults`` is a sentence for each."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__(f"These training settings cannot be used. {' '.join(faults)}")
        self.faults = tuple(faults)


class ReasonNeeded(NotAllowed):
    """A decision that others must understand later comes without a written reason. ``what`` it is needed for."""

    def __init__(self, what: str = "") -> None:
        why = f"{what} " if what else ""
        super().__init__(f"{why}Write the reason in a sentence, so that others understand it later.")


class JobNotRunning(FeedbackError):
    """The job was cancelled, has finished, or was given to another worker."""

    def __init__(self, job_id: int) -> None:
        super().__init__(f"Training job {job_id} is not running under this worker any more.")


class NoLiveVersion(FeedbackError):
    """No model has been registered."""

    def __init__(self) -> None:
        super().__init__("No model is live. Restart the server, which registers the default model.")


class NothingToRollBackTo(FeedbackError):
    """No version was live before this one."""

    def __init__(self) -> None:
        super().__init__("No version was live before this one, so there is nothing to roll back to.")


class WeightsReplaced(FeedbackError):
    """A base model whose weights another program has replaced cannot be live."""

    def __init__(self, number: str) -> None:
        super().__init__(
            f"Version {number} came with another program; this one has other weights in its place. To return to it, "
            "install the program that it came with."
        )


class UnknownRevision(FeedbackError):
    """No such schema revision to migrate to."""

    def __init__(self, revision: str) -> None:
        super().__init__(
            f"There is no schema revision “{revision}”. Give “head”, “base”, or one from migrations/."
        )


class DatabaseTooNew(FeedbackError):
    """Written by a newer release than this one."""

    def __init__(self) -> None:
        super().__init__(
            "The database was written by a newer release. Update this program, then start it again."
        )


class AppendOnlyRow(FeedbackError):
    """Revisions, events and audit rows are never changed."""

    def __init__(self, what: str) -> None:
        super().__init__(f"A {what} is written once and never changed.")
