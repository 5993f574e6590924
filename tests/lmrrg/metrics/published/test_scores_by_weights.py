"""Each published scorer over the tiny weights of ``tests.published_weights``; BERTScore also by hand."""

import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import ClassVar

import pytest
import torch
from safetensors.torch import load_file

from lmrrg.errors import ScoringError
from lmrrg.metrics.published.bertscore import BertScore, EncodedText, TransformersEncoder, load_bertscore
from lmrrg.metrics.published.chexbert import load_chexbert
from lmrrg.metrics.published.radgraph_extractor import load_extractor
from lmrrg.metrics.published.rate_models import load_ratescore
from lmrrg.metrics.published.weights import load_encoder
from lmrrg.profiles.chest.findings import FINDINGS
from tests.published_weights import save_encoder

DOCS = Path(__file__).resolve().parents[4] / "docs/metrics.md"
REFERENCE, CANDIDATE = "No pleural effusion. Lungs clear.", "Small left pleural effusion."


class HandMade:
    """Two-dimensional vectors between special tokens, so that a score can be worked out by hand."""

    VECTORS: ClassVar = {"a": (1.0, 0.0), "b": (0.0, 1.0), "c": (0.6, 0.8)}

    def encode(self, texts: list[str]) -> list[EncodedText]:
        found = []
        for text in texts:
            rows = [(0.0, 0.0), *(self.VECTORS[word] for word in text.split()), (0.0, 0.0)]
            ids = (0, *(ord(word) for word in text.split()), 1)
            special = (True, *(False for _ in text.split()), True)
            found.append(EncodedText(ids, special, torch.tensor(rows)))
        return found


def test_bertscore_by_hand() -> None:
    # a b against c: precision (.6 + .8)/2 = .7, recall max(.6, .8) = .8, F1 = .7466…
    assert BertScore(HandMade()).score(["a b"], ["c"])[0] == pytest.approx(2 * 0.7 * 0.8 / 1.5)
    assert BertScore(HandMade(), baseline=0.5).score(["a"], ["a"])[0] == pytest.approx(1.0)
    assert BertScore(HandMade(), baseline=0.5).score(["a"], ["b"])[0] == pytest.approx(-1.0)
    assert BertScore(HandMade()).score(["", "a"], ["a", ""]) == [0.0, 0.0]


def test_bertscore_scores_identity_as_one(published_weights: Path) -> None:
    same, other, again = load_bertscore(published_weights).score(
        [REFERENCE, CANDIDATE, CANDIDATE], [REFERENCE] * 3
    )
    assert same == pytest.approx(1.0, abs=1e-5)
    assert other < same
    assert other == pytest.approx(again)


def test_padding_changes_nothing(published_weights: Path) -> None:
    model, words = load_encoder(published_weights, "bertscore")
    alone = TransformersEncoder(model, words, 2).encode([CANDIDATE])[0]
    padded = TransformersEncoder(model, words, 2).encode([REFERENCE, CANDIDATE])[1]
    assert alone.ids == padded.ids
    assert torch.allclose(alone.vectors, padded.vectors, atol=1e-5)
    assert alone.special == (True, *(False for _ in alone.special[2:]), True)


def test_chexbert_labels_and_cosine(published_weights: Path) -> None:
    chexbert = load_chexbert(published_weights)
    labels = chexbert.label_reports([REFERENCE, CANDIDATE])
    assert [list(row) for row in labels] == [list(FINDINGS)] * 2
    same, other = chexbert.score([REFERENCE, CANDIDATE], [REFERENCE] * 2)
    assert same == pytest.approx(1.0, abs=1e-5)
    assert -1.0 <= other < same


def test_ratescore_scores_identity_as_one(published_weights: Path) -> None:
    same, other = load_ratescore(published_weights, published_weights).score(
        [REFERENCE, CANDIDATE], [REFERENCE] * 2
    )
    assert same == pytest.approx(1.0, abs=1e-5)
    assert 0.0 <= other < 1.0


def test_a_pair_has_the_same_ratescore_alone_and_among_others(published_weights: Path) -> None:
    metric = load_ratescore(published_weights, published_weights)
    said = [CANDIDATE, "No edema.", "", f"{REFERENCE} {CANDIDATE}"]
    together = metric.score(said, [REFERENCE] * 4)
    assert together == pytest.approx([metric.score([one], [REFERENCE])[0] for one in said], abs=1e-6)
    assert len({round(score, 6) for score in together}) > 2


@pytest.mark.parametrize(
    ("load", "part", "holds"),
    [
        (load_bertscore, "bertscore", "distilroberta-base"),
        (load_chexbert, "chexbert", "CheXbert"),
        (load_extractor, "radgraph", "RadGraph"),
        (lambda folder: load_ratescore(folder, folder), "ratescore/recogniser", "RaTE-NER-Deberta"),
    ],
)
def test_absent_weights_are_named_with_their_folder(
    load: Callable[[Path], object], part: str, holds: str, tmp_path: Path
) -> None:
    with pytest.raises(ScoringError) as told:
        load(tmp_path)
    said = str(told.value)
    assert said.startswith(f"{tmp_path}/{part}/config.json is missing. {tmp_path}/{part} should hold {holds}")
    assert said.endswith("docs/metrics.md says where they come from and how they are laid out.")


def test_weights_that_lack_a_head_are_refused(tmp_path: Path) -> None:
    (tmp_path / "chexbert").mkdir()
    save_encoder(tmp_path / "chexbert")
    with pytest.raises(ScoringError, match=r"chexbert does not fit: model\.safetensors lacks"):
        load_chexbert(tmp_path)


def test_an_encoder_without_the_layer_that_is_read_is_refused(tmp_path: Path) -> None:
    save_encoder(tmp_path / "bertscore", layers=2)
    with pytest.raises(ScoringError, match="reads layer 5 of an encoder that has fewer"):
        load_bertscore(tmp_path)


def test_the_conversion_in_the_docs_makes_what_is_read(published_weights: Path, tmp_path: Path) -> None:
    """From chexbert.pth, as it is published, with the few lines of docs/metrics.md."""
    (program,) = re.findall(r"```python\n(.*?)```", DOCS.read_text("utf-8"), re.S)
    shutil.copytree(published_weights / "chexbert", tmp_path / "chexbert")
    converted = tmp_path / "chexbert/model.safetensors"
    torch.save({"model_state_dict": load_file(converted)}, tmp_path / "chexbert.pth")
    converted.unlink()
    words = [sys.executable, "-c", program, str(tmp_path / "chexbert.pth"), str(converted)]
    subprocess.run(words, check=True, capture_output=True)
    assert load_chexbert(tmp_path).score([CANDIDATE], [REFERENCE]) == load_chexbert(published_weights).score(
        [CANDIDATE], [REFERENCE]
    )
