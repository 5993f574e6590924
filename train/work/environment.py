"""What a version was made with: interpreter, libraries, machine. Kept beside the version so that it can be made again.

Knows nothing about the training's settings: those are in the job's configuration.
"""

import os
import platform
from importlib.metadata import version
from typing import Any

import torch

from train.policy.precision import in_bf16

# The libraries that affect numbers; the rest of the pinned set is in requirements.txt.
LIBRARIES = ("torch", "transformers", "trl", "peft", "accelerate", "datasets", "numpy", "scipy", "rapidfuzz")


def environment(device: str) -> dict[str, Any]:
    """Versions, machine and threads; ``device`` is where the models ran."""
    on_gpu = device.startswith("cuda") and torch.cuda.is_available()
    return {
        "python": platform.python_version(),
        "platform": platform.platform(),
        "processor": platform.machine(),
        "cores": os.cpu_count(),
        "threads": torch.get_num_threads(),
        "device": torch.cuda.get_device_name(torch.device(device)) if on_gpu else device,
        "trained_in": "bf16" if in_bf16(device) else "float32",
        "libraries": {name: version(name) for name in LIBRARIES},
    }
