"""Which setting means which model; nobody else knows it.

A model is named in one of three ways, in ``LMRRG_MODEL``, on the command line and in the database:

    default             the model that ships with the program
    a folder            a version's folder; in the database also one within the data folder, as "versions/1.1"
    server:URL#NAME     the model NAME behind an OpenAI-compatible server

Does not know what lies in a folder (``folder``), nor which version is live.
"""

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from lmrrg.errors import ModelError
from lmrrg.reporters.base import Reporter

DEFAULT = "default"
DEFAULT_FOLDER = Path(__file__).resolve().parent.parent / "weights" / "default"
_SERVER = "server:"


@dataclass(frozen=True, slots=True)
class Served:
    """The model ``name`` behind the server at ``url``."""

    url: str
    name: str


def resolve(model: str | Path, data_folder: Path | None = None) -> Path | Served:
    """What the name means: a folder, whether or not it is there, or a model behind a server.

    ``data_folder``: where a folder is looked for first.

    Raises:
        ModelError: a server without an address or without a model's name.
    """
    if str(model) == DEFAULT:
        return DEFAULT_FOLDER
    if str(model).startswith(_SERVER):
        return _served(str(model).removeprefix(_SERVER))
    within = (data_folder or Path()) / model
    return within if within.exists() else Path(model).expanduser()


def folder_of(model: str | Path, data_folder: Path | None = None) -> Path:
    """As ``resolve``, for whoever needs the weights themselves.

    Raises:
        ModelError: the name means no folder.
    """
    found = resolve(model, data_folder)
    if isinstance(found, Served):
        raise ModelError(
            f"“{found.name}” runs behind the server {found.url}, and this program cannot write with such a model yet. "
            "Set LMRRG_MODEL to a model's folder or to “default”."
        )
    return found


def as_kept(model: str) -> str:
    """The name as it is written into the database, where it must mean the same from every working folder."""
    found = resolve(model)
    if str(model) == DEFAULT or isinstance(found, Served):
        return str(model)
    return str(found.absolute())


def load_reporter(
    model: str | Path = DEFAULT, *, device: str = "cpu", data_folder: Path | None = None
) -> Reporter:
    """The reporter of this name.

    Raises:
        ModelError: it means no model that can be loaded.
    """
    folder = folder_of(model, data_folder)
    from lmrrg.reporters.native import NativeReporter

    return NativeReporter(folder, device=device)


def _served(address: str) -> Served:
    url, _, name = address.partition("#")
    if urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).netloc or not name:
        raise ModelError(
            f"“{_SERVER}{address}” names no model: write server:URL#NAME, as server:http://localhost:8000/v1#my-model."
        )
    return Served(url, name)
