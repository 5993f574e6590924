"""Which DICOM objects are a single radiograph, and what to say of those that are not.

Knows modalities and SOP classes, no pixels. An object is let in when neither its modality nor its SOP class
speaks against it; very old files carry neither, and are let in with a notice.
"""

from pydicom.dataset import Dataset
from pydicom.uid import UID

from lmrrg.errors import UnreadableFile, UnsupportedFile
from lmrrg.imaging.dicom import tags

RADIOGRAPHS = ("CR", "DX", "RG")
CAPTURES = ("OT", "SC")
_IMAGE_CLASSES = {
    "1.2.840.10008.5.1.4.1.1.1",  # Computed Radiography
    "1.2.840.10008.5.1.4.1.1.1.1",  # Digital X-Ray, for presentation
    "1.2.840.10008.5.1.4.1.1.1.1.1",  # Digital X-Ray, for processing
    "1.2.840.10008.5.1.4.1.1.7",  # Secondary Capture
    "1.2.840.10008.5.1.4.1.1.7.1",  # Multi-frame single bit, byte, word and colour Secondary Capture
    "1.2.840.10008.5.1.4.1.1.7.2",
    "1.2.840.10008.5.1.4.1.1.7.3",
    "1.2.840.10008.5.1.4.1.1.7.4",
}
_DIRECTORY_CLASS = "1.2.840.10008.1.3.10"
_MODALITIES = {
    "CT": "a CT image",
    "MR": "an MR image",
    "US": "an ultrasound image",
    "NM": "a nuclear medicine image",
    "PT": "a PET image",
    "MG": "a mammogram",
    "XA": "an angiography image",
    "RF": "a fluoroscopy image",
    "PX": "a panoramic dental image",
    "IO": "an intra-oral dental image",
    "ES": "an endoscopy image",
    "XC": "a photograph",
    "GM": "a microscopy image",
    "SM": "a slide microscopy image",
    "OP": "an ophthalmic photograph",
    "OCT": "an optical coherence tomogram",
    "BMD": "a bone densitometry",
    "SEG": "a segmentation",
    "SR": "a structured report",
    "KO": "a key object selection",
    "PR": "a presentation state",
    "DOC": "a document",
    "REG": "a registration",
    "ECG": "an electrocardiogram",
    "RTIMAGE": "a radiotherapy image",
    "RTDOSE": "a radiotherapy dose",
    "RTPLAN": "a radiotherapy plan",
    "RTSTRUCT": "a radiotherapy structure set",
}


def require_radiograph(dataset: Dataset) -> str:
    """The ``kind`` of the image: its modality, or ``"DICOM"`` where the file names none that we know.

    Raises:
        UnsupportedFile: something else than one radiograph; the message says what it is.
        UnreadableFile: a radiograph without a picture in it.
    """
    meta = getattr(dataset, "file_meta", None) or Dataset()
    media_class = str(tags.value(meta, "MediaStorageSOPClassUID") or "")
    if media_class == _DIRECTORY_CLASS or "DirectoryRecordSequence" in dataset:
        raise UnsupportedFile(
            "This is a DICOMDIR, the table of contents of a disc. Give the image files that lie beside it."
        )
    modality = tags.word(dataset, "Modality")
    if modality in _MODALITIES:
        raise _refusal(_MODALITIES[modality])
    sop_class = str(tags.value(dataset, "SOPClassUID") or media_class)
    class_name = UID(sop_class).name  # the UID itself, where it is not of the standard
    if class_name != sop_class and sop_class not in _IMAGE_CLASSES:
        raise _refusal(f"a DICOM object of the class “{class_name}”")
    if modality and modality not in RADIOGRAPHS + CAPTURES:
        raise _refusal("a DICOM object of another modality")
    if "PixelData" not in dataset:
        if "FloatPixelData" in dataset or "DoubleFloatPixelData" in dataset:
            raise _refusal("a map of computed values")
        if modality or sop_class in _IMAGE_CLASSES:
            raise UnreadableFile("The DICOM file has no picture in it. Export or send it again.")
        raise _refusal("a DICOM file without an image")
    frames = tags.whole(dataset, "NumberOfFrames", 1)
    if frames > 1:
        raise UnsupportedFile(
            f"This file holds {frames} frames, a film and not a single radiograph. Export one frame as an image."
        )
    return modality or "DICOM"


def _refusal(what: str) -> UnsupportedFile:
    return UnsupportedFile(f"This is {what}, not a radiograph. Choose the chest image of modality DX or CR.")
