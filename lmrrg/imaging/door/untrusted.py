"""Open a file from outside in a process of its own, so that the worst one can only end that process.

Knows how to ask ``decoder`` and how to read its answer, which is checked like any other input. The other side
gets the file without its name, a handful of environment variables, and no pipe that anyone could wait on for
ever. Its first process is started with the first file and ends with this one; it takes half a second to start
and then a few milliseconds for a file.
"""

import atexit
import json
import os
import select
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from lmrrg.errors import FileTooLarge, IntakeError, UnreadableFile, UnsupportedFile
from lmrrg.imaging.door.archive import restore
from lmrrg.imaging.door.bounds import MAX_BYTES, read_bounded
from lmrrg.imaging.door.decoder import CPU_SECONDS, REQUEST, WHOLE
from lmrrg.imaging.door.header import Header
from lmrrg.imaging.door.opening import Arrival
from lmrrg.imaging.door.sniff import format_of
from lmrrg.study import RadiographImage

# Six times the processor time that a file is granted: a good file is not refused because others crowd the machine.
WALL_SECONDS = 120.0
# Far more than what stands before a DICOM file's date and time, which are among its first elements.
HEAD_BYTES = 65_536
# Each may take ``decoder.MEMORY_BYTES``; more at once than there are cores would only take memory.
AT_ONCE = max(2, os.cpu_count() or 2)

_PACKAGE_ROOT = Path(__file__).resolve().parents[3]
_ERRORS: dict[str, type[IntakeError]] = {
    error.__name__: error for error in (FileTooLarge, UnreadableFile, UnsupportedFile)
}
_LONGEST_LINE = 262_144


class Decoders:
    """The way to ``decoder``: starts it when it is first needed, and again where it has gone.

    ``turns`` is what whoever has a file decoded holds meanwhile; all but ``at_once`` wait.
    """

    def __init__(self, at_once: int = AT_ONCE) -> None:
        self.turns = threading.BoundedSemaphore(at_once)
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._requests: socket.socket | None = None

    def ask(self, seconds: float, files: list[int], only_time: bool = False) -> None:
        """Hand a request over; raises OSError where no process can be started."""
        with self._lock:
            if self._process is None or self._process.poll() is not None:
                self._start()
            assert self._requests is not None
            try:
                socket.send_fds(self._requests, [REQUEST.pack(seconds, only_time)], files)
            except OSError:  # it went between the look and the message
                self._start()
                socket.send_fds(self._requests, [REQUEST.pack(seconds, only_time)], files)

    def close(self) -> None:
        """End the process; the next request starts another one."""
        with self._lock:
            self._end()

    def _start(self) -> None:
        self._end()
        ours, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "lmrrg.imaging.door.decoder", str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                cwd=_PACKAGE_ROOT,
                env=_environment(),
                start_new_session=True,
            )
        self._requests = ours

    def _end(self) -> None:
        if self._requests is not None:
            self._requests.close()
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        self._process = self._requests = None


_decoders = Decoders()
atexit.register(_decoders.close)
# A forked copy of this process must not speak over the same socket.
os.register_at_fork(after_in_child=lambda: globals().__setitem__("_decoders", Decoders()))


def open_untrusted(source: Path | bytes) -> RadiographImage:
    """The radiograph of ``receive_untrusted``, which see for the errors, without its header."""
    return receive_untrusted(source).image


def receive_untrusted(source: Path | bytes) -> Arrival:
    """As ``intake.receive``, in a process limited in memory, time and output.

    Waits while as many files as may be are decoded already; its own time begins after that.

    Raises:
        FileTooLarge: over the bounds on bytes, pixels, memory or time.
        UnreadableFile: damaged, truncated, or no format that we know; also where the decoder died of it.
        UnsupportedFile: understood, but not a single radiograph.
    """
    with _decoders.turns, tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as answer:
        given.write(read_bounded(source))
        given.seek(0)
        _decode(given, answer)
        answer.seek(0)
        return _read_answer(answer)


def when_examined(head: bytes) -> str:
    """``dicom_times.when_examined`` of a file's first ``HEAD_BYTES``, asked in a limited process.

    Empty where it is no DICOM file, says nothing of its day, or is the end of that process.
    """
    try:
        if format_of(head) != "DICOM":
            return ""
        with _decoders.turns, tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as answer:
            given.write(head)
            given.seek(0)
            _decode(given, answer, only_time=True)
            answer.seek(0)
            when = json.loads(answer.readline(_LONGEST_LINE))["when"]
    except (IntakeError, ValueError, KeyError, TypeError):
        return ""
    return when if isinstance(when, str) else ""


def _decode(given: BinaryIO, answer: BinaryIO, only_time: bool = False) -> None:
    """Have the file decoded; raises where the decoder did not come to an end by itself."""
    began = time.monotonic()
    ended, told = os.pipe()
    try:
        try:
            _decoders.ask(WALL_SECONDS, [given.fileno(), answer.fileno(), told], only_time)
        except OSError:  # no decoder stays alive; the pipe, closed below, says the rest
            pass
        finally:
            os.close(told)
        # The child's own clock ends it at the limit; the second more is for a first start.
        readable, _, _ = select.select([ended], [], [], WALL_SECONDS + 1)
        whole = bool(readable) and os.read(ended, 1) == WHOLE
    finally:
        os.close(ended)
    if whole:
        return
    if time.monotonic() - began >= min(WALL_SECONDS, CPU_SECONDS):
        raise FileTooLarge(
            "The file takes too long to decode. Export the radiograph uncompressed or as JPEG 2000."
        )
    raise UnreadableFile(
        "The file could not be decoded: it is damaged, or asks for more than an image may take. "
        "Export or send it again."
    )


def _environment() -> dict[str, str]:
    """What the interpreter may need to start, and none of this process's settings or secrets."""
    kept = {name: os.environ[name] for name in ("HOME", "PATH", "LD_LIBRARY_PATH") if name in os.environ}
    return {**kept, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


def _read_answer(answer: BinaryIO) -> Arrival:
    try:
        words = json.loads(answer.readline(_LONGEST_LINE))
        if "error" in words:
            raise _ERRORS[words["error"]](str(words["message"]))
        pixels = np.frombuffer(answer.read(MAX_BYTES), dtype="<u2").astype(np.uint16)
        image = words["image"]
        return Arrival(
            restore(image, pixels.reshape(int(image["rows"]), int(image["columns"]))),
            _header(words["header"]),
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        raise UnreadableFile("The file could not be decoded. Export or send it again.") from None


def _header(words: dict[str, Any] | None) -> Header | None:
    return None if words is None else Header(**words)
