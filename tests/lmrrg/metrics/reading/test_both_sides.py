"""What is said of the other side in short."""

import pytest

from lmrrg.metrics.lite.labels import mentions


@pytest.mark.parametrize(
    ("sentence", "right", "left"),
    [
        ("Effusion on the right, none on the left.", ("positive", None), ("negative", None)),
        (
            "Moderate effusion on the left, trace on the right.",
            ("positive", "trace"),
            ("positive", "moderate"),
        ),
    ],
)
def test_each_side_has_its_own_statement(
    sentence: str, right: tuple[str, str | None], left: tuple[str, str | None]
) -> None:
    said = {one.laterality: (one.label, one.severity) for one in mentions(sentence)}
    assert said == {"right": right, "left": left}
