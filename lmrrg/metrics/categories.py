"""How a report may speak of a finding (CheXpert's labels), and in what ways it may err (ReXVal's six categories).

Irvin et al., CheXpert, AAAI 2019 (arXiv 1901.07031); Yu et al., Evaluating progress in automatic chest X-ray
radiology report generation, Patterns 2023. Does not know a finding by name: those are the profile's.
"""

from typing import Literal

Label = Literal["positive", "negative", "uncertain"]

ERROR_CATEGORIES: tuple[str, ...] = (
    "false finding",
    "missed finding",
    "wrong location",
    "wrong severity",
    "false comparison",
    "missed comparison",
)
