"""RadGraph's extractor against the published package, entity by entity.

``radgraph_0_1_18.jsonl`` holds what radgraph 0.1.18 (the copy in RadEval 2.2.1) found with the tiny weights of
``tests.published_weights``.
"""

import json
from pathlib import Path

import pytest

from lmrrg.errors import ScoringError
from lmrrg.json_lines import lines_of
from lmrrg.metrics.graphs import ReportGraph
from lmrrg.metrics.published.radgraph_extractor import load_extractor, split_words
from tests.published_weights import PIECES, save_radgraph

FOUND = Path(__file__).with_name("radgraph_0_1_18.jsonl")
ROWS = [json.loads(line) for line in lines_of(FOUND.read_text("utf-8"))]


@pytest.mark.parametrize("model", ["radgraph", "radgraph-xl"])
def test_it_finds_what_the_package_finds(model: str, tmp_path: Path) -> None:
    save_radgraph(tmp_path / "radgraph", model)
    rows = [row for row in ROWS if row["model"] == model]
    assert len(rows) == 4
    assert load_extractor(tmp_path)([row["report"] for row in rows]) == [
        ReportGraph.from_radgraph(row) for row in rows
    ]


def test_a_report_longer_than_the_encoder_reads_keeps_its_end(tmp_path: Path) -> None:
    save_radgraph(tmp_path / "radgraph")
    words = ["lungs", "clear"] * PIECES
    (graph,) = load_extractor(tmp_path)([" ".join(words)])
    assert max(entity.span[1] for entity in graph.entities) == len(words) - 1


def test_a_batch_changes_nothing(tmp_path: Path) -> None:
    save_radgraph(tmp_path / "radgraph")
    extract = load_extractor(tmp_path)
    reports = ["No edema.", "Small left pleural effusion, cardiomegaly."]
    assert extract(reports) == extract(reports[:1]) + extract(reports[1:])


@pytest.mark.parametrize(
    ("model", "words"), [("radgraph", "Clear ( 5% ) ."), ("radgraph-xl", "Clear ( 5 % ) .")]
)
def test_words_are_split_as_each_model_was_trained(model: str, words: str) -> None:
    assert split_words("Clear (5%).", model) == words.split()


def test_a_folder_that_lacks_a_part_names_it(tmp_path: Path) -> None:
    save_radgraph(tmp_path / "radgraph")
    (tmp_path / "radgraph/encoder/config.json").unlink()
    with pytest.raises(
        ScoringError, match=r"encoder/config\.json is missing\. .*/radgraph should hold RadGraph"
    ):
        load_extractor(tmp_path)
