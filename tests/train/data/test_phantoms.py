"""Drawn studies take part in training beside the demonstration model alone."""

import dataclasses

import pytest

from lmrrg.profiles import DEFAULT_PROFILE, Profile
from lmrrg.report import ModelName
from train.data.phantoms import PhantomStudies

NO_PHANTOMS = dataclasses.replace(DEFAULT_PROFILE, name="plain", phantom_package=None)


@pytest.mark.parametrize(
    ("demonstration", "profile", "count"),
    [(True, DEFAULT_PROFILE, 2), (False, DEFAULT_PROFILE, 0), (True, NO_PHANTOMS, 0)],
)
def test_only_beside_the_demonstration_model_of_a_profile_that_has_some(
    demonstration: bool, profile: Profile, count: int
) -> None:
    studies = PhantomStudies.beside(ModelName("ours", "1.0", demonstration), 64, profile)
    assert len(studies.replayed(0, 2)) == len(studies.plain(0, 2)) == len(studies.base_set(2)) == count
