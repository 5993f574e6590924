"""Patients are training or held out from their first study on, and for ever."""

import hashlib
import hmac
import math

import pytest

from feedback_db.errors import DuplicateStudy, NotFound
from feedback_db.studies import studies

SECRET = b"0123456789abcdef0123456789abcdef"
KEYS = [f"patient {n}" for n in range(4000)]


def test_the_split_is_the_keyed_hash_read_as_a_fraction():
    digest = hmac.new(SECRET, b"split:anna", hashlib.sha256).hexdigest()
    fraction = int(digest, 16) / 16**64
    just_above, just_below = math.nextafter(fraction, 1) + 1e-9, fraction - 1e-9
    assert studies.split_of("anna", SECRET, just_above) == "held_out"
    assert studies.split_of("anna", SECRET, just_below) == "training"


@pytest.mark.parametrize("share", [0.1, 0.3, 0.5])
def test_about_the_asked_share_is_held_out(share):
    held_out = sum(studies.split_of(key, SECRET, share) == "held_out" for key in KEYS) / len(KEYS)
    # Four standard deviations of a binomial share.
    assert held_out == pytest.approx(share, abs=4 * math.sqrt(share * (1 - share) / len(KEYS)))


def test_nothing_and_everything_can_be_held_out():
    assert {studies.split_of(key, SECRET, 0.0) for key in KEYS} == {"training"}
    assert {studies.split_of(key, SECRET, 1.0) for key in KEYS} == {"held_out"}


def test_it_is_the_same_every_time_and_another_with_another_secret():
    once = [studies.split_of(key, SECRET) for key in KEYS]
    assert [studies.split_of(key, SECRET) for key in KEYS] == once
    assert [studies.split_of(key, b"another secret") for key in KEYS] != once


def test_a_patient_keeps_the_split_whatever_secret_and_share_are_later(add_study):
    first = add_study("p1", held_out_share=1.0)
    later = add_study("p1", secret=b"another secret", held_out_share=0.0)
    assert (first.split, later.split) == ("held_out", "held_out")
    assert add_study("p2", held_out_share=0.0).split == "training"


def test_the_patient_key_does_not_show_the_identifier():
    key = studies.patient_key_of("MUSTERMANN^ERIKA 1964", SECRET)
    assert len(key) == 32
    assert int(key, 16) >= 0
    assert key == studies.patient_key_of("MUSTERMANN^ERIKA 1964", SECRET)
    assert key != studies.patient_key_of("MUSTERMANN^ERIKA 1964", b"another")


def test_the_same_image_is_taken_in_once(add_study):
    first = add_study(content_hash="same")
    with pytest.raises(DuplicateStudy, match=f"study {first.id}") as duplicate:
        add_study(content_hash="same")
    assert duplicate.value.study_id == first.id


def test_a_study_that_is_not_there_is_not_found(database):
    with database.reading_session() as session, pytest.raises(NotFound):
        studies.get(session, study_id=5)
