"""Tables and plot of the closed loop from its pieces; runs nothing and makes up nothing that is not in a piece."""

import json
from collections import defaultdict
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np

from feedback_db.training.figure_names import called_now
from train.judge.bootstrap import compare, mean
from train.judge.figures import FIGURES

matplotlib.use("Agg")

SHOWN = ("radcliq_lite", "errors", "label_f1_lite", "edits", "signed_unchanged")
# The comparisons that this is all about: reinforcement against fine-tuning, with as many steps and as it stands.
CLAIMS = (
    ("sft_grpo_both", "sft_longer"),
    ("sft_grpo_both", "sft"),
    ("signed_grpo_both", "signed_longer"),
    ("signed_grpo_both", "signed"),
    ("sft", "signed_grpo_both"),
)
TEXT = Path(__file__).with_name("closed_loop.txt")
PLOT = Path(__file__).with_name("closed_loop.svg")


def _pieces(folder: Path, beginning: str) -> list[dict[str, Any]]:
    return [_read(path) for path in sorted(folder.glob(f"{beginning}-*.json"))]


def _read(path: Path) -> dict[str, Any]:
    """A piece with its figures by the names that they have now."""
    piece = json.loads(path.read_text("utf-8"))
    measured = {which: called_now(piece[which]) for which in ("held_out", "base") if which in piece}
    return {**piece, **measured}


def _together(pieces: list[dict[str, Any]], which: str, name: str) -> np.ndarray:
    """The counts of all seeds, one under the other: ``[studies, k]``."""
    rows = np.concatenate([np.asarray(piece[which][name], float) for piece in pieces])
    return rows[:, None] if rows.ndim == 1 else rows


def _figure(pieces: list[dict[str, Any]], against: list[dict[str, Any]], which: str, name: str) -> str:
    statistic = FIGURES[name].statistic if name in FIGURES else mean
    found = compare(_together(pieces, which, name), _together(against, which, name), statistic)
    return f"{found.candidate:7.3f} ({found.difference:+.3f}, {found.low:+.3f} … {found.high:+.3f})"


def _figures(pieces: list[dict[str, Any]], against: list[dict[str, Any]]) -> list[str]:
    """A line for each figure of the held-out studies, then of the base set."""
    return [
        *(f"    {name:18} {_figure(pieces, against, 'held_out', name)}" for name in SHOWN),
        *(f"    {name + ' (base)':18} {_figure(pieces, against, 'base', name)}" for name in SHOWN[:3]),
    ]


def arms(folder: Path) -> list[str]:
    """Every arm against doing nothing, and reinforcement against fine-tuning, over all seeds."""
    by_arm = defaultdict(list)
    for piece in _pieces(folder, "arm"):
        by_arm[piece["arm"]].append(piece)
    if "nothing" not in by_arm:
        return []
    made = by_arm["nothing"][0]["made_with"]
    lines = [
        f"Arms: {made['readings']} readings in the style “{made['style']}” at site {made['site']}, "
        f"{made['held_out']} held-out studies, model {made['model']}, on {made['device']}; "
        "difference to “nothing” with its 95 % interval",
    ]
    for arm, pieces in by_arm.items():
        seeds = {piece["seed"] for piece in pieces}
        against = [piece for piece in by_arm["nothing"] if piece["seed"] in seeds]
        lines.append(
            f"{arm}, seeds {sorted(seeds)}, {np.mean([p['learn_seconds'] for p in pieces]):.0f} s to learn"
        )
        lines += _figures(pieces, against)
    for claim in CLAIMS:
        ours, theirs = (by_arm.get(name, []) for name in claim)
        seeds = {piece["seed"] for piece in ours} & {piece["seed"] for piece in theirs}
        if seeds:
            lines.append(f"{claim[0]} against {claim[1]}, seeds {sorted(seeds)}")
            pair = [[piece for piece in pieces if piece["seed"] in seeds] for pieces in (ours, theirs)]
            lines += _figures(*pair)
    return lines


def rounds(folder: Path) -> tuple[list[str], dict[int, list[dict[str, Any]]]]:
    """Each round's live version against the default model."""
    by_round = defaultdict(list)
    for path in sorted(folder.glob("round-*.json")):
        by_round[int(path.stem.split("-")[1])].append(_read(path))
    lines = (
        [
            f"Rounds, model {by_round[0][0]['made_with']['model']}: what is live after each; "
            "difference to the default model with its 95 % interval"
        ]
        if by_round
        else []
    )
    for number, pieces in sorted(by_round.items()):
        decided = ", ".join(piece.get("decision", "the default model") for piece in pieces)
        lines.append(f"round {number}: {decided}")
        start = by_round[0][: len(pieces)]
        lines += _figures(pieces, start)
        lines += [f"    {reason}" for piece in pieces for reason in piece.get("reasons", ())]
        if "stage_seconds" in pieces[0]:
            spent = ", ".join(f"{name} {value}" for name, value in pieces[0]["stage_seconds"].items())
            lines.append(f"    seconds: {spent}")
    return lines, by_round


def write(folder: Path) -> None:
    """Print the tables, and keep them and the plot beside the benchmark."""
    told, by_round = rounds(folder)
    lines = [*arms(folder), *told]
    for piece, path in (
        (p, q) for q in sorted(folder.glob("spoiled-*.json")) for p in [json.loads(q.read_text())]
    ):
        lines += [
            f"{path.stem}, model {piece['made_with']['model']}: {piece['decision']}",
            *(f"    {reason}" for reason in piece["reasons"]),
        ]
    for piece in [json.loads(path.read_text()) for path in sorted(folder.glob("speed*.json"))]:
        lines.append(f"GRPO on {piece['made_with'].get('device', 'cpu')}")
        lines += [
            f"    {name}: {rate['steps_per_second']:.3f} steps/s" for name, rate in piece["rates"].items()
        ]
        lines.append(f"    ratio by processor time: {piece['ratio']}")
    print("\n".join(lines))
    TEXT.write_text("\n".join(lines) + "\n", "utf-8")
    if by_round:
        plot(by_round)


def plot(by_round: dict[int, list[dict[str, Any]]]) -> None:
    """Edits, errors and radcliq_lite over the rounds, a line for each seed."""
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(1, 3, figsize=(10, 3), constrained_layout=True)
    for axis, name in zip(axes, ("edits", "errors", "radcliq_lite"), strict=True):
        for seed in range(len(by_round[0])):
            shown = [
                (number, pieces[seed]) for number, pieces in sorted(by_round.items()) if seed < len(pieces)
            ]
            axis.plot([n for n, _ in shown], [np.mean(p["held_out"][name]) for _, p in shown], marker="o")
        axis.set_title(
            {"edits": "words to edit", "errors": "significant errors by rules"}.get(name, name), fontsize=10
        )
        axis.set_xlabel("round")
        axis.set_xticks(sorted(by_round))
    figure.savefig(PLOT)
