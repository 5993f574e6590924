"""What every reporter offers, whoever writes the report: the default model, a site's own, or a remote one."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from lmrrg.types import ModelName, RadiographImage, Report, Sentence


@dataclass(frozen=True, slots=True)
class DraftRequest:
    """How a draft is asked for.

    Attributes:
        indication: why the examination was made, in the referrer's words.
        temperature: 0 writes the likeliest report; above 0 one is sampled.
        seed: makes a sampled report reproducible.
    """

    indication: str = ""
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
