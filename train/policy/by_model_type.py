"""Which policy a version's folder asks for, by its ``config.json``: the only place that knows one from another."""

import importlib
from pathlib import Path

from train.errors import TrainingError
from train.policy.base import Policy
from train.work.job import read_json

# ``model_type`` → module and class; imported when one is asked for.
POLICIES = {"lmrrg": "train.policy.native:NativePolicy"}


class CannotBeTrained(TrainingError):
    """No policy fits the model."""


def policy_of(folder: Path) -> type[Policy]:
    """The policy for the version in ``folder``. Raises ``CannotBeTrained`` and ``BrokenJobFolder``."""
    kind = str(read_json(folder / "config.json").get("model_type"))
    if kind not in POLICIES:
        known = ", ".join(f"“{name}”" for name in POLICIES)
        raise CannotBeTrained(
            f"A model of the kind “{kind}” cannot be trained here; what can is {known}. "
            "Make a version live that can be trained, then retrain."
        )
    module, _, name = POLICIES[kind].partition(":")
    found: type[Policy] = getattr(importlib.import_module(module), name)
    return found


def load(folder: Path, device: str = "cpu") -> Policy:
    """The version in ``folder`` as its policy, ready to learn."""
    return policy_of(folder).load(folder, device)


def side_of(folder: Path) -> int:
    """Side, in pixels, of the square at which the version in ``folder`` is shown pictures."""
    return policy_of(folder).side_of(folder)
