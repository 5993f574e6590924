"""The learning stages on a GPU: bf16, and a whole model that runs on a processor afterwards."""

from dataclasses import replace

import pytest
import torch

from train.data.phantoms import phantom_examples
from train.policy.by_model_type import load
from train.work import pipeline
from train.work.job import Job

pytestmark = [
    pytest.mark.gpu,
    pytest.mark.filterwarnings("ignore:.*gradient_checkpointing.*:FutureWarning"),
    pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device"),
]


def test_what_was_learned_on_a_gpu_writes_on_a_processor(job: Job) -> None:
    on_gpu = replace(job, settings=job.settings.model_copy(update={"device": "cuda"}))
    for stage in ("snapshot", "sft", "preference", "grpo"):
        summary = pipeline.run_stage(on_gpu, stage)
    policy = load(job.folder.path / summary.model)
    assert all(torch.isfinite(weight).all() for weight in policy.model.parameters())
    examples = phantom_examples([1], 64)
    assert len(policy.write(examples, policy.look(examples), max_new_tokens=4)) == 1
