"""What is said of a DICOM file: view, spacing, notices, and the refusals; and never the file's own free text."""

import numpy as np
import pytest

from lmrrg.errors import UnreadableFile, UnsupportedFile
from lmrrg.imaging import open_radiograph
from lmrrg.notices import Notice

GREY = np.arange(64, dtype=np.uint8).reshape(8, 8)
WINDOW = {"WindowCenter": 32, "WindowWidth": 64}


@pytest.mark.parametrize(
    ("position", "view"),
    [("PA", "PA"), ("AP", "AP"), ("LL", "LATERAL"), ("RL", "LATERAL"), ("LLD", None), ("", None)],
)
def test_the_view_is_that_of_the_file(dicom, position, view):
    image = open_radiograph(dicom(GREY, ViewPosition=position, **WINDOW))
    assert image.view == view
    assert (image.notices != ()) == (view == "LATERAL")


@pytest.mark.parametrize(
    ("elements", "code"),
    [
        ({"PatientOrientation": ["R", "F"]}, "mirrored"),
        ({"PatientOrientation": ["L", "H"]}, "upside_down"),
        ({"PatientOrientation": ["F", "R"]}, "sideways"),
        ({"PatientOrientation": ["A", "F"]}, "lateral"),
        ({"BodyPartExamined": "KNEE"}, "other_body_part"),
        ({"PresentationIntentType": "FOR PROCESSING"}, "unprocessed"),
        ({"PresentationLUTShape": "INVERSE"}, "greys_contradictory"),
        ({"BurnedInAnnotation": "YES"}, "burned_in"),
        ({"PixelSpacing": [0.1, 0.2]}, "not_square"),
    ],
    ids=lambda value: "" if isinstance(value, dict) else value,
)
def test_what_a_reader_should_know_is_noticed(dicom, elements, code):
    assert open_radiograph(dicom(GREY, **WINDOW, **elements)).notices == (Notice(code),)


def test_an_ordinary_chest_image_gets_no_notice(dicom):
    usual = {
        "PatientOrientation": ["L", "F"],
        "BodyPartExamined": "CHEST",
        "PresentationLUTShape": "IDENTITY",
    }
    image = open_radiograph(dicom(GREY, ImagerPixelSpacing=[0.14, 0.14], **WINDOW, **usual))
    assert image.notices == ()
    assert image.pixel_spacing_mm == (0.14, 0.14)


@pytest.mark.parametrize(
    ("elements", "spacing", "plane"),
    [
        ({"ImagerPixelSpacing": [0.2, 0.2]}, (0.2, 0.2), "detector"),
        ({"PixelSpacing": [0.2, 0.2]}, (0.2, 0.2), "detector"),
        ({"PixelSpacing": [0.2, 0.2], "ImagerPixelSpacing": [0.2, 0.2]}, (0.2, 0.2), "detector"),
        ({"PixelSpacing": [0.18, 0.18], "ImagerPixelSpacing": [0.2, 0.2]}, (0.18, 0.18), "patient"),
        ({"PixelSpacing": [0.2, 0.2], "PixelSpacingCalibrationType": "FIDUCIAL"}, (0.2, 0.2), "patient"),
        (
            {"ImagerPixelSpacing": [0.2, 0.2], "EstimatedRadiographicMagnificationFactor": "1.25"},
            (0.16, 0.16),
            "patient",
        ),
        (
            {
                "ImagerPixelSpacing": [0.2, 0.2],
                "DistanceSourceToDetector": 1800,
                "DistanceSourceToPatient": 1440,
            },
            (0.16, 0.16),
            "patient",
        ),
        ({"ImagerPixelSpacing": [0.2, 0.2], "DistanceSourceToPatient": 0}, (0.2, 0.2), "detector"),
    ],
    ids=[
        "imager",
        "pixel",
        "both alike",
        "corrected",
        "calibrated",
        "magnification",
        "distances",
        "nonsense",
    ],
)
def test_where_a_spacing_holds(dicom, elements, spacing, plane):
    image = open_radiograph(dicom(GREY, **elements))
    assert image.pixel_spacing_mm == pytest.approx(spacing)
    assert image.spacing_plane == plane


def test_an_impossible_spacing_counts_as_absent(dicom):
    assert open_radiograph(dicom(GREY, PixelSpacing=[0.0002, 0.0002])).pixel_spacing_mm is None


@pytest.mark.parametrize(
    ("elements", "words"),
    [
        ({"Modality": "CT"}, "a CT image"),
        ({"Modality": "MR"}, "an MR image"),
        ({"Modality": "MG"}, "a mammogram"),
        ({"Modality": "ZZ"}, "another modality"),
        ({"SOPClassUID": "1.2.840.10008.5.1.4.1.1.2"}, "CT Image Storage"),
        ({"NumberOfFrames": 3}, "3 frames"),
        ({"BitsAllocated": 1, "BitsStored": 1}, "a mask"),
    ],
    ids=lambda value: "" if isinstance(value, dict) else value,
)
def test_what_is_no_radiograph_is_refused_by_name(dicom, elements, words):
    with pytest.raises(UnsupportedFile, match=words):
        open_radiograph(dicom(GREY, **elements))


def test_no_picture_in_the_file(dicom):
    with pytest.raises(UnreadableFile, match="no picture"):
        open_radiograph(dicom(GREY, PixelData=None))


def test_a_file_that_says_nothing_of_itself_is_let_in_with_a_notice(dicom):
    image = open_radiograph(dicom(GREY, Modality="", SOPClassUID="1.2.3.4", **WINDOW))
    assert image.kind == "DICOM"
    assert image.notices[0] == Notice("kind_unsaid")


def test_free_text_of_the_file_gets_nowhere(dicom):
    marker = "MARKERXYZ"
    texts = dict.fromkeys(("PatientID", "BodyPartExamined", "ViewPosition", "PresentationLUTShape"), marker)
    image = open_radiograph(dicom(GREY, PatientName=marker, StudyDescription=marker, **texts))
    assert marker not in repr(image)
    with pytest.raises(UnsupportedFile) as refusal:
        open_radiograph(dicom(GREY, Modality=marker))
    assert marker not in str(refusal.value)


def test_malformed_elements_count_as_absent(dicom):
    data = dicom(GREY, WindowCenter="31.25", WindowWidth=64).replace(b"31.25", b"A.B.C")
    image = open_radiograph(data)
    assert image.pixels.tolist() == GREY.tolist()
    assert image.notices[0] == Notice("no_window")
