"""The lexicon of ``lexicon.toml`` as one trie over lemmas. Knows words; knows nothing of scope or sentences.

A phrase can mean several things at once (``large`` is a severity and a state; ``perihilar`` a zone and an
anatomy): its node carries all of its senses, and the reader of the match takes the one that fits.
"""

import itertools
import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, NamedTuple

Kind = Literal["observation", "anatomy", "side", "zone", "severity", "change", "state", "cue"]


class Sense(NamedTuple):
    """One meaning of a phrase: its kind, and its name within that kind."""

    kind: Kind
    name: str


@dataclass(frozen=True, slots=True)
class Concept:
    """Something that can be observed.

    Attributes:
        finding: the CheXpert finding it counts for, or None.
        home: the region, without a side, where it lies when the text names none.
        sided: can lie on the left or on the right.
        generic: says "something" rather than what ("no acute abnormality").
        doubtful: only suggests its finding (a blunted angle, an effusion).
    """

    name: str
    finding: str | None
    home: str
    sided: bool = True
    generic: bool = False
    doubtful: bool = False


class Node:
    """A node of the trie: the senses of the phrase that ends here, and the words that may follow.

    ``kinds`` is kind → name; a phrase with several names of one kind has all of them in ``concepts`` (names of
    observations), ``states`` and ``cues``.
    """

    __slots__ = ("concepts", "cues", "kinds", "next", "senses", "states")

    def __init__(self) -> None:
        self.next: dict[str, Node] = {}
        self.senses: tuple[Sense, ...] = ()
        self.kinds: dict[str, str] = {}
        self.concepts: tuple[str, ...] = ()
        self.states: tuple[str, ...] = ()
        self.cues: tuple[str, ...] = ()

    def add(self, sense: Sense) -> None:
        """One more meaning of the phrase that ends here."""
        if sense in self.senses:
            return
        self.senses = (*self.senses, sense)
        self.kinds[sense.kind] = sense.name
        self.concepts = tuple(one.name for one in self.senses if one.kind == "observation")
        self.states = tuple(one.name for one in self.senses if one.kind == "state")
        self.cues = tuple(one.name for one in self.senses if one.kind == "cue")


_TABLE: dict[str, Any] = tomllib.loads((Path(__file__).parent / "lexicon.toml").read_text("utf-8"))
_IRREGULAR: dict[str, str] = _TABLE["irregular"]
_EXPANSION: dict[str, tuple[str, ...]] = {
    short: tuple(long.split()) for short, long in _TABLE["expansion"].items()
}
_KEEPS_ITS_S = ("ss", "us", "is", "as", "os", "series")


@lru_cache(maxsize=65536)
def lemma(word: str) -> str:
    """The form under which the lexicon knows a lower-case word: ``effusions`` → ``effusion``."""
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if len(word) > 3 and word.endswith("s"):
        if word.endswith("ies") and len(word) > 5 and not word.endswith("series"):
            word = word[:-3] + "y"
        elif word.endswith(("sses", "xes", "ches", "shes")):
            word = word[:-2]
        elif not word.endswith(_KEEPS_ITS_S):
            word = word[:-1]
    return _IRREGULAR.get(word, word)


@lru_cache(maxsize=65536)
def lemmas(word: str) -> tuple[str, ...]:
    """A word as one or more lemmas: ``bibasilar`` → ``bilateral``, ``basilar``."""
    short = lemma(word)
    return _EXPANSION.get(word) or _EXPANSION.get(short) or (short,)


def _spellings(phrase: str) -> list[tuple[str, ...]]:
    """Every run of lemmas that a phrase with ``(a|b)`` alternatives stands for."""
    parts = re.findall(r"\(([^)]*)\)|([^()]+)", phrase)
    choices = [group.split("|") if group or not rest else [rest] for group, rest in parts]
    joined = ("".join(choice) for choice in itertools.product(*choices))
    return [tuple(form for word in text.split() for form in lemmas(word)) for text in joined]


def _all_phrases() -> list[tuple[Kind, str, list[str]]]:
    found: list[tuple[Kind, str, list[str]]] = []
    for name, entry in _TABLE["observation"].items():
        found.append(("observation", name, entry["phrases"]))
    for name, entry in _TABLE["anatomy"].items():
        found.append(("anatomy", name, entry["phrases"]))
    flat: tuple[Kind, ...] = ("side", "zone", "severity", "change", "state", "cue")
    for kind in flat:
        for name, phrases in _TABLE[kind].items():
            found.append((kind, name, phrases))
    return found


def _build() -> Node:
    root = Node()
    for kind, name, phrases in _all_phrases():
        sense = Sense(kind, name)
        for phrase in phrases:
            for words in _spellings(phrase):
                node = root
                for word in words:
                    node = node.next.setdefault(word, Node())
                node.add(sense)
    return root


TRIE: Node = _build()

CONCEPTS: dict[str, Concept] = {
    name: Concept(
        name,
        entry.get("finding"),
        entry.get("home", ""),
        entry.get("sided", True),
        entry.get("generic", False),
        entry.get("doubtful", False),
    )
    for name, entry in _TABLE["observation"].items()
}

ANATOMY_REGION: dict[str, str] = {name: entry["region"] for name, entry in _TABLE["anatomy"].items()}

# Words that qualify an observation without grading it.
DESCRIPTORS: frozenset[str] = frozenset(lemma(word) for word in _TABLE["descriptor"]["words"])


class Reading(NamedTuple):
    """What a structure in a state says: whether the observation is present, and whether that is only implied."""

    observation: str
    present: bool
    implied: bool


# (structure, state) → what it says
COMBINATIONS: dict[tuple[str, str], Reading] = {
    (structure, state): Reading(rule["observation"], rule["present"], rule.get("implied", False))
    for rule in _TABLE["combination"]
    for structure in rule["anatomy"]
    for state in rule["state"]
}
