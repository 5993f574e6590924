"""What a header tells of its examination: keys that are the same for the same, and nothing that names anybody."""

from datetime import date

import pytest

from lmrrg.imaging.door.examination import stated_of
from lmrrg.imaging.door.header import Header

SECRET, OTHER = b"a secret", b"another secret"


def header(**said) -> Header:
    given = {
        "patient": "MRN 1",
        "uids": {"StudyInstanceUID": "1.2.3"},
        "dates": {"StudyDate": "20240301"},
        "time": "101500.000000",
        "accession": "A 1",
        "witness": {"birth_date": "19600302", "sex": "F", "name": "DOE^JANE"},
    }
    return Header(**given | said)


def test_the_same_examination_has_the_same_keys_and_another_secret_others() -> None:
    one, same, other = stated_of(header(), SECRET), stated_of(header(), SECRET), stated_of(header(), OTHER)
    assert one == same
    assert one.study_key != other.study_key
    assert one.accession_key != other.accession_key
    assert not set(one.witness_key.values()) & set(other.witness_key.values())


def test_the_witness_tells_the_same_name_written_otherwise_and_another_birth_date() -> None:
    jane = stated_of(header(), SECRET).witness_key
    written = {"birth_date": "19610302", "sex": "f", "name": "Doe^Jane "}
    other = stated_of(header(witness=written), SECRET).witness_key
    assert {name for name in jane if jane[name] == other[name]} == {"sex", "name"}


def test_a_later_time_has_a_larger_rank_and_neither_tells_the_time() -> None:
    morning, evening = (
        stated_of(header(time=time), SECRET).day_rank for time in ("080000.000000", "200001.5")
    )
    assert evening - morning == 12 * 3600 + 1
    other_day = stated_of(header(dates={"StudyDate": "20240302"}), SECRET).day_rank
    assert other_day - stated_of(header(), SECRET).day_rank != 0
    assert stated_of(header(time=""), SECRET).day_rank is None
    assert stated_of(header(dates={}), SECRET).day_rank is None


@pytest.mark.parametrize(
    ("said", "years"),
    [
        ({"age": "045Y"}, 45),
        ({"age": "018M"}, 1),
        ({"age": "012D"}, 0),
        ({"age": "097Y"}, 90),
        ({}, 63),  # the day before the sixty-fourth birthday
        ({"age": "old", "witness": {}}, None),
        ({"witness": {"birth_date": "20250101"}}, None),  # born after the examination
    ],
)
def test_the_age_is_in_years_and_that_of_the_very_old_one_group(said, years) -> None:
    assert stated_of(header(**said), SECRET).age == years


def test_a_header_that_says_nothing_tells_nothing() -> None:
    nothing = stated_of(Header(), SECRET)
    assert {
        getattr(nothing, name) for name in ("study_key", "accession_key", "witness_key", "examined_on")
    } == {None}
    assert (nothing.age, nothing.sex, nothing.side, nothing.day_rank) == (None, None, None, None)


def test_the_day_is_moved_and_the_side_is_the_first_that_is_one() -> None:
    told = stated_of(header(kept={"ImageLaterality": "U", "ViewPosition": "LL"}), SECRET)
    assert told.side == "L"
    assert told.examined_on is not None
    assert told.examined_on < date(2024, 3, 1)
    assert told.sex == "F"
