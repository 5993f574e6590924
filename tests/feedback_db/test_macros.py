"""A reader's macros are theirs alone."""

import pytest

from feedback_db import accounts, macros
from feedback_db.errors import NotAllowed, NotFound


def names(session, reader_id):
    return {macro.name: macro.text for macro in macros.of_reader(session, reader_id=reader_id)}


def test_kept_changed_and_forgotten(database, clinic):
    with database.session() as session:
        for text in ("Normal.", "The lungs are clear."):
            macros.keep(session, reader_id=clinic.reader_id, name="nl", text=text)
        assert names(session, clinic.reader_id) == {"nl": "The lungs are clear."}
        macros.forget(session, reader_id=clinic.reader_id, name="nl")
        assert names(session, clinic.reader_id) == {}
        with pytest.raises(NotFound):
            macros.forget(session, reader_id=clinic.reader_id, name="nl")


def test_two_readers_have_their_own_of_one_name(database, clinic):
    with database.session() as session:
        bert = accounts.create_reader(session, name="Bert", password="a long password").id
        macros.keep(session, reader_id=clinic.reader_id, name="nl", text="Anna's.")
        macros.keep(session, reader_id=bert, name="nl", text="Bert's.")
        assert names(session, bert) == {"nl": "Bert's."}
        macros.forget(session, reader_id=bert, name="nl")
        assert names(session, clinic.reader_id) == {"nl": "Anna's."}


@pytest.mark.parametrize(
    ("name", "text"), [("", "x"), ("a b", "x"), ("x" * 21, "x"), ("nl", " "), ("nl", "x" * 4001)]
)
def test_what_could_not_be_typed_is_refused(database, clinic, name, text):
    with database.session() as session, pytest.raises(NotAllowed):
        macros.keep(session, reader_id=clinic.reader_id, name=name, text=text)
