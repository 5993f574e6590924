"""The scores that a user's folders allow, in this process and in several."""

import os
import pickle
import select
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from lmrrg.errors import ScoringError
from lmrrg.metrics.published.scorers import NEEDS, PublishedScorers
from lmrrg.metrics.published.scoring_processes import ScoringProcesses
from lmrrg.metrics.radcliq import RADCLIQ_V0, RADCLIQ_V1
from lmrrg.metrics.words import Bleu2

ROOT = Path(__file__).resolve().parents[4]
REFERENCE = "No pleural effusion. Lungs clear."
OTHERS = ["Small left pleural effusion.", "The heart is small.", "No edema.", ""]


def test_radcliq_is_its_formula_over_the_parts(published_weights: Path) -> None:
    scorers = PublishedScorers([published_weights])
    assert scorers.names == tuple(NEEDS)
    for row, said in zip(scorers.scores(OTHERS, [REFERENCE] * 4), OTHERS, strict=True):
        parts = (row["radgraph_radcliq"], row["bertscore"], row["semb"], *Bleu2().score([said], [REFERENCE]))
        assert row["radcliq_v1"] == pytest.approx(RADCLIQ_V1(*parts))
        assert row["radcliq_v0"] == pytest.approx(RADCLIQ_V0(*parts))


def test_the_reference_itself_is_best(published_weights: Path) -> None:
    scorers = PublishedScorers([published_weights], ["radcliq_v1"])
    assert scorers.names == ("radcliq_v1",)
    perfect, *others = scorers.scores([REFERENCE, *OTHERS], [REFERENCE] * 5)
    assert perfect["radcliq_v1"] == pytest.approx(RADCLIQ_V1(1, 1, 1, 1), abs=1e-4)
    assert all(row["radcliq_v1"] > perfect["radcliq_v1"] for row in others)


def test_a_part_comes_from_the_first_folder_that_has_it(published_weights: Path, tmp_path: Path) -> None:
    (tmp_path / "bertscore").mkdir()
    found = dict(PublishedScorers([tmp_path, published_weights]).sources.folders)
    assert found["bertscore"] == tmp_path
    assert found["chexbert"] == published_weights


def test_what_a_folder_lacks_is_told_with_the_scores_that_want_it(
    published_weights: Path, tmp_path: Path
) -> None:
    shutil.copytree(published_weights / "chexbert", tmp_path / "chexbert")
    scorers = PublishedScorers([tmp_path])
    assert scorers.names == ("semb",)
    assert scorers.lacking()["radgraph"] == [
        "radcliq_v1",
        "radcliq_v0",
        "radgraph_radcliq",
        "radgraph_partial",
    ]
    assert "Without ratescore: FOLDER/ratescore/embedder should hold BioLORD" in scorers.what_is_lacking()


def test_a_score_that_is_asked_for_names_the_folder_that_it_wants(
    published_weights: Path, tmp_path: Path
) -> None:
    shutil.copytree(published_weights / "chexbert", tmp_path / "chexbert")
    shutil.copytree(published_weights / "radgraph", tmp_path / "radgraph")
    with pytest.raises(
        ScoringError,
        match=r"^radcliq_v1 cannot be computed in .*\. FOLDER/bertscore should hold distilroberta-base of .*"
        r"\. docs/metrics\.md says where they come from and how they are laid out\.$",
    ):
        PublishedScorers([tmp_path], ["radcliq_v1"])


def test_an_empty_folder_names_every_scorer(tmp_path: Path) -> None:
    with pytest.raises(ScoringError, match="no published scorer's weights") as told:
        PublishedScorers([tmp_path])
    assert str(told.value).count("should hold") == 5


def test_without_chexbert_nothing_is_labelled(published_weights: Path, tmp_path: Path) -> None:
    shutil.copytree(published_weights / "bertscore", tmp_path / "bertscore")
    with pytest.raises(ScoringError, match="FOLDER/chexbert should hold CheXbert"):
        PublishedScorers([tmp_path]).labels([REFERENCE])


def test_a_device_that_is_not_there_is_told(published_weights: Path) -> None:
    with pytest.raises(ScoringError, match="There is no device “abacus” here"):
        PublishedScorers([published_weights], device="abacus")


@pytest.fixture(scope="module")
def in_two(published_weights: Path) -> Iterator[PublishedScorers]:
    """Scorers in two processes, ended when the module's tests are done."""
    scorers = PublishedScorers([published_weights], ["radcliq_v1"], processes=2)
    yield scorers
    scorers.close()


def test_several_processes_score_alike_and_in_order(
    published_weights: Path, in_two: PublishedScorers
) -> None:
    said = [f"{one} {two}" for one in OTHERS for two in OTHERS]
    alone = PublishedScorers([published_weights], ["radcliq_v1"])
    together = in_two.scores(said, [REFERENCE] * len(said))
    expected = alone.scores(said, [REFERENCE] * len(said))
    assert [row["radcliq_v1"] for row in together] == pytest.approx(
        [row["radcliq_v1"] for row in expected], abs=1e-5
    )
    assert len({round(row["radcliq_v1"], 6) for row in together}) > 8
    assert in_two.labels(said) == alone.labels(said)


def test_scorers_travel_to_another_process_without_their_processes(in_two: PublishedScorers) -> None:
    copy = pickle.loads(pickle.dumps(in_two))
    assert copy.scores([], []) == []
    assert copy.names == in_two.names


def double(items: Sequence[int]) -> list[int]:
    return [2 * item for item in items]


def die(items: Sequence[int]) -> list[int]:
    os.kill(os.getpid(), signal.SIGKILL)
    return list(items)


def test_a_process_that_dies_says_what_to_do_and_the_next_call_starts_anew() -> None:
    processes = ScoringProcesses(2)
    try:
        with pytest.raises(ScoringError, match=r"memory ran out: each of the 2 .* Ask for fewer processes"):
            processes(die, [1])
        assert processes(double, [3]) == [6]
    finally:
        processes.close()


PROGRAM = """
import os
from lmrrg.metrics.published.scoring_processes import ScoringProcesses
from tests.lmrrg.metrics.published.test_scorers import process_ids
if __name__ == "__main__":
    print(*ScoringProcesses(2)(process_ids, [1]), flush=True)
    os.kill(os.getpid(), 9)
"""


def process_ids(items: Sequence[int]) -> list[int]:
    return [os.getpid() for _ in items]


def test_a_process_ends_with_the_one_that_started_it(tmp_path: Path) -> None:
    (tmp_path / "program.py").write_text(PROGRAM, "utf-8")
    told = subprocess.run(
        [sys.executable, str(tmp_path / "program.py")],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == -signal.SIGKILL, told.stderr
    try:
        scoring = os.pidfd_open(int(told.stdout))
    except ProcessLookupError:
        return  # it has ended already
    assert select.select([scoring], [], [], 60)[0], "it goes on without anybody to score for"
    os.close(scoring)


def test_an_error_of_a_process_arrives_as_it_was(published_weights: Path, tmp_path: Path) -> None:
    shutil.copytree(published_weights, tmp_path / "weights")
    (tmp_path / "weights/chexbert/model.safetensors").write_bytes(b"no tensors")
    scorers = PublishedScorers([tmp_path / "weights"], ["semb"], processes=2)
    try:
        with pytest.raises(ScoringError, match="chexbert does not fit"):
            scorers.scores(["a"], ["b"])
    finally:
        scorers.close()
