"""Properties that hold for any text: identical is best, order of sentences is nothing, and nothing ever fails."""

import math
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lmrrg.metrics.graphs import FLAVOURS, ReportGraph, radgraph_f1
from lmrrg.metrics.interface import Metric
from lmrrg.metrics.lite.collapse import length_ratio, repeated_ngrams
from lmrrg.metrics.lite.error_counts import count_errors
from lmrrg.metrics.lite.graph_extraction import extract_graph
from lmrrg.metrics.lite.labels import label_report, mentions
from lmrrg.metrics.radcliq import BEST_V1
from lmrrg.metrics.suite import embedded_metrics, weightless_metrics

SENTENCES = (
    "No pneumothorax.",
    "There is a small left pleural effusion.",
    "The heart is mildly enlarged.",
    "Right lower lobe consolidation, consistent with pneumonia.",
    "The effusion has increased since the prior study.",
    "Lungs are clear.",
    "Possible left apical nodule.",
    "Endotracheal tube above the carina.",
    "No acute cardiopulmonary abnormality.",
    "Degenerative changes of the spine.",
    "Bibasilar atelectasis is unchanged.",
    "Wide open text without any finding.",
)
BEST = {"radcliq_lite": BEST_V1, "cider_d": None}
reports = st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=8, unique=True)
anything = st.text(max_size=400) | st.binary(max_size=200).map(lambda raw: raw.decode("latin-1"))
NASTY = [
    "",
    "effusion",
    "no",
    "no " * 5000,
    "effusion and " * 2500,
    " ".join(SENTENCES * 80),
    "Плеврального выпота нет. 胸水を認めない。 لا يوجد انصباب",
    "\x00\x01\xff\ufffd" * 500,
    "((((" * 1000,
    "INDICATION:" * 300,
    "1. 2. 3. ... ;;; ,,,",
]


@pytest.mark.parametrize("metric", weightless_metrics(), ids=lambda metric: metric.name)
@given(report=reports.map(" ".join))
@settings(max_examples=25, deadline=None)
def test_an_identical_report_scores_best(metric: Metric, report: str) -> None:
    best = BEST.get(metric.name, 1.0)
    score = metric.score([report], [report])[0]
    if best is not None:
        assert score == pytest.approx(best)


@pytest.mark.parametrize("metric", embedded_metrics(), ids=lambda metric: metric.name)
@given(one=reports, other=reports, seed=st.integers(0, 1000))
@settings(max_examples=40, deadline=None)
def test_the_order_of_sentences_does_not_matter(
    metric: Metric, one: list[str], other: list[str], seed: int
) -> None:
    shuffled = random.Random(seed).sample(one, len(one))
    first, second = metric.score([" ".join(one), " ".join(shuffled)], [" ".join(other)] * 2)
    assert first == pytest.approx(second)


@given(one=reports, seed=st.integers(0, 1000))
@settings(max_examples=40, deadline=None)
def test_labels_and_graphs_do_not_depend_on_the_order_of_sentences(one: list[str], seed: int) -> None:
    shuffled = random.Random(seed).sample(one, len(one))
    assert label_report(" ".join(one)) == label_report(" ".join(shuffled))
    graphs: list[ReportGraph] = [extract_graph(" ".join(text)) for text in (one, shuffled)]
    assert all(
        radgraph_f1(graphs[0], graphs[1], flavour) == 1.0 for flavour in FLAVOURS if graphs[0].entities
    )


@given(one=anything, other=anything)
@settings(max_examples=80, deadline=None)
def test_any_text_gets_finite_scores(one: str, other: str) -> None:
    check_everything(one, other)


@pytest.mark.parametrize("text", NASTY, ids=lambda text: repr(text[:12]))
def test_nasty_texts_get_finite_scores(text: str) -> None:
    for other in ("No effusion.", text, ""):
        check_everything(text, other)
        check_everything(other, text)


def check_everything(one: str, other: str) -> None:
    for metric in weightless_metrics():
        assert all(map(math.isfinite, metric.score([one], [other])))
    for mention in mentions(one):
        start, end = mention.span
        assert 0 <= start < end <= len(one)
    for error in count_errors(one, other).errors:
        assert error.candidate_span or error.reference_span
    assert math.isfinite(repeated_ngrams(one) + length_ratio(one, other))


@given(anything)
@settings(max_examples=60, deadline=None)
def test_a_text_has_no_errors_against_itself(text: str) -> None:
    assert count_errors(text, text).total == 0
