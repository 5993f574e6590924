"""Claiming a study, giving it back, and who has it open."""

import threading
from datetime import timedelta

import pytest

from feedback_db.errors import ClaimedByAnother, NotAllowed, NotFound
from feedback_db.models import Presence, WorklistEntry
from feedback_db.people import accounts
from feedback_db.reading import readings
from feedback_db.studies import presence, worklist
from feedback_db.studies.worklist import Wanted


@pytest.fixture
def bert(database, clinic):
    with database.session() as session:
        return accounts.create_reader(session, name="Bert", password="a long password").id


def claim(database, clinic, reader_id):
    with database.session() as session:
        presence.claim(session, study_id=clinic.study_id, reader_id=reader_id)


def listed(database, **wanted):
    with database.reading_session() as session:
        return [row.study_id for row in worklist.page(session, wanted=Wanted(**wanted)).rows]


def test_a_claimed_study_is_its_holder_s_and_nobody_else_s(database, clinic, bert):
    claim(database, clinic, clinic.reader_id)
    with pytest.raises(ClaimedByAnother, match="Anna claimed"):
        claim(database, clinic, bert)
    assert listed(database, claimed_by=clinic.reader_id) == [clinic.study_id]
    assert listed(database, free_for=clinic.reader_id) == [clinic.study_id]
    assert listed(database, free_for=bert) == listed(database, unclaimed=True) == []
    with database.reading_session() as session:
        (row,) = worklist.page(session).rows
    assert row.claimed_by == (clinic.reader_id, "Anna")


def test_of_many_who_claim_at_once_one_gets_it(database, clinic):
    with database.session() as session:
        numbers = [
            accounts.create_reader(session, name=f"R{n}", password="a long password").id for n in range(4)
        ]
    refused = []

    def go(number):
        try:
            claim(database, clinic, number)
        except ClaimedByAnother as error:
            refused.append(error.reader_id)

    threads = [threading.Thread(target=go, args=(number,)) for number in numbers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.reading_session() as session:
        winner = presence.holder(session, study_id=clinic.study_id).reader_id
    assert refused == [winner] * 3


def test_released_by_its_holder_or_a_lead_only(database, clinic, bert):
    claim(database, clinic, clinic.reader_id)
    with database.session() as session:
        with pytest.raises(NotAllowed):
            presence.release(session, study_id=clinic.study_id, reader_id=bert)
        accounts.assign(session, reader_id=bert, role="lead", sites=None, by=clinic.reader_id)
        presence.release(session, study_id=clinic.study_id, reader_id=bert)
        presence.release(session, study_id=clinic.study_id, reader_id=bert)  # free already
        assert presence.holder(session, study_id=clinic.study_id) is None


def test_a_claim_lapses(database, clinic, bert):
    claim(database, clinic, clinic.reader_id)
    with database.session() as session:
        session.get_one(WorklistEntry, clinic.study_id).claimed_at -= timedelta(hours=worklist.CLAIM_HOURS)
    assert listed(database, unclaimed=True) == [clinic.study_id]
    claim(database, clinic, bert)


def test_signing_releases(database, clinic):
    claim(database, clinic, clinic.reader_id)
    with database.session() as session:
        readings.sign(
            session,
            readings.Step(reading_id=clinic.reading_id, reader_id=clinic.reader_id, expected_revision=0),
        )
        assert presence.holder(session, study_id=clinic.study_id) is None


def test_a_study_that_is_not_there_is_not_claimed(database, clinic):
    with database.session() as session:
        with pytest.raises(NotFound):
            presence.claim(session, study_id=99, reader_id=clinic.reader_id)
        with pytest.raises(NotFound):
            presence.release(session, study_id=99, reader_id=clinic.reader_id)


def test_who_has_it_open_is_seen_by_others_until_they_leave_or_fall_silent(database, clinic, bert):
    def others():
        with database.reading_session() as session:
            here = presence.others_here(session, study_id=clinic.study_id, reader_id=bert)
            return [one.name for one in here]

    study = {"study_id": clinic.study_id}
    with database.session() as session:
        presence.arrive(session, **study, reader_id=clinic.reader_id)
        presence.arrive(session, **study, reader_id=clinic.reader_id)
        presence.arrive(session, **study, reader_id=bert)
    assert others() == ["Anna"]
    with database.session() as session:
        session.get_one(Presence, (clinic.study_id, clinic.reader_id)).seen_at -= timedelta(minutes=1)
    assert others() == []
    with database.session() as session:
        presence.arrive(session, **study, reader_id=clinic.reader_id)
    assert others() == ["Anna"]
    with database.session() as session:
        presence.leave(session, **study, reader_id=clinic.reader_id)
    assert others() == []
