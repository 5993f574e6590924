"""``python -m feedback_db``."""

import pytest
from sqlalchemy import text

from feedback_db.__main__ import main
from feedback_db.reading import readings


def test_migrate_goes_up_and_down_and_says_where_it_is(database_url, capsys):
    assert main(["--database-url", database_url, "migrate"]) == 0
    assert "at revision 0006" in capsys.readouterr().out
    assert main(["--database-url", database_url, "migrate", "--to", "base"]) == 0
    assert "at revision base" in capsys.readouterr().out


def test_an_unknown_revision_is_an_error_with_a_way_out(database_url, capsys):
    assert main(["--database-url", database_url, "migrate", "--to", "x"]) == 1
    assert "head" in capsys.readouterr().err


def test_verify_audit_finds_a_row_changed_by_hand(database, database_url, clinic, capsys):
    assert main(["--database-url", database_url, "verify-audit"]) == 0
    assert "The audit holds: 3 rows." in capsys.readouterr().out
    with database.session() as session:
        session.execute(text("UPDATE audit_event SET action = 'nothing' WHERE id = 2"))
    assert main(["--database-url", database_url, "verify-audit"]) == 1
    assert "broken at row 2" in capsys.readouterr().err


def test_verify_audit_names_the_reading_that_was_changed_by_hand(database, database_url, clinic, capsys):
    numbers = {"reading_id": clinic.reading_id, "reader_id": clinic.reader_id}
    with database.session() as session:
        readings.sign(session, readings.Step(**numbers, expected_revision=0))
        session.execute(text("UPDATE reading SET text = 'Other.'"))
    assert main(["--database-url", database_url, "verify-audit"]) == 1
    assert f"reading {clinic.reading_id}" in capsys.readouterr().err


def test_without_a_command_it_says_how_to_use_it(capsys):
    with pytest.raises(SystemExit) as leaving:
        main([])
    assert leaving.value.code == 2
