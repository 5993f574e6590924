"""What readers' edits teach about wording is put on other texts, and says nothing else than they said."""

import pytest

from benchmarks.loop.simulated_readers import SimulatedReader
from lmrrg.metrics.lite.error_counts import count_errors
from lmrrg.profiles.chest import phantom
from lmrrg.profiles.chest.phantom import STYLES
from train.data.rewording import Rewording

DRAFT = (
    "Heart size is normal. There is a small right pleural effusion. Impression: Small right pleural effusion."
)
SIGNED = (
    "Pleural fluid on the right, small. Cardiac size unremarkable. Conclusion: Small right pleural effusion."
)


def reworded(text: str, *pairs: tuple[str, str]) -> str:
    return Rewording.learn(pairs).apply(text)


def test_without_edits_a_text_stays_as_it_is() -> None:
    assert reworded(DRAFT) == DRAFT


def test_words_order_and_heading_are_taken_over_with_side_and_grade_carried_along() -> None:
    other = "Heart size is normal. There is a large left pleural effusion. Impression: Large left pleural effusion."
    assert reworded(other, *[(DRAFT, SIGNED)] * 2) == (
        "Pleural fluid on the left, large. Cardiac size unremarkable. Conclusion: Large left pleural effusion."
    )


def test_a_single_edit_is_not_a_habit() -> None:
    assert "Heart size is normal." in reworded(DRAFT, (DRAFT, SIGNED))


def test_a_correction_is_no_rewording() -> None:
    wrong = [("There is a large left pleural effusion.", "There is a small left pleural effusion.")] * 3
    assert (
        reworded("There is a large left pleural effusion.", *wrong)
        == "There is a large left pleural effusion."
    )


def test_a_normal_finding_that_is_always_struck_is_left_out_and_an_abnormal_one_never() -> None:
    pairs = [("The lungs are clear. No rib fracture is seen.", "The lungs are clear.")] * 3
    assert reworded("The lungs are clear. No rib fracture is seen.", *pairs) == "The lungs are clear."
    pairs = [("The lungs are clear. There is a rib fracture.", "The lungs are clear.")] * 3
    assert "rib fracture" in reworded("The lungs are clear. There is a rib fracture.", *pairs)


@pytest.mark.parametrize(("struck", "said"), [(2, True), (3, False)])
def test_where_readers_are_of_two_minds_the_more_frequent_is_told(struck: int, said: bool) -> None:
    draft = "The lungs are clear. No rib fracture is seen."
    pairs = [(draft, "The lungs are clear.")] * struck + [(draft, draft)] * (5 - struck)
    assert ("rib fracture" in reworded(draft, *pairs)) is said


@pytest.mark.parametrize("style", ["colleague", "dictated", "telegraphic", "structured"])
def test_what_is_reworded_for_a_simulated_reader_is_closer_to_theirs_and_says_the_same(style: str) -> None:
    reader = SimulatedReader(STYLES[style], tolerance=0.0)
    studies = [phantom.draw(seed, size=64, site="A", prior=False) for seed in range(60)]
    drafts = [study.report for study in studies]
    signed = [" ".join(reader.own_words(study)) for study in studies]
    habits = Rewording.learn(zip(drafts[:40], signed[:40], strict=True))
    before = after = 0
    for draft, own in zip(drafts[40:], signed[40:], strict=True):
        text = habits.apply(draft)
        assert count_errors(text, draft).total_significant == 0
        before += len(set(draft.split()) ^ set(own.split()))
        after += len(set(text.split()) ^ set(own.split()))
    assert after < 0.8 * before
