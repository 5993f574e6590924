"""What is exported, in three formats, and what is not."""

import csv
import json

import pytest

from feedback_db import export
from feedback_db.__main__ import main
from feedback_db.errors import NotAllowed
from feedback_db.reading import marks, preferences, readings
from feedback_db.reading.marks import ErrorMark


@pytest.fixture
def signed(database, clinic):
    """The clinic's reading with one error marked, signed as "Normal."."""
    numbers = {"reading_id": clinic.reading_id, "reader_id": clinic.reader_id}
    with database.session() as session:
        marks.mark_sentence(
            session,
            **numbers,
            sentence_index=0,
            text="The heart is large.",
            verdict="edited",
            errors=[ErrorMark("false finding", significant=True)],
        )
        readings.sign(
            session, readings.Step(**numbers, expected_revision=0), text="Normal.", sentences=[], agreement=2
        )
    return clinic


@pytest.mark.parametrize("format", ["jsonl", "csv", "datasets"])
def test_each_format_holds_the_same_rows(database, signed, tmp_path, format):
    with database.reading_session() as session:
        counts = export.export(session, to=tmp_path / "out", format=format)
    assert counts == {"reports": 1, "preferences": 1, "sentence_errors": 1}
    rows = read(tmp_path / "out", format)
    (report,), (pair,), (error,) = rows["reports"], rows["preferences"], rows["sentence_errors"]
    assert (report["report"], report["draft"]) == ("Normal.", "The heart is large. No effusion.")
    assert (str(report["patient"]), str(report["reader"]), str(report["agreement"])) == ("1", "1", "2")
    assert (pair["chosen"], pair["rejected"]) == ("Normal.", "The heart is large. No effusion.")
    assert {"prompt", "chosen", "rejected"} <= set(pair)
    assert (error["sentence"], error["error_category"]) == ("The heart is large.", "false finding")
    assert str(report["demonstration"]) == str(pair["demonstration"]) == str(error["demonstration"]) == "True"


def read(folder, format):
    if format == "datasets":
        datasets = pytest.importorskip("datasets")
        return {name: list(rows) for name, rows in datasets.load_from_disk(str(folder)).items()}
    tables = {}
    for path in folder.glob(f"*.{format}"):
        with path.open(encoding="utf-8", newline="") as file:
            tables[path.stem] = (
                list(csv.DictReader(file)) if format == "csv" else [json.loads(line) for line in file]
            )
    return tables


def test_no_name_no_pseudonym_and_no_date_leaves(database, signed, tmp_path):
    with database.reading_session() as session:
        export.export(session, to=tmp_path / "out", format="jsonl")
        reading = readings.get(session, reading_id=signed.reading_id)
    written = "".join(path.read_text("utf-8") for path in (tmp_path / "out").iterdir())
    for identifier in ("Anna", '"p1"', str(reading.signed_at.year), "patient_key"):
        assert identifier not in written


def test_the_readme_says_that_a_demonstration_model_drafted(database, signed, tmp_path):
    with database.reading_session() as session:
        export.export(session, to=tmp_path / "out", format="csv")
    assert "not for clinical use" in (tmp_path / "out/README.md").read_text("utf-8")


def test_what_is_not_signed_stays_here(database, clinic, tmp_path):
    with database.reading_session() as session:
        counts = export.export(session, to=tmp_path / "out", format="jsonl")
        preferences.all_for(session)
    assert counts == {"reports": 0, "preferences": 0, "sentence_errors": 0}
    assert "not for clinical use" not in (tmp_path / "out/README.md").read_text("utf-8")


def test_a_folder_with_something_in_it_is_left_alone(database, clinic, tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    with database.reading_session() as session, pytest.raises(NotAllowed, match="not empty"):
        export.export(session, to=tmp_path, format="jsonl")


def test_a_spreadsheet_computes_nothing(database, clinic, tmp_path):
    numbers = {"reading_id": clinic.reading_id, "reader_id": clinic.reader_id}
    with database.session() as session:
        readings.sign(session, readings.Step(**numbers, expected_revision=0), text="=1+1", sentences=[])
    with database.reading_session() as session:
        export.export(session, to=tmp_path / "out", format="csv")
    assert read(tmp_path / "out", "csv")["reports"][0]["report"] == "'=1+1"


def test_on_the_command_line(database, database_url, signed, tmp_path, capsys):
    given = ["--database-url", database_url, "export", "--format", "jsonl", str(tmp_path / "out")]
    assert main(given) == 0
    assert "1 reports" in capsys.readouterr().out
    assert main(given) == 1
    assert "not empty" in capsys.readouterr().err
