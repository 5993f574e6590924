"""What the gate lets through, and what it says."""

from typing import Any

from train.gate import decide
from train.settings import GateSettings

SETTINGS = GateSettings()


def figure(live: float, candidate: float, low: float, high: float, **more: float) -> dict[str, float]:
    difference = candidate - live
    return {
        "live": live,
        "candidate": candidate,
        "difference": difference,
        "low": low,
        "high": high,
        "n": 12,
        **more,
    }


def results(n: int = 12, base: dict[str, Any] | None = None, **changed: Any) -> dict[str, Any]:
    """A clean improvement, unless a figure says otherwise."""
    held_out = {
        "radcliq_lite": figure(1.0, 0.5, -0.8, -0.2),
        "label_f1": figure(0.6, 0.7, -0.1, 0.3),
        "errors": figure(2.0, 1.5, -1.0, 0.0),
        "all_normal": figure(0.3, 0.3, 0, 0, reference=0.3),
        "words": figure(40, 40, 0, 0, reference=40),
    }
    return {
        "sets": {
            "held_out": {"n": n, "figures": held_out | changed},
            "base": {"n": 32, "figures": base or {}},
        }
    }


def test_a_sure_gain_without_harm_is_promoted() -> None:
    verdict = decide(results(), SETTINGS)
    assert verdict.decision == "promote"
    assert verdict.reasons[0] == (
        "radcliq_lite on 12 held-out studies fell from 1.00 to 0.50 (lower is better); "
        "95 % interval of the change -0.80 to -0.20, clear of zero."
    )


def test_a_gain_that_may_be_chance_is_not() -> None:
    verdict = decide(results(radcliq_lite=figure(1.0, 0.9, -0.3, 0.1)), SETTINGS)
    assert verdict.decision == "reject"
    assert "may be chance" in verdict.reasons[0]


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
    empty = {"sets": {"held_out": {"n": 0, "figures": {}}, "base": {"n": 0, "figures": {}}}}
    assert "6 more" in decide(empty, SETTINGS).reasons[0]


def test_a_harm_stops_a_gain_and_comes_first() -> None:
    verdict = decide(results(label_f1=figure(0.6, 0.5, -0.2, 0.0)), SETTINGS)
    assert verdict.decision == "reject"
    assert verdict.reasons[0] == (
        "Label F1 on the held-out studies fell by 0.10, more than the 0.03 that is let through."
    )


def test_forgetting_stops_a_gain() -> None:
    verdict = decide(results(base={"errors": figure(1.0, 1.5, 0.2, 0.8)}), SETTINGS)
    assert verdict.decision == "reject"
    assert "forgotten" in verdict.reasons[0]


def test_one_normal_report_for_all_is_stopped() -> None:
    verdict = decide(results(all_normal=figure(0.3, 0.9, 0.4, 0.8, reference=0.3)), SETTINGS)
    assert verdict.reasons[0].startswith("90% of the candidate's reports name no disease")


def test_reports_that_ramble_are_stopped() -> None:
    verdict = decide(results(words=figure(40, 90, 40, 60, reference=40)), SETTINGS)
    assert verdict.reasons[0] == "The candidate writes 90 words per report where readers sign 40."
