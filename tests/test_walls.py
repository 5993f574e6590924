"""Imports go one way between the rooms; this reads every file and fails where a wall is broken."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("lmrrg", "feedback_db", "train", "ui")
MAY_IMPORT = {
    "lmrrg": set(),
    "feedback_db": set(),
    "train": {"lmrrg", "feedback_db"},
    "ui": {"lmrrg", "feedback_db"},
    "app.py": {"ui", "lmrrg", "feedback_db"},
}
# library → the places that may know it (a path prefix)
ONLY_IN = {
    "gradio": ("ui/", "app.py"),
    "sqlalchemy": ("feedback_db/",),
    "trl": ("train/",),
    "pydicom": ("lmrrg/imaging/",),
}
NEVER_IN = {"feedback_db/": {"torch", "gradio", "transformers"}, "lmrrg/": {"gradio", "sqlalchemy", "trl"}}


def imported_packages(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names.update(alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            names.add(node.module.split(".")[0])
    return names


PATHS = [path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py"))]
FILES = [path.relative_to(ROOT) for path in (*PATHS, ROOT / "app.py")]


@pytest.mark.parametrize("path", FILES, ids=str)
def test_no_wall_is_broken(path: Path) -> None:
    imported = imported_packages(ROOT / path)
    room = path.parts[0]
    assert imported & set(ROOMS) <= MAY_IMPORT[room] | {room}
    for library, places in ONLY_IN.items():
        assert library not in imported or path.as_posix().startswith(places)
    for place, libraries in NEVER_IN.items():
        assert not path.as_posix().startswith(place) or not imported & libraries


def test_the_front_door_stays_small() -> None:
    assert len((ROOT / "app.py").read_text("utf-8").splitlines()) < 80
