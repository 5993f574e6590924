"""The docs name everything that the program can be asked for: every command with its options, and every setting."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from docs import write_routes
from feedback_db.__main__ import main as feedback_db
from lmrrg.__main__ import main as lmrrg
from train.__main__ import main as train
from ui.desk.add_command import main as add
from ui.settings import WebSettings

DOCS = Path(__file__).resolve().parent.parent / "docs"
# Only a worker starts these.
NOT_FOR_PEOPLE = {"run-job"}
Command = Callable[[list[str]], int]


def help_of(command: Command, capsys: pytest.CaptureFixture[str], *words: str) -> str:
    with pytest.raises(SystemExit):
        command([*words, "--help"])
    return capsys.readouterr().out


def options(text: str) -> set[str]:
    return set(re.findall(r"(?<!\S)--[a-z][a-z-]*", text)) - {"--help"}


def commands(text: str) -> set[str]:
    """The words of the first column under "positional arguments"; descriptions stand further to the right."""
    listed = text.split("positional arguments:")[1].split("options:")[0]
    return set(re.findall(r"^    ([a-z][a-z-]*)(?: {2,}|$)", listed, flags=re.M))


@pytest.mark.parametrize(
    ("name", "command"), [("lmrrg", lmrrg), ("feedback_db", feedback_db), ("train", train)]
)
def test_every_command_and_option_is_in_the_docs(
    name: str, command: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    written = (DOCS / "commands.md").read_text("utf-8")
    overview = help_of(command, capsys)
    found = commands(overview) - NOT_FOR_PEOPLE
    assert found
    missing = {one for one in found if not re.search(rf"`{one}[ `]", written)}
    asked = options(overview).union(*(options(help_of(command, capsys, one)) for one in sorted(found)))
    missing |= {option for option in asked if f"`{option}`" not in written}
    assert f"`python -m {name}`" in written
    assert missing == set()


def test_every_option_of_adding_is_in_the_docs(capsys: pytest.CaptureFixture[str]) -> None:
    written = (DOCS / "commands.md").read_text("utf-8") + (DOCS / "adding-studies.md").read_text("utf-8")
    assert {option for option in options(help_of(add, capsys)) if option not in written} == set()


def test_every_setting_is_in_the_docs() -> None:
    written = (DOCS / "settings.md").read_text("utf-8")
    assert {name for name in WebSettings.model_fields if f"`LMRRG_{name.upper()}`" not in written} == set()


def test_no_default_in_the_docs_is_an_old_one() -> None:
    """Where the table gives a plain default, it is the program's own."""
    rows = re.findall(
        r"^\| `LMRRG_(\w+)` \| `([^`]+)` \|", (DOCS / "settings.md").read_text("utf-8"), flags=re.M
    )
    fields = WebSettings.model_fields
    own = {name: str(fields[name.lower()].default).removesuffix(".0").lower() for name, _ in rows}
    assert own == {name: said.lower() for name, said in rows}


def test_the_list_of_routes_is_what_the_code_has() -> None:
    """``python -m docs.write_routes`` writes it anew; a route says in its docstring what it does."""
    written = (DOCS / "routes.md").read_text("utf-8")
    assert written == "\n".join(write_routes.lines())
    assert "|  |" not in written
