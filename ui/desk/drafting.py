"""Writes drafts in a thread of its own, one after the other; pages follow along and may leave at any time.

A draft that was begun is written to its end and kept, whoever is still looking. Knows no page: what happens is
told as plain objects, ``{"kind": "state" | "sentence" | "draft" | "error", …}``.
"""

import logging
import threading
from collections.abc import Iterator, Mapping
from typing import Any

from feedback_db.errors import FeedbackError
from feedback_db.models import Draft
from feedback_db.store.database import Database
from feedback_db.studies import drafts, studies
from feedback_db.training import versions
from lmrrg.errors import LmrrgError
from lmrrg.report import Report, Sentence
from lmrrg.reporters import DraftRequest
from lmrrg.reporters.serialise import report_as_json
from ui.desk.examinations import Load, examination, images_asked, what_to_ask
from ui.desk.reporter_pool import ReporterPool

Event = dict[str, Any]
log = logging.getLogger(__name__)


class Drafting:
    """One draft being written: what has happened so far, and a way to follow it from its beginning.

    ``ahead``: nobody asked for it yet. It gives way to drafts that somebody did ask for.
    """

    def __init__(self, study_id: int, temperature: float, seed: int, *, ahead: bool) -> None:
        self.study_id, self.temperature, self.seed, self.ahead = study_id, temperature, seed, ahead
        self._events: list[Event] = []
        self._done = False
        self._changed = threading.Condition()
        self.draft: Draft | None = None

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
        self._open: dict[tuple[int, float, int], Drafting] = {}
        self._changed = threading.Condition()
        self._closed = False
        threading.Thread(target=self._work, name="drafting", daemon=True).start()

    def ask(self, study_id: int, *, temperature: float = 0.0, seed: int = 0, ahead: bool = False) -> Drafting:
        """Begin a draft by the live version, or join the one that is being written for the same request."""
        key = (study_id, temperature, seed)
        with self._changed:
            known = self._open.get(key)
            if known is not None and not known.finished():
                known.ahead = known.ahead and ahead
                self._changed.notify_all()
                return known
            self._open = {k: one for k, one in self._open.items() if not one.finished()}
            before = sum(not one.ahead for one in self._open.values())
            drafting = self._open[key] = Drafting(study_id, temperature, seed, ahead=ahead)
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
            draft = self._draft(drafting)
        except _GiveWay:
            with self._changed:
                drafting.begin_again()
                self._waiting.append(drafting)
        except (LmrrgError, FeedbackError) as error:
            drafting.tell({"kind": "error", "message": str(error)}, done=True)
        except Exception:
            log.exception("draft of study %d failed", drafting.study_id)
            message = (
                "The draft could not be written. Try again; if it fails again, tell whoever runs this server."
            )
            drafting.tell({"kind": "error", "message": message}, done=True)
        else:
            drafting.draft = draft
            drafting.tell({"kind": "draft", "draft_id": draft.id}, done=True)

    def _draft(self, drafting: Drafting) -> Draft:
        study_id, temperature, seed = drafting.study_id, drafting.temperature, drafting.seed
        with self._database.reading_session() as session:
            study = studies.get(session, study_id=study_id)
            version = versions.live(session)
            asked = what_to_ask(session, study) | {"temperature": temperature, "seed": seed}
            rows = images_asked(session, study_id, asked)
        told = examination(asked, rows, self._load_image)
        if self._reporters.state(version).kind != "ready":
            drafting.tell({"kind": "state", "text": "Loading the model, which takes a moment once"})
        reporter = self._reporters.reporter(version)
        drafting.tell({"kind": "state", "text": f"{version.name} {version.number} is writing"})
        report: Report | None = None
        for item in reporter.stream(told, request_of(asked)):
            self._give_way(drafting)
            if isinstance(item, Sentence):
                drafting.tell({"kind": "sentence", "sentence": _sentence(item)})
            else:
                report = item
        if report is None:
            raise LmrrgError("The model ended without a report. Ask for the draft again.")
        with self._database.session() as session:
            return drafts.add(
                session,
                study_id=study_id,
                model_version_id=version.id,
                text=report.text,
                report=report_as_json(report, maps=True),
                request=asked,
            )


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
