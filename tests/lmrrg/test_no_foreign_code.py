"""A model's folder brings no code of its own: what it names is neither asked about nor run."""

import ast
import json
import shutil
from pathlib import Path

import pytest

from lmrrg.errors import ModelError, ScoringError
from lmrrg.metrics.published.weights import load_encoder
from lmrrg.reporters.native import NativeReporter
from train.policy import by_model_type

ROOT = Path(__file__).resolve().parent.parent.parent
NAMED = {
    "AutoConfig": "evil.Evil",
    "AutoModel": "evil.Evil",
    "AutoModelForImageTextToText": "evil.Evil",
    "AutoProcessor": "evil.Evil",
    "AutoImageProcessor": "evil.Evil",
    "AutoTokenizer": ["evil.Evil", "evil.Evil"],
}


@pytest.fixture
def marker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file that foreign code would make; nothing may ask meanwhile whether it may run."""
    monkeypatch.setattr("builtins.input", lambda question="": pytest.fail(f"asked: {question}"))
    return tmp_path / "was_run"


@pytest.fixture
def tampered(tiny_folder: Path, tmp_path: Path, marker: Path) -> Path:
    """A model's folder whose tokenizer is of a class that only the folder's own module has."""
    folder = tmp_path / "model"
    shutil.copytree(tiny_folder, folder)
    (folder / "evil.py").write_text(f"open({str(marker)!r}, 'w')\nclass Evil: ...\n")
    change(folder / "tokenizer_config.json", auto_map=NAMED, tokenizer_class="Evil")
    return folder


def change(path: Path, **entries: object) -> None:
    path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | entries), "utf-8")


def test_a_tokenizer_s_code_is_refused_by_the_reporter(tampered: Path, marker: Path) -> None:
    with pytest.raises(ModelError, match="custom code"):
        NativeReporter(tampered)
    assert not marker.exists()


def test_a_tokenizer_s_code_is_refused_by_the_training(tampered: Path, marker: Path) -> None:
    with pytest.raises(ValueError, match="custom code"):
        by_model_type.load(tampered)
    assert not marker.exists()


def test_a_tokenizer_s_code_is_refused_by_a_scorer(tampered: Path, marker: Path) -> None:
    tampered.rename(tampered.parent / "bertscore")
    with pytest.raises(ScoringError, match="custom code"):
        load_encoder(tampered.parent, "bertscore")
    assert not marker.exists()


@pytest.mark.parametrize("name", ["config.json", "processor_config.json", "tokenizer_config.json"])
def test_code_in_place_of_a_class_that_is_known_is_passed_over(
    name: str, tiny_folder: Path, tampered: Path, marker: Path
) -> None:
    shutil.copy(tiny_folder / "tokenizer_config.json", tampered)
    change(tampered / name, auto_map=NAMED)
    NativeReporter(tampered)
    assert not marker.exists()


def test_a_way_of_generating_is_not_taken_from_the_folder(
    tiny_folder: Path, tampered: Path, marker: Path
) -> None:
    shutil.copy(tiny_folder / "tokenizer_config.json", tampered)
    (tampered / "custom_generate").mkdir()
    (tampered / "evil.py").rename(tampered / "custom_generate" / "generate.py")
    NativeReporter(tampered)
    assert not marker.exists()


def calls_that_load(path: Path) -> list[ast.Call]:
    calls = [node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call)]
    return [
        call
        for call in calls
        if isinstance(call.func, ast.Attribute)
        and call.func.attr in ("from_pretrained", "from_config")
        and ast.unparse(call.func.value)
        != "PeftModel"  # an adapter's weights over a model that is here already
    ]


def test_every_call_that_loads_says_so() -> None:
    paths = [path for room in ("lmrrg", "train") for path in (ROOT / room).rglob("*.py")]
    calls = {
        f"{path.name}:{call.lineno}": ast.unparse(call) for path in paths for call in calls_that_load(path)
    }
    assert len(calls) > 10
    assert [where for where, call in calls.items() if "trust_remote_code=False" not in call] == []
