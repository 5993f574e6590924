"""Revision 0005: what the release before said of an image becomes a code, and on the way back a sentence again."""

from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.script import ScriptDirectory

from feedback_db.store import migration
from feedback_db.store.engine import make_engine
from lmrrg.notices import from_json

IMAGE = sa.table("image", sa.column("notices", sa.JSON))


def sentences() -> dict[str, str]:
    """The frozen table of that revision, code → sentence."""
    scripts = ScriptDirectory(str(Path(migration.__file__).parent.parent / "migrations"))
    return scripts.get_revision("0005").module.SENTENCES


def rewritten(url, start, notices, end):
    """What is kept of ``notices`` of the only image, put there at one revision, at another."""
    migration.migrate(url, start)
    engine = make_engine(url)
    with engine.begin() as connection:
        connection.execute(sa.update(IMAGE).values(notices=notices))
    migration.migrate(url, end)
    with engine.connect() as connection:
        found = connection.execute(sa.select(IMAGE.c.notices)).scalar_one()
    engine.dispose()
    return found


def test_sentences_become_codes_and_come_back(database_url, clinic):
    old = [
        "Colour image converted to grey.",
        "The file says that the image lies on its side.",
        "What no release ever said.",
    ]
    new = [
        {"code": "colour", "values": {}, "severity": "info"},
        {"code": "sideways", "values": {}, "severity": "caution"},
        {"code": "text", "values": {"sentence": "What no release ever said."}, "severity": "caution"},
    ]
    assert rewritten(database_url, "0004", old, "0005") == new
    assert rewritten(database_url, "0005", new, "0004") == old


def test_an_image_without_notices_keeps_none(database_url, clinic):
    assert rewritten(database_url, "0004", [], "0005") == []


def test_a_code_of_a_later_release_comes_back_as_some_sentence(database_url, clinic):
    later = [{"code": "seen_twice", "values": {}, "severity": "info"}]
    assert rewritten(database_url, "0005", later, "0004") == [
        "A later release told of this image: seen twice."
    ]


@pytest.mark.parametrize(("code", "sentence"), sentences().items(), ids=lambda one: one.partition(" ")[0])
def test_images_on_disk_and_rows_say_the_same(code, sentence):
    assert from_json(sentence).code == code
