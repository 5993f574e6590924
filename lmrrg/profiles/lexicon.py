"""The words of a profile's reports as one trie over lemmas, and what its words have in common.

They are written in TOML: one file, or a folder of files that together make one table. Knows words; knows nothing of
scope or sentences.

A phrase can mean several things at once (``large`` is a severity and a state; ``perihilar`` a zone and an
anatomy): its node carries all of its senses, and the reader of the match takes the one that fits.
"""

import itertools
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, NamedTuple

from lmrrg.profiles.misspelling import Misspellings

Kind = Literal[
    "observation", "anatomy", "side", "zone", "severity", "change", "state", "cue", "detail", "ratio", "known"
]
Detail = tuple[str, str]
# A device that lies where it does harm: what any lexicon's ``[detail.position]`` calls so.
ASTRAY: Detail = ("position", "malpositioned")


class Sense(NamedTuple):
    """One meaning of a phrase: its kind, and its name within that kind."""

    kind: Kind
    name: str


@dataclass(frozen=True, slots=True)
class Concept:
    """Something that can be observed.

    Attributes:
        finding: the profile's finding it counts for, or None.
        home: the region, without a side, where it lies when the text names none.
        sided: can lie on the left or on the right.
        generic: says "something" rather than what ("no acute abnormality").
        doubtful: only suggests its finding (a blunted angle, an effusion; congestion, an edema).
        minor: left out or added, it would not change a patient's care on the day.
        disease: the name of a disease; else of an abnormality.
    """

    name: str
    finding: str | None
    home: str
    sided: bool = True
    generic: bool = False
    doubtful: bool = False
    minor: bool = False
    disease: bool = False


class Node:
    """A node of the trie: the senses of the phrase that ends here, and the words that may follow.

    ``kinds`` is kind → name; a phrase with several names of one kind has all of them in ``concepts`` (names of
    observations), ``states``, ``cues`` and ``details`` (kind of detail, what is said).
    """

    __slots__ = ("concepts", "cues", "details", "kinds", "next", "senses", "states")

    def __init__(self) -> None:
        self.next: dict[str, Node] = {}
        self.senses: tuple[Sense, ...] = ()
        self.kinds: dict[str, str] = {}
        self.concepts: tuple[str, ...] = ()
        self.states: tuple[str, ...] = ()
        self.cues: tuple[str, ...] = ()
        self.details: tuple[Detail, ...] = ()

    def add(self, sense: Sense) -> None:
        """One more meaning of the phrase that ends here."""
        if sense in self.senses:
            return
        self.senses = (*self.senses, sense)
        self.kinds[sense.kind] = sense.name
        self.concepts = tuple(one.name for one in self.senses if one.kind == "observation")
        self.states = tuple(one.name for one in self.senses if one.kind == "state")
        self.cues = tuple(one.name for one in self.senses if one.kind == "cue")
        parted = (one.name.partition(":") for one in self.senses if one.kind == "detail")
        self.details = tuple((kind, said) for kind, _, said in parted)


_KEEPS_ITS_S = ("ss", "us", "is", "as", "os", "series")
# Within a name these say more than a place in the lung ("lower respiratory tract infection").
_RELATIVE = frozenset({"upper", "mid", "middle", "lower"})
_FLAT: tuple[Kind, ...] = ("side", "zone", "severity", "change", "state", "cue")


class Reading(NamedTuple):
    """What a structure in a state says: whether the observation is present, only implied, only perhaps present."""

    observation: str
    present: bool
    implied: bool
    doubtful: bool


class Lexicon:
    """The words of one profile. Two lexicons share nothing.

    Attributes:
        trie: its phrases.
        concepts: what can be observed, by name.
        anatomy_region: structure → region, without its side where it has one.
        descriptors: words that qualify an observation without grading it.
        known: words that say nothing of a finding. What is neither here nor in a phrase is not understood.
        foreign: words of other languages' grammar; a sentence with one of them is not read.
        combinations: (structure, state) → what it says.
        abnormal_states: states in which some structure is abnormal.
        ratios: name of a ratio → the observation that it tells, and the value above which that is present.
        detail_errors: kind of detail ("age") → the category of error where two accounts of one thing differ in it.
        zone_region: zone → region, without its side.
        runs_through: observation → regions without their side that its name alone tells ("endotracheal tube").
        anywhere: the home of observations whose place the text alone tells.
        heights: zone → height; two observations whose heights differ lie in different places.
        near_zones: pairs of zones that are nearly the same place.
        families: sets of observations that readers choose between.
        related: observation → other names of the same shadow: a small error, not one missed and one false.
        said_better_by: observation → those that name it better in the same sentence.
        headings: headings (regular expressions) of sections that are read, beside the usual ones.
    """

    def __init__(self, source: Path) -> None:
        """``source``: a file, or a folder of ``*.toml``.

        Raises OSError, ``tomllib.TOMLDecodeError`` or KeyError where it is no lexicon, ValueError where two files of
        a folder say the same thing.
        """
        table = _table(source)
        self._irregular: dict[str, str] = table.get("irregular", {})
        self._expansion = {short: tuple(long.split()) for short, long in table.get("expansion", {}).items()}
        self._vocabulary: set[str] = set()
        self._misspellings = Misspellings(())
        self.trie = self._trie(table)
        self.concepts = {
            name: Concept(
                name,
                entry.get("finding"),
                entry.get("home", ""),
                entry.get("sided", True),
                entry.get("generic", False),
                entry.get("doubtful", False),
                entry.get("minor", False),
                entry.get("disease", False),
            )
            for name, entry in table["observation"].items()
        }
        self.anatomy_region: dict[str, str] = {
            name: entry["region"] for name, entry in table.get("anatomy", {}).items()
        }
        self.descriptors = frozenset(map(self.lemma, table.get("descriptor", {}).get("words", ())))
        self.known = frozenset(
            self.lemma(word) for words in table.get("known", {}).values() for word in words if " " not in word
        )
        self.foreign = frozenset(
            word for words in table.get("foreign", {}).values() for word in words.split()
        )
        self._vocabulary |= self.known | self.descriptors | self.foreign
        self._misspellings = Misspellings(self._vocabulary - self.foreign)
        self.detail_errors: dict[str, str] = {
            kind: entry["error"] for kind, entry in table.get("detail", {}).items()
        }
        self.combinations = {
            (structure, state): Reading(
                rule["observation"], rule["present"], rule.get("implied", False), rule.get("doubtful", False)
            )
            for rule in table.get("combination", ())
            for structure in rule["anatomy"]
            for state in rule["state"]
        }
        self.abnormal_states = frozenset(
            state for (_, state), reading in self.combinations.items() if reading.present
        )
        self.ratios: dict[str, tuple[str, float]] = {
            name: (entry["observation"], entry["above"]) for name, entry in table.get("ratio", {}).items()
        }
        places = table.get("place", {})
        self.zone_region: dict[str, str] = places.get("zone_region", {})
        self.runs_through: dict[str, list[str]] = places.get("runs_through", {})
        self.anywhere: str = places.get("anywhere", "")
        self.heights: dict[str, int] = places.get("height", {})
        self.near_zones = frozenset(frozenset(pair) for pair in places.get("near", ()))
        likeness = table.get("likeness", {})
        self.families = {
            name: number for number, family in enumerate(likeness.get("families", ())) for name in family
        }
        pairs: list[list[str]] = likeness.get("related", [])
        self.related = {
            name: frozenset({b for a, b in pairs if a == name} | {a for a, b in pairs if b == name})
            for name in self.concepts
        }
        self.said_better_by = {
            name: frozenset(others) for name, others in likeness.get("said_better_by", {}).items()
        }
        self.headings: tuple[str, ...] = tuple(table.get("headings", {}).get("read", ()))

    def lemma(self, word: str) -> str:
        """The form under which the lexicon knows a lower-case word: ``effusions`` → ``effusion``."""
        irregular = self._irregular
        if word in irregular:
            return irregular[word]
        if len(word) > 3 and word.endswith("s"):
            if word.endswith("ies") and len(word) > 5 and not word.endswith("series"):
                word = word[:-3] + "y"
            elif word.endswith(("sses", "xes", "ches", "shes")):
                word = word[:-2]
            elif not word.endswith(_KEEPS_ITS_S):
                word = word[:-1]
        return irregular.get(word, word)

    def lemmas(self, word: str) -> tuple[str, ...]:
        """A word as one or more lemmas: ``bibasilar`` → ``bilateral``, ``basilar``; a slip of the pen is mended."""
        short = self.lemma(word)
        expanded = self._expansion.get(word) or self._expansion.get(short)
        if expanded:
            return expanded
        if short not in self._vocabulary and word not in self._vocabulary:
            short = self._misspellings.mended(short) or short
        return (short,)

    def _spellings(self, phrase: str) -> list[tuple[str, ...]]:
        """Every run of lemmas that a phrase with ``(a|b)`` alternatives stands for."""
        parts = re.findall(r"\(([^)]*)\)|([^()]+)", phrase)
        choices = [group.split("|") if group or not rest else [rest] for group, rest in parts]
        joined = ("".join(choice) for choice in itertools.product(*choices))
        return [tuple(form for word in text.split() for form in self.lemmas(word)) for text in joined]

    def _places(self, table: dict[str, Any]) -> dict[str, Sense]:
        """Words that tell a side or a zone also within the name of an observation: "basilar atelectasis"."""
        kinds: tuple[Kind, ...] = ("side", "zone")
        within = {
            self.lemma(phrase): Sense(kind, name)
            for kind in kinds
            for name, phrases in table.get(kind, {}).items()
            for phrase in phrases
            if " " not in phrase
        }
        return {word: sense for word, sense in within.items() if word not in _RELATIVE}

    def _trie(self, table: dict[str, Any]) -> Node:
        root = Node()
        places = self._places(table)
        for sense, phrases in _phrases(table):
            for phrase in phrases:
                for words in self._spellings(phrase):
                    node = root
                    for word in words:
                        node = node.next.setdefault(word, Node())
                    self._vocabulary.update(words)
                    node.add(sense)
                    if sense.kind == "observation":
                        for word in words:
                            if word in places:
                                node.add(places[word])
        return root


def _table(source: Path) -> dict[str, Any]:
    """The table of one file, or the tables of a folder's files as one."""
    if source.is_file():
        return tomllib.loads(source.read_text("utf-8"))
    whole: dict[str, Any] = {}
    for file in sorted(source.glob("*.toml")):
        _merge(whole, tomllib.loads(file.read_text("utf-8")), file.name)
    return whole


def _merge(whole: dict[str, Any], part: dict[str, Any], name: str) -> None:
    for key, value in part.items():
        known = whole.setdefault(key, value)
        if known is value:
            continue
        if isinstance(known, dict) and isinstance(value, dict):
            _merge(known, value, name)
        elif isinstance(known, list) and isinstance(value, list):
            known += value
        else:
            raise ValueError(f'{name} says "{key}" again, which another file of the lexicon says.')


def _phrases(table: dict[str, Any]) -> Iterator[tuple[Sense, list[str]]]:
    nested: tuple[Kind, ...] = ("observation", "anatomy", "ratio")
    for kind in nested:
        for name, entry in table.get(kind, {}).items():
            yield Sense(kind, name), entry["phrases"]
    for kind in _FLAT:
        for name, phrases in table.get(kind, {}).items():
            yield Sense(kind, name), phrases
    for kind_of_detail, entry in table.get("detail", {}).items():
        for said, phrases in entry["said"].items():
            yield Sense("detail", f"{kind_of_detail}:{said}"), phrases
            if "side" in entry:
                yield Sense("side", entry["side"]), phrases
    for name, words in table.get("known", {}).items():
        yield Sense("known", name), [phrase for phrase in words if " " in phrase]
