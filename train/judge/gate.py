"""Better, and nothing broken: decides whether a candidate may go live, and says why in sentences.

A candidate is promoted when RadCliQ on the held-out studies is lower with 95 % confidence and no figure on the list of
harms got worse beyond its margin: ``radcliq_v1`` where the job goes by published scorers, else ``radcliq_lite``. Knows
the figures and the margins, and nothing about texts, models or the database.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from feedback_db.training.configuration import GateSettings
from lmrrg.metrics.categories import ERROR_CATEGORIES
from train.judge import evaluate
from train.judge.bootstrap import Comparison, studies_needed
from train.judge.judged_by import MAIN
from train.work.job import Job
from train.work.results import Evaluated, Judged, Measured, MeasuredFinding, MeasuredSet, Taken

Found = Mapping[str, Measured]


def _improvement(figures: Found) -> tuple[bool, str]:
    name = MAIN if MAIN in figures else "radcliq_lite"
    main = figures[name]
    change = f"from {main.live:.2f} to {main.candidate:.2f} (lower is better)"
    interval = f"95 % interval of the change {main.low:+.2f} to {main.high:+.2f}"
    where = f"on {main.n} held-out studies"
    if main.high < 0:
        return True, f"{name} {where} fell {change}; {interval}, clear of zero."
    if main.difference < 0:
        return (
            False,
            f"{name} {where} fell {change}, which may be chance: {interval}.{_would_tell(main)}",
        )
    return False, f"{name} {where} did not fall: {change}; {interval}."


def _would_tell(main: Comparison) -> str:
    needed = studies_needed(main)
    if needed is None:
        return ""
    more = needed - main.n
    return f" About {more} more signed held-out {'study' if more == 1 else 'studies'} would tell."


@dataclass(frozen=True, slots=True)
class _Harm:
    """A figure of a set that must not get worse by more than ``margin``; ``sign`` +1 where larger is worse."""

    figure: str
    margin: float
    what: str
    sign: int = 1


def _listed(settings: GateSettings) -> tuple[list[_Harm], list[_Harm]]:
    """What is watched on the held-out studies, and on the base set."""
    here = "on the held-out studies"
    held_out = [
        _Harm("label_f1_lite", settings.label_f1_margin, f"Label F1 by rules {here}", -1),
        _Harm("errors", settings.errors_margin, f"Significant errors per report, by rules, {here}"),
        _Harm("chexbert_f1", settings.label_f1_margin, f"CheXbert F1 {here}", -1),
        _Harm("judged_errors", settings.errors_margin, f"Significant errors per report {here}, as judged,"),
        *(
            _Harm(
                category,
                settings.category_margin,
                f"Significant errors per report, by rules, of the kind “{category}”",
            )
            for category in ERROR_CATEGORIES
        ),
        # What cannot be read cannot be judged: no version gets better by it.
        _Harm("read", settings.read_margin, f"The share of its sentences that the rules read {here}", -1),
        _Harm("laterality", settings.laterality_margin, f"The share of sides that are right {here}", -1),
        _Harm("edit_distance", settings.edit_distance_margin, f"Words to edit per report {here}"),
        _Harm("map_side", settings.map_margin, "The share of maps on the side that their sentence names", -1),
    ]
    lost = "Something was forgotten"
    base = [
        _Harm(
            "label_f1_lite", settings.base_label_f1_margin, f"{lost}: label F1 by rules on the base set", -1
        ),
        _Harm(
            "errors",
            settings.base_errors_margin,
            f"{lost}: significant errors per report, by rules, on the base set",
        ),
        _Harm("read", settings.read_margin, f"{lost}: sentences that the rules read on the base set", -1),
        _Harm("laterality", settings.laterality_margin, f"{lost}: sides that are right on the base set", -1),
        _Harm("map_pointing", settings.map_margin, f"{lost}: maps that point at the finding", -1),
    ]
    return held_out, base


def _worsened(figures: Found, harm: _Harm) -> str | None:
    change = harm.sign * figures[harm.figure].difference if harm.figure in figures else 0.0
    if change <= harm.margin:
        return None
    moved = "rose" if harm.sign > 0 else "fell"
    return f"{harm.what} {moved} by {change:.2f}, more than the {harm.margin:.2f} that is let through."


def _lost_findings(findings: Mapping[str, MeasuredFinding], settings: GateSettings) -> list[str]:
    """Findings that the candidate surely reports worse, though the whole may look better."""
    return [
        f"{finding} is reported worse: label F1 by rules fell from {one.live:.2f} to {one.candidate:.2f} over "
        f"{one.named} reports that name it."
        for finding, one in findings.items()
        if one.named >= settings.finding_minimum
        and -one.difference > settings.finding_f1_margin
        and one.chance < settings.finding_chance
    ]


def _collapse(held_out: Found, settings: GateSettings) -> list[str]:
    """Signs that one report is written for everybody, or that reports ramble."""
    harms = []
    for name, margin, what in (
        ("all_normal", settings.all_normal_margin, "are read as without any disease"),
        ("duplicates", settings.duplicates_margin, "repeat another word for word"),
    ):
        share = held_out[name]
        if share.candidate > max(share.reference or 0.0, share.live) + margin:
            harms.append(
                f"{share.candidate:.0%} of the candidate's reports {what}; the readers' reports: "
                f"{share.reference or 0.0:.0%}."
            )
    length = held_out["words"]
    signed = length.reference or 0.0
    if length.candidate > settings.length_ratio * max(signed, 1.0):
        harms.append(
            f"The candidate writes {length.candidate:.0f} words per report where readers sign {signed:.0f}."
        )
    return harms


def _harms(held_out: MeasuredSet, base: MeasuredSet, settings: GateSettings) -> list[str]:
    watched = zip(_listed(settings), (held_out.figures, base.figures), strict=True)
    found = [_worsened(figures, harm) for harms, figures in watched for harm in harms]
    return [
        *(sentence for sentence in found if sentence),
        *_lost_findings(held_out.findings, settings),
        *_collapse(held_out.figures, settings),
    ]


def _swapped(sides: tuple[float, float], settings: GateSettings) -> list[str]:
    """Whether the readings that were learned from name the other side than their drafts, more often than not."""
    same, given = sides
    if given < settings.sides_minimum or same >= settings.sides_same * given:
        return []
    return [
        f"The signed reports that it learned from name another side than their drafts for {given - same:.0f} of "
        f"{given:.0f} findings. Have these readings checked: left is the patient's left."
    ]


def _not_read(studies: int) -> tuple[str, ...]:
    if not studies:
        return ()
    which = "1 signed held-out report" if studies == 1 else f"{studies} signed held-out reports"
    return (f"{which} judged nothing: the rules could largely not read the wording.",)


def decide(results: Evaluated, settings: GateSettings, sides: tuple[float, float] = (0, 0)) -> Judged:
    """Judge the results of ``train.judge.evaluate``.

    ``sides``: for how many findings the readings and their drafts name the same side, and for how many both name one.
    """
    held_out, base = results.sets["held_out"], results.sets["base"]
    missing = settings.minimum_held_out - held_out.n
    dark = _not_read(results.not_read)
    if missing > 0:
        noun = "study is" if missing == 1 else "studies are"
        return Judged(
            "reject",
            (
                f"Too few held-out studies are signed to tell whether the candidate is better: there are "
                f"{held_out.n}, at least {settings.minimum_held_out} are needed. "
                f"{missing} more signed held-out {noun} needed.",
                *dark,
            ),
        )
    better, sentence = _improvement(held_out.figures)
    harms = [*_swapped(sides, settings), *_harms(held_out, base, settings)]
    if better and not harms:
        return Judged(
            "promote", (sentence, "Nothing on the list of harms got worse beyond its margin.", *dark)
        )
    # What stopped it comes first.
    return Judged("reject", (*harms, sentence, *dark) if better else (sentence, *harms, *dark))


def run(job: Job) -> Judged:
    """Judge this job's evaluation; what it says is what the training page shows at the end."""
    results = job.folder.result(Evaluated)
    return replace(
        decide(results, job.config.gate, job.folder.result(Taken).sides),
        table=evaluate.table(results),
        findings=results.sets["held_out"].findings,
        live=results.live,
    )
