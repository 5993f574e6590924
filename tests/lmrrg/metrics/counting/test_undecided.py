"""A sentence that was not read is neither free nor an error."""

import pytest

from lmrrg.metrics.lite.error_counts import count_errors
from lmrrg.metrics.radcliq import BEST_V1, RadCliqLite

NOT_READ = "Le poumon droit est blanc."


@pytest.mark.parametrize(
    ("candidate", "reference", "undecided"),
    [
        (f"No effusion. {NOT_READ}", "No effusion.", 1),
        ("No effusion.", f"No effusion. {NOT_READ}", 1),
        (f"No effusion. {NOT_READ}", f"{NOT_READ} There is no effusion.", 0),  # held word for word
        (f"{NOT_READ}", "Das Herz ist gross.", 2),
        ("No effusion.", "There is no effusion.", 0),
    ],
)
def test_it_is_undecided_unless_the_other_side_holds_it(
    candidate: str, reference: str, undecided: int
) -> None:
    counted = count_errors(candidate, reference)
    assert (counted.undecided, counted.total_significant) == (undecided, 0)
    assert counted.reward == 1 / (1 + undecided / 2)


@pytest.mark.parametrize("reference", ["No effusion.", f"No effusion. {NOT_READ}"])
def test_it_never_scores_as_the_reference(reference: str) -> None:
    metric = RadCliqLite()
    (score,) = metric.score(["No effusion. Pnuemothorax on the right."], [reference])
    assert score > BEST_V1 + 0.1
    assert metric.score([reference], [reference]) == [pytest.approx(BEST_V1)]


def test_what_rests_on_it_alone_is_no_significant_error() -> None:
    counted = count_errors("Large right effusion, gelegentlich.", "The heart is normal.")
    assert (counted.total_significant, counted.undecided) == (0, 1)
    assert [error.category for error in counted.errors] == ["false finding"]
