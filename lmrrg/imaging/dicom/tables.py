"""Lookup tables of DICOM (modality LUT and VOI LUT), applied as PS3.3 C.11.1.1 and C.11.2.1.1 say.

Written here because pydicom's own loses the high bits of the input where the entries have 8 bits.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """Entries for the inputs ``first``, ``first`` + 1, …; below and beyond, the outermost entry holds.

    Attributes:
        entries: uint16 ``[N]``, within ``0 … 2**bits − 1``.
    """

    entries: NDArray[np.uint16]
    first: int
    bits: int

    def lookup(self, values: NDArray[np.int64]) -> NDArray[np.uint16]:
        """The entry for each of ``values``, of any shape."""
        return self.entries[np.clip(values - self.first, 0, len(self.entries) - 1)]


def table_of(dataset: Dataset, keyword: str, signed: bool) -> Table | None:
    """The first table of the sequence ``keyword``, or None where there is none.

    Raises:
        ValueError and others: the sequence is there, and damaged.
    """
    sequence = dataset.get(keyword)
    if not sequence:
        return None
    item = sequence[0]
    count, first, bits = (int(number) for number in item.LUTDescriptor)
    count = count or 65536
    if signed and first >= 32768:  # written as unsigned, meant as signed
        first -= 65536
    entries = _entries(item.LUTData, count, bool(dataset.original_encoding[1]))
    if len(entries) < count:
        raise ValueError("the lookup table is cut off")
    highest = int(entries.max())
    return Table(entries[:count], first, max(bits if 8 <= bits <= 16 else 16, highest.bit_length()))


def _entries(data: Any, count: int, little_endian: bool) -> NDArray[np.uint16]:
    if not isinstance(data, bytes | bytearray):
        return np.atleast_1d(np.asarray(data, dtype=np.int64) & 0xFFFF).astype(np.uint16)
    if len(data) < 2 * count:  # one byte to an entry
        return np.frombuffer(data, dtype=np.uint8).astype(np.uint16)
    return np.frombuffer(data, dtype="<u2" if little_endian else ">u2").astype(np.uint16)
