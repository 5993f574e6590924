"""The door: one file in, one radiograph out, or a reason why not.

Knows no format itself; it bounds the bytes, asks what they are, and hands them on. A format's own library
is imported when the first such file comes, so that a process that opens none stays small.
"""

import warnings
from pathlib import Path

from lmrrg.errors import FileTooLarge, IntakeError, UnreadableFile
from lmrrg.imaging.bounds import read_bounded
from lmrrg.imaging.sniff import format_of
from lmrrg.types import RadiographImage


def open_radiograph(source: Path | bytes) -> RadiographImage:
    """Open one radiograph in this process.

    Warnings of the libraries are silenced meanwhile, for the whole process: a server with threads uses
    ``open_untrusted``.

    Raises:
        FileTooLarge: over the bounds on bytes or pixels, or more than the memory at hand.
        UnreadableFile: damaged, truncated, or no format that we know.
        UnsupportedFile: understood, but not a single radiograph.
    """
    data = read_bounded(source)
    kind = format_of(data)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            if kind == "DICOM":
                from lmrrg.imaging.dicom import decode_dicom

                return decode_dicom(data)
            from lmrrg.imaging.raster import decode_raster

            return decode_raster(data, kind)
        except IntakeError:
            raise
        except MemoryError:
            raise FileTooLarge(
                "The image needs more memory than an image may take here. Export it at its own resolution."
            ) from None
        except Exception as damage:
            # The parsers meet bytes that nobody foresaw and raise whatever comes; their words are not passed
            # on, because they may quote what stands in the file.
            raise UnreadableFile(
                f"The {kind} file is damaged or truncated and cannot be decoded. Export or send it again."
            ) from damage
