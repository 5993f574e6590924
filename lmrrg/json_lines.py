"""Cuts JSON Lines, and texts of a report a line, into their lines. Does not know what a line says.

JSON leaves U+2028, U+0085 and their kin as they are within a string, and a reader may paste them into a report;
``str.splitlines`` cuts there too, in the middle of a record.
"""


def lines_of(text: str) -> list[str]:
    """The lines of ``text``, cut at ``"\\n"`` alone; one at its very end closes the last line and opens none."""
    return text.removesuffix("\n").split("\n") if text else []
