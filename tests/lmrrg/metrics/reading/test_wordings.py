"""The same thing in other words: lay, British, dictated, by its sign or by the state of a structure."""

import pytest

from lmrrg.metrics.lite.coverage import not_read
from lmrrg.metrics.lite.labels import label_report, observations
from lmrrg.profiles import DEFAULT_PROFILE


@pytest.mark.parametrize(
    ("sentence", "finding"),
    [
        ("Air in the left pleural space.", "Pneumothorax"),
        ("A rim of air surrounds the right lung.", "Pneumothorax"),
        ("Pnuemothorax on the right.", "Pneumothorax"),
        ("Water around the right lung.", "Pleural Effusion"),
        ("Fluid at the left base.", "Pleural Effusion"),
        ("Meniscus sign on the left.", "Pleural Effusion"),
        ("The left lower lobe is airless.", "Atelectasis"),
        ("Plate-like atelectasis at the left base.", "Atelectasis"),
        ("Air bronchograms in the left lower lobe.", "Consolidation"),
        ("Hepatisation of the right lower lobe. Alveolar filling.", "Consolidation"),
        ("RLL PNA.", "Pneumonia"),
        ("Infective change at the right base.", "Pneumonia"),
        ("The lungs are wet.", "Edema"),
        ("Bat-wing pattern.", "Edema"),
        ("The heart is big.", "Cardiomegaly"),
        ("The cardiac shadow is well beyond the upper limit of normal.", "Cardiomegaly"),
        ("Broad upper mediastinum.", "Enlarged Cardiomediastinum"),
        ("Broken ribs on the right.", "Fracture"),
        ("Crack in the left clavicle.", "Fracture"),
        ("Ground-glass change in both upper zones.", "Lung Opacity"),
        ("Shadowing at the left base.", "Lung Opacity"),
        ("White-out of the left hemithorax.", "Lung Opacity"),
        ("Dense left lower lobe.", "Lung Opacity"),
        ("Coin lesion in the right upper zone.", "Lung Lesion"),
        ("Cannonball metastases.", "Lung Lesion"),
        ("Thickened pleura on the left.", "Pleural Other"),
    ],
)
def test_a_finding_is_known_by_its_other_names(sentence: str, finding: str) -> None:
    read = label_report(sentence)
    assert (read[finding], read["No Finding"]) == ("positive", None)


@pytest.mark.parametrize(
    ("sentence", "finding"),
    [
        ("The lungs are dry.", "Edema"),
        ("The heart is not big.", "Cardiomegaly"),
        ("Nothing to suggest pneumonia.", "Pneumonia"),
        ("Free of pleural air.", "Pneumothorax"),
        ("No broken ribs.", "Fracture"),
    ],
)
def test_so_is_its_denial(sentence: str, finding: str) -> None:
    assert label_report(sentence)[finding] == "negative"


@pytest.mark.parametrize(
    "sentence",
    [
        "ARDS.",
        "Right lung contusion.",
        "Pulmonary haemorrhage.",
        "Aspiration.",
        "Deep sulcus sign on the left.",
        "Flail chest.",
        "Ruptured left hemidiaphragm.",
        "Pneumomediastinum.",
        "Lung abscess.",
        "Air under the diaphragm.",
        "Dilated loops of bowel.",
        "Ascites.",
        "Situs inversus.",
        "Tree-in-bud opacities.",
        "Miliary nodules.",
        "Lymphangitic spread.",
        "Aortic dissection.",
        "The aortic knob is obscured.",
        "The left atrium is enlarged.",
        "Coronary artery calcification.",
        "Ingested coin in the oesophagus.",
        "The trachea is pushed to the right.",
        "The left heart border is lost.",
        "The left hemidiaphragm is obscured.",
        "The trachea is narrowed.",
        "Lytic lesion in the right sixth rib.",
        "The stomach is distended.",
        "The vessels are plethoric.",
        "Absent lung markings on the left.",
    ],
)
def test_what_lies_outside_the_fourteen_is_not_normal_and_is_read(sentence: str) -> None:
    assert (label_report(sentence)["No Finding"], not_read(sentence)) == (None, ())


@pytest.mark.parametrize(
    "sentence",
    [
        "The lungs are well aerated.",
        "Heart not enlarged.",
        "Mediastinum midline.",
        "Trachea central.",
        "Bones intact.",
        "Hila unremarkable.",
        "Costophrenic angles sharp.",
        "The pulmonary vessels are not distended.",
        "Vertebral body heights are maintained.",
        "Soft tissues are unremarkable.",
        "Cardiac size WNL.",
        "Nothing acute.",
        "Frontal and lateral views of the chest were obtained.",
        "Please correlate clinically.",
    ],
)
def test_an_ordinary_normal_sentence_is_read_and_normal(sentence: str) -> None:
    seen = [placed.observation for placed in observations(sentence)]
    assert not_read(sentence) == ()
    assert all(one.label in ("negative", None) for one in seen)


@pytest.mark.parametrize(
    ("sentence", "detail"),
    [
        ("Old healed rib fractures.", ("age", "old")),
        ("Acute fracture of the fifth rib.", ("age", "acute")),
        ("Bilateral effusions, R > L.", ("larger", "right")),
        ("Effusions, larger on the left.", ("larger", "left")),
        ("The trachea is displaced to the left.", ("toward", "left")),
        ("The mediastinum is shifted away from the left.", ("toward", "right")),
        ("Reticulation sparing the apices.", ("spared", "upper")),
        ("Nondisplaced rib fracture.", ("displacement", "undisplaced")),
        ("The sternotomy wires are broken.", ("integrity", "broken")),
        ("Several nodules in the left lung.", ("number", "many")),
    ],
)
def test_what_else_is_said_is_a_detail(sentence: str, detail: tuple[str, str]) -> None:
    assert detail in {one for placed in observations(sentence) for one in placed.observation.details}


def test_what_only_suggests_a_finding_is_uncertain_of_it() -> None:
    (seen,) = {placed.observation for placed in observations("Pulmonary vascular congestion.")}
    assert seen.label == "positive"
    assert label_report("Pulmonary vascular congestion.")["Edema"] == "uncertain"
    assert label_report("Congestive heart failure.")["Edema"] == "uncertain"


def test_a_phrase_names_one_thing() -> None:
    twice: list[str] = []

    def walk(node: object, words: str) -> None:
        if len(node.concepts) > 1:  # type: ignore[attr-defined]
            twice.append(words.strip())
        for word, following in node.next.items():  # type: ignore[attr-defined]
            walk(following, f"{words} {word}")

    walk(DEFAULT_PROFILE.lexicon.trie, "")
    assert twice == []


@pytest.mark.parametrize("word", ["white", "shadow", "bubble", "bleeding", "wet", "broken", "dark", "mass"])
def test_no_word_that_can_carry_an_abnormality_is_said_to_say_nothing(word: str) -> None:
    assert word not in DEFAULT_PROFILE.lexicon.known
