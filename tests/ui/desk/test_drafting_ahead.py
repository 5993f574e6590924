"""Drafts are made before anybody asks, and never keep a reader waiting."""

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from feedback_db.models import ModelVersion
from feedback_db.studies import drafts, images, worklist
from lmrrg.profiles.chest.phantom import draw
from lmrrg.report import Report, Sentence
from lmrrg.reporters import DraftRequest, Reporter
from lmrrg.study import Study as Examination
from ui.desk.drafting import DraftingDesk
from ui.desk.drafting_ahead import DraftsAhead
from ui.desk.intake import keep_study
from ui.desk.services import Services

PATIENCE = 240


@pytest.fixture
def three(services: Services) -> list[int]:
    """The numbers of three small phantoms, the oldest first."""
    added = []
    for seed in (7, 8, 9):
        phantom = draw(seed, size=64)
        study = keep_study(
            services.database,
            services.settings.data_folder,
            services.secret,
            phantom.as_radiograph(),
            patient=phantom.patient,
            origin="phantom",
        )
        added.append(study.id)
    return added


def status(services: Services) -> dict[int, str]:
    with services.database.reading_session() as session:
        return {row.study_id: row.status for row in worklist.page(session).rows}


def test_the_next_studies_are_drafted_and_no_more(services: Services, three: list[int]) -> None:
    ahead = DraftsAhead(services.database, services.drafting, 2)
    ahead.start()
    until = time.monotonic() + PATIENCE
    while list(status(services).values()).count("drafted") < 2 and time.monotonic() < until:
        time.sleep(0.05)
    ahead.stop()
    assert status(services) == {three[2]: "drafted", three[1]: "drafted", three[0]: "new"}


class _Held:
    """The services' reporters, whose sentences wait until they are let go."""

    def __init__(self, services: Services) -> None:
        self._pool = services.reporters
        self.writing: list[int] = []
        self.go = threading.Event()

    def state(self, version: ModelVersion) -> object:
        return self._pool.state(version)

    def reporter(self, version: ModelVersion) -> "_Held":
        self._reporter: Reporter = self._pool.reporter(version)
        return self

    def stream(self, examination: Examination, request: DraftRequest) -> Iterator[Sentence | Report]:
        self.writing.append(int(examination.images[0].pixels.sum()))
        for item in self._reporter.stream(examination, request):
            self.go.wait(PATIENCE)
            yield item


def test_a_reader_s_draft_is_written_before_one_that_is_made_ahead(
    services: Services, three: list[int], study_pixels: Callable[[int], int]
) -> None:
    held = _Held(services)
    desk = DraftingDesk(services.database, held, services.images.load)  # type: ignore[arg-type]
    first = desk.ask(three[0], ahead=True)
    second = desk.ask(three[1], ahead=True)
    while not held.writing:
        time.sleep(0.01)
    wanted = desk.ask(three[2])
    held.go.set()
    assert wanted.wait(PATIENCE)
    assert first.wait(PATIENCE)
    assert second.wait(PATIENCE)
    desk.close()
    begun = [study_pixels(number) for number in (three[0], three[2])]
    # The one ahead was begun, gave way to the reader's, and was written to its end later.
    assert held.writing[:2] == begun
    assert sorted(held.writing[2:]) == sorted(study_pixels(number) for number in three[:2])
    numbers = [one.draft.id for one in (wanted, first, second) if one.draft]
    assert numbers[0] == min(numbers)
    with services.database.reading_session() as session:
        assert [len(drafts.of_study(session, study_id=number)) for number in three] == [1, 1, 1]


@pytest.fixture
def study_pixels(services: Services) -> Callable[[int], int]:
    """The sum of a study's pixels, which identifies what the reporter worked on."""

    def of(number: int) -> int:
        with services.database.reading_session() as session:
            (image,) = images.of_study(session, study_id=number)
        return int(services.images.load(image).pixels.sum())

    return of


def test_a_draft_ahead_that_a_reader_joins_is_theirs(
    services: Services, three: list[int], tmp_path: Path
) -> None:
    held = _Held(services)
    desk = DraftingDesk(services.database, held, services.images.load)  # type: ignore[arg-type]
    ahead = desk.ask(three[0], ahead=True)
    joined = desk.ask(three[0])
    assert joined is ahead
    other = desk.ask(three[1])
    held.go.set()
    assert joined.wait(PATIENCE)
    assert other.wait(PATIENCE)
    desk.close()
    assert len(held.writing) == 2
