"""``python -m lmrrg score`` with published scorers and a judge, from files to the printed table."""

import json
import shutil
from pathlib import Path

import pytest

from lmrrg.__main__ import main
from lmrrg.metrics.published.scorers import NEEDS, PublishedScorers
from tests.chat_protocol import answer, serving

SAID = ["No edema.", "Small left pleural effusion."]
MEANT = ["No edema.", "Lungs clear. No pleural effusion."]
NO_ERRORS = {"significant": 0, "insignificant": 0}
KEYS = [
    "false_finding",
    "missed_finding",
    "wrong_location",
    "wrong_severity",
    "false_comparison",
    "missed_comparison",
]


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    for name, reports in (("said", SAID), ("meant", MEANT)):
        (tmp_path / f"{name}.txt").write_text("\n".join(reports) + "\n", "utf-8")
    return ["score", "--candidates", f"{tmp_path}/said.txt", "--references", f"{tmp_path}/meant.txt"]


def test_json_has_every_published_score_of_each_report(
    files: list[str], published_weights: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*files, "--published", str(published_weights), "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)["metrics"]
    for number, row in enumerate(PublishedScorers([published_weights]).scores(SAID, MEANT)):
        assert set(row) == set(NEEDS)
        for name, score in row.items():
            assert printed[name]["kind"] == "reference"
            assert printed[name]["per_report"][number] == pytest.approx(score, abs=1e-6)
    assert printed["radcliq_v1"]["direction"] == "lower"
    assert printed["radcliq_lite"]["kind"] == "embedded"


def test_rexrank_s_columns_are_the_published_scores(
    files: list[str], published_weights: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*files, "--published", str(published_weights)]) == 0
    lines = capsys.readouterr().out.splitlines()
    at = lines.index("ReXrank's columns:")
    heads, cells = lines[at + 1].split(","), lines[at + 2].split(",")
    assert heads == [
        *("BLEU", "BertScore", "SembScore", "RadGraph", "1/RadCliQ-v1", "RaTEScore", "GREEN"),
        "raw mean RadCliQ-v1",
    ]
    scores = PublishedScorers([published_weights]).scores(SAID, MEANT)
    means = {name: sum(row[name] for row in scores) / 2 for name in NEEDS}
    told = dict(zip(heads, cells, strict=True))
    assert told["BertScore"] == f"{means['bertscore']:.3f}"
    assert told["RadGraph"] == f"{means['radgraph_radcliq']:.3f}"
    assert told["1/RadCliQ-v1"] == f"{1 / means['radcliq_v1']:.3f}"
    assert told["raw mean RadCliQ-v1"] == f"{means['radcliq_v1']:.3f}"
    assert told["GREEN"] == "n/a"


def test_a_scorer_without_weights_is_left_out_and_its_folder_named(
    files: list[str], published_weights: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(published_weights / "bertscore", tmp_path / "mine/bertscore")
    assert main([*files, "--published", str(tmp_path / "mine")]) == 0
    printed = capsys.readouterr().out
    assert ",n/a,n/a,n/a,n/a,n/a,n/a\n" in printed
    assert "Without radcliq_v1, radcliq_v0, semb: FOLDER/chexbert should hold CheXbert" in printed


def test_a_folder_without_any_weights_is_refused(
    files: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*files, "--published", str(tmp_path / "none")]) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith(f"There are no published scorer's weights in {tmp_path / 'none'}. FOLDER/")


def test_a_judge_s_counts_stand_in_the_table_and_what_it_left_out_beneath(
    files: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    def reply(asked: dict[str, list[dict[str, str]]], count: int) -> tuple[int, object, dict[str, str]]:
        if "No edema." in json.loads(asked["messages"][-1]["content"])["candidate"]:
            return answer("It is perfect.")
        return answer(json.dumps({key: NO_ERRORS | {"significant": int(key == KEYS[0]) * 2} for key in KEYS}))

    with serving(reply) as server:
        assert main([*files, "--judge", f"server:{server.url}#judge", "--json"]) == 0
        table = json.loads(capsys.readouterr().out)["metrics"]["judged_errors"]
        assert main([*files, "--judge", f"server:{server.url}#judge"]) == 0
        printed = capsys.readouterr().out
    assert table["per_report"] == [None, 2.0]
    assert (table["kind"], table["mean"], table["left_out"]) == ("judged", 2.0, 1)
    (row,) = (line for line in printed.splitlines() if line.startswith("judged_errors"))
    assert row.split() == ["judged_errors", "judged", "lower", "2.000", "[2.000,", "2.000]", "–", "–"]
    assert "1 report could not be judged and is left out of judged_errors:" in printed
    assert "  1 × The answer holds no count of the six categories." in printed


def test_a_judge_that_judged_nothing_has_no_figure(
    files: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with serving(lambda asked, count: answer("It is perfect.")) as server:
        assert main([*files, "--judge", f"server:{server.url}#judge", "--json"]) == 0
    table = json.loads(capsys.readouterr().out)["metrics"]["judged_errors"]
    assert (table["mean"], table["ci95"], table["left_out"]) == (None, [None, None], 2)


def test_a_judge_without_address_is_refused(files: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*files, "--judge", "gpt"]) == 1
    assert "write server:URL#NAME" in capsys.readouterr().err
