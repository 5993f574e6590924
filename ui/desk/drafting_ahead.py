"""Writes the drafts of the next studies on the list before anybody asks, so that a reader finds them ready.

Asks the drafting desk for one after the other, and the desk puts readers first. A study whose draft failed is left
alone until the server starts again, and one without a frontal image until it gets one. Knows nothing about models or
pages.
"""

import logging
import threading

from feedback_db.store.database import Database
from feedback_db.studies import worklist
from feedback_db.studies.worklist import Wanted
from ui.desk.drafting import DraftingDesk

LOOK_EVERY_SECONDS = 5.0
log = logging.getLogger(__name__)


class DraftsAhead:
    """One thread that keeps the first ``count`` waiting studies drafted; none with ``count`` 0."""

    def __init__(self, database: Database, desk: DraftingDesk, count: int) -> None:
        self._database, self._desk, self._count = database, desk, count
        self._stopping = threading.Event()
        self._failed: set[int] = set()

    def start(self) -> None:
        if self._count > 0:
            threading.Thread(target=self._run, name="drafts ahead", daemon=True).start()

    def stop(self) -> None:
        self._stopping.set()

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                study_id = self._next()
                if study_id is not None:
                    self._draft(study_id)
                    continue
            except Exception:
                # The database may be away for a moment, for example: readers learn that from their own requests.
                if not self._stopping.is_set():
                    log.exception("drafting ahead")
            self._stopping.wait(LOOK_EVERY_SECONDS)

    def _next(self) -> int | None:
        with self._database.reading_session() as session:
            page = worklist.page(session, wanted=Wanted(waiting=True), limit=self._count)
        undrafted = (row.study_id for row in page.rows if row.status == "new" and row.has_frontal)
        return next((number for number in undrafted if number not in self._failed), None)

    def _draft(self, study_id: int) -> None:
        drafting = self._desk.ask(study_id, ahead=True)
        while not drafting.wait(1.0):
            if self._stopping.is_set():
                return
        if drafting.draft is None:
            self._failed.add(study_id)
