"""Where the image and a sentence, or a whole report, disagree."""

from lmrrg.grounding.second_opinion import disagreements, flag
from lmrrg.report import Disagreement


def test_a_denied_finding_that_the_image_suggests() -> None:
    assert flag("No pleural effusion.", {"Pleural Effusion": 0.64}) == "image suggests pleural effusion 0.64"


def test_a_stated_finding_that_the_image_does_not_support() -> None:
    assert (
        flag("There is mild cardiomegaly.", {"Cardiomegaly": 0.05})
        == "image does not support cardiomegaly 0.05"
    )


def test_agreement_and_doubt_are_not_flagged() -> None:
    assert flag("No pleural effusion.", {"Pleural Effusion": 0.1}) is None
    assert flag("There is mild cardiomegaly.", {"Cardiomegaly": 0.9}) is None
    assert flag("No pleural effusion.", {"Pleural Effusion": 0.4}) is None


def test_of_what_is_denied_by_implication_only_the_likeliest_is_named() -> None:
    image = {"Edema": 0.7, "Consolidation": 0.9, "Pleural Effusion": 0.95}
    assert flag("The lungs are clear.", image) == "image suggests consolidation 0.90"


def test_a_denial_for_one_side_is_let_pass() -> None:
    assert flag("No left pleural effusion.", {"Pleural Effusion": 0.9}) is None


def test_a_finding_that_no_sentence_names_is_a_disagreement_of_the_study() -> None:
    image = {"Pneumothorax": 0.8, "Cardiomegaly": 0.1}
    assert disagreements(["Heart size is normal."], image) == (Disagreement("Pneumothorax", 0.8, None, None),)


def test_a_wider_word_is_not_missed_where_a_narrower_stands() -> None:
    image = {"Lung Opacity": 0.9, "Consolidation": 0.9}
    assert disagreements(["There is a consolidation in the left lower lung zone."], image) == ()


def test_the_strongest_comes_first_and_says_where_it_stands() -> None:
    image = {"Pleural Effusion": 0.7, "Cardiomegaly": 0.02}
    found = disagreements(["There is cardiomegaly.", "No pleural effusion."], image)
    assert found == (
        Disagreement("Cardiomegaly", 0.02, "positive", 0),
        Disagreement("Pleural Effusion", 0.7, "negative", 1),
    )


def test_an_image_and_a_report_that_agree() -> None:
    assert disagreements(["The lungs are clear."], {"Edema": 0.2, "No Finding": 0.9}) == ()
