"""``python -m lmrrg phantom`` writes files and JSON lines, and nothing else."""

import argparse
import json
from pathlib import Path

import cv2
import numpy as np
import pytest
from pydicom import dcmread

from lmrrg.imaging import open_radiograph
from lmrrg.profiles.chest.phantom import Abnormality, Device, Truth, command, draw, truth_of


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


def test_a_dicom_file_opens_to_the_same_pixels(tmp_path: Path) -> None:
    assert call("--seed", "7", "--size", "96", "--format", "dicom", "--out", str(tmp_path)) == 0
    assert json.loads((tmp_path / "A-000007.json").read_text())["image"] == "A-000007.dcm"
    drawn, opened = draw(7, size=96, site="A").as_radiograph(), open_radiograph(tmp_path / "A-000007.dcm")
    assert np.array_equal(opened.pixels, drawn.pixels)
    assert (opened.bits, opened.view, opened.window) == (12, drawn.view, drawn.window)
    assert (opened.kind, opened.notices) == ("DX", ())


def test_a_dicom_file_says_that_nobody_was_examined(tmp_path: Path) -> None:
    call("--seed", "7", "--size", "64", "--format", "dicom", "--out", str(tmp_path))
    header = dcmread(tmp_path / "A-000007.dcm")
    assert str(header.PatientName) == "PHANTOM^phantom-A-7"
    assert "no patient was examined" in header.SeriesDescription
    assert (header.QualityControlImage, header.BitsStored) == ("YES", 12)


def test_the_earlier_study_is_written_where_there_is_one(tmp_path: Path) -> None:
    seed = next(seed for seed in range(50) if truth_of(seed, site="D").prior)
    words = ("--seed", str(seed), "--site", "D", "--size", "64", "--format", "dicom", "--out", str(tmp_path))
    call(*words)
    assert len(list(tmp_path.iterdir())) == 2
    call(*words, "--with-prior")
    now, then = (json.loads((tmp_path / f"D-{seed:06d}{end}.json").read_text()) for end in ("", "-prior"))
    assert now["prior"]["abnormalities"] == then["abnormalities"]
    assert (now["patient"], now["visit"]) == (then["patient"], 0)
    assert (then["visit"], then["prior"]) == (1, None)
    first, second = (dcmread(tmp_path / f"D-{seed:06d}{end}.dcm") for end in ("-prior", ""))
    assert first.PatientID == second.PatientID
    assert first.StudyDate < second.StudyDate
    assert first.StudyInstanceUID != second.StudyInstanceUID


def test_json_says_how_a_study_differs_from_the_one_before() -> None:
    before = Truth((Abnormality("Pneumothorax", "left", None, "small"), Abnormality("Edema", "bilateral")))
    truth = Truth(
        (Abnormality("Pneumothorax", "left", None, "large"),),
        (Device("endotracheal tube", misplaced=True),),
        "AP",
        "supine",
        before,
    )
    known = command.describe(draw(1, size=64, site="C", truth=truth))
    assert known["abnormalities"][0]["change"] == "larger"
    assert [one["finding"] for one in known["resolved"]] == ["Edema"]
    assert [one["finding"] for one in known["prior"]["abnormalities"]] == ["Pneumothorax", "Edema"]
    assert (known["view"], known["posture"], known["style"]) == ("AP", "supine", "dictated")
    assert known["devices"] == [{"kind": "endotracheal tube", "side": None, "misplaced": True}]
