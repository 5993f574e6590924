"""DICOM files made in the test, and the way to the shared data."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import UID, ExplicitVRLittleEndian, generate_uid

DX_CLASS = "1.2.840.10008.5.1.4.1.1.1.1"


@pytest.fixture(scope="session")
def shared_data(shared: Path) -> Path:
    return shared / "data"


@pytest.fixture
def dicom() -> Callable[..., bytes]:
    """``dicom(values, Keyword=value, …)``: a DX object with these stored values; None removes an element."""

    def build(values, syntax: str = ExplicitVRLittleEndian, frames: bytes | None = None, **elements) -> bytes:
        values = np.asarray(values)
        dataset = Dataset()
        dataset.file_meta = FileMetaDataset()
        dataset.file_meta.TransferSyntaxUID = UID(syntax)
        dataset.file_meta.MediaStorageSOPClassUID = elements.get("SOPClassUID") or DX_CLASS
        dataset.file_meta.MediaStorageSOPInstanceUID = generate_uid()
        dataset.SOPClassUID = DX_CLASS
        dataset.SOPInstanceUID = dataset.file_meta.MediaStorageSOPInstanceUID
        dataset.Modality = "DX"
        dataset.Rows, dataset.Columns = values.shape[:2]
        dataset.SamplesPerPixel = 1 if values.ndim == 2 else 3
        if values.ndim == 3:
            dataset.PlanarConfiguration = 0
        dataset.PhotometricInterpretation = "MONOCHROME2" if values.ndim == 2 else "RGB"
        bits = 8 * values.dtype.itemsize
        dataset.BitsAllocated = dataset.BitsStored = bits
        dataset.HighBit = elements.get("BitsStored", bits) - 1
        dataset.PixelRepresentation = int(values.dtype.kind == "i")
        data = frames if frames is not None else values.tobytes()
        dataset.add_new("PixelData", "OB" if bits == 8 or frames else "OW", data + b"\0" * (len(data) % 2))
        if frames is not None:
            dataset["PixelData"].is_undefined_length = True
        for keyword, value in elements.items():
            if value is None:
                delattr(dataset, keyword)
            else:
                setattr(dataset, keyword, value)
        file = BytesIO()
        dataset.save_as(file, enforce_file_format=True)
        return file.getvalue()

    return build
