"""Where the audit's head is told, and when that counts as out of reach."""

import socket
from pathlib import Path

import pytest

from feedback_db.people import anchor
from feedback_db.people.anchor import Anchor
from feedback_db.people.audit import Head

HEAD = Head(7, "abc", "sealed")
APPEND_ONLY = 0x20


@pytest.mark.parametrize(
    ("setting", "why"),
    [
        ("", "names no place"),
        ("relative/file", "no absolute path"),
        ("ftp://far/away", "no syslog: and no https:"),
        ("https://localhost/audit", "is this machine"),
        ("syslog://127.0.0.1:514", "is this machine"),
        ("/no/such/file", "chattr +a"),
    ],
)
def test_what_is_within_reach_is_no_anchor(setting: str, why: str) -> None:
    made = Anchor(setting)
    assert made.place is None
    assert made.told.startswith("Not anchored: ")
    assert why in made.told
    made.tell(HEAD)  # leads nowhere, and does no harm
    made.close()


@pytest.mark.parametrize(
    "setting", ["https://audit.example.org/heads", "syslog://10.0.0.9:514", "syslog:/dev/log"]
)
def test_another_machine_or_account_is_one(setting: str) -> None:
    assert Anchor(setting).told == f"Anchored at {setting}."


def test_a_file_that_this_program_can_rewrite_is_none(tmp_path: Path) -> None:
    path = tmp_path / "heads.log"
    path.touch()
    assert Anchor(str(path)).place is None


def test_a_file_counts_with_the_attribute_where_the_program_may_not_take_it_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "heads.log"
    path.touch()
    monkeypatch.setattr(anchor, "flags_of", lambda _: APPEND_ONLY)
    monkeypatch.setattr(anchor, "may_set_flags", lambda: True)
    assert "another user than root" in Anchor(str(path)).told
    monkeypatch.setattr(anchor, "may_set_flags", lambda: False)
    made = Anchor(str(path))
    made.tell(Head(3, "early", "sealed"))
    made.tell(HEAD)
    made.close()
    with path.open() as lines:
        assert anchor.read_back(lines).heads[-1] == HEAD


def test_heads_reach_a_socket_and_a_missing_one_is_said(tmp_path: Path) -> None:
    address = str(tmp_path / "log")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as receiver:
        receiver.bind(address)
        receiver.settimeout(5)
        made = Anchor(f"syslog:{address}")
        made.tell(HEAD)
        heard = receiver.recv(4096).decode()
        made.close()
    assert anchor.read_back([heard]).heads == (HEAD,)
    Path(address).unlink()
    made = Anchor(f"syslog:{address}")
    made.tell(HEAD)
    made.close()
    assert made.told.startswith("Not anchored just now: ")
