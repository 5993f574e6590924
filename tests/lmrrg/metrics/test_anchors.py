"""Every value that a metric's own project published and that needs no weights, to the printed digits."""

from typing import Any

import pytest

from lmrrg.metrics.graphs import FLAVOURS, ReportGraph, radcliq_graph_f1, radgraph_f1
from lmrrg.metrics.lite.labels import label_report, positives
from lmrrg.metrics.radcliq import BEST_V1, RADCLIQ_V0, RADCLIQ_V1, leaderboard_value
from lmrrg.metrics.words import bleu2_of_words, radcliq_words

pytestmark = pytest.mark.anchors
LABEL = {"": None, "1.0": "positive", "0.0": "negative", "-1.0": "uncertain"}


def test_radcliq_constants(published: dict[str, Any]) -> None:
    for formula, name in ((RADCLIQ_V0, "v0"), (RADCLIQ_V1, "v1")):
        constants = published["radcliq_constants"][name]
        assert list(formula.mean) == constants["mean"]
        assert list(formula.scale) == constants["scale"]
        assert list(formula.coefficients) == constants["coef"]
        assert formula.intercept == constants["intercept"]


def test_radcliq_formula_points(published: dict[str, Any]) -> None:
    for point in published["radcliq_formula_points"]:
        assert RADCLIQ_V0(*point["x"]) == pytest.approx(point["v0"], abs=1e-9)
        assert RADCLIQ_V1(*point["x"]) == pytest.approx(point["v1"], abs=1e-9)


def test_leaderboard_rows_follow_from_their_components(published: dict[str, Any]) -> None:
    rows = published["rexrank_aggregate_rows"]["rows"]
    assert len(rows) == 50
    for row in rows:
        assert RADCLIQ_V0(*row["x"]) == pytest.approx(row["radcliq_v0"], abs=0.0025)
        assert RADCLIQ_V1(*row["x"]) == pytest.approx(row["radcliq_v1"], abs=0.0016)
        assert RADCLIQ_V0(*row["x"]) - row["radcliq_v0"] == pytest.approx(
            row["formula_minus_published"][0], abs=1e-4
        )


def test_radgraph_f1_of_golden_graphs(published: dict[str, Any]) -> None:
    section = published["radgraph_graph_level"]
    graphs = {row["report_id"]: ReportGraph.from_radgraph(row["graph"]) for row in section["graphs"]}
    assert len(section["pairs"]) == 15
    for pair in section["pairs"]:
        hyp, ref = graphs[pair["hyp"]], graphs[pair["ref"]]
        now = [radgraph_f1(hyp, ref, flavour) for flavour in FLAVOURS]
        before = [radgraph_f1(hyp, ref, flavour, fold_case=False) for flavour in FLAVOURS]
        radcliq = radcliq_graph_f1(hyp, ref)
        assert now == pytest.approx(pair["simple_partial_complete"])
        assert before == pytest.approx(pair["simple_partial_complete_0.1.18"])
        assert radcliq.entity_f1 == pytest.approx(pair["radcliq_entity_f1"])
        assert radcliq.relation_f1 == pytest.approx(pair["radcliq_relation_f1"])
        assert radcliq.combined == pytest.approx(pair["radcliq_combined"])


def test_bleu2_of_fast_bleu(published: dict[str, Any]) -> None:
    section = published["fast_bleu_bleu2"]
    scores = [bleu2_of_words(words, section["refs"]) for words in section["hyps"]]
    assert scores == pytest.approx(section["bleu2"], abs=1e-12)
    for pair in section["cxr_prep_pairs_computed_here"]:
        score = bleu2_of_words(radcliq_words(pair["hyp"]), [radcliq_words(pair["ref"])])
        assert score == pytest.approx(pair["bleu2"], abs=1e-12)


def test_chexpert_labelers_sample(published: dict[str, Any]) -> None:
    for row in published["chexpert_labeler_samples"]["rows"]:
        expected = {name: LABEL[row[name]] for name in row if name != "Reports"}
        assert label_report(row["Reports"]) == expected


def test_chexbert_probes(published: dict[str, Any]) -> None:
    for report, finding in published["f1chexbert_probes"]["rows"]:
        assert finding in positives(report)


def test_a_perfect_report_without_relations_stops_short_of_the_best(published: dict[str, Any]) -> None:
    assert pytest.approx(-1.4406902828, abs=1e-9) == BEST_V1
    row = published["radcliq_pairs"][1]
    assert RADCLIQ_V1(0.5, 1, 1, 1) == pytest.approx(row["raw_radcliq_v1"][0], abs=1e-6)


def test_leaderboards_print_the_inverse_of_the_mean(published: dict[str, Any]) -> None:
    row = published["radcliq_pairs"][1]
    for printed, raw in zip(row["printed"], row["raw_radcliq_v1"], strict=True):
        assert leaderboard_value([raw]) == pytest.approx(printed, rel=1e-6)


def test_exact_match_with_the_idf_of_one_reference_collapses(published: dict[str, Any]) -> None:
    pair = next(row for row in published["radeval_gallery"]["pairs"] if row["ref"] == row["hyp"])
    baseline = published["bertscore_baselines"]["distilroberta-base_layer5_PRF"][2]
    collapsed = (0.0 - baseline) / (1 - baseline)
    assert collapsed == pytest.approx(-5.55016, abs=1e-4)
    assert RADCLIQ_V1(1, collapsed, 1, 1) == pytest.approx(pair["radcliq"], abs=1e-3)
