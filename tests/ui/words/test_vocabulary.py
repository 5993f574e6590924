"""The names that the pages' scripts spell are those of the server."""

import re
from pathlib import Path

from lmrrg.metrics.categories import ERROR_CATEGORIES
from lmrrg.notices import WORDINGS
from lmrrg.profiles import DEFAULT_PROFILE
from lmrrg.profiles.chest.findings import FINDINGS

SCRIPT = (Path(__file__).resolve().parents[3] / "ui/words/vocabulary.js").read_text("utf-8")


def names_in_script(constant: str) -> tuple[str, ...]:
    body = re.search(rf"export const {constant} = \[(.*?)\];", SCRIPT, re.DOTALL)
    assert body is not None
    return tuple(re.findall(r'"([^"]+)"', body.group(1)))


def test_the_script_spells_the_categories_of_error_as_the_server_does() -> None:
    assert names_in_script("ERROR_CATEGORIES") == ERROR_CATEGORIES


def test_the_script_s_codes_of_an_image_s_sides_are_the_server_s() -> None:
    assert set(names_in_script("SIDES")) == {
        code
        for code, wording in WORDINGS.items()
        if re.search("mirrored|turned|upside down|on its side", wording.sentence)
    }


def test_every_finding_but_none_can_be_stated() -> None:
    assert tuple(DEFAULT_PROFILE.statements) == FINDINGS[1:]
