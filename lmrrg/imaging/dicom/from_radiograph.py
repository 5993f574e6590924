"""A radiograph → a DICOM file: one DX object for presentation, uncompressed.

For images that no machine took: what the standard asks of the acquisition (the tube, the detector, the size of a
pixel where it is not known) is left out, because there was none. The name, the description and Quality Control
Image say whose the image is not. Knows nothing of phantoms, and writes no patient's data.
"""

from datetime import date
from io import BytesIO

from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import DigitalXRayImageStorageForPresentation, ExplicitVRLittleEndian, generate_uid

from lmrrg.study import RadiographImage


def dicom_of(image: RadiographImage, *, patient: str, study: str, on: date, description: str) -> bytes:
    """The bytes of a DICOM file that ``open_radiograph`` reads back to the same pixels, bits, window and view.

    Args:
        patient: becomes Patient ID and, after ``PHANTOM^``, the name: 54 characters or fewer.
        study: key of the study among the patient's; equal keys give equal UIDs, so that a file can be made again.
        description: Series Description, 64 characters or fewer.

    Raises:
        ValueError: a text that is longer than its element may be.
    """
    if len(patient) > 54 or len(description) > 64:
        raise ValueError("A patient's key has at most 54 characters and a description at most 64.")
    dataset = Dataset()
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset.file_meta.MediaStorageSOPClassUID = DigitalXRayImageStorageForPresentation
    dataset.SOPClassUID = DigitalXRayImageStorageForPresentation
    dataset.StudyInstanceUID = generate_uid(entropy_srcs=["study", patient, study])
    dataset.SeriesInstanceUID = generate_uid(entropy_srcs=["series", patient, study])
    dataset.SOPInstanceUID = generate_uid(entropy_srcs=["image", patient, study])
    dataset.file_meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID

    dataset.PatientName, dataset.PatientID = f"PHANTOM^{patient}", patient
    dataset.PatientBirthDate = dataset.PatientSex = ""
    dataset.StudyDate = dataset.SeriesDate = dataset.ContentDate = on.strftime("%Y%m%d")
    dataset.StudyTime, dataset.StudyID, dataset.AccessionNumber = "000000", "", ""
    dataset.ReferringPhysicianName = dataset.Manufacturer = ""
    dataset.SeriesDescription = description
    dataset.SeriesNumber = dataset.InstanceNumber = 1
    dataset.Modality = "DX"
    dataset.ImageType = ["DERIVED", "PRIMARY"]
    dataset.PresentationIntentType = "FOR PRESENTATION"
    dataset.QualityControlImage = "YES"  # PS3.3 C.7.6.1: "a quality control or phantom image"
    dataset.BurnedInAnnotation = "NO"
    dataset.LossyImageCompression = "00"

    dataset.BodyPartExamined = "CHEST"
    dataset.ImageLaterality = "U"
    dataset.PatientOrientation = ["L", "F"]
    dataset.ViewPosition = image.view or ""
    if image.pixel_spacing_mm is not None:
        dataset.ImagerPixelSpacing = list(image.pixel_spacing_mm)

    dataset.Rows, dataset.Columns = image.pixels.shape
    dataset.SamplesPerPixel, dataset.PhotometricInterpretation = 1, "MONOCHROME2"
    dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit = 16, image.bits, image.bits - 1
    dataset.PixelRepresentation = 0
    dataset.PixelIntensityRelationship, dataset.PixelIntensityRelationshipSign = "LOG", -1
    dataset.PresentationLUTShape = "IDENTITY"
    dataset.RescaleIntercept, dataset.RescaleSlope, dataset.RescaleType = 0, 1, "US"
    dataset.WindowCenter, dataset.WindowWidth = image.window
    dataset.VOILUTFunction = "LINEAR_EXACT"
    dataset.add_new("PixelData", "OW", image.pixels.astype("<u2").tobytes())
    file = BytesIO()
    dataset.save_as(file, enforce_file_format=True)
    return file.getvalue()
