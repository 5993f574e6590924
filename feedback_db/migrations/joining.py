"""Revision 0004 upward: which studies are of one examination, and making one study of them.

Their keyed StudyInstanceUID, the patient and the site say so. It is read from the ``header.json`` beside each image,
since the database alone does not know it. What somebody has read or compared is left as it is. Knows nothing about
pixels.
"""

import json
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import sqlalchemy as sa
from alembic import op

from feedback_db.migrations.plain_sql import (
    AT_ONCE,
    DRAFT,
    Row,
    listed,
    record,
    rows,
    rows_of,
    run,
    set_requests,
    tell,
)

LATERAL = "LATERAL"
LONGEST_WORDS = 500


def take_from_headers(data_folder: Path | None) -> None:
    """Fill the key of the examination and the image's side in, as far as the headers can be reached."""
    images = rows("SELECT id, image_folder FROM image ORDER BY id")
    found: list[Row] = []
    unreached = 0
    for image in images:
        folder = data_folder / image["image_folder"] if data_folder else None
        if folder is None or not folder.is_dir():
            unreached += 1
        else:
            found.append({"id": image["id"], **_header(folder / "header.json")})
    run("UPDATE study SET study_key = :study_key WHERE id = :id", [one for one in found if one["study_key"]])
    run("UPDATE image SET side = :side WHERE id = :id", [one for one in found if one["side"]])
    if unreached:
        why = (
            f"are not in {data_folder}"
            if data_folder
            else "could not be looked for: no data folder was given"
        )
        tell(
            f"The files of {unreached} of {len(images)} images {why}. Which of these belong to one examination is not "
            "known; each stays a study of its own."
        )


def _header(path: Path) -> Row:
    """Of an image that was no DICOM file there is none."""
    try:
        words = json.loads(path.read_bytes())
        kept, key = words["kept"], words["replaced"].get("StudyInstanceUID")
        sides = {"L": "L", "R": "R", "LL": "L", "RL": "R"}
        said = (kept.get(name) for name in ("ImageLaterality", "Laterality", "ViewPosition"))
        side = next((sides[word] for word in said if word in sides), None)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {"study_key": None, "side": None}
    return {"study_key": key, "side": side}


def join_examinations() -> None:
    """Make one study of the studies of one examination, where nobody has read or compared any of them."""
    examinations: dict[tuple[str, str, str], list[int]] = defaultdict(list)
    keyed = "SELECT id, patient_key, study_key, site FROM study WHERE study_key IS NOT NULL ORDER BY id"
    for row in rows(keyed):
        examinations[row["patient_key"], row["study_key"], row["site"]].append(row["id"])
    several = [numbers for numbers in examinations.values() if len(numbers) > 1]
    seen = {
        row["study_id"] for row in rows("SELECT study_id FROM reading UNION SELECT study_id FROM preference")
    }
    joined = [numbers for numbers in several if seen.isdisjoint(numbers)]
    apart = [numbers for numbers in several if not seen.isdisjoint(numbers)]
    _join_lines(joined)
    _name_images_of_drafts([number for numbers in joined for number in numbers])
    gone = [
        {"number": number, "first": numbers[0], "position": position}
        for numbers in joined
        for position, number in enumerate(numbers)
        if position
    ]
    run("UPDATE image SET study_id = :first, position = :position WHERE study_id = :number", gone)
    run("UPDATE draft SET study_id = :first WHERE study_id = :number", gone)
    run(
        "INSERT INTO presence (study_id, reader_id, seen_at) SELECT :first, reader_id, seen_at FROM presence AS old "
        "WHERE study_id = :number AND NOT EXISTS (SELECT 1 FROM presence AS here "
        "WHERE here.study_id = :first AND here.reader_id = old.reader_id)",
        gone,
    )
    run("DELETE FROM presence WHERE study_id = :number", gone)
    run("DELETE FROM worklist_entry WHERE study_id = :number", gone)
    run("DELETE FROM study WHERE id = :number", gone)
    record("join studies", ((f"study:{one['number']}", {"into": one["first"]}) for one in gone))
    if gone:
        pairs = listed(f"{one['number']} to {one['first']}" for one in gone)
        tell(
            f"Joined to the first study of their examination, since nobody had read them: {len(gone)} ({pairs})."
        )
    if apart:
        told = listed(" and ".join(map(str, numbers)) for numbers in apart)
        tell(
            f"Examinations that stay several studies, since somebody has read or compared them: {len(apart)} ({told})."
        )


def _join_lines(examinations: list[list[int]]) -> None:
    """One worklist line for each: the doubts of the first frontal image's draft, and the newest claim."""
    lines = {
        line["study_id"]: line
        for line in rows_of(
            "SELECT e.*, i.view, s.indication, s.origin, s.examined_on FROM worklist_entry e "
            "JOIN study s ON s.id = e.study_id JOIN image i ON i.study_id = s.id WHERE e.study_id IN :numbers",
            [number for numbers in examinations for number in numbers],
        )
    }
    joined = [_joined([lines[number] for number in numbers]) for numbers in examinations]
    taken = (
        "status",
        "claimed_by",
        "claimed_at",
        "words",
        "needs_eye",
        "confidence",
        "disagrees",
        "findings",
    )
    setting = ", ".join(f"{name} = :{name}" for name in (*taken, "model_version_id"))
    run(f"UPDATE worklist_entry SET {setting} WHERE study_id = :study_id", joined)
    run("UPDATE study SET indication = :indication, examined_on = :examined_on WHERE id = :study_id", joined)


def _joined(lines: list[Row]) -> Row:
    frontal = [line for line in lines if line["view"] != LATERAL]
    drafted = [line for line in frontal if line["model_version_id"] is not None]
    claimed = max(lines, key=lambda line: str(line["claimed_at"] or ""))
    views = dict.fromkeys(line["view"] for line in (*frontal, *lines) if line["view"])
    first = lines[0]
    indication = " ".join(dict.fromkeys(line["indication"] for line in lines if line["indication"]))
    undrafted = {
        "needs_eye": 0.0,
        "confidence": None,
        "disagrees": False,
        "findings": "|",
        "model_version_id": None,
    }
    shown = drafted[0] if drafted else first | undrafted
    return shown | {
        "study_id": first["study_id"],
        "status": "drafted" if any(line["status"] == "drafted" for line in lines) else "new",
        "claimed_by": claimed["claimed_by"],
        "claimed_at": claimed["claimed_at"],
        "indication": indication,
        "examined_on": next((line["examined_on"] for line in lines if line["examined_on"]), None),
        "words": words_of(first["study_id"], first["site"], " ".join(views), first["origin"], indication),
    }


def words_of(*parts: object) -> str:
    """What a search looks into, as of this revision: number, site, views, origin and indication."""
    return " ".join(str(part) for part in parts if part).lower()[:LONGEST_WORDS]


def _name_images_of_drafts(numbers: Sequence[int]) -> None:
    """A draft of one of several images says which: those of before know no other image."""
    named: dict[int, Row] = {}
    for start in range(0, len(numbers), AT_ONCE):
        some = sa.select(DRAFT.c.id, DRAFT.c.study_id, DRAFT.c.request).where(
            DRAFT.c.study_id.in_(numbers[start : start + AT_ONCE])
        )
        for draft in op.get_bind().execute(some).all():
            named[draft.id] = {**draft.request, "images": [draft.study_id]}
    set_requests(named)
