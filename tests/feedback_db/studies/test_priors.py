"""Which study is a patient's prior, and what of it was signed."""

from datetime import date

import pytest

from feedback_db.errors import NotFound
from feedback_db.people import accounts
from feedback_db.reading import readings
from feedback_db.studies.priors import days_between, prior_of, priors_of, signed_text_of

JANUARY, MARCH, JUNE = date(2020, 1, 31), date(2020, 3, 1), date(2020, 6, 1)


def prior(database, study, sites=None):
    with database.reading_session() as session:
        found = prior_of(session, study_id=study.id, sites=sites)
    return found.id if found else None


def test_without_days_the_order_of_intake_decides(database, add_study):
    first, second, third = (add_study() for _ in range(3))
    add_study("another")
    assert [prior(database, one) for one in (first, second, third)] == [None, first.id, second.id]


def test_days_decide_where_there_are_any(database, add_study):
    """Old films often come in after the new one."""
    june, january, march = (add_study(examined_on=day) for day in (JUNE, JANUARY, MARCH))
    assert prior(database, june) == march.id
    assert prior(database, march) == january.id
    assert prior(database, january) is None


def test_on_one_day_the_order_of_intake_decides(database, add_study):
    first, second = (add_study(examined_on=MARCH) for _ in range(2))
    assert (prior(database, second), prior(database, first)) == (first.id, None)


def test_a_study_with_a_day_comes_before_one_without(database, add_study):
    january, undated, march = add_study(examined_on=JANUARY), add_study(), add_study(examined_on=MARCH)
    assert prior(database, march) == january.id
    assert prior(database, january) is None
    assert prior(database, undated) == january.id
    assert prior(database, add_study("p2")) is None


def test_an_undated_one_is_better_than_none(database, add_study):
    undated, march = add_study(), add_study(examined_on=MARCH)
    assert prior(database, march) == undated.id


def test_ranks_decide_within_a_day_where_all_of_it_have_one(database, add_study):
    evening, morning = (add_study(examined_on=MARCH, day_rank=rank) for rank in (900, 7))
    assert (prior(database, evening), prior(database, morning)) == (morning.id, None)
    unknown = add_study(examined_on=MARCH)  # then the order of the listing holds for all three
    assert [prior(database, one) for one in (evening, morning, unknown)] == [None, evening.id, morning.id]


def test_it_is_told_whether_the_order_is_known(database, add_study):
    add_study(examined_on=JANUARY)
    first, second = (add_study(examined_on=MARCH, day_rank=5) for _ in range(2))
    third, undated = add_study(examined_on=MARCH, day_rank=6), add_study()
    with database.reading_session() as session:
        known = {
            (later.id, one.study.id): one.order_known
            for later in (second, third, undated)
            for one in priors_of(session, study_id=later.id)[:1]
        }
    assert known == {
        (second.id, first.id): False,  # the same moment
        (third.id, second.id): True,
        (undated.id, third.id): False,
    }


def test_another_image_of_the_examination_is_no_prior_even_as_a_study(database, add_study):
    """As in a database of before, where both were read and could not be joined."""
    january = add_study(examined_on=JANUARY, study_key="another")
    frontal, lateral = (add_study(examined_on=MARCH, study_key="one") for _ in range(2))
    assert (prior(database, frontal), prior(database, lateral)) == (january.id, january.id)


def test_only_the_given_sites_count(database, add_study):
    here, there, now = add_study(site="A"), add_study(site="B"), add_study(site="A")
    assert prior(database, now) == there.id
    assert prior(database, now, sites=("A",)) == here.id
    assert prior(database, now, sites=()) is None


def test_days_between_are_known_or_not(add_study):
    january, march, undated = add_study(examined_on=JANUARY), add_study(examined_on=MARCH), add_study()
    assert days_between(january, march) == 30  # a leap year: 29 days of February and the first of March
    assert days_between(undated, march) is None


def test_the_text_signed_last_is_the_one_in_force(database, clinic):
    def text():
        with database.reading_session() as session:
            return signed_text_of(session, study_id=clinic.study_id)

    def sign(reading_id, reader_id, words):
        with database.session() as session:
            readings.sign(
                session,
                readings.Step(reading_id=reading_id, reader_id=reader_id, expected_revision=0),
                text=words,
            )

    assert text() is None  # opened, not signed
    sign(clinic.reading_id, clinic.reader_id, "Effusion.")
    assert text() == "Effusion."
    with database.session() as session:
        second = accounts.create_reader(session, name="Berta", password="a long password")
        other = readings.open_reading(session, study_id=clinic.study_id, reader_id=second.id)
    assert text() == "Effusion."
    sign(other.id, second.id, "No effusion.")
    assert text() == "No effusion."


def test_no_study_has_no_prior(database):
    with database.reading_session() as session, pytest.raises(NotFound):
        prior_of(session, study_id=1)
