"""The reporter around our own model: image → encoded once → sentences as they come → the report with its evidence.

Of a study it looks at one image of a view that its profile drafts from, and says so. Knows how to load a
model folder, to carry boxes from the model's square to the original pixels, and what to tell a reader of image and
draft. Knows no database and no page. One lock: a model writes one report at a time.
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
from lmrrg.grounding.evidence import SentenceEvidence, peak_scaled
from lmrrg.grounding.image_check import notices
from lmrrg.grounding.second_opinion import disagreements, flag
from lmrrg.grounding.view_check import (
    NEGATIVE_FROM,
    NOT_FRONTAL_ABOVE,
    cut_off,
    room_around,
    seems_inverted,
    unlikeness,
)
from lmrrg.imaging.appearance import negative
from lmrrg.imaging.transforms import SquareFrame
from lmrrg.model import LmrrgForConditionalGeneration, LmrrgProcessor
from lmrrg.model.region_extractor import RegionFeatures
from lmrrg.notices import Notice
from lmrrg.profiles import Profile
from lmrrg.report import EvidenceMap, ModelName, RegionEvidence, RegionWeight, Report, Sentence
from lmrrg.reporters.base import DraftRequest
from lmrrg.reporters.folder import VersionFolder
from lmrrg.reporters.views import preferred, told_of_others
from lmrrg.reporters.writing import EncodedImage, ReportWriter
from lmrrg.sentences import spans
from lmrrg.study import BoxXYWH, RadiographImage, Study

# A region is named beside a sentence when it drew at least this share of the attention to regions.
NAMED_SHARE = 0.12
NAMED_AT_MOST = 4


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
        self.calibration = version.calibration()
        self.image_check = version.image_check(look=self.model.config.region_dim)
        self.model.to(device).eval().requires_grad_(False)
        # Eager attention costs nothing at this size and lets the evidence pass read it.
        self.model.model.language_model.set_attn_implementation("eager")
        self.writer = ReportWriter(self.model, self.processor)

    @property
    def name(self) -> ModelName:
        return self._name

    @property
    def profile(self) -> Profile:
        """The kind of examination that it writes of."""
        return self.model.profile

    def _drafts_from(self, image: RadiographImage) -> bool:
        return image.view is None or image.view in self.profile.drafted_views

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
            chosen, encoded = self._look(study, request)
            encode = 1000 * (time.perf_counter() - started)
            written = self.writer.write([encoded] * n, request)
            told, novelty = self._image_notices(study.images[chosen], encoded)
            reports = [
                self._report(study, chosen, encoded, ids, notices=told, novelty=novelty) for ids in written
            ]
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
            chosen, encoded = self._look(study, request)
            grids = self.writer.grad_cams(encoded, sentences)
        extent = self._frame(study.images[chosen]).extent_xywh
        return [EvidenceMap(grid, extent, chosen, "gradient") for grid in grids]

    def _look(self, study: Study, request: DraftRequest) -> tuple[int, EncodedImage]:
        """The image to write from, and what the model sees of it: of several unnamed views the likest to a chest."""

        def encoded(index: int) -> EncodedImage:
            return self.writer.encode(
                study.images[index],
                indication=study.indication,
                prior_report=study.prior_report,
                style=request.style,
            )

        first, *others = preferred(study, self.profile)
        best = first, encoded(first)
        check = self.image_check
        if check is None or not others:
            return best
        seen = [best, *((index, encoded(index)) for index in others)]
        return min(seen, key=lambda one: unlikeness(check, one[1].features, one[1].regions))

    def _frame(self, image: RadiographImage) -> SquareFrame:
        return SquareFrame(image.rows, image.columns, self.model.config.image_size)

    def _stream(self, study: Study, request: DraftRequest) -> Iterator[Sentence | Report]:
        started = time.perf_counter()
        chosen, encoded = self._look(study, request)
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
        told, novelty = self._image_notices(study.images[chosen], encoded)
        report = self._report(study, chosen, encoded, ids, notices=told, novelty=novelty)
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

    def _image_notices(
        self, image: RadiographImage, encoded: EncodedImage
    ) -> tuple[tuple[Notice, ...], float | None]:
        """What to tell of the image beside its own notices, and its novelty. Its mirror image is looked at too."""
        if self.image_check is None:
            return (), None
        novelty = self.image_check.novelty(encoded.features)
        mirrored = self.image_check.seems_mirrored(encoded.features, self.writer.mirror_features(encoded))
        return (*notices(novelty, mirrored=mirrored), *self.view_notices(image, encoded)), novelty

    def view_notices(self, image: RadiographImage, encoded: EncodedImage) -> tuple[Notice, ...]:
        """What the extractor says of view, greys and framing of an encoded image, as far as nobody has said it yet.

        Nothing of a view that no draft is written from, nor without ``image_check``. The negative is encoded too
        where the image is unlike a chest.
        """
        check = self.image_check
        inverted = Notice("seems_inverted")
        if check is None or not self._drafts_from(image) or inverted in image.notices:
            return ()
        here = unlikeness(check, encoded.features, encoded.regions)
        if here >= NEGATIVE_FROM:
            other = self.writer.encode(negative(image))
            if seems_inverted(here, unlikeness(check, other.features, other.regions)):
                return (inverted,)
        if here > NOT_FRONTAL_ABOVE:
            return (Notice("not_frontal"),)
        cut = cut_off(room_around(encoded.regions, self._frame(image), self.profile))
        return () if cut is None else (cut,)

    def _report(
        self,
        study: Study,
        chosen: int,
        encoded: EncodedImage,
        ids: list[int],
        *,
        notices: tuple[Notice, ...],
        novelty: float | None,
    ) -> Report:
        written = self.writer.explain(encoded, ids)
        regions = encoded.regions
        profile = self.profile
        found = regions.image_findings(profile)[0].tolist()
        findings = dict(zip(profile.findings, found, strict=True))
        if self.calibration is not None:
            findings = self.calibration.findings(findings, profile)
        confidences = [
            self._confidence(text, evidence, findings)
            for text, evidence in zip(written.sentences, written.evidence, strict=True)
        ]
        differing = disagreements(written.sentences, findings, profile)
        if not written.sentences:
            error = 1.0
        elif self.calibration is not None:
            features = report_features(confidences, written.sentences, findings, len(differing), profile)
            error = self.calibration.report_error(features)
        else:
            error = 1 - float(np.prod(confidences))
        image = study.images[chosen]
        frame = self._frame(image)
        return Report(
            sentences=tuple(
                _sentence(text, evidence, confidence, findings, frame.extent_xywh, chosen, profile)
                for text, evidence, confidence in zip(
                    written.sentences, written.evidence, confidences, strict=True
                )
            ),
            model=self._name,
            regions=_region_evidence(regions, frame, chosen, profile),
            findings=findings,
            notices=(*told_of_others(study, chosen), *image.notices, *notices),
            disagreements=differing,
            needs_eye=needs_eye(error, novelty),
            novelty=novelty,
            looked_at=(chosen,),
        )

    def _confidence(self, text: str, evidence: SentenceEvidence, findings: Mapping[str, float]) -> float:
        if self.calibration is None:
            return evidence.confidence
        return self.calibration.sentence_confidence(
            sentence_features(evidence.confidence, evidence.least, text, findings, self.profile)
        )


def _sentence(
    text: str,
    evidence: SentenceEvidence,
    confidence: float,
    findings: Mapping[str, float],
    extent_xywh: BoxXYWH,
    image: int,
    profile: Profile,
) -> Sentence:
    order = np.argsort(-evidence.region_weights)[:NAMED_AT_MOST]
    named = [i for i in order if evidence.region_weights[i] >= NAMED_SHARE] or [int(order[0])]
    return Sentence(
        text=text,
        confidence=confidence,
        regions=tuple(
            RegionWeight(profile.region_names[i], float(evidence.region_weights[i])) for i in named
        ),
        flag=flag(text, findings, profile),
        map=EvidenceMap(evidence.map, extent_xywh, image, "attended"),
    )


def _region_evidence(
    regions: RegionFeatures, frame: SquareFrame, image: int, profile: Profile
) -> tuple[RegionEvidence, ...]:
    centred = regions.boxes[0].numpy()
    corner = np.concatenate([centred[:, :2] - centred[:, 2:] / 2, centred[:, 2:]], 1)
    boxes = frame.to_image_boxes(corner)
    maps = peak_scaled(regions.maps[0]).unflatten(-1, regions.grid).numpy()
    visible = regions.visible_logits[0].sigmoid().tolist()
    significance = regions.significance[0].tolist()
    return tuple(
        RegionEvidence(
            name=name,
            box_xywh=tuple(map(float, boxes[i])),  # type: ignore[arg-type]
            visible=visible[i],
            significance=significance[i],
            map=EvidenceMap(maps[i], frame.extent_xywh, image, "attended"),
            image=image,
        )
        for i, name in enumerate(profile.region_names)
    )
