"""A misspelt word → the one word that it is a slip of the pen of: a letter left out, doubled, wrong, or two swapped.

Only long words are mended, and only where one word alone is that near. Knows letters; what a word means it does not.
"""

from collections.abc import Iterable

SHORTEST = 8


class Misspellings:
    """The words to mend towards, by every way to leave one letter out of them (Garbe's symmetric deletes)."""

    def __init__(self, words: Iterable[str]) -> None:
        self._words_of: dict[str, set[str]] = {}
        for word in words:
            if len(word) >= SHORTEST:
                for shorter in _without_a_letter(word):
                    self._words_of.setdefault(shorter, set()).add(word)

    def mended(self, word: str) -> str | None:
        """The one word that ``word`` is a slip of; None where there is none, or more than one."""
        if len(word) < SHORTEST - 1 or not self._words_of:
            return None
        near = {
            known
            for shorter in _without_a_letter(word)
            for known in self._words_of.get(shorter, ())
            if known[0] == word[0] and _is_slip(word, known)
        }
        return near.pop() if len(near) == 1 else None


def _without_a_letter(word: str) -> set[str]:
    return {word, *(word[:place] + word[place + 1 :] for place in range(len(word)))}


def _is_slip(word: str, known: str) -> bool:
    """Whether one letter is missing, added or wrong, or two neighbours are swapped."""
    start = 0
    while start < min(len(word), len(known)) and word[start] == known[start]:
        start += 1
    here, there = word[start:], known[start:]
    missing, added, wrong = there[1:] == here, here[1:] == there, here[1:] == there[1:]
    return missing or added or wrong or (here[:2] == there[1::-1] and here[2:] == there[2:])
