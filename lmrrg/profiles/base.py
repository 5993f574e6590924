"""What an examination of a kind is, as one object: the only thing that the other rooms know of it.

Does not know an image, a report or a model. A profile is made once and compared by identity; what is costly (the
lexicon, the phantoms) is loaded when it is first asked for.
"""

import gc
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import Literal, NamedTuple, cast

from lmrrg.errors import ProfileError
from lmrrg.profiles.lexicon import Lexicon
from lmrrg.profiles.phantoms import Phantoms

Side = Literal["right", "left", "midline"]


class Region(NamedTuple):
    """One region: its name, its side (always the patient's), and the description that its query is made from."""

    name: str
    side: Side
    description: str


@dataclass(frozen=True, eq=False)
class Profile:
    """One kind of examination.

    Attributes:
        name: as a model's configuration and ``--profile`` spell it.
        title: what such an examination is called in a sentence.
        regions: in the order of every tensor over regions.
        findings: in the order of every tensor over findings.
        leading_findings: those that tables report apart.
        normal_finding: the finding that says that nothing is wrong; None where there is none.
        not_diseases: findings that are seen and are no disease (a pacemaker); the normal one is always left out.
        views: the projections that its images may have, as a file names them.
        drafted_views: those that a draft may be written from, the best first; an image of no known view counts as one.
        drafted_image: what such an image is called, in the singular.
        channels: of an image: 1 is grey, 3 is colour.
        frame_regions: the regions whose boxes together frame the anatomy; layout is measured in them, and the image
            should hold them whole.
        lexicon_file: the words of its reports (see ``lexicon``).
        denied_with: a finding that a normal structure rules out → all that is ruled out with it ("the lungs are
            clear").
        named_by: finding → findings that count as its name, narrower or wider.
        statements: finding → the plainest sentences that it is there and that it is not; one that is not among them
            cannot be stated by a key.
        nothing_wrong: the impression of a report that denies every finding; empty where there is none.
        in_short: observation (a name of the lexicon's) → its word in an impression, where a state of a structure says
            it.
        indications: what referrers write; drawn examinations are given one of these.
        normal_report: a report of a normal examination: the baseline that needs no model.
        phantom_package: where its drawn examinations lie, as an import's name; None where it has none.
    """

    name: str
    title: str
    regions: tuple[Region, ...]
    findings: tuple[str, ...]
    views: tuple[str, ...]
    drafted_views: tuple[str, ...]
    drafted_image: str
    lexicon_file: Path
    normal_report: str
    leading_findings: tuple[str, ...] = ()
    normal_finding: str | None = None
    not_diseases: tuple[str, ...] = ()
    channels: int = 1
    frame_regions: tuple[str, ...] = ()
    denied_with: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    named_by: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    statements: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    nothing_wrong: str = ""
    in_short: Mapping[str, str] = field(default_factory=dict)
    indications: tuple[str, ...] = ("",)
    phantom_package: str | None = None

    @cached_property
    def region_names(self) -> tuple[str, ...]:
        return tuple(region.name for region in self.regions)

    @cached_property
    def region_index(self) -> Mapping[str, int]:
        return {name: index for index, name in enumerate(self.region_names)}

    @cached_property
    def finding_index(self) -> Mapping[str, int]:
        return {name: index for index, name in enumerate(self.findings)}

    @cached_property
    def frame_indices(self) -> tuple[int, ...]:
        """Indices of ``frame_regions``; all regions where none are named."""
        return tuple(self.region_index[name] for name in self.frame_regions or self.region_names)

    @cached_property
    def diseases(self) -> tuple[str, ...]:
        """The findings that something is wrong with, in order."""
        return tuple(
            name for name in self.findings if name != self.normal_finding and name not in self.not_diseases
        )

    @cached_property
    def lexicon(self) -> Lexicon:
        """The words of its reports."""
        words = Lexicon(self.lexicon_file)
        # They stay as long as the process: the garbage collector, which would walk 150,000 objects again and again
        # (a fifth of the time of labelling), need not look at what is there now.
        gc.freeze()
        return words

    @cached_property
    def phantom(self) -> Phantoms | None:
        """Its drawn examinations, or None."""
        if self.phantom_package is None:
            return None
        return cast(Phantoms, import_module(self.phantom_package))

    def drawn(self) -> Phantoms:
        """Its drawn examinations, for whoever can do nothing without.

        Raises:
            ProfileError: it has none.
        """
        if self.phantom is None:
            raise ProfileError(f"There are no phantoms of the kind “{self.name}”.")
        return self.phantom
