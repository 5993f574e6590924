"""Revision 0004 downward: each image becomes a study again.

A study's number and what readers did with it stay with the image that the study once was, or with its first frontal
one; the others get studies under their own numbers where those are free. A draft goes with the image that it was
written for, unless a reading or a choice is about it. Knows nothing about pixels. What a worklist line says of a draft
is worked out here as the release of revision 0003 did, and never changes.
"""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from alembic import op

from feedback_db.migrations.joining import LATERAL, words_of
from feedback_db.migrations.plain_sql import (
    DRAFT,
    Row,
    listed,
    number_after,
    record,
    rows,
    rows_of,
    run,
    set_requests,
    tell,
)

_UNDRAFTED = {
    "needs_eye": 0.0,
    "confidence": None,
    "disagrees": False,
    "findings": "|",
    "model_version_id": None,
}
# What the schema of before has no place for.
_FACTS = {
    "comparison": "comparison <> ''",
    "technique": "technique <> ''",
    "age": "age IS NOT NULL",
    "sex": "sex IS NOT NULL",
    "the order within a day": "day_rank IS NOT NULL",
    "the key of the examination": "study_key IS NOT NULL",
    "the key of the order": "accession_key IS NOT NULL",
    "the second witness of the patient": "witness_key IS NOT NULL",
}


def part_images() -> None:
    """Give each image but one of a study a study of its own; afterwards no study has two."""
    studies: dict[int, list[Row]] = defaultdict(list)
    hanging = f"study_id, CASE WHEN view = '{LATERAL}' THEN 1 ELSE 0 END, position"
    for image in rows(f"SELECT id, study_id, view FROM image ORDER BY {hanging}"):
        studies[image["study_id"]].append(image)
    read = {
        row["study_id"] for row in rows("SELECT study_id FROM reading UNION SELECT study_id FROM preference")
    }
    taken = set(studies)
    apart: list[Row] = []
    for study, images in studies.items():
        kept = next((image for image in images if image["id"] == study and study not in read), images[0])
        for image in images:
            if image is not kept:
                number = image["id"] if image["id"] not in taken else max(taken) + 1
                taken.add(number)
                apart.append({"study": study, "image": image["id"], "number": number})
    run(
        "INSERT INTO study (id, patient_key, split, site, indication, comparison, technique, examined_on, origin, "
        "created_at) SELECT :number, patient_key, split, site, indication, '', '', examined_on, origin, "
        "(SELECT created_at FROM image WHERE id = :image) FROM study WHERE id = :study",
        apart,
    )
    run("UPDATE image SET study_id = :number, position = 0 WHERE id = :image", apart)
    number_after("study")
    _part_drafts({one["image"]: one["number"] for one in apart})
    _part_lines(apart, read)
    record("part study", ((f"study:{one['number']}", {"from": one["study"]}) for one in apart))
    if apart:
        pairs = listed(f"{one['number']} from {one['study']}" for one in apart)
        tell(f"Images that became studies of their own: {len(apart)} ({pairs}).")
    _drop_boxes()
    for what, condition in _FACTS.items():
        count = rows(f"SELECT count(*) AS number FROM study WHERE {condition}")[0]["number"]
        if count:
            tell(f"Dropped of studies, since the older schema has no place for it: {what} (of {count}).")


def _part_drafts(apart: dict[int, int]) -> None:
    used = {
        row["id"]
        for row in rows(
            "SELECT draft_id AS id FROM reading UNION SELECT chosen_draft_id FROM preference "
            "UNION SELECT rejected_draft_id FROM preference"
        )
    }
    named: dict[int, Row] = {}
    moved: list[Row] = []
    for draft in op.get_bind().execute(sa.select(DRAFT.c.id, DRAFT.c.request)):
        images = draft.request.get("images")
        if images is None:
            continue
        named[draft.id] = {name: value for name, value in draft.request.items() if name != "images"}
        if images and images[0] in apart and draft.id not in used:
            moved.append({"draft": draft.id, "number": apart[images[0]]})
    set_requests(named)
    run("UPDATE draft SET study_id = :number WHERE id = :draft", moved)


def _part_lines(apart: list[Row], read: set[int]) -> None:
    """A worklist line for each study that was parted; whoever claimed the whole claims its parts."""
    whole = {one["number"]: one["study"] for one in apart} | {one["study"]: one["study"] for one in apart}
    lines = {
        line["study_id"]: line
        for line in rows_of("SELECT * FROM worklist_entry WHERE study_id IN :numbers", [*set(whole.values())])
    }
    studies = rows_of(
        "SELECT s.id, s.site, s.origin, s.indication, i.view FROM study s JOIN image i ON i.study_id = s.id "
        "WHERE s.id IN :numbers",
        [*whole],
    )
    shown = _shown([*whole])
    drafted = {
        row["study_id"] for row in rows_of("SELECT study_id FROM draft WHERE study_id IN :numbers", [*whole])
    }
    parted = [
        lines[whole[study["id"]]]
        | shown.get(study["id"], _UNDRAFTED)
        | ({} if study["id"] in read else {"status": "drafted" if study["id"] in drafted else "new"})
        | {"study_id": study["id"]}
        | {
            "words": words_of(
                *(study["id"], study["site"], study["view"], study["origin"], study["indication"])
            )
        }
        for study in studies
    ]
    if parted:
        run("DELETE FROM worklist_entry WHERE study_id = :study_id", parted)
        columns = ", ".join(parted[0])
        run(
            f"INSERT INTO worklist_entry ({columns}) VALUES ({', '.join(f':{name}' for name in parted[0])})",
            parted,
        )


def _shown(numbers: list[int]) -> dict[int, Row]:
    """What the newest draft for reading says of each study."""
    newest = [
        row["id"]
        for row in rows_of(
            "SELECT max(id) AS id FROM draft WHERE study_id IN :numbers AND NOT sampled GROUP BY study_id",
            numbers,
        )
    ]
    shown = {}
    for number in newest:
        draft = op.get_bind().execute(sa.select(DRAFT).where(DRAFT.c.id == number)).one()
        shown[draft.study_id] = _told_by(draft.report) | {
            "needs_eye": draft.needs_eye,
            "model_version_id": draft.model_version_id,
        }
    return shown


def _told_by(report: Mapping[str, Any]) -> Row:
    """The sentences' mean confidence, whether one is flagged, and the findings of probability ½ or more."""
    sentences = report.get("sentences") or []
    told = [s["confidence"] for s in sentences if isinstance(s.get("confidence"), int | float)]
    seen = [name for name, probability in (report.get("findings") or {}).items() if probability >= 0.5]
    return {
        "confidence": sum(told) / len(told) if told else None,
        "disagrees": any(s.get("flag") for s in sentences),
        "findings": "|" + "".join(f"{name}|" for name in seen),
    }


def _drop_boxes() -> None:
    """Boxes on an image that is no longer of the reading's study: without their image they would lie on another."""
    stray = rows(
        "SELECT f.id AS number FROM region_feedback f JOIN reading r ON r.id = f.reading_id "
        "JOIN image i ON i.id = f.image_id WHERE i.study_id <> r.study_id"
    )
    run("DELETE FROM region_feedback WHERE id = :number", stray)
    if stray:
        tell(f"Boxes dropped, since their image is not of the reading's study any more: {len(stray)}.")
