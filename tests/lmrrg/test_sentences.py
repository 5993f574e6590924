"""Where sentences end."""

import pytest

from lmrrg.sentences import spans, split


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("  ", []),
        ("The lungs are clear", ["The lungs are clear"]),
        ("Clear lungs. No effusion.", ["Clear lungs.", "No effusion."]),
        ("A 2.5 cm nodule. Stable.", ["A 2.5 cm nodule.", "Stable."]),  # a decimal point ends nothing
        ("1. No effusion. 2. Clear.", ["1. No effusion.", "2. Clear."]),  # nor does a list number
        ("Lungs: clear.\nHeart: normal.", ["Lungs: clear.", "Heart: normal."]),
    ],
)
def test_split(text: str, expected: list[str]) -> None:
    assert split(text) == expected


def test_spans_point_into_the_text() -> None:
    text = " Clear lungs.  No effusion. "
    assert [text[a:b] for a, b in spans(text)] == ["Clear lungs.", "No effusion."]
