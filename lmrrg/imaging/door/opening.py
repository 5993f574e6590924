"""The door: one file in, one radiograph out, or a reason why not.

Does not know any format itself; it bounds the bytes, asks what they are, and hands them on. A format's own library
is imported when the first such file comes, so that a process that opens none stays small.
"""

import warnings
from dataclasses import dataclass, replace
from pathlib import Path

from lmrrg.errors import FileTooLarge, IntakeError, UnreadableFile
from lmrrg.imaging.door.bounds import read_bounded
from lmrrg.imaging.door.header import Header
from lmrrg.imaging.door.sniff import format_of
from lmrrg.study import RadiographImage


@dataclass(frozen=True, slots=True, eq=False)
class Arrival:
    """A radiograph as it came in. ``header`` is None for files that are no DICOM: nothing of theirs is kept."""

    image: RadiographImage
    header: Header | None = None


def open_radiograph(source: Path | bytes) -> RadiographImage:
    """The radiograph of ``receive``, which see for the errors, without its header."""
    return receive(source).image


def receive(source: Path | bytes) -> Arrival:
    """Open one radiograph in this process.

    Warnings of the libraries are silenced meanwhile, for the whole process: a server with threads uses
    ``receive_untrusted``.

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
                from lmrrg.imaging.dicom.to_radiograph import decode_dicom

                return _looked_at(*decode_dicom(data))
            from lmrrg.imaging.raster.to_radiograph import decode_raster

            return _looked_at(decode_raster(data, kind))
        except IntakeError:
            raise
        except MemoryError:
            raise FileTooLarge(
                "The image needs more memory than an image may take here. Export it at its own resolution."
            ) from None
        except (KeyboardInterrupt, SystemExit, GeneratorExit):
            raise
        except BaseException as damage:  # a panic of a decoder written in Rust is no Exception
            # The parsers meet bytes that nobody foresaw and raise whatever comes; their words are not passed
            # on, because they may quote what stands in the file.
            raise UnreadableFile(
                f"The {kind} file is damaged or truncated and cannot be decoded. Export or send it again."
            ) from damage


def _looked_at(image: RadiographImage, header: Header | None = None) -> Arrival:
    """The arrival with what the image itself says added to its notices."""
    from lmrrg.imaging.appearance import notices_of

    return Arrival(replace(image, notices=(*image.notices, *notices_of(image))), header)
