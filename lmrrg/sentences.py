"""Where one sentence of a report ends and the next begins. Knows punctuation, not radiology."""

import re

# A full stop, exclamation or question mark followed by white space, or a line break. A decimal point ("2.5 cm")
# has no space after it; list numbers ("1. No effusion") must not stand alone as a sentence.
_END = re.compile(r"(?<=[.!?])(?<!\b\d\.)\s+|\s*\n\s*")


def spans(text: str) -> list[tuple[int, int]]:
    """(start, end) of each sentence in ``text``, without surrounding white space; none is empty."""
    bounds, start = [], 0
    for match in _END.finditer(text):
        bounds.append((start, match.start()))
        start = match.end()
    bounds.append((start, len(text)))
    trimmed = []
    for first, last in bounds:
        piece = text[first:last]
        first += len(piece) - len(piece.lstrip())
        last = first + len(piece.strip())
        if last > first:
            trimmed.append((first, last))
    return trimmed


def split(text: str) -> list[str]:
    """The sentences of ``text`` in order."""
    return [text[first:last] for first, last in spans(text)]
