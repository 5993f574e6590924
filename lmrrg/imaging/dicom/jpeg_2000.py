"""JPEG 2000 and its high-throughput form, decoded by OpenJPEG 2.5.4 as imagecodecs brings it: a plugin for pydicom.

pydicom's own ways to it bring OpenJPEG 2.5.2 (pylibjpeg), whose decoder is known to write outside of its memory, or
that of 2017 (GDCM), or keep 8 bits of colour (Pillow). Knows one frame and nothing of the file around it.
"""

import imagecodecs
import numpy as np
from pydicom.pixels.common import PhotometricInterpretation
from pydicom.pixels.decoders.base import DecodeRunner, get_decoder
from pydicom.uid import HTJ2K, JPEG2000, UID, HTJ2KLossless, HTJ2KLosslessRPCL, JPEG2000Lossless

NAME = "imagecodecs"
SYNTAXES = (JPEG2000, JPEG2000Lossless, HTJ2K, HTJ2KLossless, HTJ2KLosslessRPCL)
DECODER_DEPENDENCIES = dict.fromkeys(SYNTAXES, ("imagecodecs>=2026.3",))


def is_available(uid: str) -> bool:
    """Whether this plugin decodes the transfer syntax ``uid``; pydicom asks."""
    return uid in SYNTAXES


def decoder_for(syntax: UID) -> str:
    """The plugin's name, once pydicom knows it for the transfer syntax."""
    decoder = get_decoder(syntax)
    if NAME not in decoder.available_plugins:
        decoder.add_plugin(NAME, (__name__, decode_frame.__name__))
    return NAME


def decode_frame(frame: bytes, runner: DecodeRunner) -> bytes:
    """The frame's values, little-endian, row by row, the samples of a pixel together.

    Raises:
        imagecodecs.Jpeg2kError: the frame is damaged.
        ValueError: it is not of the size that the file names.
    """
    values = np.ascontiguousarray(imagecodecs.jpeg2k_decode(frame, numthreads=1))
    if values.size != runner.rows * runner.columns * runner.samples_per_pixel:
        raise ValueError("the compressed image is not of the size that the file names")
    # The width of the values follows the codestream's own precision, which may differ from the header's.
    runner.set_option("bits_allocated", 8 * values.dtype.itemsize)
    if runner.samples_per_pixel > 1:
        runner.set_option("planar_configuration", 0)
    if runner.photometric_interpretation in (
        PhotometricInterpretation.YBR_ICT,
        PhotometricInterpretation.YBR_RCT,
    ):
        runner.set_option("photometric_interpretation", PhotometricInterpretation.RGB)
    return values.tobytes()
