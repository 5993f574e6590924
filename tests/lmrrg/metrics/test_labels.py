"""The labeler on sentences of our own, and on CheXpert-labeler's published sample."""

import pytest

from lmrrg.metrics.lite.labels import label_report, mentions, observations

CASES = [
    ("No pleural effusion.", "Pleural Effusion", "negative"),
    ("Pleural effusion.", "Pleural Effusion", "positive"),
    ("Possible small left pleural effusion.", "Pleural Effusion", "uncertain"),
    ("The effusion has resolved.", "Pleural Effusion", "negative"),
    ("No change in the left effusion.", "Pleural Effusion", "positive"),
    ("Without pneumothorax or effusion.", "Pleural Effusion", "negative"),
    ("Pneumothorax, effusion, and edema are not seen.", "Pneumothorax", "negative"),
    ("Pneumonia cannot be excluded.", "Pneumonia", "uncertain"),
    ("Pneumonia has been ruled out.", "Pneumonia", "negative"),
    ("Evaluate for pneumonia.", "Pneumonia", None),
    ("History of pneumonia.", "Pneumonia", None),
    ("No pneumothorax, but there is a small effusion.", "Pleural Effusion", "positive"),
    ("No pneumothorax. Heart size is normal.", "Cardiomegaly", "negative"),
    ("No effusion, and the heart is enlarged.", "Cardiomegaly", "positive"),
    ("The cardiac silhouette is mildly enlarged.", "Cardiomegaly", "positive"),
    ("The heart is not enlarged.", "Cardiomegaly", "negative"),
    ("No focal opacity to suggest pneumonia.", "Pneumonia", "negative"),
    ("Pericardial effusion.", "Pleural Effusion", None),
    ("Lungs are clear.", "Pneumonia", None),
    ("Bibasilar atelectatic changes.", "Atelectasis", "positive"),
    ("No evidence of pneumothorax, mild edema.", "Edema", "positive"),
    ("Previously seen effusion is no longer identified.", "Pleural Effusion", "negative"),
    ("INDICATION: pneumonia?\n\nFINDINGS: Clear lungs.", "Pneumonia", None),
    ("No acute cardiopulmonary abnormality.", "No Finding", "positive"),
    ("Stable cardiomegaly.", "No Finding", None),
    ("Right lower lobe collapse.", "Atelectasis", "positive"),
    ("Right lower lobe collapse.", "No Finding", None),
    ("The left upper lobe is collapsed.", "Atelectasis", "positive"),
    ("No lobar collapse.", "Atelectasis", "negative"),
    ("Collapse of the vertebral body.", "Atelectasis", None),
    ("Collapse of the vertebral body.", "Fracture", "positive"),
]


@pytest.mark.parametrize(("report", "finding", "label"), CASES)
def test_one_sentence(report: str, finding: str, label: str | None) -> None:
    assert label_report(report)[finding] == label


def test_a_mention_says_where_and_how_much() -> None:
    report = "Heart normal. There is a small right pleural effusion."
    effusion = mentions(report)[1]
    assert report[slice(*effusion.span)] == "pleural effusion"
    assert effusion.laterality == "right"
    assert effusion.severity == "small"
    assert effusion.region == "right costophrenic angle"


def test_a_severity_is_the_texts_own_word() -> None:
    assert mentions("The heart is mildly enlarged.")[0].severity == "mild"
    assert mentions("Moderate sized right pneumothorax.")[0].severity == "moderate"


def test_an_explanation_lies_where_the_thing_explained_lies() -> None:
    opacity, pneumonia = mentions("Opacity in the right lower lobe, consistent with pneumonia.")
    assert opacity.region == pneumonia.region == "right lower lung zone"


def test_each_of_two_findings_keeps_its_own_side_grade_and_place() -> None:
    report = "Right upper lobe consolidation and new small left pleural effusion."
    consolidation, effusion = mentions(report)
    assert (consolidation.region, consolidation.severity) == ("right upper lung zone", None)
    assert (effusion.laterality, effusion.severity) == ("left", "small")
    named, added = (placed.observation for placed in observations(report))
    assert (named.change, added.change) == (None, "new")


def test_what_is_shared_by_two_findings_stays_shared() -> None:
    opacity, pneumonia = mentions("Opacities in the right and left lungs, consistent with pneumonia.")
    assert opacity.laterality == pneumonia.laterality == "bilateral"
