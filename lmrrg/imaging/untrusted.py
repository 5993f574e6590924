"""Open a file from outside in a process of its own, so that the worst one can only end that process.

Knows how to start ``decoder`` and how to read its answer, which is checked like any other input. The child
gets the file without its name, a handful of environment variables, and no pipe that anyone could wait on.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import BinaryIO

import numpy as np

from lmrrg.errors import FileTooLarge, IntakeError, UnreadableFile, UnsupportedFile
from lmrrg.imaging.archive import restore
from lmrrg.imaging.bounds import MAX_BYTES, read_bounded
from lmrrg.types import RadiographImage

WALL_SECONDS = 30.0

_PACKAGE_ROOT = Path(__file__).resolve().parents[2]
_ERRORS: dict[str, type[IntakeError]] = {
    error.__name__: error for error in (FileTooLarge, UnreadableFile, UnsupportedFile)
}
_LONGEST_LINE = 65536


def open_untrusted(source: Path | bytes) -> RadiographImage:
    """As ``open_radiograph``, in a process limited in memory, time and output.

    Raises:
        FileTooLarge: over the bounds on bytes, pixels, memory or time.
        UnreadableFile: damaged, truncated, or no format that we know; also where the decoder died of it.
        UnsupportedFile: understood, but not a single radiograph.
    """
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as answer:
        given.write(read_bounded(source))
        given.seek(0)
        _decode(given, answer)
        answer.seek(0)
        return _read_answer(answer)


def _decode(given: BinaryIO, answer: BinaryIO) -> None:
    """Run the decoder to its end; raises where it did not come to one by itself."""
    process = subprocess.Popen(
        [sys.executable, "-m", "lmrrg.imaging.decoder"],
        stdin=given,
        stdout=answer,
        stderr=subprocess.DEVNULL,
        cwd=_PACKAGE_ROOT,
        env=_environment(),
        start_new_session=True,
    )
    try:
        status = process.wait(WALL_SECONDS)
    except subprocess.TimeoutExpired:
        raise _too_slow() from None
    finally:
        process.kill()  # no effect on one that has ended
        process.wait()
    if status != 0:
        raise UnreadableFile(
            "The file could not be decoded: it is damaged, or asks for more than an image may take. "
            "Export or send it again."
        )


def _environment() -> dict[str, str]:
    """What the interpreter may need to start, and none of this process's settings or secrets."""
    kept = {name: os.environ[name] for name in ("HOME", "PATH", "LD_LIBRARY_PATH") if name in os.environ}
    return {**kept, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


def _read_answer(answer: BinaryIO) -> RadiographImage:
    try:
        words = json.loads(answer.readline(_LONGEST_LINE))
        if "error" in words:
            raise _ERRORS[words["error"]](str(words["message"]))
        pixels = np.frombuffer(answer.read(MAX_BYTES), dtype="<u2").astype(np.uint16)
        image = words["image"]
        return restore(image, pixels.reshape(int(image["rows"]), int(image["columns"])))
    except (ValueError, KeyError, TypeError, AttributeError):
        raise UnreadableFile("The file could not be decoded. Export or send it again.") from None


def _too_slow() -> FileTooLarge:
    return FileTooLarge(
        "The file takes too long to decode. Export the radiograph uncompressed or as JPEG 2000."
    )
