"""A reader's macros are theirs alone."""

import pytest

from feedback_db.errors import MacroTaken, NotAllowed, NotFound
from feedback_db.people import accounts, macros


def names(session, reader_id):
    return {macro.name: macro.text for macro in macros.of_reader(session, reader_id=reader_id)}


def test_kept_changed_and_forgotten(database, clinic):
    with database.session() as session:
        macros.keep(session, reader_id=clinic.reader_id, name="nl", text="Normal.")
        macros.keep(session, reader_id=clinic.reader_id, name="nl", text="The lungs are clear.", replace=True)
        assert names(session, clinic.reader_id) == {"nl": "The lungs are clear."}
        macros.forget(session, reader_id=clinic.reader_id, name="nl")
        assert names(session, clinic.reader_id) == {}
        with pytest.raises(NotFound):
            macros.forget(session, reader_id=clinic.reader_id, name="nl")


def test_a_name_that_is_taken_is_not_overwritten_unasked(database, clinic):
    with database.session() as session:
        for _ in range(2):  # sent twice, as when the answer was lost, it is still one macro
            macros.keep(session, reader_id=clinic.reader_id, name="nl", text="Normal.")
        with pytest.raises(MacroTaken, match="already"):
            macros.keep(session, reader_id=clinic.reader_id, name="nl", text="Another.")
        assert names(session, clinic.reader_id) == {"nl": "Normal."}


@pytest.mark.parametrize("name", ["n", "nl2", "no-change", "x" * 20])
def test_a_name_is_a_letter_then_letters_digits_and_hyphens(database, clinic, name):
    with database.session() as session:
        assert macros.keep(session, reader_id=clinic.reader_id, name=name, text="x").name == name


def test_two_readers_have_their_own_of_one_name(database, clinic):
    with database.session() as session:
        bert = accounts.create_reader(session, name="Bert", password="a long password").id
        macros.keep(session, reader_id=clinic.reader_id, name="nl", text="Anna's.")
        macros.keep(session, reader_id=bert, name="nl", text="Bert's.")
        assert names(session, bert) == {"nl": "Bert's."}
        macros.forget(session, reader_id=bert, name="nl")
        assert names(session, clinic.reader_id) == {"nl": "Anna's."}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("", "x"),
        ("a b", "x"),
        ("x" * 21, "x"),
        ("NL", "x"),
        ("5", "x"),
        ("a_b", "x"),
        ("nl", " "),
        ("nl", "x" * 2001),
    ],
)
def test_what_could_not_be_typed_is_refused(database, clinic, name, text):
    with database.session() as session, pytest.raises(NotAllowed):
        macros.keep(session, reader_id=clinic.reader_id, name=name, text=text)
