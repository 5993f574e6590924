"""The paired bootstrap, by properties and by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from train.judge.bootstrap import Comparison, chance_of_loss, compare, f1, share, studies_needed

scores = st.lists(st.floats(-5, 5), min_size=2, max_size=20)


@given(scores)
def test_a_version_does_not_differ_from_itself(values: list[float]) -> None:
    compared = compare(values, values, resamples=100)
    assert (compared.difference, compared.low, compared.high) == (0, 0, 0)


@given(scores, st.floats(-3, 3))
def test_the_same_gain_on_every_study_is_certain(values: list[float], gain: float) -> None:
    compared = compare(np.array(values) + gain, values, resamples=100)
    assert compared.low == pytest.approx(gain, abs=1e-9)
    assert compared.high == pytest.approx(gain, abs=1e-9)


@given(scores)
def test_swapping_the_versions_mirrors_the_interval(values: list[float]) -> None:
    other = values[::-1]
    one, two = compare(values, other, resamples=100), compare(other, values, resamples=100)
    assert one.low == pytest.approx(-two.high, abs=1e-9)


def test_a_gain_on_one_study_of_two_may_be_chance() -> None:
    compared = compare([1.0, 0.0], [0.0, 0.0], resamples=1000)
    assert (compared.low, compared.high, compared.difference) == (0.0, 1.0, 0.5)


@pytest.mark.parametrize("studies", [6, 20])
def test_equal_versions_are_rarely_told_apart_even_by_few_studies(studies: int) -> None:
    chance = np.random.default_rng(0)
    trials = [compare(chance.normal(size=studies), np.zeros(studies), resamples=1000) for _ in range(1000)]
    # 2.5 % by design, and three standard deviations of a thousand tosses.
    assert sum(one.high < 0 for one in trials) <= 40


def test_f1_counts_over_all_studies() -> None:
    # 2 hits, 1 false, 1 missed in all: 2·2 / (2·2 + 1 + 1)
    compared = compare([[1, 1, 0], [1, 0, 1]], [[1, 1, 0], [1, 0, 1]], f1, resamples=100)
    assert compared.candidate == pytest.approx(4 / 6)


def test_f1_of_nothing_to_find_is_one() -> None:
    assert compare([[0, 0, 0]], [[0, 0, 0]], f1, resamples=100).candidate == 1


def test_different_studies_are_refused() -> None:
    with pytest.raises(ValueError, match="same studies"):
        compare([1.0], [1.0, 2.0])


def test_a_share_counts_over_all_studies_and_is_one_of_nothing() -> None:
    assert compare([[1, 2], [0, 1]], [[0, 0], [0, 0]], share, resamples=100).candidate == pytest.approx(1 / 3)
    assert compare([[0, 0]], [[0, 0]], share, resamples=100).candidate == 1


@pytest.mark.parametrize(
    ("difference", "low", "high", "needed"),
    [
        (-0.1, -0.3, 0.1, 49),  # the reach to zero's side is twice the difference: 4 · 12 studies, and one
        (0.1, -0.1, 0.3, 49),
        (0.0, -0.1, 0.1, None),
        (-1e-6, -1.0, 1.0, None),  # more than anyone will sign
    ],
)
def test_how_many_studies_would_tell(difference: float, low: float, high: float, needed: int | None) -> None:
    assert studies_needed(Comparison(1 + difference, 1.0, difference, low, high, 12)) == needed


@pytest.mark.parametrize(
    ("lost", "gained", "chance"),
    [(0, 0, 1.0), (4, 0, 1 / 16), (5, 0, 1 / 32), (5, 1, 7 / 64), (1, 3, 15 / 16)],
)
def test_the_chance_of_a_loss_is_that_of_so_many_heads(lost: int, gained: int, chance: float) -> None:
    # Twenty studies that both get right tell nothing.
    live = [True] * (20 + lost) + [False] * gained
    candidate = [True] * 20 + [False] * lost + [True] * gained
    assert chance_of_loss(candidate, live) == pytest.approx(chance)
