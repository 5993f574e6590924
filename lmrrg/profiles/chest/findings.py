"""The 14 findings of CheXpert and the six error categories of ReXVal: names only, and their order.

Source of the findings: Irvin et al., CheXpert, AAAI 2019 (arXiv 1901.07031), table 1. Source of the
categories: Yu et al., Evaluating progress in automatic chest X-ray radiology report generation, Patterns 2023.
Knows no text: the labeler is in ``metrics``.
"""

from typing import Literal

FINDINGS: tuple[str, ...] = (
    "No Finding",
    "Enlarged Cardiomediastinum",
    "Cardiomegaly",
    "Lung Opacity",
    "Lung Lesion",
    "Edema",
    "Consolidation",
    "Pneumonia",
    "Atelectasis",
    "Pneumothorax",
    "Pleural Effusion",
    "Pleural Other",
    "Fracture",
    "Support Devices",
)

FINDING_INDEX: dict[str, int] = {name: index for index, name in enumerate(FINDINGS)}

# The five that leaderboards report apart (CheXpert's competition tasks).
LEADING_FINDINGS: tuple[str, ...] = (
    "Atelectasis",
    "Cardiomegaly",
    "Consolidation",
    "Edema",
    "Pleural Effusion",
)

Label = Literal["positive", "negative", "uncertain"]

ERROR_CATEGORIES: tuple[str, ...] = (
    "false finding",
    "missed finding",
    "wrong location",
    "wrong severity",
    "false comparison",
    "missed comparison",
)
