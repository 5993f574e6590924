"""Whether a job's settings let through what the gate would stop by its defaults.

Such a job is an override given beforehand: it needs a written reason, and the audit keeps it with the values. Does not
know how the gate judges.
"""

from feedback_db.errors import ReasonNeeded
from feedback_db.training.configuration import GateSettings, TrainingConfig

# A reason that only says "ok" does not count.
SHORTEST_REASON = 10
# Settings that ask for more when they are larger; of all others of the gate the larger value lets more through.
_STRICTER_WHEN_LARGER = {
    "gate.minimum_held_out",
    "gate.finding_chance",
    "gate.sides_same",
    "evaluate.base_set",
}


def widened(config: TrainingConfig) -> dict[str, tuple[float, float]]:
    """What is asked less strictly than by default: ``{setting: (default, asked)}``."""
    usual = _asked(TrainingConfig())
    found = {}
    for name, value in _asked(config).items():
        stricter = value >= usual[name] if name in _STRICTER_WHEN_LARGER else value <= usual[name]
        if not stricter:
            found[name] = (usual[name], value)
    return found


def written(reason: str, *, what: str = "") -> str:
    """The reason without blanks around it; raises ReasonNeeded where it is none. ``what`` it is asked for."""
    reason = reason.strip()
    if len(reason) < SHORTEST_REASON:
        raise ReasonNeeded(what)
    return reason


def in_words(found: dict[str, tuple[float, float]]) -> str:
    """The settings with their values, for whoever has to give the reason."""
    return ", ".join(f"{name} {asked:g} instead of {usual:g}" for name, (usual, asked) in found.items())


def _asked(config: TrainingConfig) -> dict[str, float]:
    gate = {f"gate.{name}": float(getattr(config.gate, name)) for name in GateSettings.model_fields}
    return gate | {"evaluate.base_set": float(config.evaluate.base_set)}
