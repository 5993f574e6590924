"""One installation with a simulated reader, and the ways to learn from the same readings that are compared on it.

Everything goes through the doors that people use: intake, drafts, signing, snapshot, the stages of training. Scores
are kept per study, so that arms and seeds can be paired study by study afterwards.
"""

import argparse
import hashlib
import json
import shutil
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from rapidfuzz.distance import Levenshtein

from benchmarks.loop import simulated_readers
from benchmarks.loop.simulated_readers import Preferred, Reader, SimulatedReader
from feedback_db.settings import Settings
from feedback_db.store.database import Database
from feedback_db.training import versions
from feedback_db.training.configuration import TrainingConfig
from lmrrg.profiles.chest import phantom
from lmrrg.profiles.chest.phantom import STYLES, Phantom
from lmrrg.reporters.registry import folder_of
from train.data import snapshot
from train.data.examples import Example
from train.data.phantoms import BASE_SET_SEEDS, phantom_examples
from train.judge.figures import FIGURES
from train.policy.base import Policy
from train.policy.by_model_type import load
from train.rewards.consistency import agreement
from train.rewards.preference_scorer import PreferenceScorer
from train.work import pipeline
from train.work.events import FileEvents
from train.work.job import Job, JobFolder
from train.work.results import Reinforced, as_json

BASE_SET = 100
SAMPLES = 8
ROUNDS_OF_A_SEED = 10  # keeps the studies of rounds and seeds apart
FIGURES_KEPT = ("radcliq_lite", "errors", "label_f1_lite", "edit_distance", "unchanged", "laterality")
METRIC_TERMS = (
    "radcliq_lite",
    "errors",
    "guards",
)  # the default terms that do not depend on readers' choices

SHARED = ("snapshot", "sft", "preference")  # the stages with which every arm begins
# Two ways to fine-tune, and the stage that an arm takes after it, if it takes one. Arms that begin with "signed"
# fine-tune on the signed reports and on replayed phantoms, as is usual; those that begin with "sft" do as the pipeline
# does, which also puts other studies into the readers' words.
ARMS = {
    "nothing": None,
    "signed": None,
    "signed_longer": "sft",
    "signed_best_of_8": None,
    "signed_dpo": "dpo",
    "signed_grpo_radcliq": "grpo",
    "signed_grpo_both": "grpo",
    "sft": None,
    "sft_longer": "sft",
    "sft_best_of_8": None,
    "sft_dpo": "dpo",
    "sft_grpo_radcliq": "grpo",
    "sft_grpo_both": "grpo",
}
# Of 3, 8 and 12 epochs the second served the held-out studies of seed 1 best. Reinforcement has twice the pipeline's
# rate, since this fine-tuning leaves it more to do; no other was tried here.
SIGNED_ALONE = {"sft": {"reworded": 0, "epochs": 8}, "grpo": {"learning_rate": 4e-4}}


@dataclass(frozen=True, slots=True)
class SpoiledReader:
    """Signs what must not be learned: nonsense, reports without their findings, reports with every side mirrored."""

    honest: Reader
    kind: str

    KINDS = ("nonsense", "deletes-findings", "mirrors-sides")

    def read(self, study: Phantom, draft: str) -> str:
        if self.kind == "nonsense":
            words = np.random.default_rng([study.seed, 13]).permutation(draft.split())
            return " ".join(words.tolist()) + "."
        if self.kind == "deletes-findings":
            return "The lungs are clear. There is no pleural effusion or pneumothorax. The heart is normal."
        swap = {"right": "left", "left": "right", "Right": "Left", "Left": "Right"}
        return " ".join(swap.get(word, word) for word in self.honest.read(study, draft).split(" "))

    def prefer(self, study: Phantom, a: str, b: str) -> Preferred:
        return "tie"


class Bench:
    """A data folder with a reader, held-out studies signed once, and readings as they are asked for."""

    def __init__(self, given: argparse.Namespace, seed: int, folder: Path) -> None:
        self.given, self.seed = given, seed
        self.settings = Settings(data_folder=folder, model=given.model, device=given.device)
        if not (folder / "held_out.json").exists():
            # Which patient is held out depends on the installation's secret: here it must be the same every time.
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
            (folder / "secret.key").write_bytes(hashlib.sha256(f"closed loop {seed}".encode()).digest())
        self.database = Database.open(self.settings.database_url, self.settings.data_folder)
        self.reader: Reader = SimulatedReader(
            STYLES[given.style],
            seed,
            tolerance=0.1,
            slips=0.02,
            spares=frozenset({"Atelectasis", "Pleural Other"}),
        )
        if not (folder / "held_out.json").exists():
            added = self._seed(0, given.held_out, given.unread, 0, self.reader)
            seeds = {str(study): drawn.seed for study, drawn in added.phantoms.items()}
            (folder / "held_out.json").write_text(json.dumps({s: seeds[str(s)] for s in added.held_out}))
        seeds = json.loads((folder / "held_out.json").read_text("utf-8"))
        self.held_out_seeds: dict[str, int] = {f"study {study}": number for study, number in seeds.items()}

    def _seed(
        self, readings: int, held_out: int, unread: int, number: int, reader: Reader
    ) -> simulated_readers.Seeded:
        return simulated_readers.seed_database(
            self.database,
            self.settings,
            readings_wanted=readings,
            held_out_wanted=held_out,
            unread_wanted=unread,
            choices=readings // 2,
            site=self.given.site,
            seed=ROUNDS_OF_A_SEED * (self.seed + 1) + number,
            reader=reader,
        )

    def sign(self, readings: int, round_number: int, reader: Reader | None = None) -> None:
        """New training studies of the site, drafted by the live version, signed and compared."""
        done = self.settings.data_folder / f"signed-{round_number}"
        if not done.exists():
            self._seed(readings, 0, 0, round_number, reader or self.reader)
            done.touch()

    def job(self, name: str, config: TrainingConfig) -> Job:
        folder = JobFolder(self.settings.data_folder / "jobs" / name)
        folder.write_config(config)
        return Job(folder, config, FileEvents(folder.path / "events.jsonl"), self.settings, self.database)

    # --- arms -------------------------------------------------------------------------------------------------

    def arm(self, name: str, config: TrainingConfig) -> dict[str, Any]:
        """Learn in one way from the same readings; the per-study scores of what came out."""
        self.sign(self.given.readings, round_number=1)
        steps = sum(phase.steps for phase in config.grpo.phases)
        beginning = "signed" if name.startswith("signed") else "shared"
        if beginning == "signed":
            changed = {
                part: getattr(config, part).model_copy(update=values) for part, values in SIGNED_ALONE.items()
            }
            config = config.model_copy(update=changed)
        shared = self._shared_job(config, beginning)
        started, processor = time.monotonic(), time.process_time()
        choose = self._best_of_samples if name.endswith("best_of_8") else self._greedy
        folder, detail = shared.folder.path / "sft" / "model", dict[str, Any]()
        if name == "nothing":
            folder = folder_of(self.settings.model)
        if stage := ARMS[name]:
            own = self._job_beside(shared, name, self._config_of(name, config, steps))
            detail = as_json(pipeline.run_stage(own, stage))
            folder = own.folder.path / detail["model"]
        learned = {
            "learn_seconds": time.monotonic() - started,
            "learn_processor": time.process_time() - processor,
        }
        detail = {key: value for key, value in detail.items() if isinstance(value, int | float)}
        return {"arm": name, "seed": self.seed, **learned, "detail": detail, **self.measure(folder, choose)}

    def _config_of(self, name: str, config: TrainingConfig, steps: int) -> TrainingConfig:
        """Longer fine-tuning gets as many extra steps as reinforcement takes, and no reinforcement."""
        changes: dict[str, Any] = {
            "sft": config.sft.model_copy(update={"extra_steps": steps}),
            "dpo": config.dpo.model_copy(update={"steps": steps}),
        }
        if name.endswith("dpo"):
            changes["learn"] = ("sft", "dpo")
        if name.endswith("grpo_both"):
            changes = {}
        elif name.endswith("grpo_radcliq"):
            phases = tuple(
                phase.model_copy(
                    update={"rewards": {k: w for k, w in phase.rewards.items() if k in METRIC_TERMS}}
                )
                for phase in config.grpo.phases
            )
            changes = {"grpo": config.grpo.model_copy(update={"phases": phases})}
        return config.model_copy(update=changes)

    def _shared_job(self, config: TrainingConfig, name: str = "shared") -> Job:
        """The stages with which arms begin, done once for all that fine-tune alike."""
        shared = self.job(name, config)
        for stage in SHARED:
            pipeline.run_stage(shared, stage)
        return shared

    def _job_beside(self, shared: Job, name: str, config: TrainingConfig) -> Job:
        """A job that has the shared one's first stages behind it; longer fine-tuning does its own."""
        own = self.job(name, config)
        for stage in SHARED:
            if not (stage == "sft" and ARMS.get(name) == "sft"):
                shutil.copytree(shared.folder.path / stage, own.folder.path / stage, dirs_exist_ok=True)
        return own

    # --- measuring --------------------------------------------------------------------------------------------

    def measure_live(self) -> dict[str, Any]:
        """The scores of the version that is live now."""
        with self.database.reading_session() as session:
            live = versions.live(session)
        return self.measure(folder_of(live.folder, self.settings.data_folder), self._greedy)

    def measure(self, folder: Path, choose: Callable[..., list[str]]) -> dict[str, Any]:
        """Scores per study on the held-out studies and on the base set.

        ``edits`` and ``signed_unchanged`` are against what the reader would sign from this very draft; the other
        figures are against the report that was signed once, from the default model's draft.
        """
        policy = load(folder, self.settings.device)
        held_out = snapshot.held_out_examples(self.job("held-out", TrainingConfig()), policy.side).examples
        base = phantom_examples(range(BASE_SET_SEEDS, BASE_SET_SEEDS + BASE_SET), policy.side)
        texts = choose(policy, held_out)
        base_texts = self._greedy(policy, base)
        # Drawn small: a reader needs the truth, not the picture.
        studies = [
            phantom.draw(self.held_out_seeds[e.key], size=64, site=self.given.site, prior=False)
            for e in held_out
        ]
        signed = [self.reader.read(study, text) for study, text in zip(studies, texts, strict=True)]
        edits = [Levenshtein.distance(a.split(), b.split()) for a, b in zip(texts, signed, strict=True)]
        return {
            "held_out": {
                **scores(texts, held_out),
                "edits": edits,
                "signed_unchanged": [int(edit == 0) for edit in edits],
            },
            "base": scores(base_texts, base),
        }

    def _greedy(self, policy: Policy, examples: Sequence[Example]) -> list[str]:
        return policy.write(examples, policy.look(examples), batch_size=64)

    def _best_of_samples(self, policy: Policy, examples: Sequence[Example]) -> list[str]:
        """Of eight sampled drafts the one that preference and consistency, each on its own scale, like best."""
        scorer = PreferenceScorer.load(
            self.job("shared", TrainingConfig()).folder.path / "preference" / "scorer.json"
        )
        seen = policy.look(examples)
        drafts = [
            policy.write(examples, seen, batch_size=64, temperature=0.5, seed=self.seed * SAMPLES + k)
            for k in range(SAMPLES)
        ]
        chosen = []
        for number, row in enumerate(seen.probabilities or []):
            mine = [texts[number] for texts in drafts]
            liked = [scorer.score(text, row) or 0.0 for text in mine]
            agreed = [agreement(text, row) for text in mine]
            chosen.append(mine[int(np.argmax(_standard(liked) + _standard(agreed)))])
        return chosen

    def grpo_rate(self, config: TrainingConfig, name: str) -> dict[str, float]:
        """Steps of reinforcement a second of wall time and of processor time, starting left out."""
        self.sign(self.given.readings, round_number=1)
        shared = self._shared_job(config)
        own = self._job_beside(shared, f"speed-{name}", config)
        shutil.rmtree(own.folder.path / "grpo", ignore_errors=True)
        pipeline.run_stage(own, "grpo")
        steps, took = own.folder.result(Reinforced).steps, own.folder.times("grpo")
        return {
            "steps": steps,
            "steps_per_second": steps / took.seconds,
            "steps_per_processor_second": steps / took.processor_seconds,
        }


def _standard(values: Sequence[float]) -> np.ndarray:
    spread = float(np.std(values))
    return (np.asarray(values) - np.mean(values)) / spread if spread > 0 else np.zeros(len(values))


def scores(texts: Sequence[str], examples: Sequence[Example]) -> dict[str, Any]:
    """Each figure's counts per study, as ``train.judge.figures`` counts them."""
    references = [example.reference or "" for example in examples]
    return {name: np.round(FIGURES[name].count(texts, references), 4).tolist() for name in FIGURES_KEPT}
