"""The web application over a fresh data folder, a tiny model and one small phantom; and browsers that are signed in."""

import asyncio
import dataclasses
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from feedback_db.models import Role, Study
from feedback_db.people import accounts
from lmrrg.profiles.chest.phantom import draw
from ui.desk.first_start import register_model
from ui.desk.intake import keep_study
from ui.desk.services import Services
from ui.desk.training_worker import TrainingWorker
from ui.settings import WebSettings
from ui.web import create_app

ORIGIN = "http://testserver"
PASSWORD = "correct horse battery"


class CountedWorker(TrainingWorker):
    """Counts the processes that it would start; what they would do ``tests/train`` tests."""

    starts = 0

    def _launch(self) -> None:
        self.starts += 1


@pytest.fixture
def services(tmp_path: Path, tiny_folder: Path, migrated_file: Path) -> Services:
    (tmp_path / "data").mkdir()
    shutil.copy(migrated_file, tmp_path / "data")
    settings = WebSettings(
        _env_file=None,
        data_folder=tmp_path / "data",
        model=str(tiny_folder),
        drafts_ahead=0,
        hosts="testserver",
    )
    opened = Services.open(settings)
    register_model(opened)
    return dataclasses.replace(opened, worker=CountedWorker(settings))


@pytest.fixture
def app(services: Services) -> FastAPI:
    # Within a running loop: where there is none Gradio makes one and never closes it.
    async def build() -> FastAPI:
        return create_app(services)

    return asyncio.run(build())


@pytest.fixture
def study(services: Services) -> Study:
    """A phantom of 64 × 64 pixels."""
    phantom = draw(7, size=64)
    return keep_study(
        services.database,
        services.settings.data_folder,
        services.secret,
        phantom.as_radiograph(),
        patient=phantom.patient,
        origin="phantom",
        site="A",
    )


@pytest.fixture
def stranger(app: FastAPI) -> Iterator[TestClient]:
    """A browser that is not signed in; it sends what a browser sends along with our pages' requests."""
    with TestClient(app, follow_redirects=False, headers=_as_page()) as client:
        yield client


@pytest.fixture
def browser(app: FastAPI, services: Services, stranger: TestClient) -> Callable[..., TestClient]:
    """``browser(name, role)``: a browser signed in as that reader, whose account is made when missing."""

    def sign_in(name: str = "r.reader", role: Role = "reader") -> TestClient:
        with services.database.session() as session:
            if name not in {reader.name for reader in accounts.everyone(session)}:
                accounts.create_reader(session, name=name, password=PASSWORD, role=role)
        client = TestClient(app, follow_redirects=False, headers=_as_page())
        answer = client.post("/sign-in", data={"name": name, "password": PASSWORD})
        assert answer.status_code == 303
        return client

    return sign_in


@pytest.fixture
def reader(browser: Callable[..., TestClient]) -> TestClient:
    return browser()


def _as_page() -> dict[str, str]:
    return {"Origin": ORIGIN, "X-LMRRG-Page": "1"}
