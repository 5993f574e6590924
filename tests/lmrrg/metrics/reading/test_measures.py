"""Lengths, whatever their unit."""

import pytest

from lmrrg.metrics.lite.labels import observations


@pytest.mark.parametrize(
    ("sentence", "millimetres"),
    [
        ("5 mm nodule.", (5.0,)),
        ("A 5-mm nodule.", (5.0,)),
        ("Nodule measuring 1.5 cm.", (15.0,)),
        ("Nodule of 2 x 3 cm.", (20.0, 30.0)),
        ("Nodule of .5 cm.", (5.0,)),
        ("Nodule at T8.", ()),
        ("Two nodules.", ()),
    ],
)
def test_a_length_in_millimetres(sentence: str, millimetres: tuple[float, ...]) -> None:
    assert observations(sentence)[0].observation.measures == millimetres


def test_a_length_belongs_to_what_it_stands_beside() -> None:
    nodule, effusion = observations("5 mm nodule, and a small effusion of 2 cm.")
    assert (nodule.observation.measures, effusion.observation.measures) == ((5.0,), (20.0,))
