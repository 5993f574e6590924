"""Every text that the project writes itself is read whole: what it says of a film is never left as not understood."""

import numpy as np
import pytest

from lmrrg.metrics.lite.coverage import not_read
from lmrrg.metrics.lite.labels import label_report
from lmrrg.profiles import DEFAULT_PROFILE
from lmrrg.profiles.chest.phantom import STYLES, random_style, write_report
from lmrrg.profiles.chest.phantom.case_mix import CaseMix, sample_truth

SICK = CaseMix(normal=0.1, portable=0.5, followed=0.5, emphysema=0.2, collapse=1.0)
STATEMENTS = [text for pair in DEFAULT_PROFILE.statements.values() for text in pair]
IN_SHORT = [f"{words.capitalize()}." for words in DEFAULT_PROFILE.in_short.values()]


@pytest.mark.parametrize("style", [*STYLES, None])
def test_phantoms_reports(style: str | None) -> None:
    unread = set()
    for seed in range(600):
        rng = np.random.default_rng(seed)
        truth = sample_truth(rng, SICK)
        for sentence in write_report(truth, STYLES[style] if style else random_style(rng), rng):
            unread |= {one.text for one in not_read(sentence.text)}
    assert unread == set()


@pytest.mark.parametrize("text", [*STATEMENTS, *IN_SHORT, DEFAULT_PROFILE.normal_report])
def test_what_the_profile_says(text: str) -> None:
    assert not_read(text) == ()


@pytest.mark.parametrize("text", [DEFAULT_PROFILE.normal_report, DEFAULT_PROFILE.nothing_wrong])
def test_what_it_calls_normal_has_no_finding(text: str) -> None:
    assert label_report(text)["No Finding"] == "positive"
