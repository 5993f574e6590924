"""What every reporter offers, whoever writes the report: the default model, a site's own, or a remote one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from lmrrg.report import ModelName, Report, Sentence
from lmrrg.study import RadiographImage

# A report's length at most, in tokens, wherever one is written for somebody to read or to judge a version by.
MAX_NEW_TOKENS = 192


@dataclass(frozen=True, slots=True)
class DraftRequest:
    """How a draft is asked for.

    Attributes:
        indication: why the examination was made, in the referrer's words.
        prior_report: the report of the patient's earlier study, to compare with.
        style: how to write, in a few words (``Style.description``); empty for the model's own way.
        temperature: 0 writes the likeliest report; above 0 one is sampled.
        seed: makes a sampled report reproducible.
    """

    indication: str = ""
    prior_report: str = ""
    style: str = ""
    temperature: float = 0.0
    seed: int = 0


class Reporter(Protocol):
    """Writes a grounded report from a radiograph. Safe to call from several threads."""

    @property
    def name(self) -> ModelName: ...

    def stream(
        self, image: RadiographImage, request: DraftRequest = DraftRequest()
    ) -> Iterator[Sentence | Report]:
        """Each sentence as it is written (no map, no flag yet), and at the end the whole report."""
        ...

    def draft(self, image: RadiographImage, request: DraftRequest = DraftRequest()) -> Report:
        """The whole report."""
        ...


@runtime_checkable
class WritesCandidates(Protocol):
    """What a reporter may offer: several drafts of one image for the price of one encoding and one batch."""

    def candidates(
        self, image: RadiographImage, request: DraftRequest = DraftRequest(), n: int = 2
    ) -> list[Report]:
        """``n`` reports; the first of ``n = 1`` equals ``draft``."""
        ...


@runtime_checkable
class ExplainsByGradient(Protocol):
    """What a reporter may offer: Grad-CAM for sentences, the draft's own or edited ones."""

    def grad_cams(
        self, image: RadiographImage, sentences: Sequence[str], request: DraftRequest = DraftRequest()
    ) -> list[NDArray[np.float32]]:
        """For each sentence of the report a map in 0 … 1 over the report's ``extent_xywh``."""
        ...
