"""Where the image and a sentence disagree."""

from lmrrg.explain.second_opinion import flag


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
