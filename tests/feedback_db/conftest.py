"""A fresh database for each test, and the rows that most tests start from.

Every test that asks for one runs twice: on SQLite in a temporary folder, and on a PostgreSQL that this run starts.
"""

import dataclasses
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from feedback_db.models import Study
from feedback_db.people import accounts
from feedback_db.reading import readings
from feedback_db.store import migration
from feedback_db.store.database import Database
from feedback_db.studies import drafts, studies
from feedback_db.studies.images import NewImage
from feedback_db.studies.studies import Examination
from feedback_db.training import versions
from tests.postgresql import FAST, Cluster, why_not

SECRET = b"0123456789abcdef0123456789abcdef"


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """A PostgreSQL for this run; skips, and says so, where none can be started."""
    problem = why_not()
    if problem:
        pytest.skip(problem)
    running = Cluster(*FAST)
    yield running
    running.stop()


@pytest.fixture(scope="session")
def migrated_database(cluster: Cluster) -> str:
    """The address of an empty PostgreSQL database at the newest schema, to be copied."""
    url = cluster.new_database()
    migration.upgrade(url)
    return url


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty database without tables; each test runs on both kinds."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'feedback.sqlite3'}"
        return
    cluster: Cluster = request.getfixturevalue("cluster")
    # Where the test starts from tables, a copy of them is a tenth of the work of making them.
    like = request.getfixturevalue("migrated_database") if "database" in request.fixturenames else None
    url = cluster.new_database(like=like)
    yield url
    cluster.drop(url)


@pytest.fixture(autouse=True)
def installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The data folder that the settings name, whose key seals the audit."""
    folder = tmp_path / "installation"
    monkeypatch.setenv("LMRRG_DATA_FOLDER", str(folder))
    return folder


@pytest.fixture
def database(database_url: str, migrated_file: Path, installation: Path) -> Iterator[Database]:
    """An open database at the newest schema, without rows."""
    if database_url.startswith("sqlite"):
        shutil.copyfile(migrated_file, database_url.removeprefix("sqlite:///"))
    opened = Database.open(database_url, installation)
    yield opened
    opened.close()


@pytest.fixture
def add_study(database: Database) -> Callable[..., Study]:
    """Adds the n-th study of the patient ``patient``, with images of these ``views``; other columns as given.

    Those of the examination and of the first image as they are called; ``secret`` and the share as ``add_study`` has
    them.
    """
    added = 0

    def add(patient: str = "p1", *, views: Sequence[str | None] = (None,), **columns: object) -> Study:
        nonlocal added
        images = []
        for view in views:
            added += 1
            given = {"content_hash": f"hash {added}", "image_folder": f"images/{added}", "view": view}
            given |= {name: columns.pop(name) for name in ("content_hash", "view") if name in columns}
            images.append(NewImage(rows=4, columns=6, bits=8, **given))
        facts = {one.name for one in dataclasses.fields(Examination)}
        about = Examination(**{name: columns.pop(name) for name in facts & set(columns)})
        with database.session() as session:
            return studies.add_study(
                session,
                **{"patient_key": patient, "origin": "phantom", "secret": SECRET, **columns},
                images=images,
                about=about,
            )

    return add


@dataclass(frozen=True)
class Clinic:
    """One reader, one study, one live version, its draft of two sentences, and the reading opened from it."""

    reader_id: int
    study_id: int
    version_id: int
    draft_id: int
    reading_id: int


@pytest.fixture
def clinic(database: Database, add_study: Callable[..., Study]) -> Clinic:
    study = add_study()
    with database.session() as session:
        reader = accounts.create_reader(session, name="Anna", password="a long password")
        version = versions.register_default(session, name="lmrrg")
        draft = drafts.add(
            session,
            study_id=study.id,
            model_version_id=version.id,
            text="The heart is large. No effusion.",
            report={"sentences": [{"text": "The heart is large."}, {"text": "No effusion."}]},
        )
        reading = readings.open_reading(session, study_id=study.id, reader_id=reader.id)
    return Clinic(reader.id, study.id, version.id, draft.id, reading.id)
