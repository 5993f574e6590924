"""The history rewritten by somebody with the database, the data folder, or the account of the service itself.

Whoever has the database alone cannot make a signature, move one, or rewrite what was saved. Whoever has the key too can
make the chain anew: that shows only where its head was told out of reach.
"""

import dataclasses
import hashlib
import hmac
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from feedback_db.__main__ import main
from feedback_db.people import accounts, anchor, audit, audit_check
from feedback_db.people.audit import Head
from feedback_db.people.audit_seal import GENESIS, NO_KEY, Seal, fingerprint, hash_of_row
from feedback_db.reading import readings
from feedback_db.store.database import Database
from feedback_db.studies import studies
from feedback_db.studies.images import NewImage


@dataclass(frozen=True)
class House:
    """Anna signed and amended reading 1 of study 1; Berta is writing reading 2 of study 2."""

    folder: Path
    url: str
    database: Database

    def rewrite(self, *statements: str, **values: object) -> None:
        """As somebody with the database does it: no program of ours between."""
        with self.database.engine.begin() as connection:
            for statement in statements:
                connection.execute(text(statement), values)

    def verify(self) -> audit_check.Verification:
        with self.database.reading_session() as session:
            return audit_check.verify(session)

    def head(self) -> Head:
        with self.database.reading_session() as session:
            return audit.head(session)


def step(reading: int, reader: int, revision: int) -> readings.Step:
    return readings.Step(reading_id=reading, reader_id=reader, expected_revision=revision)


def in_one_sentence(words: str) -> dict[str, object]:
    return {"text": words, "sentences": [{"text": words}]}


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    folder = tmp_path / "data"
    folder.mkdir()
    monkeypatch.setenv("LMRRG_DATA_FOLDER", str(folder))
    url = f"sqlite:///{folder / 'feedback.sqlite3'}"
    database = Database.open(url, folder)
    with database.session() as session:
        for name in ("Anna", "Berta"):
            accounts.create_reader(session, name=name, password="a long password")
        for number, patient in ((1, "p1"), (2, "p2")):
            film = NewImage(
                content_hash=f"film {number}", image_folder=f"images/{number}", rows=4, columns=4, bits=8
            )
            studies.add_study(session, patient_key=patient, images=[film], origin="upload", secret=b"s" * 32)
            readings.open_reading(session, study_id=number, reader_id=number)
        readings.save(session, step(1, 1, 0), **in_one_sentence("Begun."))
        readings.sign(session, step(1, 1, 1), **in_one_sentence("Signed."))
        readings.amend(session, step(1, 1, 2), **in_one_sentence("Amended."))
        readings.save(session, step(2, 2, 0), **in_one_sentence("Being written."))
        readings.save(session, step(2, 2, 1), **in_one_sentence("Being written on."))
    yield House(folder, url, database)
    database.close()


def test_untouched_it_holds(house: House) -> None:
    assert house.verify() == audit_check.Verification(holds=True, checked=6)


FORGED = """INSERT INTO reading_revision (reading_id, revision, text, sentences, kind, saved_at, reader_id)
SELECT 2, 3, text, sentences, 'sign', saved_at, 2 FROM reading_revision WHERE reading_id = 2 AND revision = 2"""
SIGN_IT = (
    "UPDATE reading SET status = 'signed', signed_revision = revision, signed_at = saved_at WHERE id = 2"
)


@pytest.mark.parametrize(
    ("statements", "reading"),
    [
        pytest.param([SIGN_IT], 2, id="forged signature"),
        pytest.param(
            [FORGED, "UPDATE reading SET revision = 3 WHERE id = 2", SIGN_IT], 2, id="forged with its revision"
        ),
        pytest.param(["UPDATE reading SET study_id = 2 WHERE id = 1"], 1, id="moved to another patient's study"),
        pytest.param(["UPDATE reading SET reader_id = 2 WHERE id = 1"], 1, id="moved to another author"),
        pytest.param(["UPDATE reader SET name = 'Doris' WHERE id = 1"], 1, id="author renamed"),
        pytest.param(["UPDATE reading SET signed_at = opened_at, draft_id = NULL WHERE id = 1"], 1, id="another time"),
        pytest.param(["UPDATE reading_revision SET text = 'x' WHERE id = 1"], 1, id="earlier save rewritten"),
        pytest.param(["UPDATE reading_revision SET saved_at = '2020-01-01 00:00:00' WHERE id = 2"], 1, id="re-dated"),
        pytest.param(["DELETE FROM reading_revision WHERE id = 1"], 1, id="first save deleted"),
        pytest.param(["DELETE FROM reading_revision WHERE id = 3"], 1, id="amendment deleted"),
        pytest.param(["DELETE FROM reading_revision WHERE id = 5"], 2, id="last save deleted"),
        pytest.param(["UPDATE reading_revision SET text = 'x', seal = NULL WHERE id = 4"], 2, id="seal taken off"),
        pytest.param(["DELETE FROM reading_revision WHERE reading_id = 1", "DELETE FROM reading WHERE id = 1"], 1,
                     id="report deleted"),
        pytest.param(["UPDATE reading SET status = 'open', signed_revision = NULL WHERE id = 1"], 1, id="unsigned"),
    ],
)  # fmt: skip
def test_with_the_database_nobody_changes_what_was_saved_or_signed(
    house: House, statements: list[str], reading: int
) -> None:
    house.rewrite(*statements)
    found = house.verify()
    assert (found.holds, found.broken_at, found.readings) == (False, None, (reading,))


@pytest.mark.parametrize(
    ("statement", "study"),
    [
        ("UPDATE study SET patient_key = 'p2' WHERE id = 1", 1),
        ("UPDATE image SET study_id = 2, position = 1 WHERE id = 1", 1),
        ("DELETE FROM image WHERE id = 2", 2),
    ],
)
def test_with_the_database_nobody_moves_a_film_to_another_patient(
    house: House, statement: str, study: int
) -> None:
    house.rewrite(statement)
    assert house.verify().studies == (study,)


def cut_off(house: House) -> None:
    """The last two rows, with the hash of the one before them copied into the head."""
    house.rewrite(
        "DELETE FROM audit_event WHERE id > 4",
        "UPDATE audit_head SET length = 4, hash = (SELECT hash FROM audit_event WHERE id = 4)",
    )


def make_anew(house: House, seal: Seal | None) -> None:
    """The whole chain with the second row told otherwise, as far as ``seal`` goes; None leaves all seals off."""
    with house.database.engine.begin() as connection:
        rows = connection.execute(text("SELECT * FROM audit_event ORDER BY id")).mappings().all()
        previous = GENESIS
        for row in rows:
            told = {name: row[name] for name in ("actor", "action", "subject")}
            told["actor"] = "somebody else" if row["id"] == 2 else told["actor"]
            at = datetime.fromisoformat(row["at"]).replace(tzinfo=UTC)
            following = hash_of_row(previous, at=at, data=json.loads(row["data"]), **told)
            new = {
                "previous": previous,
                "hash": following,
                "seal": seal and seal.of_row(following),
                "id": row["id"],
            }
            connection.execute(
                text(
                    "UPDATE audit_event SET actor=:actor, previous_hash=:previous, hash=:hash, seal=:seal WHERE id=:id"
                ),
                {**new, "actor": told["actor"]},
            )
            previous = following
        end = seal and seal.of_head(previous, len(rows))
        connection.execute(
            text("UPDATE audit_head SET hash = :hash, seal = :seal"), {"hash": previous, "seal": end}
        )


def empty(house: House) -> None:
    house.rewrite(
        "DELETE FROM audit_event", f"UPDATE audit_head SET length = 0, hash = '{GENESIS}', seal = NULL"
    )


@pytest.mark.parametrize(
    "attack",
    [
        cut_off,
        empty,
        lambda house: make_anew(house, None),
        lambda house: make_anew(house, Seal(NO_KEY)),
        lambda house: make_anew(house, Seal(b"a guessed key of thirty-two bytes")),
    ],
    ids=["cut off", "emptied", "anew without seals", "anew with no key", "anew with another key"],
)
def test_with_the_database_nobody_makes_the_chain_anew(house: House, attack: Callable[[House], None]) -> None:
    attack(house)
    assert not house.verify().holds


def test_with_the_data_folder_too_the_key_elsewhere_still_holds(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LMRRG_AUDIT_KEY", str(tmp_path / "elsewhere" / "audit.key"))
    fresh = tmp_path / "fresh"
    database = Database.open(f"sqlite:///{fresh / 'feedback.sqlite3'}", fresh)
    other = dataclasses.replace(house, folder=fresh, database=database)
    with database.session() as session:
        for name in ("Anna", "Berta"):
            accounts.create_reader(session, name=name, password="a long password")
    assert other.verify().holds
    make_anew(other, Seal(key_from_the_folder(fresh, house.folder)))
    assert not other.verify().holds
    assert (tmp_path / "elsewhere" / "audit.key").stat().st_mode & 0o777 == 0o600
    database.close()


def key_from_the_folder(*folders: Path) -> bytes:
    """The audit's key as whoever reads a data folder works it out, where it hangs on the secret there."""
    secret = next(folder / "secret.key" for folder in folders if (folder / "secret.key").exists())
    return hmac.new(secret.read_bytes(), b"audit", hashlib.sha256).digest()


def test_the_service_account_can_make_all_anew_and_only_the_anchor_tells(house: House) -> None:
    told = house.head()
    make_anew(house, Seal(key_from_the_folder(house.folder)))
    assert house.verify().holds  # what docs/security.md says that it can do
    with house.database.reading_session() as session:
        found = audit_check.verify(session, anchored=[told])
    assert (found.holds, found.problem) == (False, "another row was told to the anchor")


def test_the_service_account_that_turns_the_clock_back_is_told_on_by_the_anchor(house: House) -> None:
    told = house.head()
    seal = Seal(key_from_the_folder(house.folder))
    with house.database.reading_session() as session:
        row = session.scalars(text("SELECT hash FROM audit_event WHERE id = 3")).one()
    house.rewrite(
        "DELETE FROM audit_event WHERE id > 3",
        "UPDATE audit_head SET length = 3, hash = :hash, seal = :seal",
        "DELETE FROM reading_revision",
        "DELETE FROM reading",
        "DELETE FROM image WHERE id = 2",
        "DELETE FROM worklist_entry WHERE study_id = 2",
        "DELETE FROM study WHERE id = 2",
        hash=row,
        seal=seal.of_head(row, 3),
    )
    assert house.verify().holds
    with house.database.reading_session() as session:
        assert (
            audit_check.verify(session, anchored=[told]).problem
            == "rows that were told to the anchor are gone"
        )


def test_a_log_of_the_anchor_is_compared_and_lines_of_others_are_passed_over(
    house: House, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    head = house.head()
    lines = [
        "Nov 28 host sshd: nothing of ours",
        f"Nov 28 host lmrrg-audit {json.dumps(dataclasses.asdict(head))}",
        f"lmrrg-audit {json.dumps({'length': 99, 'hash': 'x', 'seal': 'forged'})}",
        "lmrrg-audit {broken",
    ]
    log = tmp_path / "remote.log"
    log.write_text("\n".join(lines))
    assert main(["--database-url", house.url, "verify-audit", "--against", str(log)]) == 0
    said = capsys.readouterr().out
    assert "1 heads in" in said
    assert "Not anchored: LMRRG_AUDIT_ANCHOR names no place" in said
    make_anew(house, Seal(key_from_the_folder(house.folder)))
    assert main(["--database-url", house.url, "verify-audit", "--against", str(log)]) == 1
    assert "another row was told to the anchor" in capsys.readouterr().err


def test_heads_beyond_a_restore_that_was_told_no_longer_count() -> None:
    def line(length: int, **more: object) -> str:
        return f"lmrrg-audit {json.dumps({'length': length, 'hash': 'h', 'seal': 's', **more})}"

    found = anchor.read_back([line(3), line(9), line(3, restored=True), line(4)])
    assert ([head.length for head in found.heads], found.restores) == ([3, 3, 4], 1)


def test_of_the_old_form_a_changed_text_still_shows(house: House) -> None:
    assert fingerprint("Signed.", [{"text": "Signed."}]) in str(
        [row.data for row in _rows(house) if row.action == "sign"]
    )


def _rows(house: House) -> list[audit.AuditEvent]:
    with house.database.reading_session() as session:
        return audit.recent(session)
