"""Devices: each is its own, with what is said of where it lies."""

import pytest

from lmrrg.metrics.lite.error_counts import count_errors
from lmrrg.metrics.lite.labels import label_report, observations


def concepts(sentence: str) -> set[str]:
    return {placed.observation.concept for placed in observations(sentence)}


@pytest.mark.parametrize(
    ("words", "concept"),
    [
        ("ETT", "endotracheal_tube"),
        ("Breathing tube", "endotracheal_tube"),
        ("Tube in the airway", "endotracheal_tube"),
        ("NG tube", "nasogastric_tube"),
        ("NGT", "nasogastric_tube"),
        ("Dobbhoff tube", "feeding_tube"),
        ("Right IJ line", "central_line"),
        ("Left subclavian central venous catheter", "central_line"),
        ("PICC line", "picc"),
        ("Port-a-Cath", "port"),
        ("Dialysis catheter", "dialysis_catheter"),
        ("Swan-Ganz catheter", "pulmonary_artery_catheter"),
        ("Pigtail catheter", "chest_tube"),
        ("Intercostal drain", "chest_tube"),
        ("Dual-chamber pacemaker", "pacemaker"),
        ("AICD", "defibrillator"),
        ("Mechanical aortic valve", "valve"),
        ("Sternal wires", "sternotomy_wires"),
        ("Surgical clips", "clips"),
        ("Intra-aortic balloon pump", "balloon_pump"),
        ("LVAD", "assist_device"),
        ("VP shunt", "shunt"),
        ("Spinal fixation hardware", "spinal_hardware"),
        ("A tube", "device"),
    ],
)
def test_each_device_is_its_own(words: str, concept: str) -> None:
    assert concepts(f"{words} in place.") == {concept}
    assert label_report(f"{words} in place.")["Support Devices"] == "positive"


@pytest.mark.parametrize(
    "sentence",
    [
        "Tube-like opacity in the right upper lobe.",
        "The right heart border line is sharp.",
        "A fissure line is seen.",
        "A skin fold line projects over the left lung.",
        "Plate-like atelectasis at the left base.",
        "The anterior junction line is normal.",
    ],
)
def test_what_only_looks_like_one_is_none(sentence: str) -> None:
    assert label_report(sentence)["Support Devices"] is None


@pytest.mark.parametrize(
    "sentence",
    [
        "The chest tube is out.",
        "The chest tube has been removed.",
        "Interval removal of the PICC.",
        "The patient has been extubated.",
        "Lines and tubes: none.",
        "The NG tube is no longer seen.",
    ],
)
def test_a_device_that_is_out_is_denied(sentence: str) -> None:
    assert label_report(sentence)["Support Devices"] == "negative"


@pytest.mark.parametrize(
    "words",
    [
        "ETT in the right mainstem bronchus",
        "Endotracheal tube too high",
        "The endotracheal tube should be withdrawn",
        "NG tube coiled in the pharynx",
        "PICC malpositioned",
        "The nasogastric tube is in the distal esophagus",
        "The chest tube is kinked",
        "The side hole of the chest tube lies outside the pleural space",
        "Central line tip directed cephalad",
        "Chest tube is in poor position",
    ],
)
def test_one_astray_is_told(words: str) -> None:
    (seen,) = {placed.observation for placed in observations(f"{words}.")}
    assert ("position", "malpositioned") in seen.details


@pytest.mark.parametrize("words", ["in good position", "well positioned", "in satisfactory position", "okay"])
def test_one_that_lies_well_is_told(words: str) -> None:
    (seen,) = {placed.observation for placed in observations(f"Endotracheal tube {words}.")}
    assert ("position", "satisfactory") in seen.details


def test_four_devices_are_not_one_tube() -> None:
    named = "Endotracheal tube, nasogastric tube, right PICC and left chest tube are in place."
    assert count_errors("A tube is in place.", named).total_significant >= 3
