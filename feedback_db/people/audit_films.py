"""Whose each film is by the chain's own account, and whether the database says the same.

A film is known by its content's hash, a patient by the hash of the pseudonym. Films that were taken in before the chain
told of them are passed over. Knows nothing about reports.
"""

import hashlib
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback_db.models import Study, StudyImage


def mark_of(patient_key: str) -> str:
    """By which the chain knows a patient."""
    return hashlib.sha256(b"patient:" + patient_key.encode()).hexdigest()


class Films:
    """Which study each film belongs to, and which patient each study, as the chain tells it row by row."""

    def __init__(self) -> None:
        self._study_of: dict[str, int] = {}
        self._patient_of: dict[int, str] = {}

    def take(self, action: str, subject: str, data: Mapping[str, Any]) -> None:
        """The next row of the chain."""
        if action in ("add study", "add images"):
            number = int(subject.removeprefix("study:"))
            for content in data.get("images") or [data[one] for one in ("content_hash",) if one in data]:
                self._study_of[content] = number
            if "patient" in data:
                self._patient_of[number] = data["patient"]
        elif action == "join studies":
            self._move(int(subject.removeprefix("study:")), data["into"])
        elif action == "migrate" and data["to"] < "0004":
            # Each image is a study then; the rows before this one name those of which it is known.
            self._study_of.clear()
        elif action == "erase patient":
            gone = set(data["studies"])
            self._study_of = {film: study for film, study in self._study_of.items() if study not in gone}
            self._patient_of = {study: mark for study, mark in self._patient_of.items() if study not in gone}

    def not_as_told(self, session: Session) -> set[int]:
        """The studies, as the chain numbers them, that lack a film of theirs or are another patient's."""
        here = {
            row.content_hash: row.study_id
            for row in session.execute(select(StudyImage.content_hash, StudyImage.study_id))
        }
        patients = {row.id: row.patient_key for row in session.execute(select(Study.id, Study.patient_key))}
        moved = {study for film, study in self._study_of.items() if here.get(film) != study}
        return moved | {
            study
            for study, mark in self._patient_of.items()
            if study not in patients or mark_of(patients[study]) != mark
        }

    def _move(self, study: int, into: int) -> None:
        self._study_of = {film: into if one == study else one for film, one in self._study_of.items()}
        self._patient_of.pop(study, None)
