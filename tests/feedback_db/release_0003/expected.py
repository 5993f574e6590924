"""Tells what the installation holds that ``make.py`` made, and packs it."""

import hashlib
import io
import json
import lzma
import tarfile
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np
from people import PASSWORD
from sqlalchemy import select

from feedback_db.models import Base, Study, TrainingJob
from feedback_db.people import audit
from feedback_db.store import migration
from feedback_db.store.database import Database
from feedback_db.training import versions
from lmrrg.imaging.door import archive


def plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return value.isoformat() if isinstance(value, date) else value


def rows_of(session: Any, model: Any) -> list[dict[str, Any]]:
    columns = [column.name for column in model.__table__.columns]
    keys = list(model.__table__.primary_key)
    return [
        {name: plain(getattr(row, name)) for name in columns}
        for row in session.scalars(select(model).order_by(*keys))
    ]


def expected(data_folder: Path) -> dict[str, Any]:
    """Every row of every table; of a draft's report, which holds its maps, the SHA-256 of its canonical JSON."""
    database = Database.open(f"sqlite:///{data_folder / 'feedback.sqlite3'}")
    models = {mapper.class_.__tablename__: mapper.class_ for mapper in Base.registry.mappers}
    with database.reading_session() as session:
        tables = {name: rows_of(session, models[name]) for name in sorted(models)}
        if not audit.verify(session).holds:
            raise RuntimeError("the audit does not hold")
        live = versions.live(session).number
        states = {job.status for job in session.scalars(select(TrainingJob))}
        splits = {study.split for study in session.scalars(select(Study))}
    if len(states) < 5 or len(splits) < 2:
        raise RuntimeError("a state or a split is missing")
    database.close()
    for row in tables["draft"]:
        canonical = json.dumps(row.pop("report"), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        row["report_sha256"] = hashlib.sha256(canonical.encode()).hexdigest()
    for row in tables["study"]:
        pixels = archive.load(data_folder / row["image_folder"]).pixels
        row["pixels_sha256"] = hashlib.sha256(np.ascontiguousarray(pixels, "<u2").data).hexdigest()
    return {
        "revision": migration.current(f"sqlite:///{data_folder / 'feedback.sqlite3'}"),
        "password": PASSWORD,
        "live": live,
        "counts": {name: len(rows) for name, rows in tables.items()},
        "tables": tables,
    }


def pack(data_folder: Path, to: Path) -> None:
    """The data folder as ``data/…``: the same files give the same bytes."""
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for path in sorted(data_folder.rglob("*")):
            member = tar.gettarinfo(path, f"data/{path.relative_to(data_folder).as_posix()}")
            member.mtime = member.uid = member.gid = 0
            member.uname = member.gname = ""
            member.mode = 0o700 if path.is_dir() else 0o600
            tar.addfile(member, io.BytesIO(path.read_bytes()) if path.is_file() else None)
    to.write_bytes(lzma.compress(file.getvalue(), preset=9 | lzma.PRESET_EXTREME))


def write(told: dict[str, Any], to: Path) -> None:
    """As JSON with each row on a line of its own."""
    tables = told.pop("tables")
    head = json.dumps(told, ensure_ascii=False, indent=1).removesuffix("\n}")
    parts = []
    for name, rows in tables.items():
        lines = ",\n".join("   " + json.dumps(row, ensure_ascii=False) for row in rows)
        parts.append(f'  "{name}": [\n{lines}\n  ]')
    to.write_text(head + ',\n "tables": {\n' + ",\n".join(parts) + "\n }\n}\n", "utf-8")
