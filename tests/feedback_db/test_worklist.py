"""The worklist: pages, states, filters, in a fixed number of queries."""

import pytest
from sqlalchemy import event

from feedback_db import accounts, drafts, readings, studies


def page(database, **wanted):
    with database.reading_session() as session:
        return studies.worklist(session, **wanted)


def states(database, **wanted):
    return {row.study_id: row.status for row in page(database, **wanted).rows}


def test_a_study_walks_through_its_states(database, clinic, add_study):
    def status():
        with database.reading_session() as session:
            return studies.status_of(session, study_id=study.id)

    study = add_study()
    assert status() == "new"
    with database.session() as session:
        drafts.add(
            session,
            study_id=study.id,
            model_version_id=clinic.version_id,
            text="A.",
            report={"sentences": []},
        )
    assert status() == "drafted"
    with database.session() as session:
        reading = readings.open_reading(session, study_id=study.id, reader_id=clinic.reader_id)
    assert status() == "in reading"
    who = {"reading_id": reading.id, "reader_id": clinic.reader_id}
    with database.session() as session:
        readings.sign(session, **who, expected_revision=0)
    assert status() == "signed"
    with database.session() as session:
        readings.amend(session, **who, expected_revision=1, text="B.", sentences=[])
    assert status() == "amended"
    assert states(database) == {clinic.study_id: "in reading", study.id: "amended"}


def test_the_furthest_reader_decides_and_all_are_named(database, clinic):
    with database.session() as session:
        bert = accounts.create_reader(session, name="Bert", password="a long password")
        reading = readings.open_reading(session, study_id=clinic.study_id, reader_id=bert.id)
        readings.sign(session, reading_id=reading.id, reader_id=bert.id, expected_revision=0)
    (row,) = page(database).rows
    assert row.status == "signed"
    assert row.readers == ("Anna", "Bert")


def test_pages_hold_every_study_once_and_the_newest_first(database, add_study):
    added = [add_study(f"p{n}").id for n in range(7)]
    seen = [row.study_id for offset in (0, 3, 6) for row in page(database, offset=offset, limit=3).rows]
    assert seen == added[::-1]
    assert page(database, offset=3, limit=3).total == 7
    assert page(database, offset=9, limit=3).rows == ()


def test_filters_count_what_they_show(database, clinic, add_study):
    here, there = add_study(site="A"), add_study(site="B")
    assert states(database, site="A") == {here.id: "new"}
    assert states(database, status="new") == {here.id: "new", there.id: "new"}
    assert states(database, status="in reading") == {clinic.study_id: "in reading"}
    assert page(database, status="new", limit=1).total == 2


@pytest.mark.parametrize("studies_on_the_page", [1, 25])
def test_a_page_takes_three_queries_however_long_it_is(database, clinic, add_study, studies_on_the_page):
    for _ in range(studies_on_the_page):
        add_study()
    seen = []

    def note(connection, cursor, statement, parameters, context, many):
        if statement.startswith("SELECT"):
            seen.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    page(database)
    event.remove(database.engine, "before_cursor_execute", note)
    assert len(seen) == 3
