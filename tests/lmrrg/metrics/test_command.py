"""``python -m lmrrg score`` and ``label`` from file to printed line."""

import argparse
import json
from pathlib import Path

import pytest

from lmrrg.metrics.command import add_label_parser, add_score_parser
from lmrrg.metrics.lite.coverage import Coverage
from lmrrg.metrics.report_files import read_reports
from lmrrg.profiles.chest.findings import FINDINGS


def run(*arguments: str) -> int:
    parser = argparse.ArgumentParser()
    commands = parser.add_subparsers(required=True)
    add_score_parser(commands)
    add_label_parser(commands)
    args = parser.parse_args(arguments)
    return int(args.run(args))


def lines(path: Path, *rows: dict[str, str]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return path


def test_score_pairs_by_id_in_the_candidates_order(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    references = lines(
        tmp_path / "r.jsonl",
        {"id": "a", "report": "Small left effusion."},
        {"id": "b", "report": "Mild edema."},
    )
    candidates = lines(
        tmp_path / "c.jsonl",
        {"id": "b", "report": "Clear lungs."},
        {"id": "a", "report": "Small left effusion."},
    )
    assert run("score", "--candidates", str(candidates), "--references", str(references), "--json") == 0
    printed = json.loads(capsys.readouterr().out)
    lite = printed["metrics"]["radcliq_lite"]
    assert printed["n"] == 2
    assert (lite["kind"], lite["direction"]) == ("embedded", "lower")
    assert lite["per_report"][1] == pytest.approx(-1.4406902828)
    assert lite["per_report"][0] > lite["per_report"][1]
    assert lite["mean"] == pytest.approx(sum(lite["per_report"]) / 2)
    assert lite["ci95"][0] <= lite["mean"] <= lite["ci95"][1]
    assert {"bleu2", "rouge_l"} <= set(printed["metrics"])


def test_score_reads_csv_and_plain_lines(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "r.csv").write_text('id,report\n1,"No effusion,\nno pneumothorax."\n', "utf-8")
    (tmp_path / "c.txt").write_text("No pneumothorax. No effusion.\n", "utf-8")
    assert (
        run(
            "score",
            "--candidates",
            str(tmp_path / "c.txt"),
            "--references",
            str(tmp_path / "r.csv"),
            "--json",
        )
        == 0
    )
    assert json.loads(capsys.readouterr().out)["metrics"]["radgraph_lite"]["mean"] == 1.0


@pytest.mark.parametrize("name", ["r.jsonl", "r.txt"])
def test_a_report_may_hold_any_separator_of_lines(name: str, tmp_path: Path) -> None:
    report = "Mild edema.\u2028No effusion.\u0085Normal heart."
    line = f'{{"id": "a", "report": "{report}"}}' if name == "r.jsonl" else report
    (tmp_path / name).write_text(line + "\n", "utf-8")
    assert [one.report for one in read_reports(tmp_path / name)] == [report]


def test_the_table_prints_baselines_and_no_leaderboard_s_columns(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "r.txt"
    path.write_text("Mild edema.\nLeft effusion.\nNormal chest.\n", "utf-8")
    options = ("--training", str(path), "--priors", str(path))
    assert run("score", "--candidates", str(path), "--references", str(path), *options) == 0
    printed = capsys.readouterr().out
    for words in (
        "one normal report",
        "random other report",
        "prior report copied",
        "nearest training report",
    ):
        assert words in printed
    assert "radcliq_lite" in printed
    for published in ("ReXrank", "BertScore", "SembScore", "RadCliQ-v1", "RaTEScore", "GREEN"):
        assert published not in printed


def test_a_candidate_without_reference_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    references = lines(tmp_path / "r.jsonl", {"id": "a", "report": "x"})
    candidates = lines(tmp_path / "c.jsonl", {"id": "z9", "report": "x"})
    assert run("score", "--candidates", str(candidates), "--references", str(references), "--json") == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "z9" in captured.err


def test_label_prints_all_findings_and_the_mentions(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report = "Moderate left pleural effusion. No pneumothorax."
    assert run("label", str(lines(tmp_path / "r.jsonl", {"id": "a", "report": report})), "--json") == 0
    printed = json.loads(capsys.readouterr().out)
    assert list(printed["labels"]) == list(FINDINGS)
    assert printed["labels"]["Pleural Effusion"] == "positive"
    assert printed["labels"]["Pneumothorax"] == "negative"
    assert printed["labels"]["Edema"] is None
    first = printed["mentions"][0]
    assert report[slice(*first["span"])] == "pleural effusion"
    assert (first["laterality"], first["severity"], first["region"]) == (
        "left",
        "moderate",
        "left costophrenic angle",
    )


def test_label_names_what_was_not_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report = "No effusion. The blorf is grivous."
    file = str(lines(tmp_path / "r.jsonl", {"id": "a", "report": report}))
    assert run("label", file, "--json") == 0
    assert json.loads(capsys.readouterr().out)["not_read"] == [
        {"text": "The blorf is grivous.", "span": [13, 34]}
    ]
    assert run("label", file) == 0
    assert capsys.readouterr().out == (
        "a\n    Pleural Effusion: negative\n    not read: The blorf is grivous.\n"
        "\nread: 50.0% of sentences, 0.0% of reports whole\n"
    )


def test_score_tells_how_much_was_read_beside_its_rates(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    references = lines(tmp_path / "r.jsonl", {"id": "a", "report": "No effusion. The blorf is grivous."})
    candidates = lines(tmp_path / "c.jsonl", {"id": "a", "report": "No effusion."})
    files = ("--candidates", str(candidates), "--references", str(references))
    assert run("score", *files, "--json") == 0
    assert json.loads(capsys.readouterr().out)["read_by_rules"] == {
        "candidates": {"sentences": 1.0, "reports": 1.0},
        "references": {"sentences": 0.5, "reports": 0.0},
    }
    assert run("score", *files) == 0
    printed = capsys.readouterr().out
    assert "label F1 (rules): " in printed
    assert "by rules, candidates read: 100.0% of sentences, 100.0% of reports whole\n" in printed
    assert "by rules, references read: 50.0% of sentences, 0.0% of reports whole\n" in printed


def test_a_share_is_whole_only_where_nothing_is_missing() -> None:
    assert str(Coverage(0.9999, 1.0)) == "read: 99.9% of sentences, 100.0% of reports whole"
