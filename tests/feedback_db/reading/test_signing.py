"""Signing and amending: by a person, once, kept for ever, and turned into what training learns from."""

import pytest

from feedback_db.errors import AlreadySigned, EmptyReport, NotAllowed, NotSigned, StaleRevision
from feedback_db.reading import preferences, readings


def sign(database, clinic, expected=0, reader_id=None, active_seconds=None, **content):
    step = readings.Step(
        reading_id=clinic.reading_id,
        reader_id=reader_id or clinic.reader_id,
        expected_revision=expected,
        active_seconds=active_seconds,
    )
    with database.session() as session:
        return readings.sign(session, step, **content)


def amend(database, clinic, expected, content):
    with database.session() as session:
        return readings.amend(
            session,
            readings.Step(
                reading_id=clinic.reading_id, reader_id=clinic.reader_id, expected_revision=expected
            ),
            text=content,
            sentences=[{"text": content}],
        )


def test_signing_makes_a_revision_of_its_own_kind(database, clinic):
    reading = sign(database, clinic, text="Normal.", sentences=[{"text": "Normal."}], active_seconds=31.5)
    assert (reading.status, reading.revision, reading.text) == ("signed", 1, "Normal.")
    assert reading.signed_at is not None
    assert reading.active_seconds == 31.5
    with database.reading_session() as session:
        kept = [(r.kind, r.reader_id) for r in readings.revisions(session, reading_id=clinic.reading_id)]
    assert kept == [("sign", clinic.reader_id)]


def test_without_a_text_the_current_one_is_signed(database, clinic):
    assert sign(database, clinic).text == "The heart is large. No effusion."


def test_a_stale_signature_is_refused(database, clinic):
    with database.session() as session:
        readings.save(
            session,
            readings.Step(reading_id=clinic.reading_id, reader_id=clinic.reader_id, expected_revision=0),
            text="Newer.",
            sentences=[],
        )
    with pytest.raises(StaleRevision):
        sign(database, clinic, expected=0, text="Older.")
    with database.reading_session() as session:
        assert readings.get(session, reading_id=clinic.reading_id).status == "open"


def test_a_signed_text_is_neither_saved_over_nor_signed_again(database, clinic):
    sign(database, clinic)
    with pytest.raises(AlreadySigned):
        sign(database, clinic, expected=1)
    with database.session() as session, pytest.raises(AlreadySigned):
        readings.save(
            session,
            readings.Step(reading_id=clinic.reading_id, reader_id=clinic.reader_id, expected_revision=1),
            text="x",
            sentences=[],
        )


@pytest.mark.parametrize("blank", ["", " \n\t"])
def test_an_empty_report_cannot_be_signed(database, clinic, blank):
    with pytest.raises(EmptyReport):
        sign(database, clinic, text=blank)


def test_only_the_readings_own_reader_signs(database, clinic):
    with pytest.raises(NotAllowed):
        sign(database, clinic, reader_id=clinic.reader_id + 1)


def test_an_amendment_replaces_the_text_and_keeps_the_signed_one(database, clinic):
    signed = sign(database, clinic, text="Signed.")
    amended = amend(database, clinic, 1, "Amended.")
    assert (amended.status, amended.text, amended.revision) == ("amended", "Amended.", 2)
    assert amended.signed_at == signed.signed_at
    with database.reading_session() as session:
        kept = [(r.kind, r.text) for r in readings.revisions(session, reading_id=clinic.reading_id)]
    assert kept == [("sign", "Signed."), ("amend", "Amended.")]


def test_amending_twice_works_and_a_stale_amendment_does_not(database, clinic):
    sign(database, clinic)
    amend(database, clinic, 1, "Once.")
    assert amend(database, clinic, 2, "Twice.").text == "Twice."
    with pytest.raises(StaleRevision):
        amend(database, clinic, 2, "Late.")


def test_what_is_not_signed_cannot_be_amended(database, clinic):
    with pytest.raises(NotSigned):
        amend(database, clinic, 0, "x")


def test_an_edit_becomes_a_preference_draft_below_signed(database, clinic):
    sign(database, clinic, text="Normal.")
    with database.reading_session() as session:
        (pair,) = preferences.all_for(session)
    assert (pair.chosen, pair.rejected) == ("Normal.", "The heart is large. No effusion.")
    assert (pair.source, pair.outcome) == ("edit", None)


def test_a_draft_signed_unchanged_gives_no_preference(database, clinic):
    sign(database, clinic)
    with database.reading_session() as session:
        assert preferences.all_for(session) == []


def test_an_amendment_replaces_the_preference(database, clinic):
    sign(database, clinic, text="Signed.")
    amend(database, clinic, 1, "Amended.")
    with database.reading_session() as session:
        assert [pair.chosen for pair in preferences.all_for(session)] == ["Amended."]


def test_signed_readings_carry_what_training_needs(database, clinic):
    with database.reading_session() as session:
        assert readings.signed_readings(session) == []
    sign(database, clinic, text="Normal.", sentences=[{"text": "Normal."}])
    with database.reading_session() as session:
        (signed,) = readings.signed_readings(session)
        others = readings.signed_readings(
            session, split="held_out" if signed.split == "training" else "training"
        )
    assert others == []
    assert (signed.text, signed.draft_text) == ("Normal.", "The heart is large. No effusion.")
    assert (signed.patient_key, signed.image_folder, signed.revision) == ("p1", "images/1", 1)
    assert (signed.draft_id, signed.model_version_id) == (clinic.draft_id, clinic.version_id)
