"""What of a DICOM header gets in: an allow-list, keyed stand-ins, and nothing else."""

import json
import re

import numpy as np
import pytest
from pydicom.dataset import Dataset

from lmrrg.imaging import receive_untrusted
from lmrrg.imaging.door.header import Header, replaced
from lmrrg.imaging.door.opening import receive

GREY = np.arange(64, dtype=np.uint8).reshape(8, 8)
SECRET, OTHER_SECRET = b"s" * 32, b"t" * 32
PATIENT = {"PatientID": "4711", "StudyInstanceUID": "1.2.3.4", "StudyDate": "20240229"}


def stored(data: bytes, secret: bytes = SECRET) -> dict:
    return replaced(receive(data).header, secret)


def test_safe_elements_stay_and_all_others_are_counted(dicom):
    safe = {"KVP": "120.5", "BodyPartExamined": "CHEST", "PatientOrientation": ["L", "F"]}
    unsafe = {"PatientName": "Doe^Jane", "StationName": "DX7", "StudyTime": "101112", "PatientSex": "F"}
    before, after = stored(dicom(GREY)), stored(dicom(GREY, **safe, **unsafe))
    assert {key: after["kept"][key] for key in safe} == {**safe, "KVP": 120.5}
    assert set(after["kept"]) - set(before["kept"]) == set(safe)
    assert after["dropped"] - before["dropped"] == len(unsafe)


@pytest.mark.parametrize(
    "element",
    [{"BodyPartExamined": "JANE DOE"}, {"ViewPosition": "DOE"}, {"PatientOrientation": ["DOE", "F"]}],
    ids=lambda element: next(iter(element)),
)
def test_a_safe_element_with_other_words_is_dropped(dicom, element):
    assert next(iter(element)) not in stored(dicom(GREY, **element))["kept"]


def test_no_number_is_long_enough_for_an_identifier(dicom):
    assert stored(dicom(GREY, ExposureIndex="1234.56789"))["kept"]["ExposureIndex"] == 1234.57
    assert "ExposureIndex" not in stored(dicom(GREY, ExposureIndex="123456789"))["kept"]


def test_private_and_nested_elements_are_dropped(dicom):
    item = Dataset()
    item.PatientID = "MARKER"
    private = dicom(GREY, OtherPatientIDsSequence=[item])
    assert "MARKER" not in json.dumps(stored(private))
    assert stored(private)["dropped"] == stored(dicom(GREY))["dropped"] + 2


def test_uids_are_others_and_always_the_same_ones(dicom):
    first, second = (stored(dicom(GREY, **PATIENT))["replaced"]["StudyInstanceUID"] for _ in range(2))
    assert first == second
    assert re.fullmatch(r"2\.25\.[1-9]\d{0,38}", first)
    assert stored(dicom(GREY, **PATIENT), OTHER_SECRET)["replaced"]["StudyInstanceUID"] != first


def test_dates_move_by_the_patient_s_own_number_of_days(dicom):
    from datetime import date

    def moved(patient: str, day: str) -> date:
        words = stored(dicom(GREY, **{**PATIENT, "PatientID": patient, "StudyDate": day}))
        return date.fromisoformat(words["replaced"]["StudyDate"])

    assert moved("4711", "20240301") - moved("4711", "20240229") == date(2024, 3, 1) - date(2024, 2, 29)
    assert 1 <= (date(2024, 2, 29) - moved("4711", "20240229")).days <= 3650
    assert moved("4711", "20240229") != moved("4712", "20240229")


def test_a_date_that_is_none_is_dropped():
    assert replaced(Header(dates={"StudyDate": "2024-JANE"}), SECRET)["replaced"] == {}


@pytest.mark.parametrize(
    ("elements", "whose"),
    [
        ({"PatientID": "4711"}, "4711"),
        ({"PatientID": "4711", "IssuerOfPatientID": "H"}, "4711^^^H"),
        ({"PatientID": "ANONYMOUS", "StudyInstanceUID": "1.2.3"}, "study 1.2.3"),
        ({"PatientID": "000", "StudyInstanceUID": "1.2.3"}, "study 1.2.3"),
        ({"PatientID": None}, ""),
    ],
    ids=["identifier", "issuer", "anonymous", "zeros", "nobody"],
)
def test_whose_a_file_is(dicom, elements, whose):
    elements = {"PatientID": "", **elements} if elements["PatientID"] else {}
    assert receive(dicom(GREY, **elements)).header.whose == whose


def test_identifiers_do_not_show_when_a_header_is_printed(dicom):
    header = receive_untrusted(dicom(GREY, **PATIENT)).header
    assert not re.search("4711|1.2.3.4|20240229", repr(header))
