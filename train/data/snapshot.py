"""What one job learns from, frozen: signed readings and preferences of training patients, hashed.

    readings.jsonl      a line for each signed reading, with its revision: exactly what was used
    preferences.jsonl   a line for each choice, each edit and each sentence of a draft that was found wrong
    unread.jsonl        a line for each study that nobody has signed, for the rewards that need no signed report
    manifest.json       the sha256 over all three, and the version that was live

Only readings of the split *training* are asked for, and each is checked again before it is written; held-out studies
are read by ``held_out_examples`` alone, which only the evaluation calls. Knows nothing about weights or tokens.
"""

import dataclasses
import hashlib
import json
from collections.abc import Sequence, Set
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from feedback_db.models import ModelVersion
from feedback_db.reading import preferences, readings
from feedback_db.reading.preferences import PreferencePair
from feedback_db.reading.readings import SignedReading
from feedback_db.studies import studies
from feedback_db.studies.images import is_frontal
from feedback_db.training import versions
from feedback_db.training.unread import UnreadStudy, unread_studies
from lmrrg.json_lines import lines_of
from lmrrg.metrics.lite.coverage import read_enough
from lmrrg.profiles import Profile
from lmrrg.reporters import VersionFolder
from lmrrg.reporters.registry import folder_of
from train.data.examples import Example, load_picture
from train.data.whole_images import tell_missed, with_images
from train.errors import BrokenJobFolder, HeldOutLeak, NotEnoughReadings
from train.judge.figures import sides
from train.rewards.preference_scorer import Choice
from train.work.job import Job, write_json
from train.work.results import Taken, as_json

_UNREAD_FIELDS = ("study_id", "site", "view", "indication", "image_folder", "prior_report")
_READING_FIELDS = ("reading_id", "revision", *_UNREAD_FIELDS)
_FILES = ("readings.jsonl", "preferences.jsonl", "unread.jsonl")
_PREFERENCE_FIELDS = (
    *("preference_id", "study_id", "indication", "image_folder"),
    *("chosen", "rejected", "source", "outcome", "strength"),
)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A loaded snapshot.

    Attributes:
        readings, preferences, unread: the lines of the three files.
        sha256: over the three files.
        version_id: the version that was live when it was taken, from which training starts.
        model_folder: that version's folder.
        data_folder: what the readings' ``image_folder`` are relative to.
    """

    readings: tuple[dict[str, Any], ...]
    preferences: tuple[dict[str, Any], ...]
    unread: tuple[dict[str, Any], ...]
    sha256: str
    version_id: int
    model_folder: Path
    data_folder: Path

    def examples(self, size: int) -> list[Example]:
        """The signed studies with their pictures at ``size × size``."""
        return [
            self._example(row, size, reference=row["signed"], draft=row["draft"]) for row in self.readings
        ]

    def to_reward(self, signed: Sequence[Example]) -> list[Example]:
        """The same studies; those whose signed report the rules could largely not read have no reference."""
        dark = {f"study {row['study_id']}" for row in self.readings if not row.get("read", True)}
        return [dataclasses.replace(one, reference=None) if one.key in dark else one for one in signed]

    def unread_examples(self, size: int) -> list[Example]:
        """The studies that nobody has signed, without a reference."""
        return [self._example(row, size) for row in self.unread]

    def compared_examples(self, size: int) -> list[Example]:
        """The studies that ``choices`` are of, signed or not, without a reference.

        A snapshot of an earlier release says of signed and unread studies alone where their images lie.
        """
        compared = [row for row in self.preferences if row["outcome"] != "both_bad"]
        known = {row["study_id"]: row for row in (*compared, *self.unread, *self.readings)}
        rows = (known[study_id] for study_id in dict.fromkeys(row["study_id"] for row in compared))
        return [self._example(row, size) for row in rows if "image_folder" in row]

    def _example(
        self, row: dict[str, Any], size: int, *, reference: str | None = None, draft: str | None = None
    ) -> Example:
        return Example(
            f"study {row['study_id']}",
            load_picture(self.data_folder / row["image_folder"], size),
            row["indication"],
            reference,
            draft,
            prior_report=row.get("prior_report", ""),
        )

    def choices(self) -> list[Choice]:
        """The comparisons of two texts; of *both bad* nothing is to be learned here."""
        return [
            Choice(
                f"study {row['study_id']}",
                row["chosen"],
                row["rejected"],
                float(row["strength"]),
                row["outcome"] == "tie",
            )
            for row in self.preferences
            if row["outcome"] != "both_bad"
        ]


def check_no_leak(
    chosen: Sequence[SignedReading | PreferencePair | UnreadStudy], held_out_patients: Set[str]
) -> None:
    """Raise ``HeldOutLeak`` where a row is not of the training split or its patient is also held out.

    ``held_out_patients`` are the ``patient_key`` of all that are, whether anything of theirs is signed or not.
    """
    for row in chosen:
        if row.split != "training" or row.patient_key in held_out_patients:
            raise HeldOutLeak(
                f"Study {row.study_id} belongs to a patient that is held out for evaluation. "
                "No training was started; have the database checked."
            )


def _profile_of(version: ModelVersion, job: Job) -> Profile:
    """By whose words the rules read."""
    return VersionFolder(folder_of(version.folder, job.settings.data_folder)).profile


def _left_out(job: Job) -> set[int]:
    """The studies that neither teach nor judge the live version: drawn ones, but for the demonstration model."""
    with job.database.reading_session() as session:
        return set() if versions.live(session).demonstration else studies.drawn(session)


def _with_frontal(signed: Sequence[SignedReading], without: Set[int]) -> list[SignedReading]:
    """Those of studies with a frontal image, which is hung first: a model drafts no other, and learns from no other."""
    return [row for row in signed if is_frontal(row.view) and row.study_id not in without]


def _write_lines(path: Path, rows: Sequence[dict[str, Any]]) -> bytes:
    content = "".join(json.dumps(row, ensure_ascii=False, sort_keys=True) + "\n" for row in rows).encode()
    path.unlink(missing_ok=True)
    path.write_bytes(content)
    path.chmod(0o400)
    return content


def run(job: Job) -> Taken:
    """Freeze what is signed now. Raises ``NotEnoughReadings`` and ``HeldOutLeak``."""
    without = _left_out(job)
    with job.database.reading_session() as session:
        live = versions.live(session)
        signed = _with_frontal(readings.signed_readings(session, split="training"), without)
        held_out = _with_frontal(readings.signed_readings(session, split="held_out"), without)
        pairs = preferences.all_for(session, split="training", decided_only=False)
        pairs += preferences.from_verdicts(session, split="training")
        pairs = [pair for pair in pairs if pair.study_id not in without]
        held_out_patients = studies.patient_keys(session, split="held_out")
        most = round(job.config.unread_share * len(signed))
        unread = unread_studies(session, split="training", limit=most + len(without))
    unread = [one for one in unread if one.study_id not in without][:most]
    check_no_leak([*signed, *pairs, *unread], held_out_patients)
    missed: set[int] = set()
    signed, pairs, unread = (
        with_images(signed, job, missed),
        with_images(pairs, job, missed),
        with_images(unread, job, missed),
    )
    tell_missed(job, "snapshot", missed)
    missing = job.config.minimum_readings - len(signed)
    if missing > 0:
        raise NotEnoughReadings(
            f"{len(signed)} readings of training patients are signed; a retrain needs "
            f"{job.config.minimum_readings}. Sign {missing} more."
            + (" Drawn studies teach the demonstration model alone." if without else "")
        )
    profile = _profile_of(live, job)
    reading_rows = [
        {name: getattr(row, name) for name in _READING_FIELDS}
        | {"signed": row.text, "draft": row.draft_text, "read": read_enough(row.text, profile)}
        for row in signed
    ]
    preference_rows = [{name: getattr(row, name) for name in _PREFERENCE_FIELDS} for row in pairs]
    unread_rows = [{name: getattr(row, name) for name in _UNREAD_FIELDS} for row in unread]
    folder = job.folder.stage("snapshot")
    digest = hashlib.sha256()
    for name, rows in zip(_FILES, (reading_rows, preference_rows, unread_rows), strict=True):
        digest.update(_write_lines(folder / name, rows))
    # A reader who swaps the sides contradicts every draft, which none of the candidate's figures may show.
    same, given = (
        sides([row.draft_text or "" for row in signed], [row.text for row in signed], profile).sum(0).tolist()
    )
    taken = Taken(
        sha256=digest.hexdigest(),
        readings=len(signed),
        preferences=len(pairs),
        unread=len(unread),
        sides=(same, given),
        not_read=sum(not row["read"] for row in reading_rows),
        held_out=len({row.study_id for row in held_out}),
        version_id=live.id,
        version=live.number,
        model=live.folder,
        taken_at=datetime.now(UTC).isoformat(timespec="seconds"),
    )
    write_json(folder / "manifest.json", as_json(taken))
    if taken.not_read:
        message = (
            f"The rules could largely not read {taken.not_read} of {taken.readings} signed reports: "
            "the model learns to write like them, and no reward is taken from them."
        )
        job.events.record("log", "snapshot", data={"message": message})
    return taken


def load(job: Job) -> Snapshot:
    """The job's snapshot. Raises ``BrokenJobFolder`` where a file was changed since it was taken."""
    taken = job.folder.result(Taken)
    folder = job.folder.path / "snapshot"
    contents = [(folder / name).read_bytes() for name in _FILES]
    if hashlib.sha256(b"".join(contents)).hexdigest() != taken.sha256:
        raise BrokenJobFolder("The snapshot was changed since it was taken. Start a new retrain.")
    lines = [tuple(json.loads(line) for line in lines_of(content.decode())) for content in contents]
    return Snapshot(
        readings=lines[0],
        preferences=lines[1],
        unread=lines[2],
        sha256=taken.sha256,
        version_id=taken.version_id,
        model_folder=folder_of(taken.model, job.settings.data_folder),
        data_folder=job.settings.data_folder,
    )


class HeldOut(NamedTuple):
    """The held-out studies that can judge, and how many were left out because the rules cannot read their report."""

    examples: list[Example]
    not_read: int


def held_out_examples(job: Job, size: int) -> HeldOut:
    """The held-out studies with the report that was signed last for each. For evaluation only."""
    without = _left_out(job)
    with job.database.reading_session() as session:
        profile = _profile_of(versions.live(session), job)
        signed = _with_frontal(readings.signed_readings(session, split="held_out"), without)
    missed: set[int] = set()
    signed = with_images(signed, job, missed)
    tell_missed(job, "evaluate", missed)
    newest: dict[int, SignedReading] = {}
    for row in sorted(signed, key=lambda row: row.signed_at):
        newest[row.study_id] = row
    rows = [newest[study_id] for study_id in sorted(newest)]
    kept = [dataclasses.asdict(row) | {"signed_at": row.signed_at.isoformat()} for row in rows]
    write_json(job.folder.stage("evaluate") / "held_out.json", kept)
    judging = [row for row in rows if read_enough(row.text, profile)]
    examples = [
        Example(
            f"study {row.study_id}",
            load_picture(job.settings.data_folder / row.image_folder, size),
            row.indication,
            row.text,
            row.draft_text,
            prior_report=row.prior_report,
        )
        for row in judging
    ]
    return HeldOut(examples, len(rows) - len(judging))
