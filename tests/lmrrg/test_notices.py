"""What is said about images and drafts: compared by code, kept in one place, and read from earlier releases."""

import ast
from pathlib import Path

import pytest

from lmrrg.notices import WORDINGS, Notice, as_json, from_json, told

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("lmrrg", "train", "ui")
VALUES = {
    "outside_training": {"score": 1.84},
    "cut_off": {"edges": ("upper", "lower")},
    "one_of_several": {"number": 2, "count": 3, "view": "PA"},
    "other_day": {"study": 12},
    "text": {"sentence": "As it stands."},
}
NOTICES = [Notice(code, VALUES.get(code, {})) for code in WORDINGS]


def made_anywhere() -> set[str]:
    """The codes of every ``Notice("code" …)`` in our source."""
    codes = set()
    for path in (path for room in ROOMS for path in (ROOT / room).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", None) == "Notice":
                codes |= {one.value for one in ast.walk(node.args[0]) if isinstance(one, ast.Constant)}
    return codes


def test_every_sentence_is_used_and_every_code_has_one() -> None:
    assert made_anywhere() == set(WORDINGS)


@pytest.mark.parametrize("notice", NOTICES, ids=lambda one: one.code)
def test_what_is_kept_is_read_again(notice: Notice) -> None:
    assert from_json(as_json(notice)) == notice


def test_a_notice_in_plain_types() -> None:
    assert told(Notice("cut_off", {"edges": ("upper", "lower", "left-hand")})) == {
        "code": "cut_off",
        "values": {"edges": ["upper", "lower", "left-hand"]},
        "severity": "caution",
        "sentence": "The lungs seem to reach beyond the image at its upper, lower and left-hand edge: "
        "check that the apices and costophrenic angles are on it.",
    }


def test_a_number_is_said_as_far_as_it_matters() -> None:
    assert "(score 1.8; above 1 is outside)" in Notice("outside_training", {"score": 1.84}).sentence


@pytest.mark.parametrize(
    ("code", "values"),
    [("no_such_code", {}), ("mirrored", {"edges": "upper"}), ("cut_off", {}), ("text", {"words": "Hm."})],
)
def test_no_notice_without_a_sentence_that_takes_its_values(code: str, values: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="notice"):
        Notice(code, values)


@pytest.mark.parametrize("kept", [None, 3, {}, {"code": "mirrored"}, {"code": "no_such_code", "values": {}}])
def test_what_is_no_notice_is_refused(kept: object) -> None:
    with pytest.raises(ValueError, match="notice"):
        from_json(kept)


@pytest.mark.parametrize("notice", NOTICES, ids=lambda one: one.code)
def test_a_sentence_of_an_earlier_release_becomes_its_code(notice: Notice) -> None:
    assert from_json(notice.sentence).code == notice.code


def test_a_sentence_of_an_earlier_release_keeps_its_values() -> None:
    cut = Notice("cut_off", {"edges": ("upper", "lower", "left-hand")})
    assert from_json(cut.sentence) == cut
    assert from_json(Notice("cut_off", {"edges": ("upper",)}).sentence) == Notice(
        "cut_off", {"edges": ("upper",)}
    )
    assert from_json(Notice("outside_training", {"score": 1.84}).sentence).values == {"score": 1.8}
