"""Where several drafts are wanted they are drawn in one batch, by a reporter that offers that."""

from collections.abc import Callable

import pytest

from feedback_db.models import Study
from feedback_db.studies import drafts
from lmrrg.report import ModelName, Report, Sentence
from lmrrg.reporters import DraftRequest
from lmrrg.study import Study as Examination
from tests.lmrrg.reporters.ten_lines import PLAIN, TenLines
from ui.desk import reporter_pool
from ui.desk.services import Services


class Batches(TenLines):
    """Writes ``words`` as one batch, whatever it is asked."""

    def __init__(self, *words: str) -> None:
        self.words, self.batches = words, list[int]()

    def candidates(self, study: Examination, request: DraftRequest = PLAIN, n: int = 2) -> list[Report]:
        self.batches.append(n)
        return [Report((Sentence(one),), ModelName("batches", "1.0", False)) for one in self.words[:n]]


@pytest.fixture
def sampled(
    services: Services, study: Study, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., tuple[list[str], list[str]]]:
    """The texts that are handed back, and those that are kept."""

    def sample(reporter: TenLines, **wanted: int) -> tuple[list[str], list[str]]:
        monkeypatch.setattr(reporter_pool, "load_reporter", lambda *_, **__: reporter)
        drafting = services.drafting.sample(study.id, temperature=0.7, **wanted)
        assert drafting.wait(60)
        with services.database.reading_session() as session:
            kept = [draft.text for draft in drafts.of_study(session, study_id=study.id)]
        return [draft.text for draft in drafting.drafts], kept

    return sample


def test_one_batch_is_asked_for_and_the_first_is_kept(sampled: Callable[..., object]) -> None:
    reporter = Batches("One.", "Two.", "Three.", "Four.")
    assert sampled(reporter, candidates=4) == (["One."], ["One."])
    assert reporter.batches == [4]


def test_words_that_are_known_are_passed_over(sampled: Callable[..., object]) -> None:
    reporter = Batches("One.", "One.", "Two.", "Three.")
    assert sampled(reporter, candidates=4) == (["One."], ["One."])
    assert sampled(reporter, candidates=3, keep=3) == (["Two."], ["One.", "Two."])


def test_where_nothing_is_new_the_last_one_is_kept(sampled: Callable[..., object]) -> None:
    reporter = Batches("One.", "One.")
    sampled(reporter, candidates=2)
    assert sampled(reporter, candidates=2) == (["One."], ["One.", "One."])


def test_a_reporter_without_batches_is_asked_one_by_one_until_there_are_new_words(
    sampled: Callable[..., tuple[list[str], list[str]]],
) -> None:
    seeds: list[int] = []

    class OneByOne(TenLines):
        def draft(self, study: Examination, request: DraftRequest = PLAIN) -> Report:
            seeds.append(request.seed)
            word = "Same." if request.seed < 2 else "Other."
            return Report((Sentence(word),), self.name)

    sampled(OneByOne(), candidates=2)
    seeds.clear()
    found, kept = sampled(OneByOne(), candidates=4)
    assert (found, kept) == (["Other."], ["Same.", "Other."])
    assert seeds == [0, 1, 2]
