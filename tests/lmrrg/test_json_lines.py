"""A line of JSON Lines ends at a line feed and nowhere else."""

import json

import pytest

from lmrrg.json_lines import lines_of


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", []),
        ("a", ["a"]),
        ("a\n", ["a"]),
        ("a\n\nb\n", ["a", "", "b"]),
        ("\n", [""]),
    ],
)
def test_lines_end_at_a_line_feed(text: str, lines: list[str]) -> None:
    assert lines_of(text) == lines


@pytest.mark.parametrize(
    "mark", ["\u2028", "\u2029", "\x85", "\x0b", "\x0c", "\x1c", "\x1d", "\x1e"], ids=ascii
)
def test_other_marks_stay_within_their_line(mark: str) -> None:
    rows = [{"report": f"Clear lungs.{mark}Normal heart."}, {"report": "Edema."}]
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    assert [json.loads(line) for line in lines_of(text)] == rows
