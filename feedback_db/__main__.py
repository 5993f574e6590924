"""``python -m feedback_db``: look after the database by hand.

    migrate [--to REVISION]                        bring the schema to a revision
    verify-audit [--against LOG]                   has anyone changed the history by hand?
    backup [FILE]                                  database, images and models, while the server runs
    restore FILE [--replace]                       and back
    erase (--study N | --patient ID) --reason WHY  a patient with all that is kept of them; shows it without --yes
    export --format jsonl|csv|datasets FOLDER      signed reports, preferences, sentence errors; no identifiers

Reads the addresses from ``LMRRG_DATABASE_URL`` or ``.env`` like every other process, unless told another.
"""

import argparse
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, get_args

from feedback_db import export
from feedback_db.erasing import patient, rows
from feedback_db.errors import FeedbackError
from feedback_db.export import Format
from feedback_db.people import anchor, audit, audit_check
from feedback_db.settings import Settings, secret
from feedback_db.store import backup, deleted, migration
from feedback_db.store.database import Database
from feedback_db.store.in_use import InUse
from feedback_db.store.private_folder import keep_private
from feedback_db.studies import studies


def main(arguments: list[str] | None = None) -> int:
    """Run one command; returns the exit status: 0 well, 1 not."""
    parser = argparse.ArgumentParser(
        prog="python -m feedback_db", description="Look after the feedback database."
    )
    parser.add_argument("--database-url", help="another database than the one of the settings")
    commands = parser.add_subparsers(dest="command", required=True)
    migrate = commands.add_parser("migrate", help="bring the schema to a revision")
    migrate.add_argument("--to", default="head", help="a revision, up or down; 'base' drops every table")
    verifying = commands.add_parser("verify-audit", help="look for audit rows and reports changed by hand")
    verifying.add_argument("--against", type=Path, help="a log that the audit's heads were told to")
    backing_up = commands.add_parser("backup", help="write database, images and models to one file")
    backing_up.add_argument("file", nargs="?", type=Path, help="default: lmrrg-backup-<time>.tar")
    restoring = commands.add_parser("restore", help="bring an installation back from a backup")
    restoring.add_argument("file", type=Path)
    restoring.add_argument("--replace", action="store_true", help="replace what is here; it is kept beside")
    erasing = commands.add_parser("erase", help="a patient, with all that is kept of them")
    whom = erasing.add_mutually_exclusive_group(required=True)
    whom.add_argument("--study", type=int, help="the patient of this study")
    whom.add_argument("--patient", help="the identifier that the files or whoever added them gave")
    erasing.add_argument("--reason", default="", help="why; kept in the audit, so name nobody")
    erasing.add_argument("--yes", action="store_true", help="do it; otherwise it is only shown")
    exporting = commands.add_parser("export", help="signed reports, preferences and sentence errors as files")
    exporting.add_argument("--format", choices=get_args(Format), default="jsonl")
    exporting.add_argument("folder", type=Path, help="a new folder")
    given = parser.parse_args(arguments)
    settings = Settings()
    keep_private(settings.data_folder)
    url: str = given.database_url or settings.database_url
    try:
        match given.command:
            case "migrate":
                return _migrate(url, given.to, settings.data_folder)
            case "verify-audit":
                return _verify_audit(url, settings, given.against)
            case "backup":
                return _back_up(url, settings.data_folder, given.file)
            case "erase":
                return _erase(url, settings.data_folder, given)
            case "restore":
                return _restore(url, settings.data_folder, given.file, replace=given.replace)
            case _:
                return _export(url, settings.data_folder, given.folder, given.format)
    except FeedbackError as error:
        print(error, file=sys.stderr)
        return 1


def _migrate(url: str, to: str, data_folder: Path) -> int:
    for changed in migration.migrate(url, to, data_folder):
        print(changed)
    print(f"The database is at revision {migration.current(url) or 'base'}.")
    return 0


def _verify_audit(url: str, settings: Settings, against: Path | None) -> int:
    kept = against or anchor.file_of(settings.audit_anchor)
    database = Database.open(url, settings.data_folder)
    try:
        told = anchor.Found((), 0)
        if kept is not None:
            with kept.open(encoding="utf-8", errors="replace") as lines:
                told = anchor.read_back(lines)
        with database.reading_session() as session:
            found = audit_check.verify(session, anchored=told.heads)
        state = database.anchor.told
    except OSError as error:
        print(f"{kept} cannot be read: {error.strerror}.", file=sys.stderr)
        return 1
    finally:
        database.close()
    if not found.holds:
        print(_what_is_wrong(found), file=sys.stderr)
        return 1
    print(f"The audit holds: {found.checked} rows.")
    if found.old_signatures:
        print(f"{found.old_signatures} signatures are of the old form: they bear the hash of the text alone.")
    if kept is not None:
        print(f"{found.anchored} heads in {kept} were compared with it.")
    if told.restores:
        print(f"{kept} tells of {told.restores} restores from a backup; what came after that backup is gone.")
    print(state)
    return 0


def _what_is_wrong(found: audit_check.Verification) -> str:
    if found.readings or found.studies:
        lines = []
        if found.readings:
            lines.append(f"Not as they were saved and signed: reading {_listed(found.readings)}.")
        if found.studies:
            lines.append(
                f"Not of the patient or with the films that were taken in: study {_listed(found.studies)}."
            )
        lines.append(f"The audit's {found.checked} rows hold; compare with a backup to see what was there.")
        return " ".join(lines)
    where = "at the end" if found.broken_at is None else f"at row {found.broken_at}"
    return f"The audit is broken {where}: {found.problem}. {found.checked} rows before it hold."


def _listed(numbers: Sequence[int]) -> str:
    return ", ".join(map(str, numbers))


def _note(url: str, data_folder: Path, action: str, data: dict[str, Any], *, restored: bool = False) -> None:
    """That somebody at this machine's console did this, as a row of the audit."""
    database = Database.open(url, data_folder)
    try:
        with database.reading_session() as session:
            head = audit.head(session)
        if restored:
            database.anchor.tell(head, restored=True)
        with database.session() as session:
            audit.append(session, reader_id=None, action=action, subject="installation", data=data)
    finally:
        database.close()


def _back_up(url: str, data_folder: Path, to: Path | None) -> int:
    at = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    to = to or Path(f"lmrrg-backup-{at}.tar")
    made = backup.back_up(url=url, data_folder=data_folder, to=to)
    if migration.is_newest(url):  # an older schema is left as it is
        _note(url, data_folder, "backup", {"file": str(made.path.absolute()), "files": made.files})
    size = made.bytes / 1e6
    print(
        f"{made.path}: the database and {made.files} files, {size:.1f} MB. It holds patients' images: guard it."
    )
    return 0


def _erase(url: str, data_folder: Path, given: argparse.Namespace) -> int:
    database = Database.open(url, data_folder)
    try:
        with database.reading_session() as session:
            if given.study is not None:
                key = studies.get(session, study_id=given.study).patient_key
            else:
                key = studies.patient_key_of(given.patient.strip(), secret(data_folder))
            found = patient.whereabouts(session, patient_key=key, data_folder=data_folder)
        if given.yes:
            found = patient.erase(database, patient_key=key, data_folder=data_folder, reason=given.reason)
    finally:
        database.close()
    what = found.what
    done = "Erased" if given.yes else "This would erase"
    print(
        f"{done}: studies {_listed(what.studies)}; {len(what.contents)} images, {len(what.readings)} readings."
    )
    if found.jobs:
        print(f"Of training jobs {_listed(found.jobs)} only figures and settings stay.")
    if found.backups:
        print("Backups that hold this patient still; destroy them, or make new ones in their place:")
        print(*(f"  {file}" for file in found.backups), sep="\n")
    if found.versions:
        print(f"Versions that learned from this patient: {', '.join(found.versions)}.")
    if found.perhaps:
        print(f"Versions of which it is no longer known what they learned from: {', '.join(found.perhaps)}.")
    if not given.yes:
        print("Nothing was changed. Say --yes, with a --reason, to do it.")
    elif deleted.overwrite(url):
        print("Restart the server: it may hold images that were looked at last.")
    else:
        print(
            "What was deleted still lies in the database's file, since others use it. Stop the server, then run VACUUM "
            "on it with sqlite3 or psql.",
            file=sys.stderr,
        )
        return 1
    return 0


def _tombstones(url: str, data_folder: Path) -> dict[str, tuple[int, ...]]:
    database = Database.open(url, data_folder)
    try:
        with database.reading_session() as session:
            return rows.tombstones(session)
    finally:
        database.close()


def _restore(url: str, data_folder: Path, source: Path, *, replace: bool) -> int:
    with InUse(data_folder, alone=True):
        erased = _tombstones(url, data_folder)
        done = backup.restore(url=url, data_folder=data_folder, source=source, replace=replace)
        known = _tombstones(url, data_folder)
        before = {"before": str(done.before.absolute()) if done.before else None}
        _note(url, data_folder, "restore", {"file": str(source.absolute()), **before}, restored=True)
    print(f"Restored the database and {done.files} files.")
    if done.before is not None:
        print(f"What was here before is kept in {done.before}.")
    for studies_of_one in (numbers for row, numbers in erased.items() if row not in known):
        print(
            f"Studies {_listed(studies_of_one)} of an erased patient are here again: erase the patient again."
        )
    if done.secret_changed:
        print("The installation's secret is the backup's now.")
    return 0


def _export(url: str, data_folder: Path, to: Path, format: Format) -> int:
    database = Database.open(url, data_folder)
    try:
        with database.reading_session() as session:
            counts = export.export(session, to=to, format=format)
    finally:
        database.close()
    _note(url, data_folder, "export", {"format": format, "rows": counts})
    for name, number in counts.items():
        print(f"{number:>7} {name.replace('_', ' ')}")
    print(f"Written to {to}; its README.md says what the columns are and which drafts are a demonstration's.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
