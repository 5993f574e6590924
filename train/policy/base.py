"""What training asks of a model, whatever class it is of: be loaded, be asked, write, learn, be saved, explain itself.

The stages know a ``Policy`` and nothing behind it. How a trainer steps is the stages' business; ``model`` and
``processor`` are what they hand to it. Of a study it knows only the ``Example``; it knows nothing about rewards or
schedules.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
import torch
from numpy.typing import NDArray
from peft import LoraConfig, PeftModel
from PIL.Image import Image
from torch import Tensor

from feedback_db.training.configuration import LoraSettings
from lmrrg.profiles import Profile
from lmrrg.report import ModelName
from lmrrg.reporters import MAX_NEW_TOKENS
from train.data.examples import Example

NOT_LEARNED = -100  # label of a position that is not learned


@dataclass(frozen=True, slots=True)
class Abilities:
    """What a policy can do beside writing; what it cannot is left out of rewards and figures.

    Attributes:
        findings: it tells how likely each of the profile's findings is in an image.
        maps: it shows for each sentence what it was written from.
    """

    findings: bool
    maps: bool


@dataclass(frozen=True, slots=True, eq=False)
class Pointed:
    """One sentence and what it was written from.

    Attributes:
        weights: float32 ``[R]``, the share of attention to each region.
        heat: float32 ``[grid rows, grid columns]``, the sentence's map over the model's square.
    """

    text: str
    weights: NDArray[np.float32]
    heat: NDArray[np.float32]


class Seen(ABC):
    """The images of some examples, in their order, as a policy has looked at them; only that policy knows how."""

    @abstractmethod
    def __len__(self) -> int: ...

    @abstractmethod
    def pick(self, chosen: Sequence[int]) -> Self:
        """Those of these indices, in this order; an index may come several times."""

    @property
    def probabilities(self) -> list[list[float]] | None:
        """``[N][findings]``: how likely each finding is in each image; None where the policy does not tell."""
        return None


class Policy(ABC):
    """A version of a model as training sees it.

    Attributes:
        abilities: what it can beside writing.
        profile: the kind of examination that it writes of.
        version: what the version that it was loaded from is called.
        side: side of the square, in pixels, at which it is shown pictures.
        model: what a trainer steps: a ``PreTrainedModel`` whose adapters, once a trainer has put them on, take part
            in all that the policy writes.
        processor: what TRL feeds ``model`` with.
    """

    abilities: Abilities
    profile: Profile
    version: ModelName
    side: int
    model: Any
    processor: Any

    @classmethod
    @abstractmethod
    def load(cls, folder: Path, device: str) -> Self:
        """The version in ``folder``, in float32, ready to learn."""

    @classmethod
    @abstractmethod
    def side_of(cls, folder: Path) -> int:
        """``side`` of the version in ``folder``, which is not loaded."""

    @abstractmethod
    def save(self, folder: Path) -> None:
        """Save a whole version; what says that it is one is written last."""

    # --- asking and writing -----------------------------------------------------------------------------------

    @abstractmethod
    def question(self, example: Example) -> str:
        """The words beside the image that ask for a report."""

    def picture(self, example: Example) -> Image:
        """The example's picture as ``processor`` takes it."""
        return example.picture

    @abstractmethod
    def look(self, examples: Sequence[Example], *, to_learn: bool = False) -> Seen:
        """Look at each example's picture, once for all that is done with it; at least one example.

        ``to_learn``: nobody is shown or judged by what comes of it, so it may be rounded where that is quicker.
        """

    @abstractmethod
    def write(
        self,
        examples: Sequence[Example],
        seen: Seen,
        *,
        batch_size: int = 16,
        max_new_tokens: int = MAX_NEW_TOKENS,
        temperature: float = 0.0,
        seed: int = 0,
    ) -> list[str]:
        """A text for each example, in their order; greedy at temperature 0, else sampled from ``seed``.

        An example that stands ``n`` times side by side gets ``n`` texts.
        """

    def explain(self, examples: Sequence[Example], texts: Sequence[str], seen: Seen) -> list[list[Pointed]]:
        """The sentences of each text with what they were written from; none where it has no maps."""
        return [[] for _ in examples]

    # --- learning ---------------------------------------------------------------------------------------------

    @abstractmethod
    def rows(self, examples: Sequence[Example], seen: Seen) -> list[dict[str, Any]]:
        """What is learned from each example: question, image and reference; ``collate`` makes batches of it."""

    @abstractmethod
    def collate(self, rows: list[dict[str, Any]]) -> dict[str, Tensor]:
        """A batch that ``model`` takes, with ``labels``: ``NOT_LEARNED`` but for the references' tokens."""

    @abstractmethod
    def adapter(self, settings: LoraSettings, *, vocabulary: bool = False) -> LoraConfig:
        """Low-rank adapters on the decoder alone; ``vocabulary``: how words are written may change too."""

    def while_reinforcing(self, learner: PeftModel) -> AbstractContextManager[None]:
        """While open, ``learner``, which is ``model`` under its adapters, writes and scores as cheaply as it can."""
        return nullcontext()

    def keep(self, learner: PeftModel) -> None:
        """Go on as what ``learner``, which is ``model`` under its adapters, has become."""
        self.model = learner.merge_and_unload()

    def keep_checkpoint(self, checkpoint: Path) -> None:
        """Go on as what a trainer had made when it wrote ``checkpoint``."""
        self.keep(PeftModel.from_pretrained(self.model, str(checkpoint)))

    @torch.no_grad()
    def log_probabilities(
        self, examples: Sequence[Example], seen: Seen, *, batch_size: int = 16
    ) -> list[float]:
        """How likely the policy is to write each example's reference: the sum of its tokens' log-probabilities."""
        was_training = self.model.training
        self.model.eval()
        rows, found = self.rows(examples, seen), list[float]()
        for start in range(0, len(rows), batch_size):
            batch = self.collate(rows[start : start + batch_size])
            batch = {name: value.to(self.model.device) for name, value in batch.items()}
            labels = batch.pop("labels")[:, 1:]
            likely = self.model(**batch).logits[:, :-1].float().log_softmax(-1)
            each = likely.gather(2, labels.clamp_min(0)[..., None])[..., 0]
            found += each.masked_fill(labels == NOT_LEARNED, 0.0).sum(1).tolist()
        self.model.train(was_training)
        return found
