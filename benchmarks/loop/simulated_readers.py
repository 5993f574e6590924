"""Simulated readers of phantoms: they know the truth, have a house style of their own, and edit drafts towards it.

A reader is any object with ``read`` and ``prefer``; tests and benchmarks need many readings by someone whose taste
is known. ``seed_database`` lets one read phantoms through the same doors as a person: intake, draft, sign, compare.
Knows nothing about how a model learns from it.
"""

import dataclasses
import difflib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Protocol

import numpy as np

from feedback_db.errors import NoLiveVersion
from feedback_db.models import ModelVersion, Outcome
from feedback_db.people import accounts
from feedback_db.reading import preferences, readings
from feedback_db.settings import Settings, secret
from feedback_db.store.database import Database
from feedback_db.studies import drafts, studies
from feedback_db.studies.images import NewImage
from feedback_db.studies.studies import Examination
from feedback_db.training import versions
from lmrrg import sentences
from lmrrg.imaging.door import archive
from lmrrg.metrics.lite.error_counts import count_errors
from lmrrg.metrics.lite.labels import observations
from lmrrg.profiles import DEFAULT_PROFILE
from lmrrg.profiles.chest import phantom
from lmrrg.profiles.chest.phantom import STYLES, Phantom, Style
from lmrrg.reporters.registry import as_kept, describe, folder_of
from train.data.examples import Example, picture_of
from train.policy.by_model_type import load

Preferred = Literal["a", "b", "tie", "both_bad"]
# Seeds of simulated studies, apart from those of replay, the base set and the default model's training.
STUDY_SEEDS = 600_000_000
_DRAW_SIZE = 256


class Reader(Protocol):
    """Someone who reads studies."""

    def read(self, study: Phantom, draft: str) -> str:
        """The report that this reader signs, starting from ``draft``."""

    def prefer(self, study: Phantom, a: str, b: str) -> Preferred:
        """Which of two texts this reader would rather start from."""


@dataclass(frozen=True, slots=True)
class SimulatedReader:
    """Knows the truth of a phantom and writes it in a hidden style.

    Attributes:
        tolerance: how often a sentence of the draft that is right is kept as it is, though it is worded otherwise.
        slips: how often a sentence that should be there is forgotten.
        spares: findings not worth a word to this reader where they are mild or small.
    """

    style: Style
    seed: int = 0
    tolerance: float = 0.3
    slips: float = 0.0
    spares: frozenset[str] = frozenset()

    def _chance(self, study: Phantom, purpose: int) -> np.random.Generator:
        return np.random.default_rng([self.seed, study.seed, purpose])

    def own_words(self, study: Phantom) -> list[str]:
        """The report this reader would write without a draft, by sentences."""
        worth_a_word = tuple(
            one
            for one in study.truth.abnormalities
            if not (one.finding in self.spares and one.severity in ("mild", "small"))
        )
        truth = dataclasses.replace(study.truth, abnormalities=worth_a_word)
        written = phantom.write_report(truth, self.style, self._chance(study, 0))
        return [sentence.text for sentence in written]

    def read(self, study: Phantom, draft: str) -> str:
        """Keeps right sentences, rewords or drops the others, adds what is missing, all in the order of the style."""
        chance = self._chance(study, 1)
        offered = sentences.split(draft)
        signed = []
        for own in self.own_words(study):
            if chance.random() < self.slips:
                continue
            same = own if own in offered else next((g for g in offered if _says_the_same(g, own)), None)
            if same is not None:
                offered.remove(same)  # what is kept for one thing is not kept for another too
                if chance.random() < self.tolerance:
                    own = same
            signed.append(own)
        return " ".join(signed or self.own_words(study))

    def prefer(self, study: Phantom, a: str, b: str) -> Preferred:
        """Fewer significant errors first, then the wording closer to this reader's own."""
        own = " ".join(self.own_words(study))
        errors = [count_errors(text, own).total_significant for text in (a, b)]
        if min(errors) >= 4:
            return "both_bad"
        if errors[0] != errors[1]:
            return "a" if errors[0] < errors[1] else "b"
        likeness = [difflib.SequenceMatcher(None, text.split(), own.split()).ratio() for text in (a, b)]
        if abs(likeness[0] - likeness[1]) < 0.02:
            return "tie"
        return "a" if likeness[0] > likeness[1] else "b"


_MISPLACED = ("position", "malpositioned")


def _told(sentence: str) -> set[object]:
    """What a sentence speaks of: every observation as it is meant, and whether a device lies astray."""
    seen = [placed.observation for placed in observations(sentence)]
    named = {one.concept for one in seen}
    said_better_by = DEFAULT_PROFILE.lexicon.said_better_by
    return {
        (one.concept, one.label, one.change, _MISPLACED in one.details)
        for one in seen
        if named.isdisjoint(said_better_by.get(one.concept, ()))
    }


def _says_the_same(one: str, other: str) -> bool:
    """Whether two sentences state the same findings with the same sides, grades and changes."""
    told = _told(one)
    return bool(told) and told == _told(other) and count_errors(one, other).total == 0


@dataclass(frozen=True, slots=True)
class Seeded:
    """What ``seed_database`` made: study ids by split, and the phantoms behind them."""

    training: tuple[int, ...]
    held_out: tuple[int, ...]
    phantoms: dict[int, Phantom]


def live_version(database: Database, settings: Settings) -> ModelVersion:
    """The live version; the settings' model becomes it where there is none yet."""
    with database.session() as session:
        try:
            return versions.live(session)
        except NoLiveVersion:
            described = describe(settings.model).name
            return versions.register_default(
                session,
                name=described.name,
                number=described.version,
                folder=as_kept(settings.model),
                demonstration=described.demonstration,
            )


def seed_database(
    database: Database,
    settings: Settings,
    *,
    readings_wanted: int = 24,
    held_out_wanted: int = 12,
    unread_wanted: int = 0,
    choices: int = 12,
    style: str = "structured",
    site: str = "A",
    seed: int = 0,
    reader: Reader | None = None,
) -> Seeded:
    """Add phantom studies, let the live model draft them, and sign them as a simulated reader.

    ``unread_wanted`` more studies of training patients are added that nobody reads. Of ``choices`` training studies
    two sampled drafts are compared as well. Drafts carry text alone, no maps. Which patient is held out is decided at
    intake, as for anyone; phantoms that are one too many for their split are not added.
    """
    live = live_version(database, settings)
    reader = reader or SimulatedReader(STYLES[style], seed)
    wanted = readings_wanted + unread_wanted
    everything = _add_studies(database, settings, wanted, held_out_wanted, site, seed)
    read = {*everything.training[:readings_wanted], *everything.held_out}
    kept = {number: drawn for number, drawn in everything.phantoms.items() if number in read}
    added = Seeded(everything.training[:readings_wanted], everything.held_out, kept)
    everyone = list(added.phantoms.items())
    compared = added.training[:choices]
    texts, first, second = _drafts(settings, live, everyone, compared, added, seed)
    with database.session() as session:
        account = accounts.create_reader(
            session, name=f"simulated {secrets.token_hex(4)}", password=secrets.token_urlsafe(16)
        )
        for (study_id, study), text in zip(everyone, texts, strict=True):
            draft = _add_draft(session, study_id, live.id, text)
            opened = readings.open_reading(session, study_id=study_id, reader_id=account.id, draft_id=draft)
            signed = reader.read(study, text)
            readings.sign(
                session,
                readings.Step(reading_id=opened.id, reader_id=account.id, expected_revision=opened.revision),
                text=signed,
                sentences=[{"text": sentence} for sentence in sentences.split(signed)],
            )
        outcomes: dict[Preferred, Outcome] = {"a": "left", "b": "right", "tie": "tie", "both_bad": "both_bad"}
        for study_id, a, b in zip(compared, first, second, strict=True):
            if a == b:
                continue
            preferences.record_choice(
                session,
                study_id=study_id,
                reader_id=account.id,
                left_draft_id=_add_draft(session, study_id, live.id, a),
                right_draft_id=_add_draft(session, study_id, live.id, b),
                outcome=outcomes[reader.prefer(added.phantoms[study_id], a, b)],
            )
    return added


def _add_studies(
    database: Database, settings: Settings, training: int, held_out: int, site: str, seed: int
) -> Seeded:
    key = secret(settings.data_folder)
    wanted = {"training": training, "held_out": held_out}
    found: dict[str, list[int]] = {"training": [], "held_out": []}
    phantoms: dict[int, Phantom] = {}
    next_seed = STUDY_SEEDS + 1_000_000 * seed
    while any(len(found[split]) < count for split, count in wanted.items()):
        drawn = phantom.draw(next_seed, size=_DRAW_SIZE, site=site, prior=False)
        next_seed += 1
        patient = studies.patient_key_of(drawn.patient, key)
        split = studies.split_of(patient, key)
        if len(found[split]) >= wanted[split]:
            continue
        image = drawn.as_radiograph()
        content = archive.content_hash(image)
        folder = Path("studies") / content[:32]
        archive.save(settings.data_folder / folder, image)
        with database.session() as session:
            study = studies.add_study(
                session,
                patient_key=patient,
                images=[
                    NewImage(
                        content, folder.as_posix(), image.rows, image.columns, image.bits, view=image.view
                    )
                ],
                origin="phantom",
                secret=key,
                about=Examination(site=site),
            )
        found[study.split].append(study.id)
        phantoms[study.id] = drawn
    return Seeded(tuple(found["training"]), tuple(found["held_out"]), phantoms)


def _drafts(
    settings: Settings,
    live: ModelVersion,
    everyone: Sequence[tuple[int, Phantom]],
    compared: Sequence[int],
    added: Seeded,
    seed: int,
) -> tuple[list[str], list[str], list[str]]:
    """A greedy draft for each study, and two sampled ones for those that are compared."""
    folder = folder_of(live.folder, settings.data_folder)
    policy = load(folder, settings.device)

    def example(study_id: int) -> Example:
        picture = picture_of(added.phantoms[study_id].as_radiograph(), policy.side)
        return Example(f"study {study_id}", picture)

    def written(studies: Sequence[int], **how: Any) -> list[str]:
        examples = [example(number) for number in studies]
        return policy.write(examples, policy.look(examples), **how) if examples else []

    greedy = written([study_id for study_id, _ in everyone])
    pairs = [written(compared, temperature=1.0, seed=2 * seed + k) for k in (0, 1)]
    return greedy, pairs[0], pairs[1]


def _add_draft(session: Any, study_id: int, version_id: int, text: str) -> int:
    report = {"sentences": [{"text": sentence} for sentence in sentences.split(text)]}
    draft = drafts.add(
        session,
        study_id=study_id,
        model_version_id=version_id,
        text=text,
        report=report,
    )
    return draft.id
