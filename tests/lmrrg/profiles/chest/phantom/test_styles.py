"""A style can be asked for in a few words, and the held-out wording is in no style that training draws."""

import numpy as np
import pytest

from lmrrg.profiles.chest.phantom import STYLES, TRAINING_STYLES, Style, random_style
from lmrrg.profiles.chest.phantom.words.dictated_phrases import DICTATED, DICTATED_COMPARED, NORMALS
from lmrrg.profiles.chest.phantom.words.phrases import COMPARED, PHRASES

DRAWN = [random_style(np.random.default_rng(seed)) for seed in range(200)]


@pytest.mark.parametrize("style", [*STYLES.values(), *DRAWN])
def test_a_description_is_short_and_says_form_and_order(style: Style) -> None:
    words = style.description.replace(",", "").split()
    assert len(words) <= 8
    assert words[:3] == [style.form, style.order[0], "first"]


def test_descriptions_of_known_styles() -> None:
    assert {name: style.description for name, style in STYLES.items()} == {
        "prose": "prose, devices first, with impression",
        "telegraphic": "telegraphic, heart first, without impression",
        "structured": "structured, lungs first, all normals, with impression",
        "dictated": "prose, mediastinum first, with impression",
        "colleague": "prose, pleura first, with impression",
    }


def test_a_drawn_style_reports_every_topic_once_and_is_drawn_again_from_the_same_seed() -> None:
    for seed, style in enumerate(DRAWN):
        assert sorted(style.order) == sorted(STYLES["prose"].order)
        assert style == random_style(np.random.default_rng(seed))


def test_drawn_styles_are_many_and_none_is_held_out() -> None:
    assert len({style.description for style in DRAWN}) > 40
    assert {style.wording for style in DRAWN} == {"common"}
    assert {STYLES[name].wording for name in TRAINING_STYLES} == {"common"}
    assert set(STYLES) - set(TRAINING_STYLES) == {"dictated", "colleague"}


def test_the_held_out_words_are_nobody_elses() -> None:
    common = {text for columns in (PHRASES | COMPARED).values() for column in columns for text in column}
    assert not common & {
        text for table in (DICTATED, DICTATED_COMPARED) for column in table.values() for text in column
    }


def test_every_statement_has_words_in_every_wording() -> None:
    singular = {key.removesuffix(" bilateral") for key in PHRASES}
    graded = {key for key in singular if key.endswith(("larger", "smaller"))}
    assert singular - graded - set(DICTATED) == set()
    assert set(DICTATED) <= set(PHRASES)
    assert {"lungs clear", "heart normal AP", "no fracture", "impression normal"} < NORMALS
    assert not NORMALS & {"mass", "effusion", "endotracheal tube", "resolved"}
    for columns in PHRASES.values():
        assert all(columns)
