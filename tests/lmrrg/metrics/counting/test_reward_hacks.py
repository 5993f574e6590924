"""No doctored text earns more than the signed one under the rewards of reinforcement."""

import pytest

from benchmarks.metrics.attacks.reward_hacks import DOCTORED, PARAPHRASES, cases, standings
from benchmarks.outside import shared_folder
from feedback_db.training.configuration import GrpoSettings


@pytest.mark.skipif(shared_folder() is None, reason="needs the Indiana reports of ../shared")
def test_no_doctored_text_beats_the_signed_one_or_ranks_above_a_paraphrase() -> None:
    chosen = cases(20, seed=3)
    for phase in GrpoSettings().phases:
        found = standings(chosen, phase)
        assert {
            name: max(found[name].ahead) for name in DOCTORED if max(found[name].ahead, default=0) > 1e-9
        } == {}
        mean_ranks = {name: sum(one.ranks) / len(one.ranks) for name, one in found.items() if one.ranks}
        doctored = min(rank for name, rank in mean_ranks.items() if name in DOCTORED)
        assert max(mean_ranks[name] for name in PARAPHRASES) < doctored
