"""Names that figures had in earlier releases, and what they are called now.

Rows and files keep the names that they were written with; whoever reads figures from them asks here. Knows no figure.
"""

from collections.abc import Mapping
from typing import TypeVar

Figure = TypeVar("Figure")

# A figure by rules does not bear the name of a published one.
CALLED_NOW = {"label_f1": "label_f1_lite"}


def called_now(figures: Mapping[str, Figure]) -> dict[str, Figure]:
    """The figures by the names that they have now, in their order."""
    return {CALLED_NOW.get(name, name): figure for name, figure in figures.items()}
