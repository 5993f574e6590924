"""Model versions: numbering, promotion, and the way back."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from feedback_db.errors import NoLiveVersion, NotAllowed, NothingToRollBackTo, WeightsReplaced
from feedback_db.people import audit
from feedback_db.training import versions


@pytest.fixture
def base(database):
    with database.session() as session:
        return versions.register_default(session, name="lmrrg")


def candidate(database, parent):
    with database.session() as session:
        return versions.register_candidate(session, parent_id=parent.id, snapshot_hash="abc")


def promote(database, version, by=None):
    with database.session() as session:
        return versions.promote(session, version_id=version.id, by=by, reason="better")


def roll_back(database):
    with database.session() as session:
        return versions.roll_back(session, by=None, reason="Too many words.").number


def live(database):
    with database.reading_session() as session:
        return versions.live(session).number


def test_before_the_first_start_nothing_is_live(database):
    with database.reading_session() as session, pytest.raises(NoLiveVersion):
        versions.live(session)


def test_the_default_is_one_point_nought_and_live_and_known_once(database, base):
    assert (base.number, base.status, base.folder, base.demonstration) == ("1.0", "live", "default", True)
    with database.session() as session:
        assert versions.register_default(session, name="lmrrg").id == base.id
        assert len(versions.history(session)) == 1


@pytest.mark.parametrize(
    ("own", "number"), [("1.1", "1.1"), ("", "1.0"), ("one", "1.0"), ("1.1.1", "1.0"), ("2", "1.0")]
)
def test_the_first_base_keeps_its_own_number(database, own, number):
    with database.session() as session:
        base = versions.register_default(session, name="lmrrg", number=own)
    assert base.number == number
    assert candidate(database, base).number == f"1.{int(number[2:]) + 1}"


def start(database, number):
    """Start a program that brings a base of this number of its own; the number that it has here."""
    with database.session() as session:
        return versions.register_default(session, name="lmrrg", number=number).number


def trained_and_live(database):
    with database.reading_session() as session:
        parent = versions.live(session)
    return promote(database, candidate(database, parent))


def way_back(database):
    with database.reading_session() as session:
        version = versions.way_back(session)
    return version and version.number


def test_newer_weights_of_the_same_model_go_live_once_but_not_over_what_was_trained_here(database):
    assert [start(database, own) for own in ("1.1", "1.1", "1.2", "1.2")] == ["1.1", "1.1", "2.0", "2.0"]
    assert live(database) == "2.0"
    trained_and_live(database)
    assert (start(database, "1.3"), live(database)) == ("3.0", "2.1")


def test_nobody_rolls_back_to_a_base_whose_weights_another_program_replaced(database):
    for own in ("1.1", "1.2"):
        start(database, own)
    assert way_back(database) is None
    with pytest.raises(WeightsReplaced, match=r"Version 1\.1 came with another program"):
        roll_back(database)
    with database.session() as session, pytest.raises(WeightsReplaced):
        versions.promote(session, version_id=1, by=None)
    assert live(database) == "2.0"


def test_the_base_that_replaced_the_one_before_takes_its_place_in_a_roll_back(database):
    start(database, "1.1")
    trained_and_live(database)
    start(database, "1.2")
    assert (live(database), way_back(database)) == ("1.2", "2.0")
    assert roll_back(database) == "2.0"
    assert way_back(database) is None


def test_an_earlier_program_brings_its_base_back(database):
    for own in ("1.1", "1.2", "1.1"):
        start(database, own)
    assert (live(database), way_back(database)) == ("1.1", None)
    trained_and_live(database)
    start(database, "1.2")
    assert start(database, "1.1") == "1.1"
    assert (live(database), roll_back(database)) == ("1.2", "1.1")


def test_a_base_in_another_folder_is_not_replaced(database):
    start(database, "1.1")
    with database.session() as session:
        versions.register_default(session, name="big", number="5.0", folder="/models/big")
    assert (live(database), roll_back(database)) == ("2.0", "1.1")


def test_candidates_are_numbered_on_whatever_their_parent(database, base):
    first = candidate(database, base)
    assert (first.number, first.folder, first.status) == ("1.1", "versions/1.1", "candidate")
    assert (first.name, first.demonstration, first.parent_id) == ("lmrrg", True, base.id)
    assert candidate(database, base).number == "1.2"
    assert candidate(database, first).number == "1.3"


def test_the_tenth_candidate_is_one_point_ten(database, base):
    assert [candidate(database, base).number for _ in range(11)][-2:] == ["1.10", "1.11"]


def test_another_base_model_gets_a_number_of_its_own_and_goes_live(database, base):
    promote(database, candidate(database, base))
    with database.session() as session:
        other = versions.register_default(session, name="big", folder="/models/big", demonstration=False)
    assert (other.number, live(database)) == ("2.0", "2.0")
    assert candidate(database, other).number == "2.1"
    assert roll_back(database) == "1.1"


def test_promotion_retires_the_version_before(database, base):
    promoted = promote(database, candidate(database, base))
    assert promoted.promoted_at is not None
    assert (live(database), promoted.reason) == ("1.1", "better")
    with database.reading_session() as session:
        assert versions.get(session, version_id=base.id).status == "retired"


def test_rolling_back_again_and_again_ends_at_the_first(database, base):
    for _ in range(3):
        promote(database, candidate(database, base))
    assert live(database) == "1.3"
    assert [roll_back(database) for _ in range(3)] == ["1.2", "1.1", "1.0"]
    with pytest.raises(NothingToRollBackTo):
        roll_back(database)
    assert live(database) == "1.0"


def test_after_a_roll_back_the_way_on_and_back_is_the_new_one(database, base):
    first, second = candidate(database, base), candidate(database, base)
    promote(database, first)
    assert roll_back(database) == "1.0"
    promote(database, second)
    assert roll_back(database) == "1.0"
    promote(database, first)  # what was rolled back may go live again
    assert live(database) == "1.1"


def test_the_reason_of_a_roll_back_stays_with_the_version_that_is_left(database, base):
    first, second = (promote(database, candidate(database, base)) for _ in range(2))
    roll_back(database)
    with database.reading_session() as session:
        reasons = [versions.get(session, version_id=one.id).reason for one in (first, second)]
    assert reasons == ["better", "left for 1.1: Too many words."]


def test_each_time_that_a_version_was_made_live_is_known(database, base):
    first = promote(database, candidate(database, base))
    roll_back(database)
    promote(database, first)
    with database.reading_session() as session:
        times = versions.promotions(session, version_id=first.id)
    assert [(one.reason, one.rolled_back_at is None) for one in times] == [
        ("better", False),
        ("better", True),
    ]


def test_the_audit_keeps_what_went_live_when(database, base):
    promote(database, candidate(database, base))
    roll_back(database)
    with database.reading_session() as session:
        told = [(e.action, e.data["number"], e.data["instead_of"]) for e in audit.recent(session)]
    assert told == [("roll back", "1.0", "1.1"), ("promote", "1.1", "1.0"), ("promote", "1.0", None)]


def test_a_rejected_candidate_says_why_and_the_live_one_cannot_be_rejected(database, base):
    poor = candidate(database, base)
    with database.session() as session:
        rejected = versions.reject(session, version_id=poor.id, reason="Misses effusions.")
    assert (rejected.status, rejected.reason) == ("rejected", "Misses effusions.")
    with database.session() as session, pytest.raises(NotAllowed):
        versions.reject(session, version_id=base.id, reason="x")


def test_what_is_live_is_not_promoted_again(database, base):
    with pytest.raises(NotAllowed, match="live already"):
        promote(database, base)


def test_the_database_itself_allows_one_live_version(database, base):
    second = candidate(database, base)
    with database.session() as session, pytest.raises(IntegrityError):
        session.execute(text("UPDATE model_version SET status = 'live' WHERE id = :id"), {"id": second.id})
