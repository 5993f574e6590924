"""Saving a reading: every save is kept, a stale one is refused with the newer text in hand."""

import threading

import pytest
from sqlalchemy import text

from feedback_db.errors import AppendOnlyRow, NotAllowed, NotFound, StaleRevision
from feedback_db.reading import readings
from feedback_db.studies import drafts


def save(database, clinic, expected, content):
    with database.session() as session:
        return readings.save(
            session,
            readings.Step(
                reading_id=clinic.reading_id, reader_id=clinic.reader_id, expected_revision=expected
            ),
            text=content,
            sentences=[{"text": content}],
        )


def test_a_reading_begins_from_the_newest_draft(database, clinic):
    with database.reading_session() as session:
        reading = readings.get(session, reading_id=clinic.reading_id)
    assert (reading.revision, reading.status) == (0, "open")
    assert reading.text == "The heart is large. No effusion."
    assert reading.sentences == [
        {"text": "The heart is large.", "draft_index": 0},
        {"text": "No effusion.", "draft_index": 1},
    ]


def test_opening_again_keeps_what_was_written(database, clinic):
    save(database, clinic, 0, "Normal heart.")
    with database.session() as session:
        newer = drafts.add(
            session,
            study_id=clinic.study_id,
            model_version_id=clinic.version_id,
            text="Other.",
            report={"sentences": [{"text": "Other."}]},
        )
        again = readings.open_reading(
            session, study_id=clinic.study_id, reader_id=clinic.reader_id, draft_id=newer.id
        )
    assert (again.id, again.text, again.draft_id) == (clinic.reading_id, "Normal heart.", clinic.draft_id)


def test_an_untouched_reading_moves_on_to_a_newer_draft(database, clinic):
    with database.session() as session:
        newer = drafts.add(
            session,
            study_id=clinic.study_id,
            model_version_id=clinic.version_id,
            text="Other.",
            report={"sentences": [{"text": "Other."}]},
        )
        again = readings.open_reading(
            session, study_id=clinic.study_id, reader_id=clinic.reader_id, draft_id=newer.id
        )
    assert (again.id, again.text, again.draft_id) == (clinic.reading_id, "Other.", newer.id)


def test_each_save_is_a_revision_of_its_own(database, clinic):
    assert save(database, clinic, 0, "One.").revision == 1
    assert save(database, clinic, 1, "Two.").revision == 2
    with database.reading_session() as session:
        kept = [
            (r.revision, r.kind, r.text) for r in readings.revisions(session, reading_id=clinic.reading_id)
        ]
    assert kept == [(1, "save", "One."), (2, "save", "Two.")]


def test_a_stale_save_is_refused_and_carries_the_newer_text(database, clinic):
    save(database, clinic, 0, "Newer.")
    with pytest.raises(StaleRevision) as stale:
        save(database, clinic, 0, "Older.")
    assert (stale.value.revision, stale.value.text) == (1, "Newer.")
    assert stale.value.sentences == [{"text": "Newer."}]
    with database.reading_session() as session:
        assert readings.get(session, reading_id=clinic.reading_id).text == "Newer."
        assert len(readings.revisions(session, reading_id=clinic.reading_id)) == 1


def test_a_revision_from_the_future_is_refused_too(database, clinic):
    with pytest.raises(StaleRevision):
        save(database, clinic, 7, "Text.")


def test_the_same_save_sent_twice_is_acknowledged_and_kept_once(database, clinic):
    save(database, clinic, 0, "One.")
    assert save(database, clinic, 0, "One.").revision == 1
    with database.reading_session() as session:
        assert len(readings.revisions(session, reading_id=clinic.reading_id)) == 1


def test_of_two_saves_at_once_one_wins_and_the_other_gets_the_winners_text(database, clinic):
    barrier = threading.Barrier(2)
    saved, stale = [], []

    def write(content):
        barrier.wait()
        try:
            saved.append(save(database, clinic, 0, content).text)
        except StaleRevision as error:
            stale.append(error.text)

    threads = [threading.Thread(target=write, args=(content,)) for content in ("Left.", "Right.")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(saved) == 1
    assert stale == saved


def test_many_readers_save_at_once_and_nothing_is_lost(database, clinic):
    """Eight threads retry until each saved five times: 40 revisions, numbered 1 … 40."""

    def write(name):
        for turn in range(5):
            expected = 0
            while True:
                try:
                    save(database, clinic, expected, f"{name} {turn}")
                    break
                except StaleRevision as error:
                    expected = error.revision

    threads = [threading.Thread(target=write, args=(f"writer {n}",)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.reading_session() as session:
        kept = readings.revisions(session, reading_id=clinic.reading_id)
    assert [r.revision for r in kept] == list(range(1, 41))
    assert {r.text for r in kept} == {f"writer {n} {turn}" for n in range(8) for turn in range(5)}


def test_nobody_writes_in_anothers_reading(database, clinic):
    with database.session() as session, pytest.raises(NotAllowed):
        readings.save(
            session,
            readings.Step(reading_id=clinic.reading_id, reader_id=clinic.reader_id + 1, expected_revision=0),
            text="x",
            sentences=[],
        )


def test_an_unknown_reading_is_not_found(database, clinic):
    with database.session() as session, pytest.raises(NotFound, match="There is no reading 99"):
        readings.save(
            session,
            readings.Step(reading_id=99, reader_id=clinic.reader_id, expected_revision=0),
            text="x",
            sentences=[],
        )


def test_an_error_after_a_save_takes_the_whole_session_back(database, clinic):
    with pytest.raises(ZeroDivisionError), database.session() as session:  # noqa: PT012
        readings.save(
            session,
            readings.Step(reading_id=clinic.reading_id, reader_id=clinic.reader_id, expected_revision=0),
            text="Half.",
            sentences=[],
        )
        _ = 1 / 0
    with database.reading_session() as session:
        assert readings.get(session, reading_id=clinic.reading_id).revision == 0
        assert readings.revisions(session, reading_id=clinic.reading_id) == []


def test_starting_over_from_another_draft_keeps_the_old_text_as_a_revision(database, clinic):
    save(database, clinic, 0, "Mine.")
    with database.session() as session:
        other = drafts.add(
            session,
            study_id=clinic.study_id,
            model_version_id=clinic.version_id,
            text="Other.",
            report={"sentences": [{"text": "Other."}]},
        )
        reading = readings.adopt_draft(
            session,
            readings.Step(reading_id=clinic.reading_id, reader_id=clinic.reader_id, expected_revision=1),
            draft_id=other.id,
        )
    assert (reading.text, reading.draft_id, reading.revision) == ("Other.", other.id, 2)
    with database.reading_session() as session:
        kept = [r.text for r in readings.revisions(session, reading_id=clinic.reading_id)]
    assert kept == ["Mine.", "Other."]


def test_a_revision_is_never_changed(database, clinic):
    save(database, clinic, 0, "One.")
    with database.session() as session:
        revision = readings.revisions(session, reading_id=clinic.reading_id)[0]
        revision.text = "Another."
        with pytest.raises(AppendOnlyRow):
            session.flush()
        session.rollback()
    with database.reading_session() as session:
        assert session.scalar(text("SELECT text FROM reading_revision")) == "One."
