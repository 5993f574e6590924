"""Where the weights of each published scorer lie in a user's folder, and what is said where they are missing.

    FOLDER/
        bertscore/              distilroberta-base
        chexbert/               CheXbert
        radgraph/               RadGraph, with its encoder's config and tokenizer in encoder/
        ratescore/recogniser/   RaTE-NER-Deberta
        ratescore/embedder/     BioLORD-2023-C

Only safetensors are read: ``.pth``, ``.bin`` and ``.th`` files must be converted first, nothing is unpickled, and no
code comes from a folder. Sources, licences and the conversion stand in ``docs/metrics.md``. Knows no metric.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from safetensors import SafetensorError
from transformers import AutoModel, AutoTokenizer

from lmrrg.errors import ScoringError

DESCRIBED = "docs/metrics.md"
# Part → what its folder should hold.
PARTS: dict[str, str] = {
    "bertscore": "distilroberta-base of the Hugging Face hub (config.json, model.safetensors, tokenizer files)",
    "chexbert": "CheXbert (chexbert.pth converted to model.safetensors; config.json and tokenizer files of "
    "bert-base-uncased)",
    "radgraph": "RadGraph (radgraph.tar.gz unpacked: config.json, vocabulary/, weights.th converted to "
    "model.safetensors; config.json and tokenizer files of its encoder in encoder/)",
    "ratescore/recogniser": "RaTE-NER-Deberta of the Hugging Face hub (config.json, model.safetensors, tokenizer "
    "files)",
    "ratescore/embedder": "BioLORD-2023-C of the Hugging Face hub (config.json, model.safetensors, tokenizer files)",
}


def is_there(folder: Path, part: str) -> bool:
    """Whether the user's ``folder`` has something for the part, complete or not."""
    return (folder / part).is_dir()


def wanted(*parts: str, where: object = "FOLDER") -> str:
    """Which folders are wanted for the parts, in one sentence."""
    held = "; ".join(f"{where}/{part} should hold {PARTS[part]}" for part in parts)
    return f"{held}. {DESCRIBED} says where they come from and how they are laid out."


def complete(folder: Path, part: str, *names: str) -> Path:
    """The part's own folder, which holds the files ``names``. Raises ScoringError where one is missing."""
    for name in names:
        if not (folder / part / name).exists():
            raise ScoringError(f"{folder / part / name} is missing. {wanted(part, where=folder)}")
    return folder / part


def load_encoder(folder: Path, part: str, kind: Any = AutoModel, *, device: str = "cpu") -> tuple[Any, Any]:
    """(model, tokenizer) of an encoder. Raises ScoringError where it is not whole."""
    path = complete(folder, part, "config.json", "model.safetensors")
    try:
        tokenizer = AutoTokenizer.from_pretrained(path, trust_remote_code=False, local_files_only=True)
        model = kind.from_pretrained(
            path, use_safetensors=True, trust_remote_code=False, local_files_only=True
        )
    except (OSError, ValueError, RuntimeError, SafetensorError) as error:
        raise ScoringError(
            f"{path} cannot be loaded ({_first_line(error)}). {wanted(part, where=folder)}"
        ) from error
    return model.to(device).eval(), tokenizer


def misfit(folder: Path, part: str, what: object) -> ScoringError:
    """The error for files that are there and do not belong together."""
    return ScoringError(f"{folder / part} does not fit: {_first_line(what)}. {wanted(part, where=folder)}")


def _first_line(error: object) -> str:
    lines: Iterator[str] = (line.strip() for line in str(error).splitlines())
    return next((line for line in lines if line), type(error).__name__).rstrip(".")[:200]
