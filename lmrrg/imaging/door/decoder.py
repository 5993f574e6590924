"""The processes in which files from outside are decoded: ``python -m lmrrg.imaging.door.decoder SOCKET``.

One process loads the libraries once and then only forks: every file gets a child of its own, which gives up the
right to more memory and time than a radiograph needs before it reads the first byte, answers, and is gone. So a
file can end its own child and nothing else, and no child has ever seen another file. Neither the process nor a child
can open a file but the libraries, speak to the network or start a program (``confinement``). A request is a message of
nine bytes, the seconds that the file may take and whether only its time is asked for, with three open files: the
given one, the one for the answer, and a pipe that gets one byte when the answer is whole and is closed when the
child has ended, however it did.

The answer is one line of JSON and then, unless only the time was asked for, the bare pixels. Knows nothing of who
started it. Needs a POSIX system.
"""

import dataclasses
import json
import os
import resource
import signal
import socket
import struct
import sys
from typing import BinaryIO

import numpy as np

from lmrrg import errors
from lmrrg.imaging.door.archive import describe
from lmrrg.imaging.door.bounds import MAX_BYTES, MAX_SAMPLES
from lmrrg.imaging.door.confinement import confine, forbid_new_processes
from lmrrg.imaging.door.opening import receive

MEMORY_BYTES = 2 * 1024**3
"""Address space, the libraries' own included."""
CPU_SECONDS = 20
OUTPUT_BYTES = 2 * MAX_SAMPLES + 65536
REQUEST = struct.Struct("<d?")
WHOLE = b"+"


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


def answer(source: BinaryIO, sink: BinaryIO, only_time: bool = False) -> None:
    """Decode what ``source`` holds, or look at its time only, and write the outcome to ``sink``."""
    if only_time:
        from lmrrg.imaging.dicom.times import when_examined

        sink.write(json.dumps({"when": when_examined(source.read(MAX_BYTES))}).encode() + b"\n")
        return
    try:
        arrival = receive(source.read(MAX_BYTES + 1))
    except errors.IntakeError as error:
        sink.write(json.dumps({"error": type(error).__name__, "message": str(error)}).encode() + b"\n")
        return
    header = None if arrival.header is None else dataclasses.asdict(arrival.header)
    sink.write(json.dumps({"image": describe(arrival.image), "header": header}).encode() + b"\n")
    sink.write(np.ascontiguousarray(arrival.image.pixels, dtype="<u2").data)


def serve(requests: socket.socket) -> None:
    """Fork a child for every request until the other end is closed."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # children that have ended need nobody to wait for them
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # an interrupt is for whoever asked
    while True:
        message, files, _, _ = socket.recv_fds(requests, REQUEST.size, 3)
        if len(message) < REQUEST.size:
            return
        if os.fork() == 0:
            requests.close()
            _decode_and_leave(*REQUEST.unpack(message), *files)
        for file in files:
            os.close(file)


def _decode_and_leave(seconds: float, only_time: bool, given: int, answered: int, told: int) -> None:
    status = 1
    try:
        signal.setitimer(signal.ITIMER_REAL, seconds)  # nothing handles its signal, so it ends the process
        limit_this_process()
        forbid_new_processes()
        with os.fdopen(given, "rb") as source, os.fdopen(answered, "wb") as sink:
            answer(source, sink, only_time)
        os.write(told, WHOLE)
        status = 0
    finally:
        os._exit(status)  # without the clean-up of what was inherited


def _load_libraries() -> None:
    """What opening a file would import: once here, so that no child has to."""
    import cv2
    import numpy.ma  # noqa: F401  (numpy.percentile)
    from PIL import Image

    from lmrrg.imaging import appearance  # noqa: F401
    from lmrrg.imaging.dicom import to_radiograph as _dicom  # noqa: F401
    from lmrrg.imaging.raster import to_radiograph as _raster  # noqa: F401

    Image.init()
    cv2.setNumThreads(0)  # threads do not survive a fork


if __name__ == "__main__":
    _load_libraries()
    confine()
    with socket.socket(fileno=int(sys.argv[1])) as one_end:
        serve(one_end)
