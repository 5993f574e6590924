"""The window carried back to our pixels shows what the standard's own arithmetic shows."""

from io import BytesIO

import numpy as np
import pytest
from pydicom import dcmread
from pydicom.pixels.processing import apply_modality_lut, apply_windowing

from lmrrg.imaging import open_radiograph


@pytest.mark.parametrize("function", ["LINEAR", "LINEAR_EXACT", "SIGMOID"])
@pytest.mark.parametrize(
    ("slope", "intercept", "centre", "width"),
    [(1, 0, 2000, 1500), (1, -1024, 40, 400), (0.5, 10, 900.25, 333), (-2, 8000, 3000, 2500)],
)
@pytest.mark.parametrize("signed", [False, True])
def test_windowed_equals_the_standard(dicom, function, slope, intercept, centre, width, signed):
    kind, low, high = (np.int16, -2048, 2048) if signed else (np.uint16, 0, 4096)
    stored = np.random.default_rng(2).integers(low, high, (50, 60), dtype=kind)
    window = {"WindowCenter": centre, "WindowWidth": width, "VOILUTFunction": function}
    data = dicom(stored, BitsStored=12, RescaleSlope=slope, RescaleIntercept=intercept, **window)
    dataset = dcmread(BytesIO(data))
    theirs = apply_windowing(apply_modality_lut(dataset.pixel_array, dataset), dataset)
    # pydicom spreads black … white over the range of the rescaled values, black at that of the least stored one
    black, white = (value * slope + intercept for value in (low, high - 1))
    expected = (theirs - black) / (white - black)
    # a straight line stands in for the sigmoid; the two differ by 0.12 at most
    tolerance = 0.13 if function == "SIGMOID" else 1e-4
    np.testing.assert_allclose(open_radiograph(data).windowed(), expected, atol=tolerance)
