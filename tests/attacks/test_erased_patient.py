"""An erased patient is looked for afterwards, by whoever holds the data folder: byte by byte, and in the audit."""

import json
from pathlib import Path

import pytest

from feedback_db.__main__ import main
from feedback_db.erasing import patient
from feedback_db.errors import NotAllowed
from feedback_db.people import accounts, audit_check
from feedback_db.reading import marks, readings
from feedback_db.store.database import Database
from feedback_db.studies import drafts, studies
from feedback_db.studies.images import NewImage
from feedback_db.training import jobs, versions
from tests.feedback_db.conftest import cluster, database, database_url, installation, migrated_database

__all__ = ["cluster", "database", "database_url", "installation", "migrated_database"]

GONE, STAYS = "Unmistakable hiatus hernia.", "Unmistakable azygos lobe."
REASON = "consent withdrawn"


@pytest.fixture
def folder(database: Database, installation: Path) -> Path:
    """Patient ``gone`` with two studies and ``stays`` with one, all read; version 1.1 learned from both of them."""
    with database.session() as session:
        anna = accounts.create_reader(session, name="Anna", password="a long password").id
        base = versions.register_default(session, name="lmrrg")
        for number, whose, said in ((1, "gone", GONE), (2, "stays", STAYS), (3, "gone", GONE)):
            add_read_study(
                session, installation, number=number, whose=whose, said=said, reader=anna, version=base.id
            )
        job = jobs.enqueue(session, requested_by=None)
        jobs.claim(session, worker="here:1")
        jobs.add_event(
            session, job_id=job.id, kind="sample", stage="grpo", data={"study": "study 1", "text": GONE}
        )
        jobs.add_event(
            session, job_id=job.id, kind="sample", stage="grpo", data={"study": "study 2", "text": STAYS}
        )
        learned = versions.register_candidate(session, parent_id=base.id, snapshot_hash="abc")
        versions.register_candidate(session, parent_id=learned.id, snapshot_hash="def")
        versions.register_candidate(session, parent_id=base.id, snapshot_hash="ghi")
        jobs.finish(session, job_id=job.id, worker="here:1", status="succeeded", candidate_id=learned.id)
    write_job(installation, {1: GONE, 2: STAYS})
    return installation


def add_read_study(session, folder, *, number, whose, said, reader, version):  # type: ignore[no-untyped-def]
    """A study with its pixels, a draft, a saved and a signed text, and a mark."""
    place = f"images/{number}"
    (folder / place).mkdir(parents=True)
    (folder / place / "pixels.npy").write_bytes(f"pixels of {whose}".encode())
    (folder / "originals").mkdir(exist_ok=True)
    (folder / "originals" / f"film {number}").write_bytes(f"header of {whose}".encode())
    film = NewImage(content_hash=f"film {number}", image_folder=place, rows=4, columns=4, bits=8)
    key = studies.patient_key_of(whose, b"s" * 32)
    study = studies.add_study(session, patient_key=key, images=[film], origin="upload", secret=b"s" * 32)
    report = {"sentences": [{"text": said}]}
    drafts.add(session, study_id=study.id, model_version_id=version, text=said, report=report)
    reading = readings.open_reading(session, study_id=study.id, reader_id=reader)
    mine = {"reading_id": reading.id, "reader_id": reader}
    marks.mark_sentence(session, **mine, sentence_index=0, text=said, verdict="accepted")
    readings.save(session, readings.Step(**mine, expected_revision=0), text=f"{said} Saved.", sentences=[])
    readings.sign(session, readings.Step(**mine, expected_revision=1), text=f"{said} Signed.", sentences=[])


def write_job(folder: Path, said: dict[int, str]) -> None:
    snapshot = folder / "jobs" / "1" / "snapshot"
    snapshot.mkdir(parents=True)
    lines = [json.dumps({"study_id": study, "signed": text}) for study, text in said.items()]
    (snapshot / "readings.jsonl").write_text("\n".join(lines) + "\n")
    (snapshot / "readings.jsonl").chmod(0o400)
    (snapshot.parent / "worker.log").write_text(GONE)
    (snapshot.parent / "outcome.json").write_text("{}")


def key_of(session, study):  # type: ignore[no-untyped-def]
    return studies.get(session, study_id=study).patient_key


def erase(database: Database, folder: Path) -> patient.Whereabouts:
    with database.reading_session() as session:
        key = key_of(session, 1)
    return patient.erase(database, patient_key=key, data_folder=folder, reason=REASON)


def test_rows_and_files_go_and_the_other_patient_s_stay(database: Database, folder: Path) -> None:
    found = erase(database, folder)
    assert (found.what.studies, found.what.readings, found.jobs) == ((1, 3), (1, 3), (1,))
    left = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    assert {"images/2/pixels.npy", "originals/film 2", "jobs/1/outcome.json"} <= left
    assert not {
        one for one in left if one.startswith(("images/1", "images/3", "jobs/1/snapshot", "jobs/1/worker"))
    }
    assert not left & {"originals/film 1", "originals/film 3"}
    with database.reading_session() as session:
        assert studies.count(session) == 1
        assert [one.text for one in readings.signed_readings(session)] == [f"{STAYS} Signed."]
        assert [one.data["text"] for one in jobs.events_since(session, job_id=1)] == [STAYS]


def test_the_chain_keeps_a_tombstone_and_holds(database: Database, folder: Path) -> None:
    erase(database, folder)
    with database.reading_session() as session:
        assert audit_check.verify(session).holds


def test_their_numbers_are_never_given_to_another(database: Database, folder: Path) -> None:
    erase(database, folder)
    with database.session() as session:
        add_read_study(session, folder, number=4, whose="new", said="Else.", reader=1, version=1)
        assert [one.study_id for one in readings.signed_readings(session)] == [2, 4]
        assert [one.reading_id for one in readings.signed_readings(session)] == [2, 4]
        assert audit_check.verify(session).holds


def test_whatever_learned_from_them_is_named(database: Database, folder: Path) -> None:
    assert erase(database, folder).versions == ("1.1", "1.2")  # 1.2 was trained from 1.1, 1.3 from the base


def test_a_version_of_a_job_whose_snapshot_is_gone_is_named_as_not_known(
    database: Database, folder: Path
) -> None:
    (folder / "jobs" / "1" / "snapshot" / "readings.jsonl").unlink()
    found = erase(database, folder)
    assert (found.versions, found.perhaps) == ((), ("1.1", "1.2"))


def test_while_a_job_may_be_learning_from_them_nothing_is_erased(database: Database, folder: Path) -> None:
    with database.session() as session:
        jobs.enqueue(session, requested_by=None)
    with pytest.raises(NotAllowed, match="Training job 2 waits or runs"):
        erase(database, folder)
    assert (folder / "images/1/pixels.npy").exists()


def test_one_that_was_interrupted_begins_again(
    database: Database, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(patient.rows, "delete_all", lambda *_, **__: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            erase(database, folder)
    assert erase(database, folder).what.studies == (1, 3)
    with database.reading_session() as session:
        assert audit_check.verify(session).holds


def test_no_byte_of_them_is_left_and_the_backups_are_named(
    database: Database, database_url: str, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if not database_url.startswith("sqlite"):
        pytest.skip("looks into SQLite's own file")
    given = ["--database-url", database_url]
    assert main([*given, "backup", str(tmp_path / "b.tar")]) == 0
    database.close()
    assert main([*given, "erase", "--study", "3", "--reason", REASON]) == 0
    assert "Nothing was changed" in capsys.readouterr().out
    assert holding(tmp_path, GONE)
    assert main([*given, "erase", "--study", "3", "--reason", REASON, "--yes"]) == 0
    said = capsys.readouterr().out
    assert "studies 1, 3" in said
    assert str(tmp_path / "b.tar") in said
    (tmp_path / "b.tar").unlink()
    assert (
        holding(tmp_path, GONE)
        == holding(tmp_path, "pixels of gone")
        == holding(tmp_path, "header of gone")
        == []
    )
    assert holding(tmp_path, STAYS)
    assert main([*given, "verify-audit"]) == 0
    assert main([*given, "erase", "--study", "2", "--yes"]) == 1
    assert "Write why" in capsys.readouterr().err


def test_a_restored_backup_that_brings_them_back_says_so(
    database: Database, database_url: str, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = ["--database-url", database_url]
    assert main([*given, "backup", str(tmp_path / "b.tar")]) == 0
    erase(database, folder)
    database.close()
    assert main([*given, "restore", str(tmp_path / "b.tar"), "--replace"]) == 0
    assert (
        "Studies 1, 3 of an erased patient are here again: erase the patient again."
        in capsys.readouterr().out
    )
    assert main([*given, "verify-audit"]) == 0


def holding(folder: Path, words: str) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and words.encode() in path.read_bytes()]


def test_another_patient_s_file_is_not_found_by_a_wrong_identifier(
    database: Database, database_url: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert (
        main(["--database-url", database_url, "erase", "--patient", "nobody", "--yes", "--reason", REASON])
        == 1
    )
    assert "No study here is of this patient" in capsys.readouterr().err
