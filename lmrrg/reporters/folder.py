"""A version's folder: what lies in it, and under which names. Nobody else knows them.

Weights (safetensors), configuration and processor lie there as Hugging Face writes them. Beside them:

    lmrrg_version.json          what the version is called; written last, so that a folder without it is no version
    made_by.json                from what, with what and how training made it, and how it was judged
    calibration.json            how sure it is of its own words (``grounding.confidence``)
    image_check.safetensors     what the images that it knows look like (``grounding.image_check``)

Does not know which version is live, which setting names which folder (``registry``), nor how weights are loaded.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lmrrg.errors import ModelError, ProfileError
from lmrrg.profiles import DEFAULT, Profile, load
from lmrrg.report import ModelName

if TYPE_CHECKING:  # whoever only asks for a version's name does not wait for torch
    from lmrrg.grounding.confidence import Calibration
    from lmrrg.grounding.image_check import ImageCheck

_VERSION = "lmrrg_version.json"
_CONFIGURATION = "config.json"  # of the weights, as Hugging Face names it
_MADE_BY = "made_by.json"
_CALIBRATION = "calibration.json"
_IMAGE_CHECK = "image_check.safetensors"


@dataclass(frozen=True, slots=True)
class VersionFolder:
    """One version's folder, which need not be there yet."""

    path: Path

    @property
    def is_version(self) -> bool:
        """Whether a whole version was written here."""
        return self.last_written.is_file()

    @property
    def last_written(self) -> Path:
        """The file whose appearance says that the version is whole."""
        return self.path / _VERSION

    @property
    def name(self) -> ModelName:
        """What the version is called.

        Raises:
            ModelError: there is no version here.
        """
        try:
            told = json.loads(self.last_written.read_text("utf-8"))
            return ModelName(str(told["name"]), str(told["version"]), bool(told["demonstration"]))
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise ModelError(
                f"There is no model in “{self.path}”: {_VERSION} is missing or damaged ({error}). "
                "Choose a folder written by this program's training, or leave LMRRG_MODEL at “default”."
            ) from error

    @property
    def profile(self) -> Profile:
        """The kind of examination that the version is for; the chest where a folder does not say, as old ones do not.

        Raises:
            ModelError: there is no configuration here, or it is of a kind that the program does not know.
        """
        try:
            told = json.loads((self.path / _CONFIGURATION).read_text("utf-8"))
            return load(str(told.get("profile", DEFAULT)))
        except (OSError, ValueError, AttributeError, ProfileError) as error:
            raise ModelError(
                f"There is no model in “{self.path}” that can be used ({error}). "
                "Choose a folder written by this program's training, or leave LMRRG_MODEL at “default”."
            ) from error

    def finish(self, name: ModelName) -> None:
        """Call the version so; to be done when all else has been written."""
        told = {"name": name.name, "version": name.version, "demonstration": name.demonstration}
        _write_json(self.last_written, told)

    @property
    def made_by(self) -> dict[str, Any]:
        """How training made it; empty for a version that it did not make.

        Raises:
            ModelError: the file is damaged.
        """
        path = self.path / _MADE_BY
        if not path.exists():
            return {}
        try:
            told: dict[str, Any] = json.loads(path.read_text("utf-8"))
        except (OSError, ValueError) as error:
            raise ModelError(
                f"“{path}” cannot be read ({error}). Restore it from a backup; the version works without."
            ) from error
        return told

    def keep_made_by(self, told: Mapping[str, Any]) -> None:
        _write_json(self.path / _MADE_BY, told)

    def calibration(self) -> "Calibration | None":
        """What was fitted to its words; None where nothing was.

        Raises:
            ModelError: the file is damaged.
        """
        from lmrrg.grounding.confidence import load_calibration

        return load_calibration(self.path / _CALIBRATION)

    def image_check(self, *, look: int) -> "ImageCheck | None":
        """What was fitted to its images, seen by a grid of ``look`` channels; None where nothing was.

        Raises:
            ModelError: the file does not fit the model.
        """
        from lmrrg.grounding.image_check import load_image_check

        return load_image_check(self.path / _IMAGE_CHECK, look=look)

    def keep_fitted(self, calibration: "Calibration", image_check: "ImageCheck") -> None:
        calibration.save(self.path / _CALIBRATION)
        image_check.save(self.path / _IMAGE_CHECK)

    def forget_fitted(self) -> None:
        """Take away what was fitted to other weights."""
        for file in self._fitted:
            file.unlink(missing_ok=True)

    def take_over(self, parent: "VersionFolder") -> None:
        """Say of images and of one's own words what the parent says, where it says it.

        Adapters touch the decoder alone: what was fitted to the image side holds as it is, and how sure a sentence is
        holds as nearly as the decoder has stayed the same.
        """
        for mine, theirs in zip(self._fitted, parent._fitted, strict=True):
            if theirs.exists():
                # The content alone: what everybody may read in the package is not for everybody in the data folder.
                shutil.copyfile(theirs, mine)

    def weights_sha256(self) -> str:
        """The hash of the weights' files, one after the other by name: what an adapter's base must be.

        Raises:
            ModelError: there are no weights here.
        """
        files = sorted(set(self.path.glob("*.safetensors")) - set(self._fitted))
        if not files:
            raise ModelError(f"There are no weights in “{self.path}”. Restore the folder from a backup.")
        digest = hashlib.sha256()
        for file in files:
            digest.update(file.read_bytes())
        return digest.hexdigest()

    @property
    def _fitted(self) -> tuple[Path, Path]:
        return self.path / _CALIBRATION, self.path / _IMAGE_CHECK


def _write_json(path: Path, told: Mapping[str, Any]) -> None:
    """Whole or not at all."""
    unfinished = path.with_name(path.name + ".partial")
    with unfinished.open("w", encoding="utf-8") as file:
        file.write(json.dumps(told, indent=2, ensure_ascii=False) + "\n")
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)
