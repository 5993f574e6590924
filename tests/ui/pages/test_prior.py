"""The patient's earlier study: who is shown it, and what the model is told about it."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from fastapi.testclient import TestClient

from feedback_db.models import ModelVersion, Study
from feedback_db.people import accounts
from feedback_db.reading import readings
from feedback_db.studies import drafts
from feedback_db.studies.priors import LONGEST_PRIOR
from lmrrg.profiles.chest.phantom import draw
from lmrrg.report import Report, Sentence
from lmrrg.reporters import DraftRequest, Reporter
from lmrrg.study import Study as Examination
from tests.ui.access.test_identity import file_full_of
from ui.desk.drafting import DraftingDesk
from ui.desk.intake import keep_study
from ui.desk.services import Services

SAID = "There is a small right pleural effusion."


@pytest.fixture
def later(services: Services, study: Study) -> Callable[[str], Study]:
    """``later(site)``: a second study of the first one's patient."""

    def add(site: str) -> Study:
        image = draw(8, size=64).as_radiograph()
        patient = draw(7, size=64).patient
        return keep_study(
            *(services.database, services.settings.data_folder, services.secret, image),
            patient=patient,
            origin="phantom",
            site=site,
        )

    return add


def sign(services: Services, study: Study, text: str = SAID) -> None:
    with services.database.session() as session:
        reader = accounts.create_reader(session, name="s.signer", password="correct horse battery")
        reading = readings.open_reading(session, study_id=study.id, reader_id=reader.id)
        readings.sign(
            session, readings.Step(reading_id=reading.id, reader_id=reader.id, expected_revision=0), text=text
        )


class _Overheard:
    """The services' reporters; what they are asked is written down."""

    def __init__(self, services: Services) -> None:
        self._pool = services.reporters
        self.asked: list[Examination] = []

    def state(self, version: ModelVersion) -> object:
        return self._pool.state(version)

    def reporter(self, version: ModelVersion) -> "_Overheard":
        self._reporter: Reporter = self._pool.reporter(version)
        return self

    def stream(self, examination: Examination, request: DraftRequest) -> Iterator[Sentence | Report]:
        self.asked.append(examination)
        yield from self._reporter.stream(examination, request)


def told(services: Services, study: Study) -> tuple[str, dict[str, Any]]:
    """The prior's report as the model got it, and what is kept of the request."""
    overheard = _Overheard(services)
    desk = DraftingDesk(services.database, overheard, services.images.load)  # type: ignore[arg-type]
    assert desk.ask(study.id).wait(240)
    desk.close()
    with services.database.reading_session() as session:
        draft = drafts.latest(session, study_id=study.id)
    assert draft is not None
    return overheard.asked[0].prior_report, draft.request


def test_the_model_is_told_what_was_signed(
    services: Services, study: Study, later: Callable[[str], Study], reader: TestClient
) -> None:
    sign(services, study)
    second = later("A")
    words, kept = told(services, second)
    assert words == kept["prior_report"] == SAID
    assert reader.get(f"/api/studies/{second.id}/reading").json()["draft"]["prior_study"] == study.id


def test_the_model_is_not_told_what_nobody_signed(
    services: Services, study: Study, later: Callable[[str], Study], reader: TestClient
) -> None:
    told(services, study)  # a draft does not count as a report
    second = later("A")
    words, kept = told(services, second)
    assert words == ""
    assert kept == {
        "images": [second.id],  # images and studies are counted alike here
        "priors": [{"study": study.id, "images": [study.id], "days_before": None}],
        "temperature": 0.0,
        "seed": 0,
    }
    assert reader.get(f"/api/studies/{second.id}/reading").json()["draft"]["prior_study"] is None


def test_another_site_s_report_is_not_handed_on(
    services: Services, study: Study, later: Callable[[str], Study]
) -> None:
    """Readers at site B may not know what was signed at site A."""
    sign(services, study)
    assert told(services, later("B"))[0] == ""


def test_a_report_that_is_too_long_is_not_handed_on(
    services: Services, study: Study, later: Callable[[str], Study]
) -> None:
    sign(services, study, "x" * (LONGEST_PRIOR + 1))
    assert told(services, later("A"))[0] == ""


def test_a_prior_of_a_site_that_is_not_one_s_own_is_not_shown(
    services: Services, study: Study, later: Callable[[str], Study], browser: Callable[..., TestClient]
) -> None:
    second = later("B")
    client = browser("b.only")
    film = f"/api/studies/{second.id}"
    prior = client.get(film).json()["prior"]
    assert (prior["id"], prior["days_before"], prior["order_known"]) == (study.id, None, False)
    assert len(prior["images"]) == 1
    with services.database.session() as session:
        number = next(one.id for one in accounts.everyone(session) if one.name == "b.only")
        accounts.assign(session, reader_id=number, role="reader", sites=["B"], by=number)
    assert browser("b.only").get(film).json()["prior"] is None


def test_days_of_one_patient_s_files_say_which_was_first(reader: TestClient) -> None:
    """The file of March comes in before that of January; both name the same patient."""
    grey = np.arange(100, dtype=np.uint8).reshape(10, 10)
    march, january = (
        reader.post(
            "/api/studies", files={"file": ("a.dcm", file_full_of(picture, day=day, study=f"1.2.{day}"))}
        ).json()["id"]
        for day, picture in (("20210301", grey), ("20210131", grey[::-1].copy()))
    )
    prior = reader.get(f"/api/studies/{march}").json()["prior"]
    assert (prior["id"], prior["days_before"], prior["order_known"]) == (january, 29, True)
    assert reader.get(f"/api/studies/{january}").json()["prior"] is None


def test_the_day_of_a_patient_whom_the_file_does_not_name_is_not_kept(reader: TestClient) -> None:
    grey = np.arange(100, dtype=np.uint8).reshape(10, 10)
    march, january = (
        reader.post(
            "/api/studies",
            files={"file": ("a.dcm", file_full_of(picture, day=day, study=f"1.2.{day}"))},
            data={"patient": "12345"},
        ).json()["id"]
        for day, picture in (("20210301", grey), ("20210131", grey[::-1].copy()))
    )
    prior = reader.get(f"/api/studies/{january}").json()["prior"]
    assert (prior["id"], prior["days_before"], prior["order_known"]) == (march, None, False)
