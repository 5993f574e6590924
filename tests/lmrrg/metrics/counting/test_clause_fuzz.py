"""No join of clauses makes a finding that none of them mentions, or hides one that does."""

import random

from benchmarks.metrics.attacks.clause_fuzz import faults, random_join


def test_random_joins_of_clauses_have_no_faults() -> None:
    rng = random.Random(1)
    joins = [random_join(rng) for _ in range(2000)]
    assert [(join.text, found) for join in joins if (found := faults(join))] == []
