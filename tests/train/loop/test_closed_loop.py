"""The closed loop's readers and tables, without a model."""

import json
from pathlib import Path

import pytest

from benchmarks.loop import closed_loop_table
from benchmarks.loop.closed_loop_arms import SpoiledReader
from benchmarks.loop.simulated_readers import SimulatedReader
from lmrrg.metrics.lite.error_counts import count_errors
from lmrrg.profiles.chest import phantom
from lmrrg.profiles.chest.phantom import STYLES

HONEST = SimulatedReader(STYLES["prose"], seed=1)


def test_a_spoiled_reader_mirrors_every_side() -> None:
    study = next(
        drawn
        for drawn in (phantom.draw(seed, size=64) for seed in range(200))
        if any(one.side in ("left", "right") for one in drawn.truth.abnormalities)
    )
    honest, mirrored = HONEST.read(study, ""), SpoiledReader(HONEST, "mirrors-sides").read(study, "")
    assert count_errors(mirrored, honest).significant["wrong location"] >= 1
    assert SpoiledReader(HONEST, "deletes-findings").read(study, "").startswith("The lungs are clear.")
    nonsense = SpoiledReader(HONEST, "nonsense").read(study, "One two three four five")
    assert sorted(nonsense.rstrip(".").split()) == ["One", "five", "four", "three", "two"]


def piece(arm: str, edits: list[int]) -> dict[str, object]:
    counted = {name: [float(edit) for edit in edits] for name in ("radcliq_lite", "errors")}
    figures = {**counted, "label_f1": [[1, 0, 0]] * len(edits), "edits": edits, "signed_unchanged": edits}
    made = {
        "readings": 8,
        "style": "prose",
        "site": "C",
        "held_out": len(edits),
        "model": "ab",
        "device": "cpu",
    }
    one = {"arm": arm, "seed": 0, "learn_seconds": 1.0, "made_with": made}
    return {**one, "held_out": figures, "base": figures}


def test_the_table_pairs_arms_study_by_study(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(closed_loop_table, "TEXT", tmp_path / "table.txt")
    for arm, edits in (("nothing", [9, 5]), ("sft_longer", [8, 4]), ("sft_grpo_both", [6, 2])):
        (tmp_path / f"arm-{arm}-seed0.json").write_text(json.dumps(piece(arm, edits)))
    closed_loop_table.write(tmp_path)
    lines = capsys.readouterr().out.splitlines()
    # Two words less on either study than with longer fine-tuning: the interval has no width.
    start = lines.index("sft_grpo_both against sft_longer, seeds [0]")
    assert lines[start + 4].split() == ["edits", "4.000", "(-2.000,", "-2.000", "…", "-2.000)"]
    assert (tmp_path / "table.txt").read_text("utf-8").splitlines() == lines
