"""Scores that can be worked out by hand, and what each metric must and must not reward."""

import pytest

from lmrrg.errors import ScoringError
from lmrrg.metrics.baselines import nearest_training, random_other
from lmrrg.metrics.lite.collapse import all_normal_share, duplicate_share, length_ratio, repeated_ngrams
from lmrrg.metrics.lite.error_counts import count_errors
from lmrrg.metrics.lite.ratescore_lite import embed_lexicon
from lmrrg.metrics.published.ratescore import LONG, SHORT, TypedEntity, rate_score
from lmrrg.metrics.radcliq import BEST_V1, RadCliqLite
from lmrrg.metrics.suite import bootstrap_ci95, embedded_metrics, run_suite, weightless_metrics
from lmrrg.metrics.words import CiderD, bleu2_of_words, longest_common_subsequence, rouge_l

ERRORS = [
    # reference, candidate, category
    ("No pneumothorax.", "Small left pneumothorax.", "false finding"),
    ("Moderate edema. No effusion.", "No edema or effusion.", "missed finding"),
    ("Small left effusion.", "Small right effusion.", "wrong location"),
    ("Nodule in the right upper lobe.", "Nodule in the right lower lobe.", "wrong location"),
    ("Bilateral effusions.", "Left effusion.", "wrong location"),
    ("Small left effusion.", "Large left effusion.", "wrong severity"),
    ("Left effusion.", "Left effusion, increased since the prior study.", "false comparison"),
    ("The left effusion has worsened.", "There is a left effusion.", "missed comparison"),
    (
        "Heart size is normal.",
        "Heart size is normal. The findings have worsened since the prior.",
        "false comparison",
    ),
]


@pytest.mark.parametrize(("reference", "candidate", "category"), ERRORS)
def test_a_single_error_is_named(reference: str, candidate: str, category: str) -> None:
    counted = count_errors(candidate, reference)
    assert [error.category for error in counted.errors] == [category]
    assert counted.significant[category] == 1
    assert counted.reward == 0.5


@pytest.mark.parametrize(
    ("reference", "candidate"),
    [
        ("There is a small left pleural effusion.", "Small effusion on the left."),
        ("The heart is enlarged.", "Cardiomegaly."),
        ("Bibasilar atelectasis.", "Atelectasis at the left base. Atelectasis at the right base."),
        ("There is pleural effusion.", "Evidence of pleural effusion."),
        ("No effusion. No edema.", "Lungs are clear."),
    ],
)
def test_other_words_are_no_error(reference: str, candidate: str) -> None:
    assert count_errors(candidate, reference).total_significant == 0


def test_chexprompts_severe_cardiomegaly_is_one_false_finding() -> None:
    rest = " The lungs are clear. There is no pleural effusion or pneumothorax. There are no acute bony findings."
    counted = count_errors("There is severe cardiomegaly." + rest, "The heart has normal size." + rest)
    assert [(error.category, error.significant) for error in counted.errors] == [("false finding", True)]


def test_spans_mark_both_sides() -> None:
    candidate, reference = "Heart normal. Small right effusion.", "There is a small left effusion."
    error = count_errors(candidate, reference).errors[0]
    assert error.candidate_span is not None
    assert error.reference_span is not None
    assert candidate[slice(*error.candidate_span)] == reference[slice(*error.reference_span)] == "effusion"


def test_a_missed_finding_marks_the_negation_that_stands_in_its_place() -> None:
    candidate = "No pleural effusion."
    error = count_errors(candidate, "Left pleural effusion.").errors[0]
    assert error.candidate_span is not None
    assert candidate[slice(*error.candidate_span)] == "pleural effusion"


def test_a_flipped_negation_costs_more_than_other_words() -> None:
    reference = "No pleural effusion."
    flipped, reworded = RadCliqLite().score(["Pleural effusion.", "Effusion is not seen."], [reference] * 2)
    assert flipped > reworded
    assert reworded == pytest.approx(BEST_V1, abs=0.2)


def test_lists_of_different_length_are_refused() -> None:
    for metric in weightless_metrics():
        with pytest.raises(ScoringError, match="2 candidate reports"):
            metric.score(["a", "b"], ["a"])


def test_no_embedded_metric_bears_a_reference_name() -> None:
    for metric in embedded_metrics():
        assert metric.kind == "embedded"
        assert metric.name.endswith("_lite")


def test_longest_common_subsequence_and_rouge() -> None:
    assert longest_common_subsequence(list("abcde"), list("xbdey")) == 3
    # "the heart is large" / "the heart is normal": 3 of 4 and 3 of 4 words
    assert rouge_l("The heart is large.", "The heart is normal.") == 0.75


def test_bleu2_is_zero_without_a_common_word() -> None:
    assert bleu2_of_words(["x"], [["y"]]) == 0.0


def test_cider_d_of_the_only_reference_is_zero_and_of_a_corpus_ten() -> None:
    assert CiderD().score(["no edema is seen"], ["no edema is seen"]) == [0.0]
    corpus = ["no edema is seen", "small left effusion today"]
    assert CiderD(corpus).score(["no edema is seen"], ["no edema is seen"])[0] == pytest.approx(10.0)


def test_the_long_negation_weight_hardly_punishes_a_flip() -> None:
    said = [TypedEntity("observation:effusion", "DISEASE")]
    meant = [TypedEntity("observation:effusion", "NON-DISEASE")]
    assert rate_score(said, meant, embed_lexicon, LONG) == pytest.approx(0.8716553966)
    assert rate_score(said, meant, embed_lexicon, SHORT) == pytest.approx(0.3611577852)
    assert rate_score([], meant, embed_lexicon) == 0.5


def test_guards() -> None:
    assert repeated_ngrams("no edema seen no edema seen") == pytest.approx(1 - 3 / 4)
    assert length_ratio("a b c d", "a b") == 2.0
    assert duplicate_share(["No edema.", "no edema", "Edema."]) == pytest.approx(2 / 3)
    assert all_normal_share(["Clear lungs.", "Left effusion."]) == 0.5


def test_baselines() -> None:
    reports = ["left effusion", "right pneumothorax", "normal heart"]
    assert all(other != own for other, own in zip(random_other(reports), reports, strict=True))
    assert nearest_training(["a small left effusion"], reports) == ["left effusion"]


def test_bootstrap_interval_holds_the_mean_and_is_repeatable() -> None:
    values = [0.0, 1.0] * 50
    low, high = bootstrap_ci95(values)
    assert (low, high) == bootstrap_ci95(values)
    assert 0.38 < low < 0.5 < high < 0.62
    assert bootstrap_ci95([2.0, 2.0]) == (2.0, 2.0)


def test_the_suite_keeps_the_order_of_the_reports() -> None:
    table = {one.name: one for one in run_suite(["Edema.", "Effusion."], ["Edema.", "No effusion."])}
    lite = table["radcliq_lite"]
    assert lite.per_report[0] == pytest.approx(BEST_V1)
    assert lite.per_report[1] > lite.per_report[0]
