"""A backup made while people write, and the way back from it."""

import tarfile
import threading
from pathlib import Path

import pytest

from feedback_db.__main__ import main
from feedback_db.errors import BackupRefused
from feedback_db.reading import readings
from feedback_db.store import backup
from feedback_db.studies import studies


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A data folder with the clinic's one image and a secret."""
    data = tmp_path / "data"
    (data / "images/1").mkdir(parents=True)
    (data / "images/1/pixels.npy").write_bytes(b"pixels")
    (data / "secret.key").write_bytes(b"s" * 32)
    return data


def save(database, clinic, expected, content):
    with database.session() as session:
        numbers = {"reading_id": clinic.reading_id, "reader_id": clinic.reader_id}
        readings.save(
            session, readings.Step(**numbers, expected_revision=expected), text=content, sentences=[]
        )


def text(database, clinic):
    with database.reading_session() as session:
        return readings.get(session, reading_id=clinic.reading_id).text


def test_there_and_back_while_the_database_is_open(database, database_url, clinic, folder, tmp_path):
    save(database, clinic, 0, "Kept.")
    made = backup.back_up(url=database_url, data_folder=folder, to=tmp_path / "b.tar")
    assert made.files == 2
    save(database, clinic, 1, "After the backup.")
    (folder / "images/1/pixels.npy").unlink()
    (folder / "secret.key").write_bytes(b"t" * 32)
    done = backup.restore(url=database_url, data_folder=folder, source=made.path, replace=True)
    assert (done.files, done.secret_changed) == (1, True)
    # Seen by the connections that were open all the while, which go on writing.
    assert text(database, clinic) == "Kept."
    save(database, clinic, 1, "After the restore.")
    assert (folder / "images/1/pixels.npy").read_bytes() == b"pixels"
    assert (folder / "secret.key").read_bytes() == b"s" * 32
    # And what was replaced is not lost.
    backup.restore(url=database_url, data_folder=folder, source=done.before, replace=True)
    assert text(database, clinic) == "After the backup."


def test_a_backup_taken_while_somebody_writes_is_of_one_moment(
    database, database_url, clinic, folder, tmp_path
):
    stop, written = threading.Event(), []

    def write():
        while not stop.is_set():
            save(database, clinic, len(written), f"text {len(written) + 1}")
            written.append(1)

    writer = threading.Thread(target=write)
    writer.start()
    while not written:
        stop.wait(0.01)
    made = backup.back_up(url=database_url, data_folder=folder, to=tmp_path / "b.tar")
    stop.set()
    writer.join()
    backup.restore(url=database_url, data_folder=folder, source=made.path, replace=True)
    with database.reading_session() as session:
        reading = readings.get(session, reading_id=clinic.reading_id)
        kept = [r.text for r in readings.revisions(session, reading_id=clinic.reading_id)]
    assert 1 <= reading.revision <= len(written)
    assert kept == [f"text {n}" for n in range(1, reading.revision + 1)]
    assert reading.text == kept[-1]


def test_nothing_is_replaced_unless_told_to(database, database_url, clinic, folder, tmp_path):
    made = backup.back_up(url=database_url, data_folder=folder, to=tmp_path / "b.tar")
    save(database, clinic, 0, "Newer.")
    with pytest.raises(BackupRefused, match="--replace"):
        backup.restore(url=database_url, data_folder=folder, source=made.path)
    assert text(database, clinic) == "Newer."


def test_a_backup_is_not_written_over_nor_left_half(database_url, database, clinic, folder, tmp_path):
    (tmp_path / "b.tar").write_bytes(b"mine")
    with pytest.raises(BackupRefused, match="exists already"):
        backup.back_up(url=database_url, data_folder=folder, to=tmp_path / "b.tar")
    assert (tmp_path / "b.tar").read_bytes() == b"mine"


def test_what_is_no_backup_or_another_s_is_refused_and_changes_nothing(
    database, database_url, clinic, folder, tmp_path
):
    junk = tmp_path / "junk.tar"
    junk.write_bytes(b"no tar at all")
    other = tmp_path / "other.tar"
    with tarfile.open(other, "w") as tar:
        tar.add(folder / "secret.key", "secret.key")
    for source in (tmp_path / "none.tar", junk, other):
        with pytest.raises(BackupRefused):
            backup.restore(url=database_url, data_folder=folder, source=source, replace=True)
    with database.reading_session() as session:
        assert studies.count(session) == 1


def test_a_damaged_database_in_it_is_noticed(database, database_url, clinic, folder, tmp_path):
    made = backup.back_up(url=database_url, data_folder=folder, to=tmp_path / "b.tar")
    content = bytearray(made.path.read_bytes())
    with tarfile.open(made.path) as tar:
        where = tar.getmember("database").offset_data
    content[where + 200] ^= 1
    made.path.write_bytes(content)
    with pytest.raises(BackupRefused, match="damaged"):
        backup.restore(url=database_url, data_folder=folder, source=made.path, replace=True)


def test_a_file_that_would_lie_elsewhere_is_not_written(database, database_url, clinic, folder, tmp_path):
    made = backup.back_up(url=database_url, data_folder=folder, to=tmp_path / "b.tar")
    with tarfile.open(made.path, "a") as tar:
        tar.add(folder / "secret.key", "images/../../escaped")
    with pytest.raises(BackupRefused):
        backup.restore(url=database_url, data_folder=folder, source=made.path, replace=True)
    assert not (tmp_path / "escaped").exists()


def test_on_the_command_line(database, database_url, clinic, folder, tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("LMRRG_DATA_FOLDER", str(folder))
    given = ["--database-url", database_url]
    assert main([*given, "backup", str(tmp_path / "b.tar")]) == 0
    assert "2 files" in capsys.readouterr().out
    assert main([*given, "restore", str(tmp_path / "b.tar")]) == 1
    assert "--replace" in capsys.readouterr().err
    assert main([*given, "restore", str(tmp_path / "b.tar"), "--replace"]) == 0
    assert "before-restore-" in capsys.readouterr().out
