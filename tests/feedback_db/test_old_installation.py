"""An installation of the release before this, brought up, down to its own schema and up again: nothing is lost.

What must hold after every step, on SQLite and on PostgreSQL:

- every row of every table is there with all that it said (``release_0003/expected.json``), and no row was invented;
- every image is there with its pixels, and its study with its patient, split, day, site and indication;
- whatever belonged to a study belongs to the study that has its image now. Studies keep their numbers, save that the
  files of one examination that nobody has read may become one study on the way up, and one each on the way down;
- studies that have readings stay apart;
- a worklist line is derived from the rest: it keeps where its study stands and who claimed it;
- the audit holds. It may grow, but its rows stay.

The first functions say where the present schema keeps these things; a new revision changes them alone.
"""

import hashlib
import json
import shutil
import tarfile
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sqlalchemy import JSON, MetaData, Table, event, select, text

from feedback_db.people import accounts, audit_check
from feedback_db.reading import readings
from feedback_db.store import migration
from feedback_db.store.database import Database
from feedback_db.store.engine import make_engine
from feedback_db.studies import drafts, images, priors, studies, worklist, worklist_entries
from feedback_db.training import versions
from lmrrg.imaging.door import archive
from lmrrg.notices import from_json

RELEASE = Path(__file__).parent / "release_0003"
EXPECTED = json.loads((RELEASE / "expected.json").read_text("utf-8"))
ROWS: dict[str, list[dict[str, Any]]] = EXPECTED["tables"]
Tables = dict[str, list[dict[str, Any]]]


def films(tables: Tables) -> Tables:
    """One row per image: its own columns and those of its study, whose number is ``id``; by content hash."""
    if "image" not in tables:
        return {row["content_hash"]: row for row in tables["study"]}
    studies = {row["id"]: row for row in tables["study"]}
    return {row["content_hash"]: row | studies[row["study_id"]] | own(row) for row in tables["image"]}


def own(image: dict[str, Any]) -> dict[str, Any]:
    """What an image says of itself and not of its study, under names that both have."""
    notices = [from_json(one).sentence for one in image["notices"]]
    return {"created_at": image["created_at"], "notices": notices}


def report_as_written(draft: dict[str, Any]) -> dict[str, Any]:
    """The report of a draft's row, as the release before wrote it."""
    return draft["report"]


def standing(tables: Tables) -> Tables:
    """The rows that a migration leaves as they were, with the old columns; ``study_id`` may be another study's now."""
    rows = {name: tables[name] for name in ROWS if name not in ("study", "worklist_entry", "audit_head")}
    # A draft of one of several images says which, beside all that it said.
    asked = [
        {name: value for name, value in draft["request"].items() if name != "images"}
        for draft in rows["draft"]
    ]
    return rows | {
        "draft": [draft | {"request": request} for draft, request in zip(rows["draft"], asked, strict=True)]
    }


# End of what a new revision changes.


def everything(url: str) -> Tables:
    """All rows of all tables, whatever the schema, in JSON's types."""
    engine = make_engine(url)
    with engine.connect() as connection:
        found = {
            table.name: [
                {name: plain(value) for name, value in row.items()}
                for row in connection.execute(select(table)).mappings()
            ]
            for table in reflected(connection).sorted_tables
        }
    engine.dispose()
    for draft in found["draft"]:
        canonical = json.dumps(
            report_as_written(draft), sort_keys=True, separators=(",", ":"), ensure_ascii=False
        )
        draft["report_sha256"] = hashlib.sha256(canonical.encode()).hexdigest()
    return found


def plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return aware(value).astimezone(UTC).isoformat()
    return value.isoformat() if isinstance(value, date) else value


def aware(value: Any) -> Any:
    """SQLite forgets the zone; what was stored is UTC."""
    return value.replace(tzinfo=UTC) if isinstance(value, datetime) and value.tzinfo is None else value


def reflected(connection: Any) -> MetaData:
    metadata = MetaData()

    @event.listens_for(metadata, "column_reflect")
    def keep_null(inspector: object, table: Table, column: dict[str, Any]) -> None:
        if isinstance(column["type"], JSON):
            column["type"].none_as_null = True

    metadata.reflect(connection)
    return metadata


def load(source: str, url: str) -> None:
    """Put the rows of a SQLite database at revision 0003 into an empty PostgreSQL database."""
    migration.migrate(url, "0003")
    old, new = make_engine(source), make_engine(url)
    with old.connect() as reading, new.begin() as writing:
        theirs, ours = reflected(reading), reflected(writing)
        writing.execute(ours.tables["audit_head"].delete())
        for table in ours.sorted_tables:
            if table.name == "alembic_version":
                continue
            found = reading.execute(select(theirs.tables[table.name])).mappings()
            rows = [{name: aware(value) for name, value in row.items()} for row in found]
            writing.execute(table.insert(), rows)
            # Not all numbers are drawn from a sequence: a macro has a name.
            if table.columns.values()[0].autoincrement is True:
                number = f"pg_get_serial_sequence('{table.name}', 'id')"
                writing.execute(text(f"SELECT setval({number}, (SELECT max(id) FROM {table.name}))"))
    old.dispose()
    new.dispose()


@pytest.fixture(scope="session")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder as the release before left it; not to be written to."""
    folder = tmp_path_factory.mktemp("release_0003")
    with tarfile.open(RELEASE / "installation.tar.xz") as tar:
        tar.extractall(folder, filter="data")
    return folder / "data"


@pytest.fixture
def old_url(database_url: str, unpacked: Path, tmp_path: Path) -> str:
    """The address of a database as the release before left it."""
    copy = tmp_path / "old.sqlite3"
    shutil.copyfile(unpacked / "feedback.sqlite3", copy)
    if not database_url.startswith("sqlite"):
        load(f"sqlite:///{copy}", database_url)
        return database_url
    return f"sqlite:///{copy}"


@pytest.fixture(params=["with its images", "alone"])
def folder(request: pytest.FixtureRequest, unpacked: Path) -> Path | None:
    """The data folder by whose headers a migration knows what belongs together; None where it cannot be reached."""
    return unpacked if request.param == "with its images" else None


@pytest.fixture
def opened(old_url: str, folder: Path | None) -> Iterator[Database]:
    """That database, opened by the present release."""
    database = Database.open(old_url, folder)
    yield database
    database.close()


def assert_nothing_is_lost(tables: Tables) -> None:
    now = films(tables)
    assert set(now) == {row["content_hash"] for row in ROWS["study"]}
    unread = EXPECTED["examinations"]["one examination, unread"]
    for row in ROWS["study"]:
        told = {name: value for name, value in row.items() if name not in ("id", "pixels_sha256")}
        assert told == {name: now[row["content_hash"]][name] for name in told}
        assert now[row["content_hash"]]["id"] == row["id"] or row["content_hash"] in unread

    def moved(row: dict[str, Any]) -> dict[str, Any]:
        return row | ({"study_id": study_now[row["study_id"]]} if "study_id" in row else {})

    study_now = {row["id"]: now[row["content_hash"]]["id"] for row in ROWS["study"]}
    for name, rows in standing(tables).items():
        old = [moved(row) for row in ROWS[name]]
        kept = [{column: row[column] for column in old[0]} for row in rows]
        assert [row for row in old if row not in kept] == [], name
        assert len(kept) == EXPECTED["counts"][name] or (name == "audit_event" and len(kept) > len(old))

    lines = {row["study_id"]: row for row in tables["worklist_entry"]}
    assert set(lines) == {film["id"] for film in now.values()}
    for row in map(moved, ROWS["worklist_entry"]):
        line = lines[row["study_id"]]
        assert (line["status"], line["site"]) == (row["status"], row["site"])
        if row["claimed_by"] is not None:
            assert (line["claimed_by"], line["claimed_at"]) == (row["claimed_by"], row["claimed_at"])


def test_what_was_packed_is_what_the_release_before_left(old_url):
    assert migration.current(old_url) == EXPECTED["revision"] == "0003"
    tables = everything(old_url)
    del tables["alembic_version"]
    assert {name: len(rows) for name, rows in tables.items()} == EXPECTED["counts"]


def test_nothing_is_lost_on_the_way_up(opened, old_url):
    assert_nothing_is_lost(everything(old_url))


def test_nothing_is_lost_on_the_way_down_and_up_again(old_url, folder):
    migration.upgrade(old_url, folder)
    migration.migrate(old_url, "0003", folder)
    tables = everything(old_url)
    assert_nothing_is_lost(tables)
    assert len(tables["study"]) == EXPECTED["counts"]["study"]  # each image a study
    migration.upgrade(old_url, folder)
    assert_nothing_is_lost(everything(old_url))


def test_both_ways_say_what_they_changed(old_url, unpacked):
    assert migration.migrate(old_url, "0004", unpacked) == (
        "Images that have a row of their own now, under the number of the study that they were: 9.",
        "Joined to the first study of their examination, since nobody had read them: 1 (5 to 4).",
        "Examinations that stay several studies, since somebody has read or compared them: 1 (6 and 7).",
    )
    assert migration.migrate(old_url, "0003", unpacked) == (
        "Images that became studies of their own: 1 (5 from 4).",
        "Dropped of studies, since the older schema has no place for it: the key of the examination (of 5).",
    )
    told = migration.migrate(old_url, "0004")
    assert len(told) == 2
    assert "The files of 9 of 9 images could not be looked for" in told[1]


def test_an_unread_examination_is_one_study_whose_readable_draft_is_of_its_frontal_image(old_url, unpacked):
    database = Database.open(old_url, unpacked)
    frontal, lateral = (
        films(everything(old_url))[one] for one in EXPECTED["examinations"]["one examination, unread"]
    )
    assert frontal["id"] == lateral["id"] == 4
    with database.reading_session() as session:
        assert [image.view for image in images.of_study(session, study_id=4)] == ["PA", "LATERAL"]
        readable = drafts.readable(session, study_id=4)
        assert readable is not None
        assert (readable.id, readable.request["images"]) == (4, [4])
        before = {row.study_id: row for row in worklist.page(session).rows}
        assert (before[4].needs_eye, before[4].views) == (
            1.0,
            ("PA", "LATERAL"),
        )  # as draft 4 has it, not draft 5
    with database.session() as session:
        worklist_entries.rebuild(session)
    with database.reading_session() as session:
        assert {row.study_id: row for row in worklist.page(session).rows} == before
    database.close()


def test_studies_that_were_read_stay_apart(opened, old_url):
    tables = everything(old_url)
    frontal, lateral = (films(tables)[one]["id"] for one in EXPECTED["examinations"]["one examination, read"])
    assert frontal != lateral
    assert {row["study_id"] for row in tables["reading"]} >= {frontal, lateral}


def test_every_image_has_its_pixels(opened, old_url, unpacked):
    now = films(everything(old_url))
    for row in ROWS["study"]:
        image = archive.load(unpacked / now[row["content_hash"]]["image_folder"])
        assert (
            hashlib.sha256(np.ascontiguousarray(image.pixels, "<u2").data).hexdigest() == row["pixels_sha256"]
        )


def test_the_audit_and_what_was_signed_hold(opened):
    with opened.reading_session() as session:
        found = audit_check.verify(session)
    assert (found.holds, found.readings) == (True, ())
    # Eight times somebody put their name to a text, in the form of before revision 0006.
    assert found.old_signatures == sum(row["action"] in ("sign", "amend") for row in ROWS["audit_event"]) == 8
    assert found.checked >= EXPECTED["counts"]["audit_event"]


def test_no_patient_changes_sides(opened):
    with opened.reading_session() as session:
        for split in ("training", "held_out"):
            patients = {row["patient_key"] for row in ROWS["study"] if row["split"] == split}
            assert studies.patient_keys(session, split=split) == patients


def test_training_learns_from_the_same_texts(opened):
    with opened.reading_session() as session:
        learned = {(one.reading_id, one.revision, one.text) for one in readings.signed_readings(session)}
    assert learned == {
        (row["id"], row["signed_revision"], row["text"])
        for row in ROWS["reading"]
        if row["status"] in ("signed", "amended")
    }


def test_the_same_version_is_live_and_the_way_back_is_known(opened):
    with opened.reading_session() as session:
        back = versions.way_back(session)
        assert versions.live(session).number == EXPECTED["live"] == "1.4"
        assert back is not None
        assert back.number == "1.2"


def test_a_reader_signs_in_and_goes_on_with_an_amendment(opened):
    begun = next(row for row in ROWS["reading"] if row["status"] == "amended" and row["pending_text"])
    name = next(row["name"] for row in ROWS["reader"] if row["id"] == begun["reader_id"])
    with opened.session() as session:
        reader = accounts.authenticate(session, name=name, password=EXPECTED["password"])
    assert reader is not None
    sentences = [*begun["pending_sentences"], {"text": "And finished."}]
    with opened.session() as session:
        amended = readings.amend(
            session,
            readings.Step(reading_id=begun["id"], reader_id=reader.id, expected_revision=begun["revision"]),
            text=" ".join(one["text"] for one in sentences),
            sentences=sentences,
        )
    assert amended.revision == begun["revision"] + 1
    with opened.reading_session() as session:
        assert audit_check.verify(session).holds


def test_the_prior_of_an_examination_is_the_study_of_an_earlier_day(opened, old_url):
    now = films(everything(old_url))
    frontal, _ = EXPECTED["examinations"]["one examination, unread"]
    with opened.reading_session() as session:
        prior = priors.prior_of(session, study_id=now[frontal]["id"])
        assert prior is not None
        assert prior.id == now[EXPECTED["examinations"]["prior"]]["id"]
        assert priors.signed_text_of(session, study_id=prior.id) == ROWS["reading"][0]["text"]
