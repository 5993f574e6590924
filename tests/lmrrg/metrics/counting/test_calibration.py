"""``radcliq_lite``'s components lie on the scale that RadCliQ was fitted on."""

import itertools

import numpy as np
import pytest

from benchmarks.metrics.calibrate_radcliq_lite import real_pairs
from benchmarks.outside import shared_folder
from lmrrg.metrics.radcliq import RADCLIQ_V1, Calibration, calibrated_components


@pytest.mark.parametrize("calibration", [Calibration(2.0, 1.5), Calibration(0.5, 3.0)])
def test_a_calibration_keeps_its_ends_and_its_order(calibration: Calibration) -> None:
    values = [calibration(value / 1000) for value in range(1001)]
    assert (values[0], values[-1]) == (0.0, 1.0)
    assert all(lower < higher for lower, higher in itertools.pairwise(values))


def test_a_calibration_can_be_worked_out_by_hand() -> None:
    assert Calibration(2.0, 3.0)(0.5) == pytest.approx(1 - 0.75**3)


@pytest.mark.slow
@pytest.mark.skipif(shared_folder() is None, reason="needs the Indiana reports of ../shared")
def test_over_real_pairs_the_components_have_the_mean_and_spread_of_the_normaliser() -> None:
    pairs = real_pairs()
    assert len(pairs) == 480
    found = np.array([calibrated_components(candidate, reference) for candidate, reference in pairs])
    assert found.mean(axis=0) == pytest.approx(RADCLIQ_V1.mean[:3], abs=0.02)
    assert found.std(axis=0) == pytest.approx(RADCLIQ_V1.scale[:3], abs=0.02)
