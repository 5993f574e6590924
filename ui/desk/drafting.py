"""Writes drafts in a thread of its own, one after the other; pages follow along and may leave at any time.

A draft that was begun is written to its end and kept, even if nobody is looking any more. Knows nothing about pages: it
reports what happens as plain objects, ``{"kind": "state" | "sentence" | "draft" | "error", …}``. An error with
``"possible": False`` says why the study gets no draft, however often it is asked for.
"""

import logging
import threading
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, replace
from typing import Any

from feedback_db.errors import FeedbackError
from feedback_db.models import Draft
from feedback_db.store.database import Database
from feedback_db.studies import drafts, studies
from feedback_db.training import versions
from lmrrg.errors import LmrrgError, NoDraftPossible
from lmrrg.report import Report, Sentence
from lmrrg.reporters import DraftRequest, ExplainsByGradient, Reporter, WritesCandidates
from lmrrg.reporters.serialise import report_as_json
from lmrrg.study import Study as Examination
from ui.desk.examinations import Load, examination, images_asked, what_to_ask
from ui.desk.reporter_pool import ReporterPool

Event = dict[str, Any]
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be written of a study.

    Attributes:
        candidates: how many drafts may be tried for words that the study has no draft of yet; 1 is one plain draft.
        keep: of those with new words, how many are kept at most.
    """

    study_id: int
    temperature: float = 0.0
    seed: int = 0
    candidates: int = 1
    keep: int = 1


class Drafting:
    """What was asked being written: what has happened so far, and a way to follow it from its beginning.

    Attributes:
        ahead: nobody asked for it yet. It gives way to drafts that somebody did ask for.
        drafts: what was kept, once it is finished; empty where it failed.
    """

    def __init__(self, asked: Asked, *, ahead: bool) -> None:
        self.asked, self.ahead = asked, ahead
        self.drafts: tuple[Draft, ...] = ()
        self._events: list[Event] = []
        self._done = False
        self._changed = threading.Condition()

    @property
    def study_id(self) -> int:
        return self.asked.study_id

    @property
    def draft(self) -> Draft | None:
        """The first of ``drafts``."""
        return self.drafts[0] if self.drafts else None

    def tell(self, event: Event, *, done: bool = False) -> None:
        with self._changed:
            self._events.append(event)
            self._done = done
            self._changed.notify_all()

    def begin_again(self) -> None:
        """Forget what was told; only of a draft that nobody follows."""
        with self._changed:
            self._events.clear()

    def follow(self) -> Iterator[Event]:
        """Every event from the first; ends with the ``draft`` or ``error`` event."""
        seen = 0
        while True:
            with self._changed:
                while len(self._events) == seen and not self._done:
                    self._changed.wait()
                fresh, done = self._events[seen:], self._done
            yield from fresh
            seen += len(fresh)
            if done:
                return

    def wait(self, seconds: float) -> bool:
        """Wait for the end, no longer than this; whether it came."""
        with self._changed:
            return self._changed.wait_for(self.finished, seconds)

    def finished(self) -> bool:
        return self._done


class _GiveWay(Exception):
    """A reader asked for a draft while one was being written ahead."""


class DraftingDesk:
    """Takes requests for drafts. One thread writes, so the reporter is never asked two things at once.

    Readers come first: a draft that is written ahead is put aside at its next sentence as soon as a reader asks for
    another, and written anew afterwards.
    """

    def __init__(self, database: Database, reporters: ReporterPool, load_image: Load) -> None:
        self._database, self._reporters, self._load_image = database, reporters, load_image
        self._waiting: list[Drafting] = []
        self._open: dict[Asked, Drafting] = {}
        self._changed = threading.Condition()
        self._closed = False
        threading.Thread(target=self._work, name="drafting", daemon=True).start()

    def ask(self, study_id: int, *, ahead: bool = False) -> Drafting:
        """Begin a draft by the live version, or join the one that is being written."""
        return self._ask(Asked(study_id), ahead=ahead)

    def sample(self, study_id: int, *, temperature: float, candidates: int, keep: int = 1) -> Drafting:
        """Sample drafts for words that the study has no draft of yet: in one batch where the reporter offers that.

        The first ``keep`` with new words are kept; where none of the ``candidates`` has any, the last one is.
        """
        return self._ask(Asked(study_id, temperature, candidates=candidates, keep=keep), ahead=False)

    def _ask(self, asked: Asked, *, ahead: bool) -> Drafting:
        with self._changed:
            known = self._open.get(asked)
            if known is not None and not known.finished():
                known.ahead = known.ahead and ahead
                self._changed.notify_all()
                return known
            self._open = {k: one for k, one in self._open.items() if not one.finished()}
            before = sum(not one.ahead for one in self._open.values())
            drafting = self._open[asked] = Drafting(asked, ahead=ahead)
            drafting.tell(
                {"kind": "state", "text": f"Waiting for {before} other drafts" if before else "Drafting"}
            )
            self._waiting.append(drafting)
            self._changed.notify_all()
        return drafting

    def close(self) -> None:
        """Take no more; a draft that has been begun is written to its end if the process lives that long."""
        with self._changed:
            self._closed = True
            self._waiting.clear()
            self._changed.notify_all()

    def _work(self) -> None:
        while (drafting := self._take()) is not None:
            self._write(drafting)

    def _take(self) -> Drafting | None:
        """The next to be written, readers' before those ahead; None when the desk is closed."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._closed)
            if self._closed:
                return None
            drafting = min(self._waiting, key=lambda one: one.ahead)
            self._waiting.remove(drafting)
            return drafting

    def _give_way(self, drafting: Drafting) -> None:
        with self._changed:
            if drafting.ahead and any(not one.ahead for one in self._waiting):
                raise _GiveWay

    def _write(self, drafting: Drafting) -> None:
        try:
            kept = self._drafts(drafting)
        except _GiveWay:
            with self._changed:
                drafting.begin_again()
                self._waiting.append(drafting)
        except NoDraftPossible as error:
            drafting.tell({"kind": "error", "message": str(error), "possible": False}, done=True)
        except (LmrrgError, FeedbackError) as error:
            drafting.tell({"kind": "error", "message": str(error)}, done=True)
        except Exception:
            log.exception("draft of study %d failed", drafting.study_id)
            message = (
                "The draft could not be written. Try again; if it fails again, tell whoever runs this server."
            )
            drafting.tell({"kind": "error", "message": message}, done=True)
        else:
            drafting.drafts = kept
            drafting.tell({"kind": "draft", "draft_id": kept[0].id}, done=True)

    def _drafts(self, drafting: Drafting) -> tuple[Draft, ...]:
        wanted, study_id = drafting.asked, drafting.study_id
        with self._database.reading_session() as session:
            study = studies.get(session, study_id=study_id)
            version = versions.live(session)
            asked = what_to_ask(session, study) | {"temperature": wanted.temperature, "seed": wanted.seed}
            rows = images_asked(session, study_id, asked)
            known = {draft.text for draft in drafts.of_study(session, study_id=study_id)}
        told = examination(asked, rows, self._load_image)
        if self._reporters.state(version).kind != "ready":
            drafting.tell({"kind": "state", "text": "Loading the model, which takes a moment once"})
        reporter = self._reporters.reporter(version)
        drafting.tell({"kind": "state", "text": f"{version.name} {version.number} is writing"})
        if wanted.candidates == 1:
            written = [self._streamed(drafting, reporter, told, request_of(asked))]
        else:
            found = _candidates(reporter, told, request_of(asked), wanted.candidates)
            written = _with_new_words(found, known, wanted.keep)
        abilities = ["gradient"] if isinstance(reporter, ExplainsByGradient) else []
        with self._database.session() as session:
            return tuple(
                drafts.add(
                    session,
                    study_id=study_id,
                    model_version_id=version.id,
                    text=report.text,
                    report=report_as_json(report, maps=True) | {"abilities": abilities},
                    request=asked,
                )
                for report in written
            )

    def _streamed(
        self, drafting: Drafting, reporter: Reporter, told: Examination, request: DraftRequest
    ) -> Report:
        report: Report | None = None
        for item in reporter.stream(told, request):
            self._give_way(drafting)
            if isinstance(item, Sentence):
                drafting.tell({"kind": "sentence", "sentence": _sentence(item)})
            else:
                report = item
        if report is None:
            raise LmrrgError("The model ended without a report. Ask for the draft again.")
        return report


def _candidates(reporter: Reporter, told: Examination, request: DraftRequest, n: int) -> Iterable[Report]:
    """``n`` sampled reports: one batch where the reporter offers that, else one after the other as they are asked."""
    if isinstance(reporter, WritesCandidates):
        return reporter.candidates(told, request, n)
    return (reporter.draft(told, replace(request, seed=request.seed + k)) for k in range(n))


def _with_new_words(found: Iterable[Report], known: Set[str], keep: int) -> list[Report]:
    """The first ``keep`` reports with new and distinct texts; the last report where there is none."""
    fresh: dict[str, Report] = {}
    last: Report | None = None
    for last in found:
        if last.text not in known:
            fresh.setdefault(last.text, last)
        if len(fresh) == keep:
            break
    assert last is not None
    return list(fresh.values()) or [last]


def request_of(asked: Mapping[str, Any]) -> DraftRequest:
    """How a draft is, or was, to be written: from what is kept with it."""
    return DraftRequest(**{name: asked[name] for name in ("temperature", "seed") if name in asked})


def _sentence(sentence: Sentence) -> Event:
    return {
        "text": sentence.text,
        "confidence": sentence.confidence,
        "regions": [{"name": region.name, "weight": region.weight} for region in sentence.regions],
        "flag": sentence.flag,
    }
