"""What a profile's drawn examinations offer: who draws, what is drawn, and what is known of it.

Shapes and names only; a profile that has phantoms has a package with these names in its folder. R regions, F findings
in the profile's order.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from lmrrg.metrics.categories import Label
from lmrrg.study import RadiographImage


class WrittenSentence(Protocol):
    """A sentence of a phantom's report and what it speaks of."""

    @property
    def text(self) -> str: ...
    @property
    def regions(self) -> tuple[str, ...]: ...
    @property
    def findings(self) -> Mapping[str, Label]: ...


class Phantom(Protocol):
    """A drawn study: ``pixels`` uint8 ``[size, size]``, ``boxes`` float32 ``[R, 4]`` (x, y, width, height in pixels),
    ``visible`` bool ``[R]``, ``region_maps`` uint8 ``[R, 32, 32]``, ``region_findings`` bool ``[R, F]``."""

    @property
    def pixels(self) -> NDArray[np.uint8]: ...
    @property
    def boxes(self) -> NDArray[np.float32]: ...
    @property
    def visible(self) -> NDArray[np.bool_]: ...
    @property
    def region_maps(self) -> NDArray[np.uint8]: ...
    @property
    def region_findings(self) -> NDArray[np.bool_]: ...
    @property
    def truth(self) -> Any: ...
    @property
    def sentences(self) -> tuple[Any, ...]: ...
    @property
    def seed(self) -> int: ...
    @property
    def site(self) -> str: ...
    @property
    def patient(self) -> str: ...
    @property
    def visit(self) -> int: ...
    @property
    def report(self) -> str: ...
    def as_radiograph(self) -> RadiographImage: ...


class Phantoms(Protocol):
    """The package of a profile's phantoms."""

    SITES: Mapping[str, Any]
    TRAINING_SITES: tuple[str, ...]
    STYLES: Mapping[str, Any]
    TRAINING_STYLES: tuple[str, ...]
    # The style that a model writes when it is asked for none.
    HOUSE_STYLE: str

    def draw(
        self,
        seed: int,
        *,
        size: int = 256,
        site: str = "A",
        randomise_look: bool = False,
        truth: Any = None,
        visit: int = 0,
        prior: bool = True,
    ) -> Phantom:
        """The phantom of a seed; ``prior=False`` leaves out what was seen earlier."""

    def draw_prior(self, phantom: Any) -> Phantom | None:
        """The same patient's earlier study, or None."""

    def truth_of(self, seed: int, *, site: str, randomise_look: bool = False) -> Any:
        """What is wrong with the phantom of a seed, without drawing it."""

    def write_report(self, truth: Any, style: Any, rng: np.random.Generator) -> Sequence[WrittenSentence]:
        """A truth in the words of a style."""

    def random_style(self, rng: np.random.Generator) -> Any:
        """A style that no site has."""

    def labels(self, truth: Any) -> Mapping[str, Label | None]:
        """The label of each finding."""

    def significant_regions(self, truth: Any) -> NDArray[np.bool_]:
        """``[R]``: the regions that something is to be said of."""
