"""A codec that a hostile picture has taken over holds that picture and nothing else."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from lmrrg.imaging.door import untrusted
from lmrrg.imaging.door.confinement import missing

pytestmark = pytest.mark.skipif(bool(missing()), reason="; ".join(missing()))
ROOT = Path(__file__).resolve().parents[2]

# What code in the child's place would try, after the child has given up its rights as it does for every picture.
TAKEN_OVER = """
import ctypes, json, os, signal, socket, sys
from lmrrg.imaging.door import decoder
decoder._load_libraries()
decoder.confine()
decoder.limit_this_process()
decoder.forbid_new_processes()
folder, parent = sys.argv[1], int(sys.argv[2])
attempts = {
    "read the database": lambda: open(f"{folder}/feedback.db", "rb").read(),
    "read the secret": lambda: open(f"{folder}/secret.key", "rb").read(),
    "list the data folder": lambda: os.listdir(folder),
    "write into the data folder": lambda: open(f"{folder}/planted", "w"),
    "truncate the database": lambda: os.truncate(f"{folder}/feedback.db", 0),
    "delete the database": lambda: os.unlink(f"{folder}/feedback.db"),
    "link the secret": lambda: os.link(f"{folder}/secret.key", "/tmp/planted"),
    "read another process": lambda: open(f"/proc/{parent}/environ", "rb").read(),
    "open a socket": lambda: socket.socket(),
    "open a local socket": lambda: socket.socket(socket.AF_UNIX),
    "send a datagram": lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM),
    "start a program": lambda: os.execv(sys.executable, [sys.executable, "-c", ""]),
    "start a process": lambda: os.fork(),
    "end the server": lambda: os.kill(parent, signal.SIGTERM),
}
reached = []
for name, attempt in attempts.items():
    try:
        attempt()
        reached.append(name)
    except (OSError, RuntimeError):
        pass
print(json.dumps({"tried": len(attempts), "reached": reached}))
"""


@pytest.fixture
def data_folder(tmp_path: Path) -> Path:
    (tmp_path / "feedback.db").write_bytes(b"every report")
    (tmp_path / "secret.key").write_bytes(b"the key of all pseudonyms")
    return tmp_path


def test_it_reaches_nothing(data_folder: Path) -> None:
    witness = subprocess.Popen(["sleep", "60"])
    try:
        attack = [sys.executable, "-c", TAKEN_OVER, str(data_folder), str(witness.pid)]
        done = subprocess.run(attack, cwd=ROOT, capture_output=True, text=True, check=True)
        assert json.loads(done.stdout) == {"tried": 14, "reached": []}
        assert witness.poll() is None
        assert sorted(path.name for path in data_folder.iterdir()) == ["feedback.db", "secret.key"]
    finally:
        witness.kill()
        witness.wait()


def test_the_decoder_that_serves_has_given_its_rights_up(monkeypatch: pytest.MonkeyPatch) -> None:
    decoders = untrusted.Decoders()
    monkeypatch.setattr(untrusted, "_decoders", decoders)
    try:
        with pytest.raises(untrusted.UnreadableFile):
            untrusted.open_untrusted(b"Dear colleague")  # its answer says that it serves by now
        assert decoders._process is not None
        status = Path(f"/proc/{decoders._process.pid}/status").read_text()
    finally:
        decoders.close()
    assert "Seccomp:\t2" in status
    assert "NoNewPrivs:\t1" in status
