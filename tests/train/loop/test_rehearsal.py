"""What is rehearsed shows every finding, so that none is forgotten for want of an example."""

from collections import Counter

from lmrrg.profiles.chest import phantom
from lmrrg.profiles.chest.phantom import labels, truth_of
from train.data.phantoms import REPLAY_SEEDS, rehearsal_seeds


def shown(seeds: list[int] | range) -> Counter[str]:
    found = [labels(truth_of(seed, site="A")) for seed in seeds]
    return Counter(name for one in found for name, label in one.items() if label == "positive")


def test_half_come_as_they_are_and_none_twice() -> None:
    seeds = rehearsal_seeds(phantom, REPLAY_SEEDS, 21)
    assert seeds[:11] == list(range(REPLAY_SEEDS, REPLAY_SEEDS + 11))
    assert len(set(seeds)) == 21
    assert rehearsal_seeds(phantom, REPLAY_SEEDS, 0) == []


def test_the_rarest_finding_is_shown_more_often_than_by_chance() -> None:
    chosen, by_chance = shown(rehearsal_seeds(phantom, 0, 200)), shown(range(200))
    assert set(chosen) >= set(by_chance)
    assert min(chosen.values()) > 2 * min(by_chance.values())
