"""What the gate lets through, and what it says."""

import pytest

from feedback_db.training.configuration import GateSettings
from train.judge.gate import decide
from train.work.results import Evaluated, Measured, MeasuredFinding, MeasuredSet, as_json, from_json

SETTINGS = GateSettings()


def figure(
    live: float, candidate: float, low: float, high: float, reference: float | None = None
) -> Measured:
    return Measured(candidate, live, candidate - live, low, high, 12, reference)


def results(
    n: int = 12,
    base: dict[str, Measured] | None = None,
    findings: dict[str, MeasuredFinding] | None = None,
    **changed: Measured,
) -> Evaluated:
    """A clean improvement, unless a figure says otherwise."""
    held_out = {
        "radcliq_lite": figure(1.0, 0.5, -0.8, -0.2),
        "label_f1_lite": figure(0.6, 0.7, -0.1, 0.3),
        "errors": figure(2.0, 1.5, -1.0, 0.0),
        "all_normal": figure(0.3, 0.3, 0, 0, reference=0.3),
        "duplicates": figure(0.2, 0.2, 0, 0, reference=0.1),
        "words": figure(40, 40, 0, 0, reference=40),
    }
    sets = MeasuredSet(n, held_out | changed, findings or {}), MeasuredSet(32, base or {})
    return Evaluated(1, "1.0", {"held_out": sets[0], "base": sets[1]})


def lost(named: int = 9, chance: float = 0.03) -> MeasuredFinding:
    """A finding that the live version named and the candidate misses in a third of the studies."""
    return MeasuredFinding(0.6, 0.9, -0.3, -0.5, -0.1, 12, named, chance)


def test_a_sure_gain_without_harm_is_promoted() -> None:
    verdict = decide(results(), SETTINGS)
    assert verdict.decision == "promote"
    assert verdict.reasons[0] == (
        "radcliq_lite on 12 held-out studies fell from 1.00 to 0.50 (lower is better); "
        "95 % interval of the change -0.80 to -0.20, clear of zero."
    )


def test_the_published_score_decides_where_it_was_computed() -> None:
    worse = decide(results(radcliq_v1=figure(1.0, 1.2, 0.1, 0.3)), SETTINGS)
    assert worse.decision == "reject"
    assert worse.reasons[0].startswith("radcliq_v1 on 12 held-out studies did not fall: from 1.00 to 1.20")
    better = decide(
        results(radcliq_v1=figure(1.0, 0.5, -0.8, -0.2), radcliq_lite=figure(1.0, 1.2, 0.1, 0.3)), SETTINGS
    )
    assert better.decision == "promote"


def test_a_gain_that_may_be_chance_is_not() -> None:
    verdict = decide(results(radcliq_lite=figure(1.0, 0.9, -0.3, 0.1)), SETTINGS)
    assert verdict.decision == "reject"
    # The interval reaches 0.2 above −0.1: it would be clear of zero with (0.2 / 0.1)² times the 12 studies, and one.
    assert verdict.reasons[0].endswith(
        "which may be chance: 95 % interval of the change -0.30 to +0.10. "
        "About 37 more signed held-out studies would tell."
    )


def test_a_loss_is_not() -> None:
    verdict = decide(results(radcliq_lite=figure(1.0, 1.2, 0.1, 0.3)), SETTINGS)
    assert verdict.decision == "reject"
    assert "did not fall" in verdict.reasons[0]


def test_too_few_held_out_studies_says_how_many_more() -> None:
    verdict = decide(results(n=4), SETTINGS)
    assert verdict.decision == "reject"
    assert verdict.reasons[0].endswith("2 more signed held-out studies are needed.")


def test_one_missing_study_is_singular() -> None:
    assert decide(results(n=5), SETTINGS).reasons[0].endswith("1 more signed held-out study is needed.")


def test_no_held_out_study_at_all_needs_no_figures() -> None:
    empty = Evaluated(1, "1.0", {"held_out": MeasuredSet(0), "base": MeasuredSet(0)})
    assert "6 more" in decide(empty, SETTINGS).reasons[0]


def test_what_an_earlier_release_measured_is_watched_by_its_name_of_now() -> None:
    kept = as_json(results())
    figures = kept["sets"]["held_out"]["figures"]
    figures["label_f1"] = figures.pop("label_f1_lite") | {"candidate": 0.5, "difference": -0.1}
    verdict = decide(from_json(Evaluated, kept), SETTINGS)
    assert verdict.reasons[0].startswith("Label F1 by rules on the held-out studies fell by 0.10")


def test_a_harm_stops_a_gain_and_comes_first() -> None:
    verdict = decide(results(label_f1_lite=figure(0.6, 0.5, -0.2, 0.0)), SETTINGS)
    assert verdict.decision == "reject"
    assert verdict.reasons[0] == (
        "Label F1 by rules on the held-out studies fell by 0.10, more than the 0.03 that is let through."
    )


def test_forgetting_stops_a_gain() -> None:
    verdict = decide(results(base={"errors": figure(1.0, 1.5, 0.2, 0.8)}), SETTINGS)
    assert verdict.decision == "reject"
    assert "forgotten" in verdict.reasons[0]


def test_one_normal_report_for_all_is_stopped() -> None:
    verdict = decide(results(all_normal=figure(0.3, 0.9, 0.4, 0.8, reference=0.3)), SETTINGS)
    assert verdict.reasons[0].startswith("90% of the candidate's reports are read as without any disease")


def test_reports_that_ramble_are_stopped() -> None:
    verdict = decide(results(words=figure(40, 90, 40, 60, reference=40)), SETTINGS)
    assert verdict.reasons[0] == "The candidate writes 90 words per report where readers sign 40."


@pytest.mark.parametrize(
    ("figure_name", "change", "beginning"),
    [
        (
            "wrong location",
            0.3,
            "Significant errors per report, by rules, of the kind “wrong location” rose by 0.30",
        ),
        ("chexbert_f1", -0.1, "CheXbert F1 on the held-out studies fell by 0.10"),
        (
            "judged_errors",
            0.3,
            "Significant errors per report on the held-out studies, as judged, rose by 0.30",
        ),
        ("laterality", -0.1, "The share of sides that are right on the held-out studies fell by 0.10"),
        ("read", -0.1, "The share of its sentences that the rules read on the held-out studies fell by 0.10"),
        ("edit_distance", 3.0, "Words to edit per report on the held-out studies rose by 3.00"),
        ("map_side", -0.2, "The share of maps on the side that their sentence names fell by 0.20"),
    ],
)
def test_each_harm_on_the_list_stops_a_gain(figure_name: str, change: float, beginning: str) -> None:
    worse = {figure_name: figure(0.5, 0.5 + change, change, change)}
    verdict = decide(results(**worse), SETTINGS)
    assert verdict.decision == "reject"
    assert verdict.reasons[0].startswith(beginning)


def test_maps_that_miss_on_the_base_set_stop_a_gain() -> None:
    verdict = decide(results(base={"map_pointing": figure(0.95, 0.8, -0.2, -0.1)}), SETTINGS)
    assert verdict.reasons[0].startswith(
        "Something was forgotten: maps that point at the finding fell by 0.15"
    )


def test_one_finding_that_surely_got_worse_stops_a_gain() -> None:
    verdict = decide(results(findings={"Pneumothorax": lost()}), SETTINGS)
    assert verdict.reasons[0] == (
        "Pneumothorax is reported worse: label F1 by rules fell from 0.90 to 0.60 over 9 reports that name it."
    )


@pytest.mark.parametrize("unsure", [lost(named=7), lost(chance=0.06)])
def test_a_rare_or_uncertain_loss_of_one_finding_does_not(unsure: MeasuredFinding) -> None:
    assert decide(results(findings={"Pneumothorax": unsure}), SETTINGS).decision == "promote"


def test_one_report_for_many_is_stopped() -> None:
    verdict = decide(results(duplicates=figure(0.2, 0.5, 0.2, 0.4, reference=0.1)), SETTINGS)
    assert verdict.reasons[0].startswith("50% of the candidate's reports repeat another word for word")


def test_readings_that_swap_the_sides_are_not_learned_from() -> None:
    verdict = decide(results(), SETTINGS, sides=(2, 10))
    assert verdict.decision == "reject"
    assert verdict.reasons[0].startswith(
        "The signed reports that it learned from name another side than their drafts for 8 of 10 findings."
    )
    assert decide(results(), SETTINGS, sides=(5, 10)).decision == "promote"
    assert decide(results(), SETTINGS, sides=(0, 7)).decision == "promote"  # too few to tell
