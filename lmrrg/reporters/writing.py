"""The model at work on one image: encode once, write, and read the evidence of what was written.

Knows tensors and token ids; knows neither reports nor original pixels (``native``), and takes no lock.
"""

import queue
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from lmrrg.grounding.evidence import SentenceEvidence, sentence_evidence
from lmrrg.grounding.image_check import ImageFeatures, image_features
from lmrrg.model import LmrrgForConditionalGeneration, LmrrgProcessor, conversation
from lmrrg.model.region_extractor import RegionFeatures
from lmrrg.reporters.base import MAX_NEW_TOKENS, DraftRequest
from lmrrg.sentences import spans
from lmrrg.study import RadiographImage


@dataclass(frozen=True, eq=False)
class EncodedImage:
    """One image with its prompt, ready to be written about.

    Attributes:
        prompt: ``input_ids`` and ``attention_mask``, ``[1, T]``.
        pixel_values: ``[1, c, size, size]``.
        regions: of the one image, float32 on the CPU.
        features: for the image check.
        tokens: ``[1, R + global, width]``, what the decoder gets to see.
    """

    prompt: dict[str, Tensor]
    pixel_values: Tensor
    regions: RegionFeatures
    features: ImageFeatures
    tokens: Tensor


@dataclass(frozen=True, eq=False)
class WrittenReport:
    """A report's sentences and the evidence for each."""

    sentences: tuple[str, ...]
    evidence: tuple[SentenceEvidence, ...]


class _Tokens:
    """A streamer for ``generate``: hands each token from the thread that writes to the one that reads; None ends."""

    def __init__(self) -> None:
        self.queue: queue.SimpleQueue[int | BaseException | None] = queue.SimpleQueue()
        self._prompt_is_past = False

    def put(self, value: Tensor) -> None:
        if self._prompt_is_past:
            self.queue.put(int(value.reshape(-1)[-1]))
        self._prompt_is_past = True

    def end(self) -> None:
        self.queue.put(None)


class ReportWriter:
    """A model and its processor, in evaluation mode, with eager attention in the decoder."""

    def __init__(self, model: LmrrgForConditionalGeneration, processor: LmrrgProcessor) -> None:
        self.model, self.processor = model, processor
        tokenizer = processor.tokenizer
        self._end = int(tokenizer.eos_token_id)
        self._never_written = [i for i in tokenizer.all_special_ids if i != self._end]

    def encode(
        self, image: RadiographImage, *, indication: str = "", prior_report: str = "", style: str = ""
    ) -> EncodedImage:
        """One pass of the vision backbone and the region extractor; the words are what the model is told of it."""
        messages = conversation(indication, prior_report=prior_report, style=style)
        prompt = self.processor.apply_chat_template(messages, add_generation_prompt=True, tokenize=False)
        encoded = self.processor(
            images=[_channels_first(image.windowed())],
            text=[prompt],
            return_tensors="pt",
            add_special_tokens=False,
        )
        inputs = {name: value.to(self.model.device) for name, value in encoded.items()}
        pixel_values = inputs.pop("pixel_values")
        with torch.inference_mode():
            regions, grid = self.model.model.extract_regions(pixel_values)
            tokens = self.model.model.image_tokens(regions, grid)
        return EncodedImage(
            inputs,
            pixel_values,
            regions.detached(),
            image_features(regions, grid, self.model.profile)[0],
            tokens,
        )

    @torch.inference_mode()
    def mirror_features(self, image: EncodedImage) -> ImageFeatures:
        """The features of the mirror image: one more pass of vision backbone and region extractor."""
        return image_features(
            *self.model.model.extract_regions(image.pixel_values.flip(-1)), self.model.profile
        )[0]

    def stream(self, image: EncodedImage, request: DraftRequest) -> Iterator[int]:
        """New tokens as they come, without the one that ends the report."""
        streamer = _Tokens()

        def write() -> None:
            try:
                self._generate([image], request, streamer=streamer)
            except Exception as error:  # handed over to the thread that reads
                streamer.queue.put(error)

        thread = threading.Thread(target=write, name="report writer")
        thread.start()
        try:
            while (token := streamer.queue.get()) is not None:
                if isinstance(token, BaseException):
                    raise token
                if token != self._end:
                    yield token
        finally:
            thread.join()

    def write(self, images: Sequence[EncodedImage], request: DraftRequest) -> list[list[int]]:
        """Token ids of one report for each image, written as one batch.

        Of ``request`` only temperature and seed count: the prompts were made when the images were encoded.
        """
        longest = max(image.prompt["input_ids"].shape[1] for image in images)
        rows = self._generate(images, request)[:, longest:].tolist()
        return [row[: row.index(self._end)] if self._end in row else row for row in rows]

    def _generate(self, images: Sequence[EncodedImage], request: DraftRequest, **options: Any) -> Tensor:
        sampling: dict[str, Any] = {"do_sample": False}
        if request.temperature > 0:
            sampling = {"do_sample": True, "temperature": request.temperature}
        fill = {"input_ids": int(self.processor.tokenizer.pad_token_id), "attention_mask": 0}
        torch.manual_seed(request.seed)
        ids: Tensor = self.model.generate(
            **{name: _left_padded([image.prompt[name] for image in images], fill[name]) for name in fill},
            image_tokens=torch.cat([image.tokens for image in images]),
            max_new_tokens=MAX_NEW_TOKENS,
            suppress_tokens=self._never_written,
            **sampling,
            **options,
        )
        return ids

    def decode(self, ids: list[int]) -> str:
        text: str = self.processor.tokenizer.decode(ids, skip_special_tokens=True)
        return text

    def explain(self, image: EncodedImage, ids: list[int]) -> WrittenReport:
        """Sentences and evidence of a report's ``ids``: one teacher-forced pass."""
        text = self.decode(ids)
        bounds = spans(text)
        evidence = sentence_evidence(
            self.model,
            self._after_prompt(image, ids),
            self._token_spans(image, ids, bounds),
            image.tokens,
            image.regions.maps[0].to(image.tokens.device),
            image.regions.grid,
        )
        return WrittenReport(tuple(text[a:b] for a, b in bounds), tuple(evidence))

    def grad_cams(self, image: EncodedImage, sentences: Sequence[str]) -> list[NDArray[np.float32]]:
        """Grad-CAM over the feature grid for each sentence of a text, whoever wrote it."""
        # The package and what it brings take a second to import; most drafts never need them.
        from lmrrg.grounding.grad_cam import grad_cams

        tokens, bounds = self.tokens_of(image, sentences)
        return grad_cams(self.model, image.pixel_values, tokens, bounds)

    def tokens_of(
        self, image: EncodedImage, sentences: Sequence[str]
    ) -> tuple[Tensor, list[tuple[int, int]]]:
        """A text as ``[1, T]`` ids after the image's prompt, and (first, past the last) token of each sentence."""
        text, bounds = "", []
        for sentence in sentences:
            text += " " if text else ""
            bounds.append((len(text), len(text) + len(sentence)))
            text += sentence
        ids: list[int] = self.processor.tokenizer(text, add_special_tokens=False)["input_ids"]
        return self._after_prompt(image, ids), self._token_spans(image, ids, bounds)

    def _after_prompt(self, image: EncodedImage, ids: list[int]) -> Tensor:
        prompt = image.prompt["input_ids"]
        return torch.cat([prompt, torch.tensor([ids], dtype=prompt.dtype, device=prompt.device)], 1)

    def _token_spans(
        self, image: EncodedImage, ids: list[int], bounds: list[tuple[int, int]]
    ) -> list[tuple[int, int]]:
        """Character spans of sentences → (first, past the last) index into prompt and ``ids``."""
        prompt_length = int(image.prompt["input_ids"].shape[1])
        ends = np.array([len(self.decode(ids[: k + 1])) for k in range(len(ids))])
        found = []
        for first, last in bounds:
            start = int(np.searchsorted(ends, first, side="right"))
            past = max(start + 1, int(np.searchsorted(ends, last, side="left")) + 1)
            found.append((prompt_length + start, prompt_length + past))
        return found


def _channels_first(pixels: NDArray[np.float32]) -> NDArray[np.float32]:
    """``[rows, columns]`` or ``[rows, columns, 3]`` → ``[channels, rows, columns]``."""
    return pixels[None] if pixels.ndim == 2 else np.moveaxis(pixels, -1, 0)


def _left_padded(rows: list[Tensor], fill: int) -> Tensor:
    """Rows ``[1, T]`` of differing length as one ``[B, longest T]``, filled up on the left."""
    longest = max(row.shape[1] for row in rows)
    return torch.cat([torch.nn.functional.pad(row, (longest - row.shape[1], 0), value=fill) for row in rows])
