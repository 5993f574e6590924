"""The chest radiograph: its regions, its findings, its words, and drawn examples of it."""

from pathlib import Path

from lmrrg.profiles.base import Profile
from lmrrg.profiles.chest.findings import FINDINGS, LEADING_FINDINGS, NAMED_BY, OF_THE_LUNG
from lmrrg.profiles.chest.regions import IN_ORDER
from lmrrg.profiles.chest.statements import (
    IN_SHORT,
    INDICATIONS,
    NORMAL_REPORT,
    NOTHING_ACUTE,
    STATEMENTS,
)

PROFILE = Profile(
    name="chest",
    title="chest radiograph",
    regions=IN_ORDER,
    findings=FINDINGS,
    leading_findings=LEADING_FINDINGS,
    normal_finding="No Finding",
    not_diseases=("Support Devices",),
    views=("PA", "AP", "LATERAL"),
    drafted_views=("PA", "AP"),
    drafted_image="frontal radiograph",
    frame_regions=("right lung", "left lung"),
    lexicon_file=Path(__file__).parent / "lexicon",
    denied_with={"Lung Opacity": OF_THE_LUNG},
    named_by=NAMED_BY,
    statements=STATEMENTS,
    nothing_wrong=NOTHING_ACUTE,
    in_short=IN_SHORT,
    normal_report=NORMAL_REPORT,
    indications=INDICATIONS,
    phantom_package="lmrrg.profiles.chest.phantom",
)
