"""The reporter around our own model: image → encoded once → sentences as they come → evidence.

Knows how to load a model folder and to carry boxes from the model's square to the original pixels. Knows no
database and no page. One lock: a model writes one report at a time.
"""

import json
import queue
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor
from transformers.utils import logging as transformers_logging

from lmrrg.anatomy import REGIONS
from lmrrg.errors import ModelError
from lmrrg.explain.evidence import SentenceEvidence, peak_scaled, sentence_evidence
from lmrrg.explain.second_opinion import flag
from lmrrg.findings import FINDINGS
from lmrrg.imaging.transforms import SquareFrame
from lmrrg.model import LmrrgForConditionalGeneration, LmrrgProcessor, conversation
from lmrrg.model.region_extractor import RegionFeatures
from lmrrg.reporters.base import DraftRequest
from lmrrg.sentences import spans
from lmrrg.types import ModelName, RadiographImage, RegionEvidence, RegionWeight, Report, Sentence

VERSION_FILE = "lmrrg_version.json"
MAX_NEW_TOKENS = 192
# A region is named beside a sentence when it drew at least this share of the attention to regions.
NAMED_SHARE = 0.12
NAMED_AT_MOST = 4


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


class NativeReporter:
    """A ``LmrrgForConditionalGeneration`` that writes reports.

    Raises:
        ModelError: the folder holds no model that can be loaded.
    """

    def __init__(self, folder: Path, *, device: str = "cpu") -> None:
        self._lock = threading.Lock()
        # A command's error stream is for its user: no progress bars of loading, no advice on backends.
        transformers_logging.disable_progress_bar()
        transformers_logging.set_verbosity_error()
        try:
            named = json.loads((folder / VERSION_FILE).read_text("utf-8"))
            self._name = ModelName(named["name"], str(named["version"]), bool(named["demonstration"]))
            self.model = LmrrgForConditionalGeneration.from_pretrained(
                folder, local_files_only=True, use_safetensors=True, dtype=torch.float32
            )
            self.processor = LmrrgProcessor.from_pretrained(folder, local_files_only=True)
        except (OSError, ValueError, KeyError) as error:
            raise ModelError(
                f"No model could be loaded from “{folder}” ({error}). "
                "Choose a folder written by this program's training, or leave the setting at “default”."
            ) from error
        self.model.to(device).eval()
        tokenizer = self.processor.tokenizer
        self._never_written = [i for i in tokenizer.all_special_ids if i != tokenizer.eos_token_id]
        # Eager attention costs nothing at this size and lets the evidence pass read it.
        self.model.model.language_model.set_attn_implementation("eager")

    @property
    def name(self) -> ModelName:
        return self._name

    def draft(self, image: RadiographImage, request: DraftRequest = DraftRequest()) -> Report:
        """The whole report with its evidence."""
        *_, report = self.stream(image, request)
        assert isinstance(report, Report)
        return report

    def stream(
        self, image: RadiographImage, request: DraftRequest = DraftRequest()
    ) -> Iterator[Sentence | Report]:
        """Each sentence as soon as it is written, then the report. The image is encoded once."""
        with self._lock:
            yield from self._stream(image, request)

    def _stream(self, image: RadiographImage, request: DraftRequest) -> Iterator[Sentence | Report]:
        started = time.perf_counter()
        frame = SquareFrame(image.rows, image.columns, self.model.config.image_size)
        inputs = self._inputs(image, request)
        with torch.inference_mode():
            regions, grid = self.model.model.extract_regions(inputs.pop("pixel_values"))
            image_tokens = self.model.model.image_tokens(regions, grid)
        regions = regions.detached()
        findings = dict(zip(FINDINGS, regions.image_findings[0].tolist(), strict=True))
        encoded = time.perf_counter()

        ids: list[int] = []
        shown = 0
        first_sentence = None
        for token in self._generate(inputs, image_tokens, request):
            ids.append(token)
            text = self._decode(ids)
            finished = [s for s in spans(text) if s[1] < len(text)]
            for first, last in finished[shown:]:
                first_sentence = first_sentence or time.perf_counter()
                yield Sentence(text[first:last], confidence=None)
            shown = max(shown, len(finished))

        text = self._decode(ids)
        bounds = spans(text)
        prompt_length = int(inputs["input_ids"].shape[1])
        evidence = sentence_evidence(
            self.model,
            torch.cat([inputs["input_ids"], torch.tensor([ids], device=inputs["input_ids"].device)], 1),
            [(a + prompt_length, b + prompt_length) for a, b in self._token_spans(ids, bounds)],
            image_tokens,
            regions.maps[0].to(image_tokens.device),
            regions.grid,
        )
        sentences = tuple(
            _sentence(text[a:b], e, findings) for (a, b), e in zip(bounds, evidence, strict=True)
        )
        for sentence in sentences[shown:]:
            first_sentence = first_sentence or time.perf_counter()
            yield Sentence(sentence.text, confidence=None)
        done = time.perf_counter()
        yield Report(
            sentences=sentences,
            regions=_region_evidence(regions, frame),
            findings=findings,
            model=self._name,
            extent_xywh=frame.extent_xywh,
            timing_ms={
                "encode": 1000 * (encoded - started),
                "first_sentence": 1000 * ((first_sentence or done) - started),
                "total": 1000 * (done - started),
            },
            notices=image.notices,
        )

    def _inputs(self, image: RadiographImage, request: DraftRequest) -> dict[str, Tensor]:
        prompt = self.processor.apply_chat_template(
            conversation(request.indication), add_generation_prompt=True, tokenize=False
        )
        encoded = self.processor(
            images=[image.windowed()[None]], text=[prompt], return_tensors="pt", add_special_tokens=False
        )
        return {name: value.to(self.model.device) for name, value in encoded.items()}

    def _generate(
        self, inputs: dict[str, Tensor], image_tokens: Tensor, request: DraftRequest
    ) -> Iterator[int]:
        """New tokens as they come, without the one that ends the report."""
        streamer = _Tokens()
        sampling: dict[str, Any] = {"do_sample": False}
        if request.temperature > 0:
            sampling = {"do_sample": True, "temperature": request.temperature}

        def write() -> None:
            try:
                torch.manual_seed(request.seed)
                self.model.generate(
                    **inputs,
                    image_tokens=image_tokens,
                    streamer=streamer,
                    max_new_tokens=MAX_NEW_TOKENS,
                    suppress_tokens=self._never_written,
                    **sampling,
                )
            except Exception as error:  # handed over to the thread that reads
                streamer.queue.put(error)

        thread = threading.Thread(target=write, name="report writer")
        thread.start()
        try:
            while (token := streamer.queue.get()) is not None:
                if isinstance(token, BaseException):
                    raise token
                if token != self.processor.tokenizer.eos_token_id:
                    yield token
        finally:
            thread.join()

    def _decode(self, ids: list[int]) -> str:
        text: str = self.processor.tokenizer.decode(ids, skip_special_tokens=True)
        return text

    def _token_spans(self, ids: list[int], bounds: list[tuple[int, int]]) -> list[tuple[int, int]]:
        """Character spans of sentences → (first, past the last) index into ``ids``."""
        ends = np.array([len(self._decode(ids[: k + 1])) for k in range(len(ids))])
        found = []
        for first, last in bounds:
            start = int(np.searchsorted(ends, first, side="right"))
            found.append((start, max(start + 1, int(np.searchsorted(ends, last, side="left")) + 1)))
        return found


def _sentence(text: str, evidence: SentenceEvidence, findings: dict[str, float]) -> Sentence:
    order = np.argsort(-evidence.region_weights)[:NAMED_AT_MOST]
    named = [i for i in order if evidence.region_weights[i] >= NAMED_SHARE] or [int(order[0])]
    return Sentence(
        text=text,
        confidence=evidence.confidence,
        regions=tuple(RegionWeight(REGIONS[i], float(evidence.region_weights[i])) for i in named),
        flag=flag(text, findings),
        map=evidence.map,
    )


def _region_evidence(regions: RegionFeatures, frame: SquareFrame) -> tuple[RegionEvidence, ...]:
    centred = regions.boxes[0].numpy()
    corner = np.concatenate([centred[:, :2] - centred[:, 2:] / 2, centred[:, 2:]], 1)
    boxes = frame.to_image_boxes(corner)
    maps = peak_scaled(regions.maps[0]).unflatten(-1, regions.grid).numpy()
    visible = regions.visible_logits[0].sigmoid().tolist()
    significance = regions.significance[0].tolist()
    return tuple(
        RegionEvidence(name, tuple(map(float, boxes[i])), visible[i], significance[i], maps[i])  # type: ignore[arg-type]
        for i, name in enumerate(REGIONS)
    )
