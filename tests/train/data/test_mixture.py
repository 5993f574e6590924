"""Fine-tuning sees the signed studies, other studies' drafts in the readers' words, and phantoms asked for by style."""

import pytest

from feedback_db.training.configuration import SftSettings
from train.data import snapshot
from train.data.mixture import mixture
from train.policy.by_model_type import load
from train.work import pipeline
from train.work.job import Job


@pytest.fixture
def frozen(job: Job) -> snapshot.Snapshot:
    pipeline.run_stage(job, "snapshot")
    return snapshot.load(job)


def test_each_kind_comes_in_its_number(job: Job, frozen: snapshot.Snapshot) -> None:
    policy = load(frozen.model_folder)
    signed = frozen.examples(policy.side)
    settings = SftSettings(reworded=4, replayed=2, signed_repeats=1)
    seen = mixture(policy, signed, signed[:1], settings, seed=0)
    assert (len(seen.examples), seen.replayed) == (len(seen.seen), 2)
    assert seen.examples[:8] == signed
    others = seen.examples[8 : 8 + seen.reworded]
    # Studies that nobody has read come first, then phantoms; both are asked for plainly, as people ask.
    assert 3 <= seen.reworded <= 4  # the tiny model may have nothing to say of the unread one
    assert {one.style for one in others} == {""}
    assert all(one.reference for one in others)
    replayed = seen.examples[-2:]
    assert all("prose, devices first" in policy.question(one) for one in replayed)
    assert not {one.key for one in replayed} & {one.key for one in others}


def test_without_them_only_the_signed_studies_are_seen(job: Job, frozen: snapshot.Snapshot) -> None:
    policy = load(frozen.model_folder)
    signed = frozen.examples(policy.side)
    seen = mixture(policy, signed, [], SftSettings(reworded=0, replayed=0, signed_repeats=2), seed=0)
    assert seen.examples == [one for one in signed for _ in range(2)]
