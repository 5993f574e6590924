"""Every module can be the first that a process imports, whatever torchvision this build of torch has beside it."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def run(program: str) -> str:
    words = [sys.executable, "-W", "error::ImportWarning", "-c", program]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize(
    "module",
    [
        "train.stages.grpo",
        "train.stages.samples",
        "lmrrg.grounding.grad_cam",
        "lmrrg.metrics.published.rate_models",
    ],
)
def test_a_module_can_be_imported_alone(module: str) -> None:
    run(f"import {module}")


def test_torchvision_itself_can_be_imported_after_any_room() -> None:
    assert run("import train, torchvision; print(torchvision.__name__)") == "torchvision\n"


def test_the_rooms_cost_no_torch() -> None:
    assert run("import sys, lmrrg, train; print('torch' in sys.modules)") == "False\n"
