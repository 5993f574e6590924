"""The rewards by their names: how a phase of training picks them."""

from collections.abc import Sequence
from typing import Any

from train.rewards.base import Evidence, Reward
from train.rewards.by_metric import MetricReward
from train.rewards.consistency import ConsistencyReward
from train.rewards.few_errors import ErrorsReward
from train.rewards.guards import GuardsReward
from train.rewards.preference import PreferenceReward
from train.rewards.radcliq_lite import RadcliqLiteReward

# What can be judged in a text whose study nobody has signed; the guards alone would have nothing to weigh against.
SPEAK_OF_UNREAD = frozenset({"preference", "consistency"})

_MAKERS: dict[str, Any] = {
    "radcliq_lite": RadcliqLiteReward,
    "preference": PreferenceReward,
    "consistency": ConsistencyReward,
    "errors": ErrorsReward,
    "guards": GuardsReward,
}


def build_rewards(names: Sequence[str], evidence: Evidence) -> list[Reward]:
    """The rewards of these names, in the same order; a name of ``evidence.metrics`` is that metric."""
    return [_made(name, evidence) for name in names]


def _made(name: str, evidence: Evidence) -> Any:
    metric = evidence.metrics.get(name)
    return MetricReward(metric) if metric else _MAKERS[name](evidence)
