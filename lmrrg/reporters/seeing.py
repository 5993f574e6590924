"""What the native model sees of a study before it writes a word: the image it looks at, regions, findings, what is odd.

Knows tensors and original pixels; knows no report, and takes no lock.
"""

import numpy as np

from lmrrg.grounding.confidence import Calibration
from lmrrg.grounding.evidence import peak_scaled
from lmrrg.grounding.image_check import ImageCheck, notices
from lmrrg.grounding.service import Seen
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
from lmrrg.model.region_extractor import RegionFeatures
from lmrrg.notices import Notice
from lmrrg.profiles import Profile
from lmrrg.report import EvidenceMap, RegionEvidence
from lmrrg.reporters.views import preferred
from lmrrg.reporters.writing import EncodedImage, ReportWriter
from lmrrg.study import RadiographImage, Study


class StudyReader:
    """Looks at one image of a study; without a calibration or an image check it tells what is left."""

    def __init__(
        self, writer: ReportWriter, calibration: Calibration | None, image_check: ImageCheck | None
    ) -> None:
        self.writer, self.calibration, self.image_check = writer, calibration, image_check
        self.profile: Profile = writer.model.profile

    def look(self, study: Study, style: str = "") -> tuple[int, EncodedImage]:
        """The image to write from, and what the model sees of it: of several unnamed views the likest to a chest.

        Raises:
            NoDraftPossible: the study has no image of a view that drafts are written from.
        """

        def encoded(index: int) -> EncodedImage:
            return self.writer.encode(
                study.images[index],
                indication=study.indication,
                prior_report=study.prior_report,
                style=style,
            )

        first, *others = preferred(study, self.profile)
        best = first, encoded(first)
        check = self.image_check
        if check is None or not others:
            return best
        seen = [best, *((index, encoded(index)) for index in others)]
        return min(seen, key=lambda one: unlikeness(check, one[1].features, one[1].regions))

    def frame(self, image: RadiographImage) -> SquareFrame:
        return SquareFrame(image.rows, image.columns, self.writer.model.config.image_size)

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
        if check is None or self._is_another_view(image) or inverted in image.notices:
            return ()
        here = unlikeness(check, encoded.features, encoded.regions)
        if here >= NEGATIVE_FROM:
            other = self.writer.encode(negative(image))
            if seems_inverted(here, unlikeness(check, other.features, other.regions)):
                return (inverted,)
        if here > NOT_FRONTAL_ABOVE:
            return (Notice("not_frontal"),)
        cut = cut_off(room_around(encoded.regions, self.frame(image), self.profile))
        return () if cut is None else (cut,)

    def seen(self, study: Study, chosen: int, encoded: EncodedImage) -> Seen:
        """What is to be told of image ``chosen``, which ``look`` encoded."""
        image, regions = study.images[chosen], encoded.regions
        told, novelty = self._image_notices(image, encoded)
        profile = self.profile
        found = regions.image_findings(profile)[0].tolist()
        findings = dict(zip(profile.findings, found, strict=True))
        if self.calibration is not None:
            findings = self.calibration.findings(findings, profile)
        likely = regions.finding_logits[0].sigmoid().tolist()
        frame = self.frame(image)
        return Seen(
            image=chosen,
            extent_xywh=frame.extent_xywh,
            regions=_region_evidence(regions, frame, chosen, profile),
            findings=findings,
            by_region={
                name: dict(zip(profile.findings, row, strict=True))
                for name, row in zip(profile.region_names, likely, strict=True)
            },
            notices=told,
            novelty=novelty,
            profile=profile,
        )

    def _is_another_view(self, image: RadiographImage) -> bool:
        return image.view is not None and image.view not in self.profile.drafted_views


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
