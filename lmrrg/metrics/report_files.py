"""Reports from a file: JSON Lines or CSV with ``id`` and ``report``, or one report a line. Does not know metrics."""

import csv
import io
import json
from pathlib import Path
from typing import NamedTuple

from lmrrg.errors import ScoringError
from lmrrg.json_lines import lines_of


class IdentifiedReport(NamedTuple):
    """A report and its study's id; the line number, from 1, where the file has no ids."""

    id: str
    report: str


def read_reports(path: Path) -> list[IdentifiedReport]:
    """The file's reports in order. Raises ScoringError with file and line where one cannot be read."""
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ScoringError(f"{path} cannot be read as UTF-8 text: {error}") from error
    if path.suffix.lower() in (".jsonl", ".ndjson", ".json"):
        return _read_json_lines(path, text)
    if path.suffix.lower() == ".csv":
        return _read_csv(path, text)
    if text.lstrip().startswith("{"):
        return _read_json_lines(path, text)
    return [IdentifiedReport(str(number), line) for number, line in enumerate(lines_of(text), start=1)]


def _read_json_lines(path: Path, text: str) -> list[IdentifiedReport]:
    found: list[IdentifiedReport] = []
    for number, line in enumerate(lines_of(text), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as error:
            raise ScoringError(f"{path}, line {number}: this is not JSON ({error}).") from error
        if not isinstance(row, dict) or not isinstance(row.get("report"), str) or "id" not in row:
            raise ScoringError(f'{path}, line {number}: expected an object with "id" and "report".')
        found.append(IdentifiedReport(str(row["id"]), row["report"]))
    return found


def _read_csv(path: Path, text: str) -> list[IdentifiedReport]:
    reader = csv.DictReader(io.StringIO(text, newline=""))
    try:
        rows = list(reader)
    except csv.Error as error:
        raise ScoringError(f"{path}, line {reader.line_num}: {error}.") from error
    if reader.fieldnames is None or not {"id", "report"} <= set(reader.fieldnames):
        raise ScoringError(f'{path}: the first line must name the columns "id" and "report".')
    return [IdentifiedReport(row["id"] or "", row["report"] or "") for row in rows]


def match_by_id(
    candidates: list[IdentifiedReport], references: list[IdentifiedReport]
) -> tuple[list[str], list[str]]:
    """Candidate and reference texts, paired by id, in the candidates' order.

    Raises ScoringError where an id occurs twice or a candidate has no reference. References without a
    candidate are not scored.
    """
    for side, reports in (("candidates", candidates), ("references", references)):
        ids = [one.id for one in reports]
        if len(set(ids)) != len(ids):
            twice = next(one for one in ids if ids.count(one) > 1)
            raise ScoringError(f'The id "{twice}" occurs more than once among the {side}.')
    table = {one.id: one.report for one in references}
    missing = [one.id for one in candidates if one.id not in table]
    if missing:
        named = ", ".join(missing[:5]) + (" …" if len(missing) > 5 else "")
        raise ScoringError(f"{len(missing)} candidate(s) have no reference with the same id: {named}.")
    if not candidates:
        raise ScoringError("There is no candidate report to score.")
    return [one.report for one in candidates], [table[one.id] for one in candidates]
