"""The walls of the house: imports go one way, and no files import each other in a circle."""

import ast
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from subprocess import run

import pytest

from lmrrg import profiles

ROOT = Path(__file__).resolve().parent.parent
MAY_IMPORT = {
    "lmrrg": set(),
    "feedback_db": set(),
    "interop": {"lmrrg", "feedback_db"},
    "train": {"lmrrg", "feedback_db"},
    "ui": {"interop", "lmrrg", "feedback_db"},
    "app.py": {"ui", "interop", "lmrrg", "feedback_db"},
}
ROOMS = set(MAY_IMPORT) - {"app.py"}
# library → the places that may know it (path prefixes)
ONLY_IN = {
    "gradio": ("ui/", "app.py"),
    "sqlalchemy": ("feedback_db/",),
    "trl": ("train/",),
    "ray": ("train/",),
    "pydicom": ("lmrrg/imaging/", "interop/"),
}
NEVER_IN = {"feedback_db/": {"torch", "gradio", "transformers"}, "lmrrg/": {"gradio", "sqlalchemy", "trl"}}
MOST_FILES = 15


def tracked(*patterns: str) -> list[Path]:
    """The project's files, relative to its root; without git, whatever lies there."""
    listed = run(["git", "ls-files", "-z", *patterns], cwd=ROOT, capture_output=True, text=True, check=False)
    names = listed.stdout.split("\0") if listed.returncode == 0 else []
    return [Path(name) for name in names if name and (ROOT / name).exists()]


FILES = [path for path in tracked("*.py") if path.parts[0] in MAY_IMPORT]
MODULES = {".".join(path.with_suffix("").parts).removesuffix(".__init__"): path for path in FILES}


def imported(path: Path) -> set[str]:
    """Full names of what a file imports, at its top and inside of functions."""
    names: set[str] = set()
    for node in ast.walk(ast.parse((ROOT / path).read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            whole = (f"{node.module}.{alias.name}" for alias in node.names)
            names.update(name if name in MODULES else node.module for name in whole)
    return names


@pytest.mark.parametrize("path", FILES, ids=str)
def test_no_wall_is_broken(path: Path) -> None:
    packages = {name.split(".")[0] for name in imported(path)}
    room = path.parts[0]
    assert packages & ROOMS <= MAY_IMPORT[room] | {room}
    for library, places in ONLY_IN.items():
        assert library not in packages or path.as_posix().startswith(places)
    for place, libraries in NEVER_IN.items():
        assert not path.as_posix().startswith(place) or not packages & libraries


def test_training_knows_our_own_model_behind_its_policy_alone() -> None:
    """``build_default`` makes that very model."""
    may = ("train/policy/", "train/build_default/")
    stages = [path for path in FILES if path.parts[0] == "train" and not path.as_posix().startswith(may)]
    assert stages
    knowing = {path for path in stages for name in imported(path) if f"{name}.".startswith("lmrrg.model.")}
    assert knowing == set()


def test_a_migration_says_what_it_did_on_its_day_whatever_the_program_does_now() -> None:
    """Only how a moment is kept, the audit's chain and the newest schema are shared with it."""
    of_migrations = {
        name: path for name, path in MODULES.items() if name.startswith("feedback_db.migrations")
    }
    assert of_migrations
    known = {one for path in of_migrations.values() for one in imported(path)} - set(of_migrations)
    ours = {one for one in known if one.split(".")[0] in ROOMS}
    assert ours <= {"feedback_db.models", "feedback_db.models.base", "feedback_db.people.audit_seal"}


KINDS = tuple(f"lmrrg.profiles.{name}" for name in profiles.names())


@pytest.mark.parametrize("path", FILES, ids=str)
def test_no_room_knows_a_kind_of_examination_by_name(path: Path) -> None:
    """Regions, findings and phantoms come from the profile at hand, whichever it is; so does what is imported late."""
    if path.is_relative_to("lmrrg/profiles"):
        return
    assert [name for name in imported(path) if name.startswith(KINDS)] == []
    assert [kind for kind in KINDS if kind in (ROOT / path).read_text("utf-8")] == []


def test_no_files_import_each_other() -> None:
    """Wherever the import is: one inside a function makes a circle too."""
    order = TopologicalSorter(
        {name: imported(path) & set(MODULES) - {name} for name, path in MODULES.items()}
    )
    try:
        order.prepare()
    except CycleError as circle:
        raise AssertionError(" → ".join(circle.args[1])) from None


def test_no_folder_is_a_hall() -> None:
    """Where more files stand in one folder, their names stop telling. Data that a script keeps is no hall."""
    crowded: dict[str, int] = {}
    for path in tracked():
        if path.suffix not in {".json", ".png", ".safetensors"} or path.parts[0] != "benchmarks":
            crowded[str(path.parent)] = crowded.get(str(path.parent), 0) + 1
    assert {folder: count for folder, count in crowded.items() if count > MOST_FILES and folder != "."} == {}


def test_the_front_door_stays_small() -> None:
    assert len((ROOT / "app.py").read_text("utf-8").splitlines()) < 80
