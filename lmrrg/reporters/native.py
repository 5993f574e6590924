"""The reporter around our own model: image → encoded once → sentences as they come → the report with its evidence.

Of a study it looks at one image of a view that its profile drafts from (``seeing``), and says so. Knows how to load a
model folder, and what to tell a reader of a draft. Knows nothing about databases or pages. One lock: a model writes one
report at a time.
"""

import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from transformers.utils import logging as transformers_logging

from lmrrg.errors import ModelError, ProfileError
from lmrrg.grounding.confidence import needs_eye, report_features, sentence_features
from lmrrg.grounding.evidence import SentenceEvidence
from lmrrg.grounding.second_opinion import disagreements, flag
from lmrrg.grounding.service import NAMED_AT_MOST, NAMED_SHARE, Seen
from lmrrg.model import LmrrgForConditionalGeneration, LmrrgProcessor
from lmrrg.profiles import Profile
from lmrrg.report import EvidenceMap, ModelName, RegionWeight, Report, Sentence
from lmrrg.reporters.base import DraftRequest
from lmrrg.reporters.folder import VersionFolder
from lmrrg.reporters.seeing import StudyReader
from lmrrg.reporters.views import told_of_others
from lmrrg.reporters.writing import EncodedImage, ReportWriter
from lmrrg.sentences import spans
from lmrrg.study import Study


class NativeReporter:
    """A ``LmrrgForConditionalGeneration`` that writes reports.

    What was fitted to the version is used where its folder holds it: without a calibration a sentence's confidence is
    the geometric mean of its token probabilities, without an image check nothing is said of the image.

    Raises:
        ModelError: the folder holds no model that can be loaded.
    """

    def __init__(self, folder: Path, *, device: str = "cpu") -> None:
        self._lock = threading.Lock()
        version = VersionFolder(folder)
        self._name = version.name
        # A command's error stream is for its user: no progress bars of loading, no advice on backends.
        transformers_logging.disable_progress_bar()
        transformers_logging.set_verbosity_error()
        try:
            self.model = LmrrgForConditionalGeneration.from_pretrained(
                folder,
                local_files_only=True,
                trust_remote_code=False,
                use_safetensors=True,
                dtype=torch.float32,
            )
            self.processor = LmrrgProcessor.from_pretrained(
                folder, local_files_only=True, trust_remote_code=False
            )
        except (OSError, ValueError, KeyError, ProfileError) as error:
            raise ModelError(
                f"No model could be loaded from “{folder}” ({error}). "
                "Choose a folder written by this program's training, or leave the setting at “default”."
            ) from error
        calibration = version.calibration()
        image_check = version.image_check(look=self.model.config.region_dim)
        self.model.to(device).eval().requires_grad_(False)
        # Eager attention costs nothing at this size and lets the evidence pass read it.
        self.model.model.language_model.set_attn_implementation("eager")
        self.writer = ReportWriter(self.model, self.processor)
        self.reader = StudyReader(self.writer, calibration, image_check)

    @property
    def name(self) -> ModelName:
        return self._name

    @property
    def profile(self) -> Profile:
        """The kind of examination that it writes of."""
        return self.model.profile

    def draft(self, study: Study, request: DraftRequest = DraftRequest()) -> Report:
        """The whole report with its evidence."""
        *_, report = self.stream(study, request)
        assert isinstance(report, Report)
        return report

    def stream(self, study: Study, request: DraftRequest = DraftRequest()) -> Iterator[Sentence | Report]:
        """Each sentence as soon as it is written, then the report. The image is encoded once.

        Raises:
            NoDraftPossible: the study has no frontal radiograph.
        """
        with self._lock:
            yield from self._stream(study, request)

    def candidates(self, study: Study, request: DraftRequest = DraftRequest(), n: int = 2) -> list[Report]:
        """``n`` reports of one study, whose image is encoded once, written as one batch.

        At a temperature of 0 all are the likeliest report; above it they are sampled from the request's seed, and
        the only one of ``n = 1`` equals ``draft``.

        Raises:
            NoDraftPossible: the study has no frontal radiograph.
            ValueError: ``n`` under 1.
        """
        if n < 1:
            raise ValueError(f"at least one candidate must be asked for, not {n}")
        with self._lock:
            started = time.perf_counter()
            chosen, encoded = self.reader.look(study, request.style)
            encode = 1000 * (time.perf_counter() - started)
            written = self.writer.write([encoded] * n, request)
            seen = self.reader.seen(study, chosen, encoded)
            reports = [self._report(study, encoded, ids, seen) for ids in written]
        total = 1000 * (time.perf_counter() - started)
        timing = {"encode": encode, "first_sentence": total, "total": total}
        return [replace(report, timing_ms=timing) for report in reports]

    def grad_cams(
        self, study: Study, sentences: Sequence[str], request: DraftRequest = DraftRequest()
    ) -> list[EvidenceMap]:
        """For each sentence its Grad-CAM over the image that drafts of this study are written from.

        ``sentences`` make up one report, in order, whoever wrote it; ``request`` is the one it was drafted with.
        """
        with self._lock:
            chosen, encoded = self.reader.look(study, request.style)
            grids = self.writer.grad_cams(encoded, sentences)
        extent = self.reader.frame(study.images[chosen]).extent_xywh
        return [EvidenceMap(grid, extent, chosen, "gradient") for grid in grids]

    def see(self, study: Study) -> Seen:
        """What the region extractor sees, without a word written.

        Raises:
            NoDraftPossible: the study has no frontal radiograph.
        """
        with self._lock:
            return self.reader.seen(study, *self.reader.look(study))

    def _stream(self, study: Study, request: DraftRequest) -> Iterator[Sentence | Report]:
        started = time.perf_counter()
        chosen, encoded = self.reader.look(study, request.style)
        encode = time.perf_counter()
        ids: list[int] = []
        shown = 0
        first_sentence = None
        for token in self.writer.stream(encoded, request):
            ids.append(token)
            text = self.writer.decode(ids)
            finished = [s for s in spans(text) if s[1] < len(text)]
            for first, last in finished[shown:]:
                first_sentence = first_sentence or time.perf_counter()
                yield Sentence(text[first:last])
            shown = max(shown, len(finished))
        report = self._report(study, encoded, ids, self.reader.seen(study, chosen, encoded))
        for sentence in report.sentences[shown:]:
            first_sentence = first_sentence or time.perf_counter()
            yield Sentence(sentence.text)
        done = time.perf_counter()
        timing = {
            "encode": 1000 * (encode - started),
            "first_sentence": 1000 * ((first_sentence or done) - started),
            "total": 1000 * (done - started),
        }
        yield replace(report, timing_ms=timing)

    def _report(self, study: Study, encoded: EncodedImage, ids: list[int], seen: Seen) -> Report:
        written = self.writer.explain(encoded, ids)
        confidences = [
            self._confidence(text, evidence, seen.findings)
            for text, evidence in zip(written.sentences, written.evidence, strict=True)
        ]
        differing = disagreements(written.sentences, seen.findings, self.profile)
        if not written.sentences:
            error = 1.0
        elif self.reader.calibration is not None:
            features = report_features(
                confidences, written.sentences, seen.findings, len(differing), self.profile
            )
            error = self.reader.calibration.report_error(features)
        else:
            error = 1 - float(np.prod(confidences))
        return Report(
            sentences=tuple(
                _sentence(text, evidence, confidence, seen)
                for text, evidence, confidence in zip(
                    written.sentences, written.evidence, confidences, strict=True
                )
            ),
            model=self._name,
            regions=seen.regions,
            findings=seen.findings,
            notices=(
                *told_of_others(study, seen.image),
                *study.images[seen.image].notices,
                *seen.notices,
            ),
            disagreements=differing,
            needs_eye=needs_eye(error, seen.novelty),
            novelty=seen.novelty,
            looked_at=(seen.image,),
        )

    def _confidence(self, text: str, evidence: SentenceEvidence, findings: Mapping[str, float]) -> float:
        if self.reader.calibration is None:
            return evidence.confidence
        return self.reader.calibration.sentence_confidence(
            sentence_features(evidence.confidence, evidence.least, text, findings, self.profile)
        )


def _sentence(text: str, evidence: SentenceEvidence, confidence: float, seen: Seen) -> Sentence:
    order = np.argsort(-evidence.region_weights)[:NAMED_AT_MOST]
    named = [i for i in order if evidence.region_weights[i] >= NAMED_SHARE] or [int(order[0])]
    return Sentence(
        text=text,
        confidence=confidence,
        regions=tuple(
            RegionWeight(seen.profile.region_names[i], float(evidence.region_weights[i])) for i in named
        ),
        flag=flag(text, seen.findings, seen.profile),
        map=EvidenceMap(evidence.map, seen.extent_xywh, seen.image, "attended"),
    )
