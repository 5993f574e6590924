"""Which setting means which model; nobody else knows it.

A model is named in one of three ways, in ``LMRRG_MODEL``, on the command line and in the database:

    default             the model that ships with the program
    a folder            a version's folder; in the database also one within the data folder, as "versions/1.1"
    server:URL#NAME     the model NAME behind an OpenAI-compatible server

Does not know what lies in a folder (``folder``), nor which version is live.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

from lmrrg.chat_server import PREFIX, ChatServer
from lmrrg.errors import ModelError
from lmrrg.profiles import Profile
from lmrrg.report import ModelName
from lmrrg.reporters.base import Reporter
from lmrrg.reporters.folder import VersionFolder

DEFAULT = "default"
DEFAULT_FOLDER = Path(__file__).resolve().parent.parent / "weights" / "default"


class Described(Protocol):
    """What can be told of a model without loading it; each is looked up when it is asked for.

    ``name`` and ``profile`` raise ModelError where the model is not there, or is damaged.
    """

    @property
    def name(self) -> ModelName: ...

    @property
    def profile(self) -> Profile:
        """The kind of examination that it is for."""

    @property
    def is_version(self) -> bool:
        """Whether it is there to be loaded."""

    @property
    def made_by(self) -> Mapping[str, Any]:
        """How training made it; empty for a model that it did not make."""


def resolve(model: str | Path, data_folder: Path | None = None) -> Path | ChatServer:
    """What the name means: a folder, whether or not it is there, or a model behind a server.

    ``data_folder``: where a folder is looked for first.

    Raises:
        ModelError: a server without an address or without a model's name.
    """
    if str(model) == DEFAULT:
        return DEFAULT_FOLDER
    if str(model).startswith(PREFIX):
        return ChatServer.at(str(model))
    within = (data_folder or Path()) / model
    return within if within.exists() else Path(model).expanduser()


def folder_of(model: str | Path, data_folder: Path | None = None) -> Path:
    """As ``resolve``, for whoever needs the weights themselves.

    Raises:
        ModelError: the name means no folder.
    """
    found = resolve(model, data_folder)
    if isinstance(found, ChatServer):
        raise ModelError(
            f"“{found.name}” runs behind the server {found.url}, and this program cannot write with such a model yet. "
            "Set LMRRG_MODEL to a model's folder or to “default”."
        )
    return found


def describe(model: str | Path, data_folder: Path | None = None) -> Described:
    """What can be told of the model of this name.

    Raises:
        ModelError: it is of a kind that this program cannot write with.
    """
    return VersionFolder(folder_of(model, data_folder))


def as_kept(model: str) -> str:
    """The name as it is written into the database, where it must mean the same from every working folder."""
    found = resolve(model)
    if str(model) == DEFAULT or isinstance(found, ChatServer):
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
