"""The worklist: pages, states, filters, in a fixed number of queries."""

import pytest
from sqlalchemy import event, select

from feedback_db.models import WorklistEntry
from feedback_db.people import accounts
from feedback_db.reading import readings
from feedback_db.studies import drafts, presence, worklist, worklist_entries
from feedback_db.studies.worklist import Wanted


def page(database, offset=0, limit=50, order="newest", **wanted):
    with database.reading_session() as session:
        return worklist.page(session, wanted=Wanted(**wanted), offset=offset, limit=limit, order=order)


def states(database, **wanted):
    return {row.study_id: row.status for row in page(database, **wanted).rows}


def test_a_study_walks_through_its_states(database, clinic, add_study):
    def status():
        return states(database)[study.id]

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
        readings.sign(session, readings.Step(**who, expected_revision=0))
    assert status() == "signed"
    with database.session() as session:
        readings.amend(session, readings.Step(**who, expected_revision=1), text="B.", sentences=[])
    assert status() == "amended"
    assert states(database) == {clinic.study_id: "in reading", study.id: "amended"}


def test_the_furthest_reader_decides_and_all_are_named(database, clinic):
    with database.session() as session:
        bert = accounts.create_reader(session, name="Bert", password="a long password")
        reading = readings.open_reading(session, study_id=clinic.study_id, reader_id=bert.id)
        readings.sign(session, readings.Step(reading_id=reading.id, reader_id=bert.id, expected_revision=0))
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


def drafted(database, clinic, study, **report):
    with database.session() as session:
        drafts.add(
            session,
            study_id=study.id,
            model_version_id=clinic.version_id,
            text="A.",
            report={"sentences": [{"text": "A.", "confidence": 0.8, "flag": None}]} | report,
        )


def numbers(database, **wanted):
    return [row.study_id for row in page(database, **wanted).rows]


def test_those_first_that_most_need_a_human_eye(database, clinic, add_study):
    calm, urgent, undrafted = add_study(), add_study(), add_study()
    drafted(database, clinic, calm, needs_eye=0.1)
    drafted(database, clinic, urgent, needs_eye=0.9)
    # The clinic's own draft states no confidence: 0.5. Studies without a draft come last.
    order = [urgent.id, clinic.study_id, calm.id, undrafted.id]
    assert numbers(database, order="needs_eye") == order
    assert [row.needs_eye for row in page(database, order="needs_eye").rows] == [0.9, 0.5, 0.1, None]


def test_the_newest_draft_for_reading_is_shown_and_a_sample_is_not(database, clinic, add_study):
    study = add_study()
    drafted(database, clinic, study, needs_eye=0.2, findings={"Edema": 0.7})
    with database.session() as session:
        drafts.add(
            session,
            study_id=study.id,
            model_version_id=clinic.version_id,
            text="B.",
            report={"needs_eye": 0.9, "sentences": []},
            request={"temperature": 0.7},
        )
        assert drafts.readable(session, study_id=study.id).text == "A."
    row = page(database, finding="Edema").rows[0]
    assert (row.study_id, row.needs_eye, row.findings) == (study.id, 0.2, ("Edema",))


def test_filters_of_the_draft(database, clinic, add_study):
    sure, unsure = add_study(), add_study()
    drafted(database, clinic, sure, findings={"Edema": 0.9, "Lung Opacity": 0.6})
    flagged = {"text": "A.", "confidence": 0.3, "flag": "says otherwise"}
    drafted(database, clinic, unsure, sentences=[flagged], findings={"Pleural Effusion": 0.9})
    assert numbers(database, finding="Lung Opacity") == [sure.id]
    assert numbers(database, finding="Lung") == numbers(database, finding="Lung_Opacity") == []
    assert numbers(database, confidence_below=0.5) == [unsure.id]
    assert numbers(database, disagreement=True) == [unsure.id]
    assert numbers(database, reader_id=clinic.reader_id) == [clinic.study_id]
    assert numbers(database, waiting=True, disagreement=True, finding="Pleural Effusion") == [unsure.id]


def test_every_word_of_a_search_must_stand_somewhere(database, clinic, add_study):
    study = add_study(site="North", indication="Cough & fever. 100% SpO2")
    for search in ("cough", "FEVER north", "phantom cough", "100%", str(study.id) + " north"):
        assert numbers(database, search=search) == [study.id], search
    for search in ("cough edema", "c%gh", "c_ugh"):
        assert numbers(database, search=search) == [], search


def test_who_may_see_some_sites_only_sees_those(database, clinic, add_study):
    here, there = add_study(site="A"), add_study(site="B")
    assert numbers(database, sites=["A"]) == [here.id]
    assert numbers(database, sites=["A"], site="B") == []
    assert numbers(database, sites=[]) == []
    with database.reading_session() as session:
        assert worklist.place_of(session, study_id=here.id, sites=["A"]) == worklist.Place(1, 1, None, None)
        place = worklist.place_of(session, study_id=here.id)
    assert place == worklist.Place(position=2, total=3, previous=there.id, next=clinic.study_id)


def test_the_next_study_of_a_list(database, clinic, add_study):
    a, b = add_study(), add_study()

    def after(study_id, **wanted):
        order = wanted.pop("order", "newest")
        with database.reading_session() as session:
            return worklist.following(session, study_id=study_id, wanted=Wanted(**wanted), order=order)

    assert [after(b.id), after(a.id), after(clinic.study_id)] == [a.id, clinic.study_id, b.id]
    assert after(clinic.study_id, status="in reading") is None
    drafted(database, clinic, a, needs_eye=0.9)
    assert after(a.id, order="needs_eye") == clinic.study_id  # 0.5


def test_the_next_study_is_not_one_that_the_reader_has_signed(database, clinic, add_study):
    a, b = add_study(), add_study()
    with database.session() as session:
        readings.sign(
            session,
            readings.Step(reading_id=clinic.reading_id, reader_id=clinic.reader_id, expected_revision=0),
        )

    def after(study_id, reader_id):
        with database.reading_session() as session:
            return worklist.following(session, study_id=study_id, reader_id=reader_id)

    assert after(a.id, clinic.reader_id) == b.id
    assert after(a.id, clinic.reader_id + 1) == clinic.study_id
    with database.session() as session:
        for study in (a, b):
            reading = readings.open_reading(session, study_id=study.id, reader_id=clinic.reader_id)
            readings.sign(
                session,
                readings.Step(reading_id=reading.id, reader_id=clinic.reader_id, expected_revision=0),
                text="Normal.",
            )
    assert after(a.id, clinic.reader_id) == clinic.study_id  # all are signed: the list as it is


def test_a_list_is_counted_up_to_a_bound(database, clinic, add_study, monkeypatch):
    monkeypatch.setattr(worklist, "COUNTED", 2)
    for _ in range(3):
        add_study(site="A")
    found = page(database, site="A", limit=1)
    assert (found.total, found.more, len(found.rows)) == (2, True, 1)
    assert page(database, limit=1).total == 4  # without a filter it is known
    deep = page(database, site="A", offset=2, limit=2)
    assert (deep.total, deep.more, len(deep.rows)) == (3, False, 1)


def test_the_lines_are_what_the_other_tables_say(database, clinic, add_study):
    """Made anew from studies, drafts and readings they are the same: nothing was forgotten on the way."""
    drafted(database, clinic, add_study(site="A", indication="Cough."), findings={"Edema": 0.9})
    add_study(view="PA")
    with database.session() as session:
        readings.sign(
            session,
            readings.Step(reading_id=clinic.reading_id, reader_id=clinic.reader_id, expected_revision=0),
        )
        presence.claim(session, study_id=3, reader_id=clinic.reader_id)

    def lines():
        with database.reading_session() as session:
            return session.execute(select(WorklistEntry.__table__).order_by("study_id")).all()

    before = lines()
    assert len(before) == 3
    with database.session() as session:
        assert worklist_entries.rebuild(session) == 3
    assert lines() == before
