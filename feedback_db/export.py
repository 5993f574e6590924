"""What people did, as files for others: signed reports, preference pairs, sentence errors.

No identifiers: no name, no patient's pseudonym, no date. Patients and readers are numbered anew in every export. What
a reader typed is exported as it was typed. Reports that began as the draft of a demonstration model say so in each
row, and the README beside them too. Knows nothing about training.
"""

import csv
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback_db.errors import NotAllowed
from feedback_db.models import Draft, ModelVersion, Reading, SentenceFeedback
from feedback_db.reading import preferences, signed

Format = Literal["jsonl", "csv", "datasets"]
Rows = list[dict[str, Any]]

README = """{counts}

No identifiers: patients and readers are numbered anew in every export; there are no names and no dates. Texts are as
the readers typed them. `image` is a folder of the installation's data folder.

preferences.* has TRL's columns `prompt`, `chosen`, `rejected`. `split` is fixed by patient: never train on held_out.
{notice}"""
NOTICE = """
WARNING. Rows with `demonstration` true began as the draft of a demonstration model trained on synthetic radiographs,
which is not for clinical use.
"""


def export(session: Session, *, to: Path, format: Format) -> dict[str, int]:
    """Write the three tables and a README into the new folder ``to``; returns how many rows each has.

    ``datasets`` makes a folder for ``datasets.load_from_disk``.

    Raises:
        NotAllowed: ``to`` exists and is not empty.
    """
    if to.exists() and any(to.iterdir()):
        raise NotAllowed(f"{to} is not empty. Give a new folder.")
    tables = tables_of(session)
    to.mkdir(parents=True, exist_ok=True)
    if format == "datasets":
        _write_datasets(to, tables)
    else:
        write = _write_jsonl if format == "jsonl" else _write_csv
        for name, rows in tables.items():
            write(to / f"{name}.{format}", rows, COLUMNS[name])
    counts = {name: len(rows) for name, rows in tables.items()}
    demonstration = any(row["demonstration"] for rows in tables.values() for row in rows)
    told = ", ".join(f"{number} {name.replace('_', ' ')}" for name, number in counts.items())
    text = README.format(counts=told, notice=NOTICE if demonstration else "")
    (to / "README.md").write_text(text, "utf-8")
    return counts


COLUMNS: dict[str, tuple[str, ...]] = {
    "reports": (
        *("reading", "study", "patient", "reader", "split", "site", "view", "origin"),
        *("indication", "comparison", "technique", "image"),
        *("report", "draft", "drafted_by", "demonstration", "agreement", "active_seconds"),
    ),
    "preferences": (
        *("prompt", "chosen", "rejected", "source", "outcome", "strength", "reasons"),
        *("study", "patient", "reader", "split", "site", "image", "demonstration"),
    ),
    "sentence_errors": (
        *(
            "reading",
            "study",
            "reader",
            "sentence_index",
            "sentence",
            "verdict",
            "error_category",
            "significant",
        ),
        *("drafted_by", "demonstration"),
    ),
}


def tables_of(session: Session) -> dict[str, Rows]:
    """The rows of the three tables, with the columns of ``COLUMNS``."""
    versions = {
        v.id: (f"{v.name} {v.number}", v.demonstration) for v in session.scalars(select(ModelVersion))
    }
    patients, readers = _Numbers(), _Numbers()
    return {
        "reports": _reports(session, versions, patients, readers),
        "preferences": _preferences(session, versions, patients, readers),
        "sentence_errors": _sentence_errors(session, versions, readers),
    }


class _Numbers:
    """1, 2, 3 … for whatever comes, the same for the same."""

    def __init__(self) -> None:
        self._known: dict[object, int] = {}

    def of(self, one: object) -> int:
        return self._known.setdefault(one, len(self._known) + 1)


Versions = Mapping[int, tuple[str, bool]]


def _reports(session: Session, versions: Versions, patients: _Numbers, readers: _Numbers) -> Rows:
    told = session.execute(select(Reading.id, Reading.agreement, Reading.active_seconds))
    said = {row.id: (row.agreement, row.active_seconds) for row in told}
    rows = []
    for one in signed.signed_readings(session):
        drafted_by, demonstration = versions.get(one.model_version_id or -1, (None, False))
        agreement, active_seconds = said[one.reading_id]
        rows.append(
            {
                "reading": one.reading_id,
                "study": one.study_id,
                "patient": patients.of(one.patient_key),
                "reader": readers.of(one.reader_id),
                "split": one.split,
                "site": one.site,
                "view": one.view,
                "origin": one.origin,
                "indication": one.indication,
                "comparison": one.comparison,
                "technique": one.technique,
                "image": one.image_folder,
                "report": one.text,
                "draft": one.draft_text,
                "drafted_by": drafted_by,
                "demonstration": demonstration,
                "agreement": agreement,
                "active_seconds": active_seconds,
            }
        )
    return rows


def _preferences(session: Session, versions: Versions, patients: _Numbers, readers: _Numbers) -> Rows:
    wrote_what = session.execute(select(Draft.id, Draft.model_version_id))
    authors = {row.id: row.model_version_id for row in wrote_what}
    rows = []
    for one in preferences.all_for(session):
        wrote = (authors.get(number or -1) for number in one.draft_ids)
        rows.append(
            {
                "prompt": one.indication,
                "chosen": one.chosen,
                "rejected": one.rejected,
                "source": one.source,
                "outcome": one.outcome,
                "strength": one.strength,
                "reasons": list(one.reasons),
                "study": one.study_id,
                "patient": patients.of(one.patient_key),
                "reader": readers.of(one.reader_id),
                "split": one.split,
                "site": one.site,
                "image": one.image_folder,
                "demonstration": any(versions.get(number or -1, ("", False))[1] for number in wrote),
            }
        )
    return rows


def _sentence_errors(session: Session, versions: Versions, readers: _Numbers) -> Rows:
    found = session.execute(
        select(SentenceFeedback, Reading.study_id, Reading.reader_id, Draft.model_version_id)
        .join(Reading, Reading.id == SentenceFeedback.reading_id)
        .outerjoin(Draft, Draft.id == Reading.draft_id)
        .where(Reading.status.in_(signed.SIGNED), SentenceFeedback.error_category.is_not(None))
        .order_by(SentenceFeedback.id)
    )
    rows = []
    for mark, study_id, reader_id, version_id in found:
        drafted_by, demonstration = versions.get(version_id or -1, (None, False))
        rows.append(
            {
                "reading": mark.reading_id,
                "study": study_id,
                "reader": readers.of(reader_id),
                "sentence_index": mark.sentence_index,
                "sentence": mark.text,
                "verdict": mark.verdict,
                "error_category": mark.error_category,
                "significant": mark.significant,
                "drafted_by": drafted_by,
                "demonstration": demonstration,
            }
        )
    return rows


def _write_jsonl(path: Path, rows: Rows, columns: Sequence[str]) -> None:
    with path.open("w", encoding="utf-8") as file:
        for row in rows:
            file.write(json.dumps({name: row[name] for name in columns}, ensure_ascii=False) + "\n")


def _write_csv(path: Path, rows: Rows, columns: Sequence[str]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        for row in rows:
            writer.writerow([_cell(row[name]) for name in columns])


def _cell(value: object) -> object:
    if isinstance(value, list):
        return "; ".join(value)
    # A spreadsheet would compute a text that begins so: a leading apostrophe tells it not to.
    if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r")):
        return "'" + value
    return value


def _write_datasets(to: Path, tables: Mapping[str, Rows]) -> None:
    import datasets  # a second's work, and only this format needs it

    named = {
        name: datasets.Dataset.from_dict({column: [row[column] for row in rows] for column in COLUMNS[name]})
        for name, rows in tables.items()
    }
    datasets.DatasetDict(named).save_to_disk(str(to))
