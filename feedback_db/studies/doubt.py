"""How much a draft needs a human eye, and what else the worklist shows of it, read from the report's JSON.

Knows only that JSON (``lmrrg.reporters.serialise``): no model, no text, no database.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

# From this probability on a finding of the draft counts as seen in the image.
SEEN = 0.5
# What is thought of sentences of which the model told no confidence.
UNKNOWN = 0.5


@dataclass(frozen=True, slots=True)
class Doubt:
    """``needs_eye`` 0 … 1; ``confidence`` the sentences' mean, ``findings`` by name; None for what was not told."""

    needs_eye: float
    confidence: float | None
    disagrees: bool
    findings: tuple[str, ...] | None

    @property
    def listed(self) -> str:
        """The findings as a line of the worklist keeps them: ``"|Edema|Fracture|"``; empty where none were told."""
        return "" if self.findings is None else "|" + "".join(f"{name}|" for name in self.findings)


def doubt_of(report: Mapping[str, Any]) -> Doubt:
    """What a report's JSON says of its own doubts.

    The report's ``needs_eye`` is taken where there is one. Else it is the chance that something is wrong if the
    mean confidence and the share of unflagged sentences were two independent promises:
    1 − confidence · (1 − flagged share). A report without sentences needs an eye for certain.
    """
    sentences = report.get("sentences") or []
    told = [s["confidence"] for s in sentences if isinstance(s.get("confidence"), int | float)]
    flagged = sum(bool(s.get("flag")) for s in sentences)
    confidence = sum(told) / len(told) if told else None
    stated = report.get("needs_eye")
    if isinstance(stated, int | float):
        needs_eye = min(max(float(stated), 0.0), 1.0)
    elif not sentences:
        needs_eye = 1.0
    else:
        sure = UNKNOWN if confidence is None else confidence
        needs_eye = 1 - sure * (1 - flagged / len(sentences))
    probabilities = report.get("findings") or None
    return Doubt(
        needs_eye=needs_eye,
        confidence=confidence,
        disagrees=flagged > 0,
        # A model that writes text alone tells nothing of the image, which is not to say that there is nothing.
        findings=None if probabilities is None else _seen(probabilities),
    )


def _seen(probabilities: Mapping[str, float]) -> tuple[str, ...]:
    return tuple(name for name, probability in probabilities.items() if probability >= SEEN)
