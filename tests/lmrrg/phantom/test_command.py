"""``python -m lmrrg phantom`` writes files and JSON lines, and nothing else."""

import argparse
import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from lmrrg.phantom import command, draw


def call(*words: str) -> int:
    parser = argparse.ArgumentParser()
    command.add_parser(parser.add_subparsers())
    return command.run(parser.parse_args(["phantom", *words]))


def test_png_and_json_are_written(tmp_path: Path) -> None:
    assert call("--count", "2", "--seed", "5", "--site", "B", "--size", "128", "--out", str(tmp_path)) == 0
    assert sorted(file.name for file in tmp_path.iterdir()) == [
        "B-000005.json",
        "B-000005.png",
        "B-000006.json",
        "B-000006.png",
    ]
    pixels = cv2.imread(str(tmp_path / "B-000006.png"), cv2.IMREAD_UNCHANGED)
    assert np.array_equal(pixels, draw(6, size=128, site="B").pixels)
    known = json.loads((tmp_path / "B-000006.json").read_text())
    assert (known["seed"], known["size"], len(known["regions"])) == (6, 128, 29)


def test_json_is_one_object_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert call("--count", "3", "--size", "64", "--json") == 0
    lines = capsys.readouterr().out.splitlines()
    assert [json.loads(line)["seed"] for line in lines] == [0, 1, 2]


@pytest.mark.parametrize("words", [["--count", "1"], ["--size", "8", "--json"], ["--count", "-1", "--json"]])
def test_a_senseless_request_is_refused(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert call(*words) == 2
    assert capsys.readouterr().out == ""
