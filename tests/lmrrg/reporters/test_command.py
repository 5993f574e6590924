"""``python -m lmrrg report``: one JSON object per input and nothing else; one bad input does not stop the rest."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from lmrrg.__main__ import main
from lmrrg.anatomy import REGIONS
from lmrrg.findings import FINDINGS


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
    assert lines[0]["image"] == str(radiograph)
    assert lines[0]["model"]["demonstration"] is True
    assert set(lines[0]["timing_ms"]) == {"decode", "encode", "first_sentence", "total"}
    assert set(lines[0]["sentences"][0]) == {"text", "confidence", "regions", "flag"}


def test_a_bad_file_among_good_ones(
    radiograph: Path, text_file: Path, tiny_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["report", str(text_file), str(radiograph), "--json", "--model", str(tiny_folder)]) == 1
    refused, drafted = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert set(refused) == {"image", "error"}
    assert refused["image"] == str(text_file)
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
