"""``python -m lmrrg report``: one JSON object per input and nothing else; one bad input does not stop the rest."""

import json
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from pydicom.uid import JPEGLosslessSV1

from benchmarks.imaging.sample_files import RAMP, RAMP_LOSSLESS_JPEG, dicom, wrapped
from lmrrg.__main__ import main
from lmrrg.profiles.chest.findings import FINDINGS
from lmrrg.profiles.chest.regions import REGIONS
from lmrrg.reporters import command
from tests.examination_files import pair
from tests.lmrrg.reporters.ten_lines import TenLines


@pytest.fixture
def radiograph(tmp_path: Path) -> Path:
    path = tmp_path / "chest.png"
    Image.fromarray((np.random.default_rng(0).random((70, 50)) * 255).astype(np.uint8)).save(path)
    return path


@pytest.fixture
def text_file(tmp_path: Path) -> Path:
    path = tmp_path / "letter.dcm"
    path.write_text("Dear colleague,")
    return path


def test_one_object_per_image(
    radiograph: Path, tiny_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["report", str(radiograph), str(radiograph), "--json", "--model", str(tiny_folder)]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert len(lines) == 2
    assert [r["name"] for r in lines[0]["regions"]] == list(REGIONS)
    assert list(lines[0]["findings"]) == list(FINDINGS)
    assert lines[0]["images"] == [str(radiograph)]
    assert lines[0]["model"]["demonstration"] is True
    assert set(lines[0]["timing_ms"]) == {"decode", "encode", "first_sentence", "total"}
    assert set(lines[0]["sentences"][0]) == {"text", "confidence", "regions", "flag"}


def test_files_of_one_examination_are_one_study(
    radiograph: Path, tmp_path: Path, tiny_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    frontal, lateral = pair(study="2")
    other_day = pair(study="2", on=date(2025, 5, 12), seed=6)[0]
    for name, content in (("f.dcm", frontal), ("l.dcm", lateral), ("o.dcm", other_day)):
        (tmp_path / name).write_bytes(content)
    given = [str(tmp_path / "f.dcm"), str(radiograph), str(tmp_path / "o.dcm"), str(tmp_path / "l.dcm")]
    maps = ["--maps", str(tmp_path / "maps")]
    assert main(["report", *given, "--json", "--model", str(tiny_folder), *maps]) == 0
    out, err = capsys.readouterr()
    told = [json.loads(line) for line in out.splitlines()]
    assert [one["images"] for one in told] == [[given[0], given[3]], [given[1]], [given[2]]]
    assert "one_of_several" in [notice["code"] for notice in told[0]["notices"]]
    assert Path(told[0]["sentences"][0]["map"]).name.startswith("001-f-1-sentence-01")
    assert err == (
        f"{given[2]}: names the same examination as {given[0]}, but another day; "
        "it is taken as a study of its own.\n"
    )


def test_a_bad_file_among_good_ones(
    radiograph: Path, text_file: Path, tiny_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["report", str(text_file), str(radiograph), "--json", "--model", str(tiny_folder)]) == 1
    refused, drafted = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert set(refused) == {"image", "error"}
    assert refused["image"] == str(text_file)
    assert "sentences" in drafted


def test_a_file_that_kills_its_decoder_is_refused_too(
    radiograph: Path, tiny_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    scan = RAMP_LOSSLESS_JPEG.index(b"\xff\xda")
    # Bytes that belong nowhere: GDCM throws where no one catches.
    frame = RAMP_LOSSLESS_JPEG[:scan] + bytes(23) + RAMP_LOSSLESS_JPEG[scan:]
    deadly = tmp_path / "deadly.dcm"
    deadly.write_bytes(wrapped(dicom(RAMP), frame, JPEGLosslessSV1))
    assert main(["report", str(deadly), str(radiograph), "--json", "--model", str(tiny_folder)]) == 1
    refused, drafted = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert "could not be decoded" in refused["error"]
    assert "sentences" in drafted


def test_a_missing_file_is_refused_in_words(
    tiny_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["report", str(tmp_path / "none.png"), "--json", "--model", str(tiny_folder)]) == 1
    assert "error" in json.loads(capsys.readouterr().out)


def test_plain_output_says_what_the_model_is(
    radiograph: Path, tiny_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["report", str(radiograph), "--model", str(tiny_folder)]) == 0
    assert "Not for clinical use" in capsys.readouterr().out


def test_maps_are_written_and_named_in_the_json(
    radiograph: Path, tiny_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    maps = tmp_path / "new" / "maps"
    arguments = ["report", str(radiograph), str(radiograph), "--json", "--model", str(tiny_folder)]
    assert main([*arguments, "--maps", str(maps), "--gradcam"]) == 0
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    names = [entry["map"] for one in told for entry in (*one["regions"], *one["sentences"])]
    names += [sentence["gradcam"] for one in told for sentence in one["sentences"]]
    assert len(set(names)) == len(names)
    assert {Path(name) for name in names} == set(maps.iterdir())
    for name in names:
        with Image.open(name) as image:
            assert (image.size, image.mode) == ((50, 70), "L")


def test_without_gradcam_only_the_maps(
    radiograph: Path, tiny_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["report", str(radiograph), "--json", "--model", str(tiny_folder)]
    assert main([*arguments, "--maps", str(tmp_path / "maps")]) == 0
    told = json.loads(capsys.readouterr().out)
    assert set(told["sentences"][0]) == {"text", "confidence", "regions", "flag", "map"}


def test_a_folder_that_cannot_be_written_to_is_told_in_words(
    radiograph: Path, tiny_folder: Path, text_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["report", str(radiograph), "--model", str(tiny_folder), "--maps", str(text_file)]) == 1
    assert "Choose a folder that you may write to" in capsys.readouterr().err


def test_gradcam_needs_a_folder(radiograph: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["report", str(radiograph), "--gradcam"])
    assert ended.value.code == 2
    assert "--maps DIR" in capsys.readouterr().err


def test_a_reporter_that_tells_nothing_but_words_is_printed(
    radiograph: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(command, "load_reporter", lambda *_, **__: TenLines())
    assert main(["report", str(radiograph), "--maps", str(tmp_path / "maps")]) == 0
    assert "There is a small left pleural effusion." in capsys.readouterr().out
    assert main(["report", str(radiograph), "--json", "--maps", str(tmp_path / "maps")]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["sentences"][1] == {
        "text": "The heart is normal.",
        "confidence": None,
        "regions": [],
        "flag": None,
    }
    assert (told["regions"], told["findings"], set(told["timing_ms"])) == ([], {}, {"decode"})
    assert list((tmp_path / "maps").iterdir()) == []
    assert main(["report", str(radiograph), "--maps", str(tmp_path / "maps"), "--gradcam"]) == 1
    assert "without --gradcam" in capsys.readouterr().err


def test_a_text_is_shown_with_what_it_names_instead_of_a_draft(
    radiograph: Path, tiny_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = tmp_path / "mine.txt"
    text.write_text("The heart is normal. No acute abnormality.")
    arguments = ["report", str(radiograph), "--json", "--model", str(tiny_folder), "--text", str(text)]
    assert main([*arguments, "--maps", str(tmp_path / "maps")]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [one["text"] for one in told["sentences"]] == ["The heart is normal.", "No acute abnormality."]
    assert told["model"]["name"] == "mine.txt"
    assert "map" not in told["sentences"][1]
    assert len(told["regions"]) == 29
    assert main([*arguments[:-1], str(tmp_path / "none.txt")]) == 1
    assert "cannot be read" in capsys.readouterr().err
