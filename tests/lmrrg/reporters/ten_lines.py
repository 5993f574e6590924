"""The smallest reporter that there can be: text alone, without maps, findings or a confidence."""

from collections.abc import Iterator

from lmrrg.report import ModelName, Report, Sentence
from lmrrg.reporters import DraftRequest
from lmrrg.study import Study

PLAIN = DraftRequest()


class TenLines:
    name = ModelName("ten lines", "1.0", demonstration=False)

    def stream(self, study: Study, request: DraftRequest = PLAIN) -> Iterator[Sentence | Report]:
        report = self.draft(study, request)
        yield from report.sentences
        yield report

    def draft(self, study: Study, request: DraftRequest = PLAIN) -> Report:
        amount = "large" if request.temperature else "small"
        words = (f"There is a {amount} left pleural effusion.", "The heart is normal.", "No acute change.")
        return Report(tuple(map(Sentence, words)), self.name)
