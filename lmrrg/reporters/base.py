"""What every reporter offers, whoever writes the report: the default model, a site's own, or a remote one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from lmrrg.report import EvidenceMap, ModelName, Report, Sentence
from lmrrg.study import Study

# A report's length at most, in tokens, wherever one is written for somebody to read or to judge a version by.
MAX_NEW_TOKENS = 192


@dataclass(frozen=True, slots=True)
class DraftRequest:
    """How a draft is to be written; what it is of, and why, is the study's.

    Attributes:
        style: in a few words (``Style.description``); empty for the model's own way.
        temperature: 0 writes the likeliest report; above 0 one is sampled.
        seed: makes a sampled report reproducible.
    """

    style: str = ""
    temperature: float = 0.0
    seed: int = 0


class Reporter(Protocol):
    """Writes a report of a study, with what evidence it has. Safe to call from several threads.

    What cannot be written about raises NoDraftPossible, with a sentence for the reader.
    """

    @property
    def name(self) -> ModelName: ...

    def stream(self, study: Study, request: DraftRequest = DraftRequest()) -> Iterator[Sentence | Report]:
        """Each sentence as it is written (no map, no flag yet), and at the end the whole report."""
        ...

    def draft(self, study: Study, request: DraftRequest = DraftRequest()) -> Report:
        """The whole report."""
        ...


@runtime_checkable
class WritesCandidates(Protocol):
    """What a reporter may offer: several drafts of one study for the price of one encoding and one batch."""

    def candidates(self, study: Study, request: DraftRequest = DraftRequest(), n: int = 2) -> list[Report]:
        """``n`` reports; the first of ``n = 1`` equals ``draft``."""
        ...


@runtime_checkable
class ExplainsByGradient(Protocol):
    """What a reporter may offer: Grad-CAM for sentences, the draft's own or edited ones."""

    def grad_cams(
        self, study: Study, sentences: Sequence[str], request: DraftRequest = DraftRequest()
    ) -> list[EvidenceMap]:
        """One map for each sentence of a report, of the kind ``gradient``."""
        ...
