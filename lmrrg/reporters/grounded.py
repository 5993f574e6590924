"""A reporter that only writes, grounded: the regions that its sentences name, boxes, findings and flags beside them.

What the writer tells of its own evidence stays as it is. Knows neither the model that writes nor the one that sees; a
study that the seeing one knows no image of is reported in words alone.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace

from lmrrg.errors import NoDraftPossible
from lmrrg.grounding.second_opinion import disagreements
from lmrrg.grounding.service import Seen, SeesRegions, ground
from lmrrg.report import ModelName, Report, Sentence
from lmrrg.reporters.base import DraftRequest, ExplainsByGradient, Reporter, WritesCandidates
from lmrrg.study import Study

# Said of the extractor's training images, which are not those of the model that wrote.
_OF_THE_EXTRACTOR = "outside_training"


class Grounded:
    """``writer`` with the evidence that ``extractor`` sees. It offers what the writer offers: candidates, Grad-CAM."""

    def __init__(self, writer: Reporter, extractor: SeesRegions) -> None:
        self._writer, self._extractor = writer, extractor
        if isinstance(writer, WritesCandidates):
            self.candidates = self._candidates(writer)
        if isinstance(writer, ExplainsByGradient):
            self.grad_cams = writer.grad_cams

    @property
    def name(self) -> ModelName:
        return self._writer.name

    def stream(self, study: Study, request: DraftRequest = DraftRequest()) -> Iterator[Sentence | Report]:
        for item in self._writer.stream(study, request):
            yield self._with_evidence(item, self._see(study)) if isinstance(item, Report) else item

    def draft(self, study: Study, request: DraftRequest = DraftRequest()) -> Report:
        return self._with_evidence(self._writer.draft(study, request), self._see(study))

    def _candidates(self, writer: WritesCandidates) -> Callable[..., list[Report]]:
        def candidates(study: Study, request: DraftRequest = DraftRequest(), n: int = 2) -> list[Report]:
            seen = self._see(study)
            return [self._with_evidence(report, seen) for report in writer.candidates(study, request, n)]

        return candidates

    def _see(self, study: Study) -> Seen | None:
        try:
            return self._extractor.see(study)
        except NoDraftPossible:
            return None

    @staticmethod
    def _with_evidence(report: Report, seen: Seen | None) -> Report:
        if seen is None:
            return report
        texts = [sentence.text for sentence in report.sentences]
        told = [notice for notice in seen.notices if notice.code != _OF_THE_EXTRACTOR]
        return replace(
            report,
            sentences=tuple(ground(sentence, seen) for sentence in report.sentences),
            regions=report.regions or seen.regions,
            findings=report.findings or seen.findings,
            disagreements=report.disagreements or disagreements(texts, seen.findings, seen.profile),
            notices=(*report.notices, *(notice for notice in told if notice not in report.notices)),
        )
