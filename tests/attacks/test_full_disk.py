"""A disk without room: reads go on, a refused save says so and succeeds when there is room, nothing is half-written."""

import os
import resource
import signal
from collections.abc import Callable
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import event, update

from feedback_db.errors import BackupRefused
from feedback_db.models import SignInSession, Study, now
from feedback_db.store import backup, room
from tests.ui.pages.test_reading_room import begin
from ui.desk.services import Services

Disk = Callable[[], AbstractContextManager[None]]
LONG = "There is a line that says nothing new. " * 1000


@pytest.fixture
def full_disk(services: Services) -> Disk:
    """A while in which SQLite is refused each page more, as by a disk without room."""
    engine = services.database.engine

    def cap(connection: Any, record: object) -> None:
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count = {pages}")

    @contextmanager
    def while_full() -> Any:
        engine.dispose()
        event.listen(engine, "connect", cap)
        try:
            yield
        finally:
            event.remove(engine, "connect", cap)
            engine.dispose()

    return while_full


class Report:
    """A reading that a page saves again and again."""

    def __init__(self, browser: TestClient, study: Study) -> None:
        self.browser, self.revision = browser, 0
        self.path = f"/api/readings/{begin(browser, study)['id']}"

    def save(self, text: str) -> httpx.Response:
        body = {"revision": self.revision, "text": text, "sentences": [], "active_seconds": 1}
        answer = self.browser.put(self.path, json=body)
        if answer.status_code == 200:
            self.revision = answer.json()["revision"]
        return answer

    def fill_the_disk(self) -> httpx.Response:
        """Save until there is no free page left within the file either; the answer to the first that was refused."""
        for number in range(1000):
            answer = self.save(f"{number} {LONG}")
            if answer.status_code != 200:
                return answer
        raise AssertionError("the disk never was full")


def test_reads_go_on_and_a_refused_save_is_told_and_taken_later(
    reader: TestClient, study: Study, full_disk: Disk
) -> None:
    report = Report(reader, study)
    assert report.save("Kept.").status_code == 200
    with full_disk():
        refused = report.fill_the_disk()
        assert refused.status_code == 507
        assert "disk is full" in refused.json()["error"]
        assert reader.get("/api/studies").status_code == 200
        assert reader.get(f"/api/studies/{study.id}").status_code == 200
    assert report.save("Written while there was no room.").status_code == 200


def test_reads_go_on_after_the_minute_in_which_a_session_is_noted(
    reader: TestClient, services: Services, study: Study, full_disk: Disk
) -> None:
    report = Report(reader, study)
    with services.database.session() as session:
        session.execute(update(SignInSession).values(last_seen_at=now() - timedelta(minutes=2)))
    with full_disk():
        report.fill_the_disk()
        assert reader.get("/api/studies").status_code == 200


def test_a_backup_without_room_leaves_nothing_behind(services: Services, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    settings = services.settings
    child = os.fork()
    if child == 0:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, 40_000))
        try:
            backup.back_up(
                url=settings.database_url, data_folder=settings.data_folder, to=tmp_path / "out" / "b.tar"
            )
        except BackupRefused as refusal:
            os._exit(0 if "no room" in str(refusal) else 2)
        os._exit(1)
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 0
    assert list((tmp_path / "out").iterdir()) == []


def test_leads_are_warned_before(browser: Callable[..., TestClient], monkeypatch: pytest.MonkeyPatch) -> None:
    lead, reader = browser("l.lead", "lead"), browser()
    assert lead.get("/api/me").json()["room_left_gb"] is None
    monkeypatch.setattr(room, "left", lambda folder: 700_000_000)
    assert lead.get("/api/me").json()["room_left_gb"] == 0.7
    assert reader.get("/api/me").json()["room_left_gb"] is None
