"""Writes drafts in a thread of its own, one after the other; pages follow along and may leave at any time.

A draft that was begun is written to its end and kept, whoever is still looking. Knows no page: what happens is
told as plain objects, ``{"kind": "state" | "sentence" | "draft" | "error", …}``.
"""

import logging
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from feedback_db import drafts, studies, versions
from feedback_db.database import Database
from feedback_db.errors import FeedbackError
from feedback_db.models import Draft, Study
from lmrrg.errors import LmrrgError
from lmrrg.reporters import DraftRequest
from lmrrg.reporters.serialise import report_as_json
from lmrrg.types import RadiographImage, Report, Sentence
from ui.reporter_pool import ReporterPool

Event = dict[str, Any]
log = logging.getLogger(__name__)


class Drafting:
    """One draft being written: what has happened so far, and a way to follow it from its beginning."""

    def __init__(self) -> None:
        self._events: list[Event] = []
        self._done = False
        self._changed = threading.Condition()
        self.draft: Draft | None = None

    def tell(self, event: Event, *, done: bool = False) -> None:
        with self._changed:
            self._events.append(event)
            self._done = done
            self._changed.notify_all()

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

    def finished(self) -> bool:
        return self._done


class DraftingDesk:
    """Takes requests for drafts. One thread writes, so the reporter is never asked two things at once."""

    def __init__(
        self, database: Database, reporters: ReporterPool, load_image: Callable[[Study], RadiographImage]
    ) -> None:
        self._database, self._reporters, self._load_image = database, reporters, load_image
        self._writer = ThreadPoolExecutor(max_workers=1, thread_name_prefix="drafting")
        self._running: dict[tuple[int, float, int], Drafting] = {}
        self._lock = threading.Lock()

    def ask(self, study_id: int, *, temperature: float = 0.0, seed: int = 0) -> Drafting:
        """Begin a draft by the live version, or join the one that is being written for the same request."""
        key = (study_id, temperature, seed)
        with self._lock:
            running = self._running.get(key)
            if running is not None and not running.finished():
                return running
            self._running = {k: one for k, one in self._running.items() if not one.finished()}
            drafting = self._running[key] = Drafting()
            ahead = len(self._running) - 1
        drafting.tell({"kind": "state", "text": f"Waiting for {ahead} other drafts" if ahead else "Drafting"})
        self._writer.submit(self._write, drafting, study_id, temperature, seed)
        return drafting

    def close(self) -> None:
        self._writer.shutdown(wait=False, cancel_futures=True)

    def _write(self, drafting: Drafting, study_id: int, temperature: float, seed: int) -> None:
        try:
            draft = self._draft(drafting, study_id, temperature, seed)
        except (LmrrgError, FeedbackError) as error:
            drafting.tell({"kind": "error", "message": str(error)}, done=True)
        except Exception:
            log.exception("draft of study %d failed", study_id)
            message = (
                "The draft could not be written. Try again; if it fails again, tell whoever runs this server."
            )
            drafting.tell({"kind": "error", "message": message}, done=True)
        else:
            drafting.draft = draft
            drafting.tell({"kind": "draft", "draft_id": draft.id}, done=True)

    def _draft(self, drafting: Drafting, study_id: int, temperature: float, seed: int) -> Draft:
        with self._database.reading_session() as session:
            study = studies.get(session, study_id=study_id)
            version = versions.live(session)
        image = self._load_image(study)
        if self._reporters.state(version).kind != "ready":
            drafting.tell({"kind": "state", "text": "Loading the model, which takes a moment once"})
        reporter = self._reporters.reporter(version)
        drafting.tell({"kind": "state", "text": f"{version.name} {version.number} is writing"})
        request = DraftRequest(indication=study.indication, temperature=temperature, seed=seed)
        report: Report | None = None
        for item in reporter.stream(image, request):
            if isinstance(item, Sentence):
                drafting.tell({"kind": "sentence", "sentence": _sentence(item)})
            else:
                report = item
        if report is None:
            raise LmrrgError("The model ended without a report. Ask for the draft again.")
        asked = {"indication": study.indication, "temperature": temperature, "seed": seed}
        with self._database.session() as session:
            return drafts.add(
                session,
                study_id=study_id,
                model_version_id=version.id,
                text=report.text,
                report=report_as_json(report, maps=True),
                request=asked,
            )


def _sentence(sentence: Sentence) -> Event:
    return {
        "text": sentence.text,
        "confidence": sentence.confidence,
        "regions": [{"name": region.name, "weight": region.weight} for region in sentence.regions],
        "flag": sentence.flag,
    }
