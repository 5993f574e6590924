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
    HTJ2K,
    JPEG2000,
    UID,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    HTJ2KLossless,
    HTJ2KLosslessRPCL,
    ImplicitVRLittleEndian,
    JPEG2000Lossless,
    JPEGBaseline8Bit,
    JPEGExtended12Bit,
    JPEGLossless,
    JPEGLosslessSV1,
    JPEGLSLossless,
    JPEGLSTransferSyntaxes,
    RLELossless,
)

from lmrrg.errors import UnreadableFile, UnsupportedFile
from lmrrg.imaging.dicom import tags
from lmrrg.imaging.dicom.codestream import claim_of
from lmrrg.imaging.door.bounds import LOSSLESS_RATIO, LOSSY_RATIO, check_expansion, check_extent

_SLACK_BYTES = 65536
# One decoder for each compression, the one that was measured. Without a choice pydicom would take whatever is
# installed: GDCM, whose JPEG 2000 is that of 2017, or its own run lengths, twenty times as slow.
_DECODERS: dict[str, str] = {
    JPEGBaseline8Bit: "pillow",
    JPEGExtended12Bit: "pillow",  # with 12 bits the plugin of jpeg_12bit
    JPEGLossless: "gdcm",
    JPEGLosslessSV1: "gdcm",
    RLELossless: "pylibjpeg",
    **dict.fromkeys(JPEGLSTransferSyntaxes, "pyjpegls"),
}
_JPEG_2000 = (JPEG2000, JPEG2000Lossless, HTJ2K, HTJ2KLossless, HTJ2KLosslessRPCL)  # the plugin of jpeg_2000
_LOSSLESS = (
    JPEGLossless,
    JPEGLosslessSV1,
    JPEGLSLossless,
    JPEG2000Lossless,
    HTJ2KLossless,
    HTJ2KLosslessRPCL,
    RLELossless,
)


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
        decoder = _decoder_for(dataset, syntax, (rows, columns, samples), allocated)
        return pixel_array(dataset, decoding_plugin=decoder)
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


def _decoder_for(dataset: Dataset, syntax: UID, size: tuple[int, int, int], allocated: int) -> str:
    """Which decoder to give the picture to, once it is known to become the image of the header and no larger."""
    if syntax.name == syntax or not syntax.is_transfer_syntax:
        raise UnreadableFile(_cannot_decompress("an unknown one"))
    if syntax not in _DECODERS and syntax not in _JPEG_2000:
        raise UnreadableFile(_cannot_decompress(syntax.name))
    frame = next(generate_frames(dataset.PixelData, number_of_frames=1))
    rows, columns, samples = size
    unpacked = rows * columns * samples * (allocated // 8)
    check_expansion(len(frame), unpacked, LOSSLESS_RATIO if syntax in _LOSSLESS else LOSSY_RATIO)
    if len(frame) > 2 * unpacked + _SLACK_BYTES:
        raise UnreadableFile("The compressed image is longer than the image itself. Export or send it again.")
    if syntax == RLELossless:
        return _DECODERS[syntax]
    claim = claim_of(frame)
    if claim is None:
        raise UnreadableFile("The compressed image in the file is damaged. Export or send it again.")
    if (claim.rows, claim.columns) != (rows, columns):
        raise UnreadableFile(
            "The file contradicts itself on the size of its image. Export it again from the archive."
        )
    if claim.components != samples or not 1 <= claim.bits <= allocated:
        raise UnreadableFile(
            "The file contradicts itself on the depth of its image. Export it again from the archive."
        )
    if syntax == JPEGExtended12Bit and claim.bits == 12 and samples == 1 and allocated == 16:
        return _decoder_of_12_bits()
    if syntax in _JPEG_2000:
        from lmrrg.imaging.dicom import jpeg_2000  # brings imagecodecs, which few files need

        return jpeg_2000.decoder_for(syntax)
    return _DECODERS[syntax]


def _decoder_of_12_bits() -> str:
    from lmrrg.imaging.dicom import jpeg_12bit  # brings GDCM, which few files need

    decoder = get_decoder(JPEGExtended12Bit)
    if jpeg_12bit.NAME not in decoder.available_plugins:
        decoder.add_plugin(jpeg_12bit.NAME, (jpeg_12bit.__name__, jpeg_12bit.decode_frame.__name__))
    return jpeg_12bit.NAME


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
