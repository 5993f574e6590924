"""An amendment is saved like any text, while the signed one stays in force."""

import pytest

from feedback_db.errors import AlreadySigned, NotAllowed, NotSigned, StaleRevision
from feedback_db.reading import preferences, readings


@pytest.fixture
def who(database, clinic):
    """The clinic's reading, signed as revision 1 with the text "Signed."."""
    numbers = {"reading_id": clinic.reading_id, "reader_id": clinic.reader_id}
    with database.session() as session:
        readings.sign(
            session,
            readings.Step(**numbers, expected_revision=0),
            text="Signed.",
            sentences=[{"text": "Signed."}],
        )
    return numbers


def keep(database, who, expected, content):
    with database.session() as session:
        return readings.keep_amendment(
            session,
            readings.Step(**who, expected_revision=expected),
            text=content,
            sentences=[{"text": content}],
        )


def test_what_is_being_amended_is_kept_beside_the_signed_text(database, who):
    kept = keep(database, who, 1, "Half an amend")
    assert (kept.status, kept.text, kept.pending_text, kept.revision) == (
        "signed",
        "Signed.",
        "Half an amend",
        2,
    )
    with database.reading_session() as session:
        (signed,) = readings.signed_readings(session)
        assert (signed.text, signed.revision) == ("Signed.", 1)
        assert [pair.chosen for pair in preferences.all_for(session)] == ["Signed."]


def test_signing_the_amendment_puts_it_in_force(database, who):
    keep(database, who, 1, "Amended.")
    with database.session() as session:
        done = readings.amend(
            session, readings.Step(**who, expected_revision=2), text="Amended.", sentences=[]
        )
    assert (done.status, done.text, done.pending_text, done.signed_revision) == (
        "amended",
        "Amended.",
        None,
        3,
    )


def test_an_amendment_given_up_stays_in_the_record(database, who):
    keep(database, who, 1, "No, wait.")
    with database.session() as session:
        left = readings.discard_amendment(session, readings.Step(**who, expected_revision=2))
    assert (left.text, left.pending_text, left.status) == ("Signed.", None, "signed")
    with database.reading_session() as session:
        kinds = [(r.kind, r.text) for r in readings.revisions(session, reading_id=who["reading_id"])]
    assert kinds == [("sign", "Signed."), ("amending", "No, wait."), ("discard", "Signed.")]


def test_a_stale_amendment_gets_the_newer_one(database, who):
    keep(database, who, 1, "Newer.")
    with pytest.raises(StaleRevision) as stale:
        keep(database, who, 1, "Older.")
    assert (stale.value.text, stale.value.revision) == ("Newer.", 2)
    assert stale.value.saved_at is not None


def test_the_same_amendment_sent_twice_is_kept_once(database, who):
    assert keep(database, who, 1, "Same.").revision == keep(database, who, 1, "Same.").revision == 2


def test_a_signature_whose_answer_was_lost_is_acknowledged(database, clinic, who):
    with database.session() as session:
        again = readings.sign(session, readings.Step(**who, expected_revision=0), text="Signed.")
    assert (again.revision, again.status) == (1, "signed")
    with database.session() as session, pytest.raises(AlreadySigned):
        readings.sign(session, readings.Step(**who, expected_revision=0), text="Another.")
    for _ in range(2):
        with database.session() as session:
            done = readings.amend(
                session, readings.Step(**who, expected_revision=1), text="Amended.", sentences=[]
            )
        assert done.revision == 2


def test_an_open_report_has_no_amendment(database, clinic):
    numbers = {"reading_id": clinic.reading_id, "reader_id": clinic.reader_id, "expected_revision": 0}
    with database.session() as session:
        with pytest.raises(NotSigned):
            readings.keep_amendment(session, readings.Step(**numbers), text="x", sentences=[])
        with pytest.raises(NotSigned):
            readings.discard_amendment(session, readings.Step(**numbers))


def test_active_seconds_never_fall_and_agreement_is_one_to_five(database, clinic):
    numbers = {"reading_id": clinic.reading_id, "reader_id": clinic.reader_id}
    with database.session() as session:
        readings.save(
            session, readings.Step(**numbers, expected_revision=0, active_seconds=40), text="A.", sentences=[]
        )
        readings.save(
            session, readings.Step(**numbers, expected_revision=1, active_seconds=10), text="B.", sentences=[]
        )
        with pytest.raises(NotAllowed, match="1, 2, 3, 4 or 5"):
            readings.sign(session, readings.Step(**numbers, expected_revision=2), agreement=6)
        done = readings.sign(
            session, readings.Step(**numbers, expected_revision=2, active_seconds=41), agreement=4
        )
    assert (done.active_seconds, done.agreement) == (41, 4)
