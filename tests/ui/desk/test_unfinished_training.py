"""What was asked for before the program was stopped goes on when it starts, whether anyone looks or not."""

from typing import cast

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from feedback_db.training import jobs
from tests.ui.conftest import CountedWorker
from ui.desk.services import Services


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
