"""``app.py add`` adds a patient's films in the order of time, whatever they are called and however long each takes."""

import os
import threading
from datetime import date
from io import BytesIO

import numpy as np
import pydicom
import pytest
from PIL import Image
from sqlalchemy import select

from feedback_db.models import Study
from feedback_db.store.database import Database
from feedback_db.studies import images, priors
from lmrrg.imaging.dicom.from_radiograph import dicom_of
from lmrrg.study import RadiographImage
from ui.desk import intake
from ui.desk.add_command import main

# Name → day and time of the examination; the pixels count up with the time, so they tell the right order.
FILMS = {
    "d": ("20240101", "0900"),
    "a": ("20240101", "1000"),
    "c": ("20240102", "0900"),
    "b": ("20250101", "0900"),
}


def film(day: str, time: str, grey: int) -> bytes:
    image = RadiographImage(np.full((8, 9), grey, np.uint16), 8, (128.0, 256.0), "DX", "MONOCHROME2")
    content = dicom_of(image, patient="P", study=f"{day} {time}", on=date.fromisoformat(day), description="")
    dataset = pydicom.dcmread(BytesIO(content))
    dataset.StudyTime = time
    file = BytesIO()
    dataset.save_as(file, enforce_file_format=True)
    return file.getvalue()


@pytest.fixture
def inbox(tmp_path):
    (tmp_path / "inbox").mkdir()
    for grey, (name, when) in enumerate(FILMS.items(), start=1):
        (tmp_path / "inbox" / name).write_bytes(film(*when, grey))
    return tmp_path / "inbox"


@pytest.fixture
def added(tmp_path, inbox, monkeypatch):
    """Adds the inbox; returns its films' greys in the order they became studies, and the studies."""
    monkeypatch.setenv("LMRRG_DATA_FOLDER", str(tmp_path / "data"))
    monkeypatch.setenv("LMRRG_DATABASE_URL", "")
    monkeypatch.setattr(os, "cpu_count", lambda: 2)

    def run(*words: str):
        assert main([str(inbox), *words]) == 0
        database = Database.open(f"sqlite:///{tmp_path / 'data' / 'feedback.sqlite3'}")
        with database.reading_session() as session:
            studies = list(session.scalars(select(Study).order_by(Study.created_at, Study.id)))
            first = [images.of_study(session, study_id=study.id)[0] for study in studies]
            chain = [priors.prior_of(session, study_id=study.id) for study in studies]
        database.close()
        greys = [int(np.load(tmp_path / "data" / image.image_folder / "pixels.npy")[0, 0]) for image in first]
        return greys, [study.id for study in studies], [prior and prior.id for prior in chain]

    return run


def test_the_names_of_files_do_not_matter(added) -> None:
    greys, numbers, prior = added()
    assert greys == [1, 2, 3, 4]
    assert prior == [None, *numbers[:-1]]


def test_a_film_that_takes_long_keeps_its_place(added, monkeypatch) -> None:
    receive, others = intake.receive_untrusted, threading.Semaphore(0)

    def slow(content: bytes):
        arrival = receive(content)
        if arrival.image.pixels[0, 0] == 1:
            for _ in range(3):
                assert others.acquire(timeout=60)
        else:
            others.release()
        return arrival

    monkeypatch.setattr(intake, "receive_untrusted", slow)
    assert added()[0] == [1, 2, 3, 4]


def test_a_film_without_a_day_keeps_its_place_in_the_list(added, inbox) -> None:
    file = BytesIO()
    Image.fromarray(np.full((8, 9), 9, np.uint8)).save(file, "PNG")
    (inbox / "bb").write_bytes(file.getvalue())  # the third of a, b, bb, c, d
    assert added("--patients", "folder")[0] == [1, 2, 9, 3, 4]


def test_what_came_in_before_an_interruption_stays_before(added, inbox, monkeypatch) -> None:
    late = {name: (inbox / name).read_bytes() for name in "cb"}
    for name in late:
        (inbox / name).unlink()
    assert added()[0] == [1, 2]
    for name, content in late.items():
        (inbox / name).write_bytes(content)
    assert added()[0] == [1, 2, 3, 4]
