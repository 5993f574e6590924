"""A text that says the opposite never scores as the reference, alone or within a report."""

import pytest

from benchmarks.metrics.attacks.reversals import ENOUGH, KINDS, cost, opposite, reversals
from benchmarks.metrics.labeler import read_reports, tuned_on
from benchmarks.outside import shared_folder
from lmrrg.metrics.lite.error_counts import count_errors
from lmrrg.metrics.radcliq import BEST_V1, RadCliqLite

SENTENCES = {
    "right ↔ left": "The trachea is displaced to the left.",
    "bases ↔ apices": "Patchy airspace opacities at both bases.",
    "upper ↔ lower": "Consolidation in the right upper lobe.",
    "increased ↔ decreased": "The right pleural effusion has increased.",
    "small ↔ large": "Small left pneumothorax.",
    "mm ↔ cm": "There is a 5 mm nodule in the left upper lobe.",
    "above ↔ below": "Endotracheal tube tip 4 cm above the carina.",
    "acute ↔ healed": "Acute fracture of the left sixth rib.",
    "sparing ↔ involving": "Diffuse opacities sparing the apices.",
    "in ↔ out": "The side hole of the chest tube is inside the pleural space.",
    "normal ↔ abnormal": "The mediastinal contours are normal.",
    "enlarged → normal": "The heart is enlarged.",
    "no → present": "There is no pleural effusion.",
    "present → no": "There is a left pleural effusion.",
    "resolved ↔ not": "The right pleural effusion has resolved.",
    "upper limits → beyond": "Heart size is at the upper limits of normal.",
    "larger on the left ↔ right": "Bilateral effusions, left greater than right.",
    "is ↔ is not": "A left pneumothorax is seen.",
}
REST = "The bones are intact. No focal consolidation."


def test_every_kind_has_a_sentence() -> None:
    assert SENTENCES.keys() == set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_a_turned_sentence_costs(kind: str) -> None:
    sentence = SENTENCES[kind]
    turned = opposite(sentence, kind)
    assert turned is not None
    alone, in_report = RadCliqLite().score([turned, f"{turned} {REST}"], [sentence, f"{sentence} {REST}"])
    assert alone - BEST_V1 >= ENOUGH
    assert in_report > BEST_V1 + 1e-6
    assert count_errors(f"{turned} {REST}", f"{sentence} {REST}").total >= 1


@pytest.mark.slow
@pytest.mark.skipif(shared_folder() is None, reason="needs the Indiana reports of ../shared")
def test_turned_sentences_of_real_reports_cost() -> None:
    reports = [str(row["report"]) for row in read_reports() if tuned_on(str(row["id"]))]
    costs = [cost(one) for one in reversals(reports)]
    assert len(costs) > 2000
    assert sum(one.alone >= ENOUGH for one in costs) / len(costs) >= 0.99
    assert sum(one.in_report > 0 and one.errors > 0 for one in costs) / len(costs) >= 0.99
