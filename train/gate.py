"""Better, and nothing broken: decides whether a candidate may go live, and says why in sentences.

A candidate is promoted when ``radcliq_lite`` on the held-out studies is lower with 95 % confidence and no figure on
the list of harms got worse beyond its margin. Knows the figures and the margins; no text, no model, no database.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from train import evaluate
from train.job import Job
from train.settings import GateSettings

Decision = Literal["promote", "reject"]
Found = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the gate decided, and its reasons in the order of their weight."""

    decision: Decision
    reasons: tuple[str, ...]


def _improvement(figures: Found) -> tuple[bool, str]:
    main = figures["radcliq_lite"]
    change = f"from {main['live']:.2f} to {main['candidate']:.2f} (lower is better)"
    interval = f"95 % interval of the change {main['low']:+.2f} to {main['high']:+.2f}"
    where = f"on {main['n']} held-out studies"
    if main["high"] < 0:
        return True, f"radcliq_lite {where} fell {change}; {interval}, clear of zero."
    if main["difference"] < 0:
        return False, f"radcliq_lite {where} fell {change}, which may be chance: {interval}."
    return False, f"radcliq_lite {where} did not fall: {change}; {interval}."


def _harms(held_out: Found, base: Found, settings: GateSettings) -> list[str]:
    harms = []

    def rose(figures: Found, name: str, margin: float, what: str) -> None:
        if name in figures and figures[name]["difference"] > margin:
            by = figures[name]["difference"]
            harms.append(f"{what} rose by {by:.2f}, more than the {margin:.2f} that is let through.")

    def fell(figures: Found, name: str, margin: float, what: str) -> None:
        if name in figures and -figures[name]["difference"] > margin:
            by = -figures[name]["difference"]
            harms.append(f"{what} fell by {by:.2f}, more than the {margin:.2f} that is let through.")

    fell(held_out, "label_f1", settings.label_f1_margin, "Label F1 on the held-out studies")
    rose(held_out, "errors", settings.errors_margin, "Significant errors per report on the held-out studies")
    fell(base, "label_f1", settings.base_label_f1_margin, "Something was forgotten: label F1 on the base set")
    rose(
        base,
        "errors",
        settings.base_errors_margin,
        "Something was forgotten: significant errors per report on the base set",
    )
    normal = held_out["all_normal"]
    if normal["candidate"] > max(normal["reference"], normal["live"]) + settings.all_normal_margin:
        harms.append(
            f"{normal['candidate']:.0%} of the candidate's reports name no disease; the readers' reports: "
            f"{normal['reference']:.0%}."
        )
    length = held_out["words"]
    if length["candidate"] > settings.length_ratio * max(length["reference"], 1.0):
        harms.append(
            f"The candidate writes {length['candidate']:.0f} words per report where readers sign "
            f"{length['reference']:.0f}."
        )
    return harms


def decide(results: Mapping[str, Any], settings: GateSettings) -> Verdict:
    """Judge the results of ``train.evaluate``."""
    held_out, base = results["sets"]["held_out"], results["sets"]["base"]
    missing = settings.minimum_held_out - held_out["n"]
    if missing > 0:
        noun = "study is" if missing == 1 else "studies are"
        return Verdict(
            "reject",
            (
                f"Too few held-out studies are signed to tell whether the candidate is better: there are "
                f"{held_out['n']}, at least {settings.minimum_held_out} are needed. "
                f"{missing} more signed held-out {noun} needed.",
            ),
        )
    better, sentence = _improvement(held_out["figures"])
    harms = _harms(held_out["figures"], base["figures"], settings)
    if better and not harms:
        return Verdict("promote", (sentence, "Nothing on the list of harms got worse beyond its margin."))
    # What stopped it comes first.
    return Verdict("reject", (*harms, sentence) if better else (sentence, *harms))


def run(job: Job) -> dict[str, Any]:
    """Judge this job's evaluation; the summary is what the training page shows at the end."""
    results = job.folder.result("evaluate")
    verdict = decide(results, job.config.gate)
    return {
        "table": evaluate.table(results),
        "decision": verdict.decision,
        "reasons": list(verdict.reasons),
        "live": results["live"],
    }
