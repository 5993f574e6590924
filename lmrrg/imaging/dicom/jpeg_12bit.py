"""JPEG Extended with 12 bits to a pixel, decoded by GDCM: a plugin for pydicom, whose own stops at 8.

Knows one frame of grey values and nothing of the file around it. pydicom leaves such frames to a library under
the GPL; GDCM's values were compared with those of libjpeg-turbo 3 and are the same.
"""

from typing import cast

import gdcm
from pydicom.pixels.decoders.base import DecodeRunner
from pydicom.uid import JPEGExtended12Bit

NAME = "gdcm_12bit"
DECODER_DEPENDENCIES = {JPEGExtended12Bit: ("gdcm>=3.2",)}


def is_available(uid: str) -> bool:
    """Whether this plugin decodes the transfer syntax ``uid``; pydicom asks."""
    return uid in DECODER_DEPENDENCIES


def decode_frame(frame: bytes, runner: DecodeRunner) -> bytes:
    """The frame's values as little-endian uint16, row by row.

    Raises:
        ValueError: GDCM could not make an image of the frame's full size.
    """
    fragment = gdcm.Fragment()
    fragment.SetByteStringValue(frame)
    fragments = gdcm.SequenceOfFragments.New()
    fragments.AddFragment(fragment)
    pixel_data = gdcm.DataElement(gdcm.Tag(0x7FE0, 0x0010))
    pixel_data.SetValue(fragments.__ref__())
    image = gdcm.Image()
    image.SetNumberOfDimensions(2)
    image.SetDimensions((runner.columns, runner.rows, 1))
    image.SetDataElement(pixel_data)
    grey = gdcm.PhotometricInterpretation.GetPIType(
        "MONOCHROME2"
    )  # whatever it is: GDCM must not turn it round
    image.SetPhotometricInterpretation(gdcm.PhotometricInterpretation(grey))
    image.SetTransferSyntax(gdcm.TransferSyntax(gdcm.TransferSyntax.JPEGExtendedProcess2_4))
    image.SetPixelFormat(gdcm.PixelFormat(1, 16, 12, 11, runner.pixel_representation))
    decoded = (
        image.GetBuffer()
    )  # bytes as GDCM's binding gives them, in the guise of a string; None on failure
    if decoded is None or len(decoded) != 2 * runner.rows * runner.columns:
        raise ValueError("GDCM could not decode the frame")
    return cast(bytes, decoded.encode("utf-8", "surrogateescape"))
