"""The chest radiograph: its regions, its findings, its words, and drawn examples of it."""

from pathlib import Path

from lmrrg.profiles.base import Profile
from lmrrg.profiles.chest.findings import FINDINGS, LEADING_FINDINGS, NAMED_BY, OF_THE_LUNG
from lmrrg.profiles.chest.regions import IN_ORDER

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
    lexicon_file=Path(__file__).parent / "lexicon.toml",
    denied_with={"Lung Opacity": OF_THE_LUNG},
    named_by=NAMED_BY,
    normal_report=(
        "The heart size is normal. The mediastinal contours are normal. The lungs are clear. There is no focal "
        "consolidation, pleural effusion or pneumothorax. No acute bony abnormality."
    ),
    phantom_package="lmrrg.profiles.chest.phantom",
)
