"""Good files of every kind that the door opens, small, made here: what benchmarks of intake begin with."""

import base64
import struct
from io import BytesIO

import imagecodecs
import numpy as np
from numpy.typing import NDArray
from PIL import Image
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.uid import (
    UID,
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    JPEG2000Lossless,
    JPEGBaseline8Bit,
    JPEGExtended12Bit,
    JPEGLosslessSV1,
    JPEGLSLossless,
    RLELossless,
    generate_uid,
)

# A ramp of 12 bits as libjpeg-turbo 3 wrote it, without loss (process 14) and as JPEG Extended, whose error is 0.
RAMP = (40 * np.arange(24)[:, None] + 70 * np.arange(32)[None, :]).astype(np.uint16)
RAMP_LOSSLESS_JPEG = base64.b64decode(
    "/9j/4AAQSkZJRgABAQAAAQABAAD/wwALDAAYACABAREA/8QAFgABAQEAAAAAAAAAAAAAAAAABwYM/9oACAEBAAEAAM/+jIyMjIyM"
    "jIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjVCMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyNUIyMjIyMjIyMjIyMjIyMjIyM"
    "jIyMjIyMjIyMjIyMjI1QjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjVCMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyM"
    "jIyNUIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjI1QjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjVCMjIyMjIyM"
    "jIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyNUIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjI1QjIyMjIyMjIyMjIyMjIyMjIyM"
    "jIyMjIyMjIyMjIyMjVCMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyNUIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyM"
    "jI1QjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjVCMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyNUIyMjIyMjIyM"
    "jIyMjIyMjIyMjIyMjIyMjIyMjIyMjI1QjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjVCMjIyMjIyMjIyMjIyMjIyMjIyM"
    "jIyMjIyMjIyMjIyNUIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjI1QjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyM"
    "jVCMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyNUIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjI1QjIyMjIyMjIyM"
    "jIyMjIyMjIyMjIyMjIyMjIyMjIyMjVCMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyNUIyMjIyMjIyMjIyMjIyMjIyMjIyM"
    "jIyMjIyMjIyMjI3/2Q=="
)
RAMP_EXTENDED_JPEG = base64.b64decode(
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAEBAQEBAQEBAQEBAQEBAQIBAQEBAQIBAQECAgICAgICAgIDAwQDAwMDAwICAwQDAwQE"
    "BAQEAgMFBQQEBQQEBAT/wQALDAAYACABAREA/8QAFQABAQAAAAAAAAAAAAAAAAAADQ7/xAAcEAAABgMAAAAAAAAAAAAAAAAACgsn"
    "OEVVYnP/2gAIAQEAAD8AjAdMDKTR5bPF1HLUIwCYGUmjy2eLqOWoRgEwMpNHls8XUctQjAJgZSaPLZ4uo5aiVf0wMpNHls8XUctQ"
    "jAJgZSaPLZ4uo5ahGATAyk0eWzxdRy1CMAmBlJo8tni6jlqJV/TAyk0eWzxdRy1CMAmBlJo8tni6jlqEYBMDKTR5bPF1HLUIwCYG"
    "Umjy2eLqOWo//9k="
)
DX_CLASS = "1.2.840.10008.5.1.4.1.1.1.1"


def radiograph(rows: int, columns: int, seed: int = 0, bits: int = 12) -> NDArray[np.uint16]:
    """Two dark fields between bright ones, with noise: compresses as a radiograph does."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[-1 : 1 : rows * 1j, -1 : 1 : columns * 1j]
    lungs = np.exp(-(((abs(x) - 0.45) / 0.3) ** 2) - (y / 0.6) ** 2)
    grey = 0.75 - 0.6 * lungs + 0.01 * rng.standard_normal((rows, columns))
    return np.asarray(grey.clip(0, 1) * (2**bits - 1), dtype=np.uint16)


def dicom(
    pixels: NDArray[np.uint16], syntax: str = ExplicitVRLittleEndian, bits: int = 12, **elements
) -> Dataset:
    """A DX image with these stored values; compressed by pydicom where it can."""
    dataset = Dataset()
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset.SOPClassUID = dataset.file_meta.MediaStorageSOPClassUID = UID(DX_CLASS)
    dataset.SOPInstanceUID = dataset.file_meta.MediaStorageSOPInstanceUID = generate_uid(
        entropy_srcs=["sample"]
    )
    dataset.Modality, dataset.PatientID, dataset.BodyPartExamined = "DX", "SAMPLE-1", "CHEST"
    dataset.Rows, dataset.Columns = pixels.shape
    dataset.SamplesPerPixel, dataset.PhotometricInterpretation = 1, "MONOCHROME2"
    dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit = 16, bits, bits - 1
    dataset.PixelRepresentation = 0
    dataset.WindowCenter, dataset.WindowWidth = 2 ** (bits - 1), 2**bits
    dataset.PixelData = pixels.tobytes()
    for keyword, value in elements.items():
        setattr(dataset, keyword, value)
    if syntax == JPEG2000Lossless:  # pydicom's own way would need the library that the program leaves out
        frame = imagecodecs.jpeg2k_encode(pixels, level=0, bitspersample=bits, codecformat="j2k")
        dataset.PixelData = encapsulate([frame])
        dataset["PixelData"].is_undefined_length = True
        dataset.file_meta.TransferSyntaxUID = UID(syntax)
    elif UID(syntax).is_compressed and syntax != DeflatedExplicitVRLittleEndian:
        dataset.compress(syntax)
    else:
        dataset.file_meta.TransferSyntaxUID = UID(syntax)
    return dataset


def as_bytes(dataset: Dataset) -> bytes:
    file = BytesIO()
    dataset.save_as(file, enforce_file_format=True)
    return file.getvalue()


def raster(pixels: NDArray[np.uint8] | NDArray[np.uint16], kind: str, **options) -> bytes:
    file = BytesIO()
    Image.fromarray(pixels).save(file, kind, **options)
    return file.getvalue()


def wrapped(dataset: Dataset, frame: bytes, syntax: str, bits: int = 12) -> bytes:
    """The data set with this compressed frame for its pixels."""
    dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit = (8 if bits == 8 else 16), bits, bits - 1
    dataset.PixelData = encapsulate([frame])
    dataset["PixelData"].VR, dataset["PixelData"].is_undefined_length = "OB", True
    dataset.file_meta.TransferSyntaxUID = UID(syntax)
    return as_bytes(dataset)


def samples() -> dict[str, bytes]:
    """One small file of every kind."""
    deep = radiograph(60, 72)
    shallow = (deep >> 4).astype(np.uint8)
    colour = np.stack([shallow] * 3, axis=-1)
    files = {kind: raster(shallow, kind) for kind in ("PNG", "JPEG", "TIFF", "BMP", "WEBP")}
    files["PNG, 16 bit"] = raster(deep, "PNG")
    files["TIFF, 16 bit"] = raster(deep, "TIFF", compression="tiff_lzw")
    files["TIFF, deflated"] = raster(shallow, "TIFF", compression="tiff_adobe_deflate")
    files["PNG, colour"] = raster(colour, "PNG")
    files["WEBP, lossless"] = raster(colour, "WEBP", lossless=True)
    files["BMP, run lengths"] = run_length_bmp(shallow)
    for syntax in (
        *(ExplicitVRLittleEndian, ImplicitVRLittleEndian, DeflatedExplicitVRLittleEndian),
        *(RLELossless, JPEGLSLossless, JPEG2000Lossless),
    ):
        files[f"DICOM, {UID(syntax).name}"] = as_bytes(dicom(deep, syntax))
    big = dicom(deep.byteswap(), ExplicitVRBigEndian)
    files["DICOM, big endian"] = as_bytes(big)
    signed = dicom(deep - np.uint16(2048), PixelRepresentation=1, PhotometricInterpretation="MONOCHROME1")
    files["DICOM, signed, MONOCHROME1"] = as_bytes(signed)
    files["DICOM, JPEG"] = wrapped(dicom(deep), raster(shallow, "JPEG"), JPEGBaseline8Bit, bits=8)
    files["DICOM, lossless JPEG"] = wrapped(dicom(RAMP), RAMP_LOSSLESS_JPEG, JPEGLosslessSV1)
    files["DICOM, 12-bit JPEG"] = wrapped(dicom(RAMP), RAMP_EXTENDED_JPEG, JPEGExtended12Bit)
    return files


def run_length_bmp(grey: NDArray[np.uint8]) -> bytes:
    """An 8-bit BMP in absolute and encoded runs, bottom row first."""
    rows, columns = grey.shape
    palette = b"".join(bytes((value, value, value, 0)) for value in range(256))
    body = (
        b"".join(b"".join(bytes((1, value)) for value in row.tolist()) + b"\0\0" for row in grey[::-1])
        + b"\0\1"
    )
    start = 14 + 40 + len(palette)
    header = struct.pack("<IiiHHIIiiII", 40, columns, rows, 1, 8, 1, len(body), 2835, 2835, 256, 0)
    return b"BM" + struct.pack("<IHHI", start + len(body), 0, 0, start) + header + palette + body
