"""A sentence is credited with what it does to the reward beside what the other texts of its study say instead."""

from collections.abc import Sequence

import numpy as np
from hypothesis import assume, given
from hypothesis import strategies as st
from numpy.typing import NDArray

from train.rewards.credit import exchanges, sentence_credits, token_sentences

WORTH = {"A.": 1.0, "B.": 2.0, "C.": -1.0, "D.": 0.5}


def total(texts: Sequence[str]) -> NDArray[np.float64]:
    return np.array([sum(WORTH[sentence] for sentence in text.split()) for text in texts])


def test_only_the_sentence_that_differs_earns_anything() -> None:
    first, second = sentence_credits(["A. B. D.", "A. C. D."], total)
    assert first.tolist() == [0, 3, 0, 0]
    assert second.tolist() == [0, -3, 0, 0]


def test_what_was_left_out_is_charged_where_it_should_have_begun() -> None:
    short, long = sentence_credits(["A. D.", "A. B. D."], total)
    assert short.tolist() == [0, -2, 0]
    assert long.tolist() == [0, 2, 0, 0]


def test_what_was_left_out_at_the_end_is_charged_to_the_end() -> None:
    short, long = sentence_credits(["A.", "A. B."], total)
    assert short.tolist() == [0, -2]
    assert long.tolist() == [0, 2, 0]


def test_texts_that_are_alike_earn_nothing_and_are_judged_once() -> None:
    asked: list[str] = []

    def value(texts: Sequence[str]) -> NDArray[np.float64]:
        asked.extend(texts)
        return total(texts)

    assert [credit.tolist() for credit in sentence_credits(["A. B."] * 4, value)] == [[0, 0, 0]] * 4
    assert asked == ["A. B."]


@given(
    st.lists(
        st.lists(st.sampled_from(list(WORTH)), min_size=1, max_size=5, unique=True), min_size=2, max_size=5
    )
)
def test_where_rewards_add_up_credits_sum_to_the_lead_over_the_siblings(said: list[list[str]]) -> None:
    texts = [" ".join(sorted(sentences)) for sentences in said]
    rewards = total(texts)
    lead = rewards - (rewards.sum() - rewards) / (len(texts) - 1)
    # A difference of several sentences is credited to each of them, so texts that differ by one at a place are taken.
    assume(all(len(one.charged) <= 1 for a in texts for b in texts for one in exchanges(a, b)))
    np.testing.assert_allclose([credit.sum() for credit in sentence_credits(texts, total)], lead)


def test_the_order_of_sentences_earns_nothing() -> None:
    asked: list[str] = []

    def value(texts: Sequence[str]) -> NDArray[np.float64]:
        asked.extend(texts)
        return total(texts)

    assert [credit.tolist() for credit in sentence_credits(["A. B. D.", "D. A. B."], value)] == [[0] * 4] * 2
    assert asked == ["A. B. D.", "D. A. B."]


def test_lines_stay_lines_when_one_is_exchanged() -> None:
    (one,) = exchanges("Heart normal\nLungs clear\nBones intact", "Heart normal\nEdema\nBones intact")
    assert (one.charged, one.text) == ((1,), "Heart normal\nEdema\nBones intact")


def test_each_token_belongs_to_its_sentence_and_the_last_to_the_end() -> None:
    # "The| lungs| are| clear|.| No| eff|usion|.|" with the token that ends the text
    reached = [3, 9, 13, 19, 20, 23, 27, 32, 33, 33]
    assert token_sentences("The lungs are clear. No effusion.", reached).tolist() == [
        0,
        0,
        0,
        0,
        0,
        1,
        1,
        1,
        1,
        2,
    ]


def test_a_text_that_was_cut_off_has_a_last_sentence_all_the_same() -> None:
    assert token_sentences("The heart. There is", [3, 9, 10, 16, 19]).tolist() == [0, 0, 0, 1, 1]


def test_an_empty_text_has_only_its_end() -> None:
    assert token_sentences("", [0]).tolist() == [0]
    empty, said = sentence_credits(["", "B."], total)
    assert (empty.tolist(), said.tolist()) == ([-2], [2, 0])
