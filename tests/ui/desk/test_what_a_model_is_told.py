"""What a reporter is given of a study's earlier ones, and what was kept of a request read again."""

from datetime import date

from feedback_db.models import Study
from feedback_db.people import accounts
from feedback_db.reading import readings
from feedback_db.studies import studies
from feedback_db.studies.studies import Examination as Examined
from lmrrg.study import Study as Examination
from tests.examination_files import pair
from ui.desk import examinations
from ui.desk.services import Services

SITE = Examined(site="A")


def on_day(services: Services, day: int) -> Study:
    (study,) = services.door.take_in(
        *pair(study=str(day), on=date(2025, 5, day), seed=day, size=64), said=SITE
    )
    return study


def sign(services: Services, study: Study, text: str) -> None:
    with services.database.session() as session:
        reader = accounts.create_reader(session, name=f"s.{study.id}", password="correct horse battery")
        reading = readings.open_reading(session, study_id=study.id, reader_id=reader.id)
        step = readings.Step(reading_id=reading.id, reader_id=reader.id, expected_revision=0)
        readings.sign(session, step, text=text)


def given(services: Services, number: int, asked: dict[str, object] | None = None) -> Examination:
    with services.database.reading_session() as session:
        asked = asked or examinations.what_to_ask(session, studies.get(session, study_id=number))
        rows = examinations.images_asked(session, number, asked)
        return examinations.examination(asked, rows, services.images.load)


def test_a_reporter_is_given_the_last_three_earlier_studies_the_newest_first(services: Services) -> None:
    by_day = {day: on_day(services, day) for day in (9, 3, 1, 8, 20)}  # in whatever order they come
    sign(services, by_day[3], "The heart is large.")
    told = given(services, by_day[20].id)
    assert [prior.days_before for prior in told.priors] == [11, 12, 17]
    assert [prior.report for prior in told.priors] == ["", "", "The heart is large."]
    assert [len(prior.images) for prior in told.priors] == [2, 2, 2]
    assert told.prior_report == ""  # of the newest, under which nobody has put a name


def test_a_request_of_before_that_names_one_prior_is_read_as_it_was(services: Services) -> None:
    earlier, later = on_day(services, 1), on_day(services, 4)
    with services.database.reading_session() as session:
        asked = examinations.what_to_ask(session, studies.get(session, study_id=later.id))
    (newest,) = asked.pop("priors")
    asked |= {"prior": newest, "prior_study": earlier.id, "prior_report": "Normal."}
    (prior,) = given(services, later.id, asked).priors
    assert (prior.report, prior.days_before, len(prior.images)) == ("Normal.", 3, 2)
    alone = {"images": asked["images"], "prior_report": "Normal."}  # of before a prior's images were kept
    assert [prior.report for prior in given(services, later.id, alone).priors] == ["Normal."]
