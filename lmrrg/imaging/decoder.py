"""The limited process in which a file from outside is decoded: ``python -m lmrrg.imaging.decoder``.

The file comes on standard input; one line of JSON and then the bare pixels go to standard output. Before the
first byte is read the process gives up the right to more memory, time and files than a radiograph needs.
Knows nothing of who started it. Needs a POSIX system.
"""

import json
import resource
import sys
from typing import BinaryIO

import numpy as np

from lmrrg import errors
from lmrrg.imaging.archive import describe
from lmrrg.imaging.bounds import MAX_BYTES, MAX_SAMPLES
from lmrrg.imaging.intake import open_radiograph

MEMORY_BYTES = 2 * 1024**3
"""Address space: the largest image that is let in, at two bytes to a pixel, is held four times at most."""
CPU_SECONDS = 20
OUTPUT_BYTES = 2 * MAX_SAMPLES + 65536


def limit_this_process() -> None:
    """Lower this process's own limits for good."""
    for what, most in (
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_FSIZE, OUTPUT_BYTES),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(what)
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (most, most))


def answer(source: BinaryIO, sink: BinaryIO) -> None:
    """Decode what ``source`` holds and write the outcome to ``sink``."""
    try:
        image = open_radiograph(source.read(MAX_BYTES + 1))
    except errors.IntakeError as error:
        sink.write(json.dumps({"error": type(error).__name__, "message": str(error)}).encode() + b"\n")
        return
    sink.write(json.dumps({"image": describe(image)}).encode() + b"\n")
    sink.write(np.ascontiguousarray(image.pixels, dtype="<u2").data)


if __name__ == "__main__":
    limit_this_process()
    answer(sys.stdin.buffer, sys.stdout.buffer)
