"""The stored values of a DICOM file's only frame, after every bound that can be checked beforehand.

Knows compression and bit layout; what the values mean is ``dicom``'s business.
"""

from typing import Any

from numpy.typing import NDArray
from pydicom.dataset import Dataset
from pydicom.encaps import generate_frames
from pydicom.pixels.decoders.base import get_decoder
from pydicom.pixels.utils import pixel_array
from pydicom.uid import (
    UID,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    JPEGExtended12Bit,
    RLELossless,
)

from lmrrg.errors import UnreadableFile, UnsupportedFile
from lmrrg.imaging import dicom_tags as tags
from lmrrg.imaging.bounds import check_extent
from lmrrg.imaging.codestream import claimed_size

_SLACK_BYTES = 65536


def decode_stored(dataset: Dataset) -> NDArray[Any]:
    """Stored values ``[rows, columns]`` or ``[rows, columns, 3]`` (red, green, blue), of an integer type.

    Raises:
        FileTooLarge, UnreadableFile, UnsupportedFile: see ``errors``. Damage within the compressed data
            surfaces as whatever the decoder raises.
    """
    rows, columns = tags.whole(dataset, "Rows", 0), tags.whole(dataset, "Columns", 0)
    samples = tags.whole(dataset, "SamplesPerPixel", 1)
    if min(rows, columns) < 1:
        raise UnreadableFile("The file does not say how large its image is. Export or send it again.")
    check_extent(rows, columns, samples)
    allocated = tags.whole(dataset, "BitsAllocated", 0)
    if allocated == 1:
        raise UnsupportedFile(
            "This image is a mask of black and white, not a radiograph. Choose the radiograph."
        )
    if allocated not in (8, 16, 32):
        raise UnreadableFile("The file does not say how many bits a pixel has. Export or send it again.")
    syntax = _transfer_syntax(dataset)
    if syntax.is_compressed:
        _check_frame(dataset, syntax, (rows, columns), rows * columns * samples * (allocated // 8))
        return _decode_compressed(dataset, syntax)
    return _decode_native(dataset, allocated)


def _transfer_syntax(dataset: Dataset) -> UID:
    """The file's transfer syntax; where it names none, the one by which its elements could be read."""
    found = dataset.file_meta.get("TransferSyntaxUID")
    if not found:
        if dataset["PixelData"].is_undefined_length:
            raise UnreadableFile("The file does not say how its image is compressed. Export it again.")
        implicit, little = dataset.original_encoding
        plain = ExplicitVRLittleEndian if little else ExplicitVRBigEndian
        found = dataset.file_meta.TransferSyntaxUID = ImplicitVRLittleEndian if implicit else plain
    return UID(found)


def _check_frame(dataset: Dataset, syntax: UID, size: tuple[int, int], expected_bytes: int) -> None:
    """The compressed picture must be one that can become the image of the header, and nothing larger."""
    if syntax.name == syntax or not syntax.is_transfer_syntax:
        raise UnreadableFile(_cannot_decompress("an unknown one"))
    try:
        available = get_decoder(syntax).is_available
    except NotImplementedError:
        available = False
    if not available:
        raise UnreadableFile(_cannot_decompress(syntax.name))
    frame = next(generate_frames(dataset.PixelData, number_of_frames=1))
    if len(frame) > 2 * expected_bytes + _SLACK_BYTES:
        raise UnreadableFile("The compressed image is longer than the image itself. Export or send it again.")
    if syntax == RLELossless:
        return
    claimed = claimed_size(frame)
    if claimed is None:
        raise UnreadableFile("The compressed image in the file is damaged. Export or send it again.")
    if claimed[:2] != size:
        raise UnreadableFile(
            "The file contradicts itself on the size of its image. Export it again from the archive."
        )


def _decode_compressed(dataset: Dataset, syntax: UID) -> NDArray[Any]:
    try:
        return pixel_array(dataset)
    except MemoryError:
        raise
    except Exception:
        if syntax == JPEGExtended12Bit:
            raise UnreadableFile(_cannot_decompress(syntax.name)) from None
        raise


def _decode_native(dataset: Dataset, allocated: int) -> NDArray[Any]:
    """Uncompressed values; a High Bit that is not the topmost stored one shifts them, as old files do."""
    stored = tags.whole(dataset, "BitsStored", allocated)
    below = tags.whole(dataset, "HighBit", stored - 1) + 1 - stored
    if not (below > 0 and stored + below <= allocated):
        return pixel_array(dataset)
    values = pixel_array(dataset, correct_unused_bits=False)
    return (values << (allocated - stored - below)) >> (allocated - stored)


def _cannot_decompress(name: str) -> str:
    return (
        f"The image is compressed in a way that cannot be read here ({name}). "
        "Export it uncompressed or as JPEG 2000."
    )
