"""The labeler reads every sentence of our phantoms' reports as their writer meant it."""

import numpy as np
import pytest

from lmrrg.metrics.labels import label_report

case_mix = pytest.importorskip("lmrrg.phantom.case_mix")
report_writer = pytest.importorskip("lmrrg.phantom.report_writer")


@pytest.mark.parametrize("style", ["prose", "telegraphic", "structured"])
def test_labels_agree_with_the_truth_on_500_phantoms(style: str) -> None:
    wrong = []
    for seed in range(500):
        rng = np.random.default_rng(seed)
        truth = case_mix.sample_truth(rng, case_mix.CaseMix(normal=0.25, portable=0.5))
        for sentence in report_writer.write_report(truth, report_writer.STYLES[style], rng):
            labels = label_report(sentence.text)
            for finding, label in sentence.findings:
                # CheXpert leaves Lung Opacity blank where a text only says that the lungs are clear or names
                # a more special opacity; the phantom's truth fills it in.
                blank_allowed = finding == "Lung Opacity" and labels[finding] is None
                if labels[finding] != label and not blank_allowed:
                    wrong.append((sentence.text, finding, label, labels[finding]))
            stated = dict(sentence.findings)
            extra = {name for name, label in labels.items() if label == "positive"} - set(stated)
            if extra - {"No Finding", "Lung Opacity"}:
                wrong.append((sentence.text, "extra", sorted(extra)))
    assert wrong == []
