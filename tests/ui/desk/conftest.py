"""``app.py add`` on a folder of pictures, and what it left in the database."""

from io import BytesIO

import numpy as np
import pytest
from PIL import Image
from sqlalchemy import select

from feedback_db.models import Study
from feedback_db.store.database import Database
from ui.desk.add_command import main


def picture(value: int) -> bytes:
    file = BytesIO()
    Image.fromarray(np.full((20, 30), value, dtype=np.uint8)).save(file, "PNG")
    return file.getvalue()


@pytest.fixture
def inbox(tmp_path):
    folder = tmp_path / "inbox"
    for number in range(4):
        (folder / f"patient {number // 2}").mkdir(parents=True, exist_ok=True)
        (folder / f"patient {number // 2}" / f"{number}.any").write_bytes(picture(number))
    return folder


@pytest.fixture
def add(tmp_path, monkeypatch):
    monkeypatch.setenv("LMRRG_DATA_FOLDER", str(tmp_path / "data"))
    monkeypatch.setenv("LMRRG_DATABASE_URL", "")
    return lambda *words: main([str(word) for word in words])


@pytest.fixture
def database(tmp_path):
    (tmp_path / "data").mkdir()
    opened = Database.open(f"sqlite:///{tmp_path / 'data' / 'feedback.sqlite3'}")
    yield opened
    opened.close()


@pytest.fixture
def kept(database):
    def studies():
        with database.reading_session() as session:
            return list(session.scalars(select(Study).order_by(Study.id)))

    return studies
