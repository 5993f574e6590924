"""What denies a change does not deny what changes."""

import pytest

from lmrrg.metrics.lite.labels import label_report, observations


@pytest.mark.parametrize(
    "sentence",
    [
        "No increase in the right pleural effusion.",
        "The effusion has not resolved.",
        "The pleural effusion has not yet fully cleared.",
        "No significant interval improvement in the left effusion.",
        "No improvement since yesterday: small effusion.",
        "There is no evidence of progression of the effusion.",
        "The effusion has not decreased in size.",
        "Without worsening of the known effusion.",
    ],
)
def test_the_finding_is_there_still(sentence: str) -> None:
    assert label_report(sentence)["Pleural Effusion"] == "positive"


def test_a_change_that_is_denied_leaves_it_as_it_was() -> None:
    (seen,) = observations("The effusion has not increased.")
    assert seen.observation.change == "stable"


@pytest.mark.parametrize(
    "sentence",
    [
        "No new effusion.",
        "The effusion has resolved.",
        "No residual effusion.",
        "Resolution of the effusion.",
    ],
)
def test_a_finding_that_is_gone_or_never_came_is_denied(sentence: str) -> None:
    assert label_report(sentence)["Pleural Effusion"] == "negative"
