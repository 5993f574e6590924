"""A reporter that has its report already: a text that somebody wrote. It tells nothing but its words."""

from collections.abc import Iterator

from lmrrg.report import ModelName, Report, Sentence
from lmrrg.reporters.base import DraftRequest
from lmrrg.sentences import split
from lmrrg.study import Study


class GivenText:
    """``text`` as the report of every study; ``source`` says whose it is."""

    def __init__(self, text: str, source: str) -> None:
        self._sentences = tuple(map(Sentence, split(text)))
        self.name = ModelName(source, "", demonstration=False)

    def stream(self, study: Study, request: DraftRequest = DraftRequest()) -> Iterator[Sentence | Report]:
        yield from self._sentences
        yield self.draft(study, request)

    def draft(self, study: Study, request: DraftRequest = DraftRequest()) -> Report:
        return Report(self._sentences, self.name)
