"""What a truth says of itself: what changed since the prior, and where it is seen."""

from dataclasses import replace

import numpy as np

from lmrrg.profiles.chest.phantom import SITES, TRAINING_SITES, Abnormality, Device, Truth, truth_of
from lmrrg.profiles.chest.phantom.disease import EMPHYSEMA, region_findings, significant_regions
from lmrrg.profiles.chest.regions import REGION_INDEX

FLUID = Abnormality("Pleural Effusion", "right", "lower", "moderate")
NODULE = Abnormality("Lung Lesion", "left", "upper", None, "nodule")


def test_change_since_the_prior() -> None:
    for before, expected in [("small", "larger"), ("moderate", "unchanged"), ("large", "smaller")]:
        truth = Truth((FLUID,), prior=Truth((replace(FLUID, severity=before),)))
        assert truth.change(FLUID) == expected
    assert Truth((FLUID,), prior=Truth((NODULE,))).change(FLUID) == "new"
    assert Truth((FLUID,)).change(FLUID) is None


def test_what_the_prior_alone_shows_has_resolved() -> None:
    assert Truth((FLUID,), prior=Truth((FLUID, NODULE))).resolved == (NODULE,)
    assert Truth((FLUID,)).resolved == ()


def test_emphysema_has_a_place_but_none_of_the_14_names() -> None:
    truth = Truth((Abnormality(EMPHYSEMA, "bilateral"),))
    assert not region_findings(truth).any()
    assert significant_regions(truth)[REGION_INDEX["left hemidiaphragm"]]


def test_a_device_makes_its_regions_significant() -> None:
    regions = significant_regions(Truth((), (Device("chest drain", "left"),)))
    assert regions[REGION_INDEX["left lung"]]
    assert regions.sum() == 2


def test_the_left_out_site_is_not_trained_on() -> None:
    assert len(SITES) >= 4
    assert set(SITES) - set(TRAINING_SITES) == {"C"}


def test_a_share_of_the_studies_has_a_prior_with_every_kind_of_change() -> None:
    truths = [truth_of(seed, site="A") for seed in range(600)]
    assert 0.2 < np.mean([truth.prior is not None for truth in truths]) < 0.4
    changes = {truth.change(one) for truth in truths for one in truth.abnormalities}
    assert changes == {None, "new", "larger", "smaller", "unchanged"}
    assert any(truth.resolved for truth in truths)
    assert all(truth.prior is None or truth.prior.prior is None for truth in truths)
