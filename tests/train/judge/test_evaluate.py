"""The base set is drawn anew for every evaluation, and a change of it is seen."""

import dataclasses
import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from feedback_db.training import versions
from lmrrg.profiles.chest import phantom
from lmrrg.reporters import VersionFolder
from train.data.examples import Example
from train.data.phantoms import BASE_SET_SEEDS, phantom_examples
from train.judge import evaluate
from train.judge.evaluate import Written, base_set_sha256
from train.policy.native import NativePolicy
from train.work.job import Job
from train.work.results import Reinforced


def test_the_base_set_is_known_by_its_pixels_and_reports() -> None:
    first, second = (phantom.draw(seed, size=64) for seed in (1, 2))
    hashed = base_set_sha256([first, second])
    assert base_set_sha256([phantom.draw(1, size=64), second]) == hashed
    brighter = dataclasses.replace(first, pixels=first.pixels + np.uint8(1))
    reworded = dataclasses.replace(first, sentences=first.sentences[1:])
    others = [[brighter, second], [reworded, second], [second, first], [first]]
    assert len({hashed, *map(base_set_sha256, others)}) == 5


@pytest.mark.parametrize(("before", "told"), [("the same", 0), ("another", 1), (None, 0)])
def test_it_is_said_when_the_live_version_was_judged_on_another(
    job: Job, monkeypatch: pytest.MonkeyPatch, before: str | None, told: int
) -> None:
    drawn = [phantom.draw(BASE_SET_SEEDS + n, size=64, site="A", prior=False) for n in range(2)]
    sha256 = base_set_sha256(drawn)
    with job.database.session() as session:
        live = versions.register_candidate(session, parent_id=1, snapshot_hash=None)
        versions.promote(session, version_id=live.id, by=None)
    folder = job.settings.data_folder / live.folder
    shutil.copytree(job.settings.model, folder)
    if before:  # the first versions did not keep it
        kept = sha256 if before == "the same" else before
        VersionFolder(folder).keep_made_by({"evaluation": {"base": {"sha256": kept}}})
    job.folder.finish(Reinforced("grpo/phase-1/model"))

    def writes_nothing(job: Job, folder: Path, examples: list[object], *others: object) -> Written:
        return Written(
            [""] * len(examples), {name: [(0, 0)] * len(examples) for name in evaluate.MAP_FIGURES}
        )

    monkeypatch.setattr(evaluate, "write", writes_nothing)
    # As publishing copies it into the file of the next version.
    assert evaluate.run(job).sets["base"].sha256 == sha256
    events = [json.loads(line) for line in (job.folder.path / "events.jsonl").read_text("utf-8").splitlines()]
    said = [event["data"]["message"] for event in events if event["kind"] == "log"]
    assert len(said) == told
    assert all("base set has changed since version 1.1 was judged on it" in one for one in said)


def test_every_report_is_written_and_pointed_at_beside_its_own_study(
    job: Job, monkeypatch: pytest.MonkeyPatch
) -> None:
    examples = phantom_examples(range(3), 64)
    keys = [example.key for example in examples]
    seen: list[tuple[str, str]] = []

    def draft(self: Any, asked: list[Example], looked: Any, **named: Any) -> list[str]:
        assert len(looked) == len(asked)
        return [example.key for example in asked]

    def point(self: Any, asked: list[Example], texts: list[str], looked: Any) -> list[Any]:
        seen.extend(zip([example.key for example in asked], texts, strict=True))
        return [[] for _ in asked]

    monkeypatch.setattr(NativePolicy, "write", draft)
    monkeypatch.setattr(NativePolicy, "explain", point)
    config = job.config.model_copy(
        update={"evaluate": job.config.evaluate.model_copy(update={"batch_size": 2})}
    )
    heard: list[int] = []
    written = evaluate.write(
        dataclasses.replace(job, config=config), Path(job.settings.model), examples, {}, heard.append
    )
    assert written.texts == keys
    assert seen == list(zip(keys, keys, strict=True))
    assert heard == [2, 3]
