"""What was asked for before the program was stopped goes on when it starts, whether anyone looks or not."""

from datetime import timedelta
from typing import cast

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from feedback_db.models import now
from feedback_db.training import jobs
from tests.ui.conftest import CountedWorker
from ui.desk.services import Services
from ui.desk.training_worker import JobsWatch


@pytest.mark.parametrize(("status", "starts"), [("none", 0), ("queued", 1), ("running", 1), ("cancelled", 0)])
def test_a_worker_starts_where_a_job_is_not_at_its_end(
    app: FastAPI, services: Services, status: str, starts: int
) -> None:
    with services.database.session() as session:
        if status != "none":
            number = jobs.enqueue(session, requested_by=None).id
        if status == "running":
            jobs.claim(session, worker="elsewhere:1")
        if status == "cancelled":
            jobs.request_cancel(session, job_id=number, by=None)
    with TestClient(app):
        assert cast(CountedWorker, services.worker).starts == starts


def silent_since(services: Services, seconds: float) -> None:
    """A running job that was last heard of so long ago."""
    with services.database.session() as session:
        jobs.enqueue(session, requested_by=None)
        claimed = jobs.claim(session, worker="elsewhere:1")
        assert claimed is not None
        claimed.heartbeat_at = now() - timedelta(seconds=seconds)


@pytest.mark.parametrize(("silent", "starts"), [(19.0, 0), (25.0, 1)])
def test_a_job_of_which_nothing_is_heard_gets_another_worker(
    services: Services, silent: float, starts: int
) -> None:
    silent_since(services, silent)
    JobsWatch(services.database, services.worker).look()
    assert cast(CountedWorker, services.worker).starts == starts


def test_a_host_that_only_files_jobs_takes_none_up(app: FastAPI, services: Services) -> None:
    services.settings.jobs = "none"
    silent_since(services, 25.0)
    with TestClient(app):
        JobsWatch(services.database, services.worker).look()
        assert cast(CountedWorker, services.worker).starts == 0
