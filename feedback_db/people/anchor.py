"""Tells the audit's head to a place that this program cannot rewrite, so that a chain made anew shows.

    /path/of/a/file             with the append-only attribute (``chattr +a``), which this program may not take away
    syslog:/dev/log             this machine's log, which belongs to another account
    syslog://host:514           another machine's, by UDP
    https://host/path           another machine; each head is sent by POST

Anything else leads nowhere: then ``problem`` says why, and the audit counts as *not anchored*. Heads are told by a
thread of its own; of many at once the newest, which stands for all before it. Does not know what the rows say.
"""

import array
import fcntl
import ipaddress
import json
import logging
import os
import re
import socket
import urllib.request
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from threading import Condition, Thread
from urllib.parse import urlsplit

from feedback_db.people.audit import Head

log = logging.getLogger(__name__)
SECONDS = 5.0  # that another machine may take
_NAME = "lmrrg-audit"
_LINE = re.compile(rf"{_NAME} (\{{.*?\}})")
_GETFLAGS, _APPEND_ONLY, _MAY_SET_FLAGS = 0x80086601, 0x20, 1 << 9  # linux/fs.h, linux/capability.h
_FACILITY = "<110>"  # log audit, informational (RFC 5424)


@dataclass(frozen=True, slots=True)
class Place:
    """Where heads are told, and how."""

    address: str
    send: Callable[[str], None]


class Anchor:
    """One process's way to the anchor. ``problem`` is empty where it leads out of reach."""

    def __init__(self, setting: str) -> None:
        found = _place_of(setting.strip())
        self.place = found if isinstance(found, Place) else None
        self.problem = found if isinstance(found, str) else ""
        self._waiting: Head | None = None
        self._failed, self._closed = "", False
        self._changed = Condition()
        self._thread: Thread | None = None

    @property
    def told(self) -> str:
        """Whether and where the audit is anchored, in a sentence."""
        if self.place is None:
            return f"Not anchored: {self.problem}"
        if self._failed:
            return f"Not anchored just now: {self.place.address} could not be reached ({self._failed})."
        return f"Anchored at {self.place.address}."

    def tell(self, head: Head, *, restored: bool = False) -> None:
        """Have this head told soon; ``restored``: heads beyond it were of a database that a backup has replaced."""
        if self.place is None:
            return
        if restored:
            self._send(head, restored=True)
            return
        with self._changed:
            self._waiting = head
            if self._thread is None:
                self._thread = Thread(target=self._work, name="audit anchor", daemon=True)
                self._thread.start()
            self._changed.notify()

    def close(self) -> None:
        """Tell what waits, and stop."""
        with self._changed:
            self._closed = True
            self._changed.notify()
        if self._thread is not None:
            self._thread.join(2 * SECONDS)

    def _work(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._waiting is not None or self._closed)
                head, self._waiting = self._waiting, None
            if head is None:
                return
            self._send(head)

    def _send(self, head: Head, *, restored: bool = False) -> None:
        assert self.place is not None
        content = asdict(head) | ({"restored": True} if restored else {})
        try:
            self.place.send(f"{_NAME} {json.dumps(content)}")
            self._failed = ""
        except OSError as error:
            if not self._failed:
                log.warning("The audit's anchor %s cannot be reached: %s", self.place.address, error)
            self._failed = str(error)


@dataclass(frozen=True, slots=True)
class Found:
    """Heads read back from what was told: those that count, and how many restores were told among them."""

    heads: tuple[Head, ...]
    restores: int


def read_back(lines: Iterable[str]) -> Found:
    """The heads in a log's lines, whatever stands around them; those that a restore has replaced left out."""
    heads: list[Head] = []
    restores = 0
    for line in lines:
        match = _LINE.search(line)
        try:
            told = json.loads(match[1]) if match else {}
            head = Head(int(told["length"]), str(told["hash"]), str(told["seal"]))
        except (ValueError, KeyError):
            continue
        if told.get("restored"):
            restores += 1
            heads = [one for one in heads if one.length <= head.length]
        heads.append(head)
    return Found(tuple(heads), restores)


def file_of(setting: str) -> Path | None:
    """The file that the setting names, which can be read back; None where it leads elsewhere."""
    return Path(setting) if setting.startswith("/") else None


def _place_of(setting: str) -> Place | str:
    """Where the setting leads, or why it leads nowhere that is out of reach."""
    if not setting:
        return "LMRRG_AUDIT_ANCHOR names no place out of this program's reach."
    if setting.startswith("/"):
        path = Path(setting)
        return _why_in_reach(path) or Place(setting, lambda line: _to_file(path, line))
    parts = urlsplit(setting)
    if parts.scheme == "syslog" and not parts.netloc:
        return Place(setting, lambda line: _to_socket(parts.path, line))
    host = parts.hostname or ""
    if parts.scheme not in ("syslog", "https", "http") or not host:
        return f"“{setting}” is no absolute path, no syslog: and no https: address."
    if _is_here(host):
        return f"{host} is this machine, where this program's account may reach what is kept."
    if parts.scheme == "syslog":
        return Place(setting, lambda line: _to_host(host, parts.port or 514, line))
    return Place(setting, lambda line: _to_url(setting, line))


def _why_in_reach(path: Path) -> str:
    """Why this program could rewrite the file; empty where it cannot."""
    try:
        flags = flags_of(path)
    except OSError as error:
        return (
            f"{path} cannot be asked for its attributes ({error.strerror}). Make it, then: chattr +a {path}"
        )
    if not flags & _APPEND_ONLY:
        return f"{path} has no append-only attribute. As root: chattr +a {path}"
    if may_set_flags():
        return f"this program may take the append-only attribute of {path} away; run it as another user than root."
    return ""


def flags_of(path: Path) -> int:
    """The attributes of a file as ``lsattr`` shows them. Raises OSError where the file system has none."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        flags = array.array("l", [0])
        fcntl.ioctl(descriptor, _GETFLAGS, flags, True)
    finally:
        os.close(descriptor)
    return flags[0]


def may_set_flags() -> bool:
    """Whether this process has the capability to change attributes (CAP_LINUX_IMMUTABLE)."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("CapEff:"):
            return bool(int(line.split()[1], 16) & _MAY_SET_FLAGS)
    return True


def _is_here(host: str) -> bool:
    if host in ("localhost", socket.gethostname()):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _to_file(path: Path, line: str) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND)
    try:
        os.write(descriptor, f"{line}\n".encode())
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _to_socket(path: str, line: str) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
        sender.settimeout(SECONDS)
        sender.sendto(f"{_FACILITY}{line}".encode(), path)


def _to_host(host: str, port: int, line: str) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        sender.settimeout(SECONDS)
        sender.sendto(f"{_FACILITY}1 - - {_NAME} - - - {line}".encode(), (host, port))


def _to_url(url: str, line: str) -> None:
    request = urllib.request.Request(url, data=line.encode(), headers={"Content-Type": "text/plain"})
    with urllib.request.urlopen(request, timeout=SECONDS):
        pass
