"""Rewrites a report by rule: the impression of its findings, a finding stated or denied, what an edit corrected.

Knows sentences and what the labeler reads in them, and nothing about images, models or pages; the words are the
profile's. It keeps the reader's own words where it can and says the rest as plainly as possible.
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from lmrrg.grounding.claims import claims
from lmrrg.metrics.categories import Label
from lmrrg.metrics.lite.coverage import sentences_read
from lmrrg.metrics.lite.error_counts import count_errors
from lmrrg.metrics.lite.labels import label_report, observations
from lmrrg.profiles import DEFAULT_PROFILE, Profile
from lmrrg.profiles.lexicon import ASTRAY
from lmrrg.sections import is_context

_HEADING = re.compile(r"^(?:[A-Z][a-z]+(?: and [a-z]+)?:\s*)")
_OPENING = re.compile(
    r"^(?:there (?:is|are|has been)|this shows|again (?:seen|noted) (?:is|are))\s+(?:an?\s+)?", re.I
)
_SEEN = re.compile(r"\s+(?:is|are)\s+(?:again\s+)?(?:seen|present|noted|identified|visible|demonstrated)\b")
_DENIAL = re.compile(r"[,;]\s*(?:and\s+|but\s+)?(?=no\b|without\b)", re.I)

_JOINT = re.compile(r"(,\s*(?:and\s+|or\s+)?|\s+and\s+|\s+or\s+)")


def errors_corrected(drafted: str, edited: str, profile: Profile = DEFAULT_PROFILE) -> list[tuple[str, bool]]:
    """The categories of error that an edit set right, each with whether it matters; ``""``: no sentence there."""
    matters: dict[str, bool] = {}
    for error in count_errors(drafted, edited, profile).errors:
        matters[error.category] = matters.get(error.category, False) or error.significant
    return list(matters.items())


def stated(sentences: Sequence[str], profile: Profile = DEFAULT_PROFILE) -> dict[str, Label]:
    """What the report says of each finding that it mentions and that can be stated."""
    labels = label_report(" ".join(sentences), profile)
    return {name: label for name, label in labels.items() if label is not None and name in profile.statements}


class Impression(NamedTuple):
    """What the findings come to, and what of them is left to the reader.

    Attributes:
        sentences: the abnormal findings in short, in their order; one that reassures where all was read as normal.
        not_read: the sentences that were not understood to their end. What is abnormal in them is taken over all the
            same; what else they say is the reader's to sum up.
    """

    sentences: tuple[str, ...]
    not_read: tuple[str, ...]


def impression(sentences: Sequence[str], profile: Profile = DEFAULT_PROFILE) -> Impression:
    """The impression of the findings; empty where none is abnormal and not all were read as normal.

    What was asked and what the film is held against ("COMPARISON: None.") is no finding.
    """
    sentences = [one for one in sentences if not is_context(one, profile.lexicon.headings)]
    abnormal = [_in_short(sentence, profile) for sentence in sentences if _is_abnormal(sentence, profile)]
    left = [sentence for sentence in sentences if not _is_understood(sentence, profile)]
    if profile.nothing_wrong and not (abnormal or left) and any(_denies(one, profile) for one in sentences):
        return Impression((profile.nothing_wrong,), ())
    return Impression(tuple(dict.fromkeys(abnormal)), tuple(left))


def not_understood(sentences: Sequence[str], profile: Profile = DEFAULT_PROFILE) -> list[str]:
    """The sentences that hold words that the rules do not know, so that nothing is derived from them."""
    return [text for text in sentences if any(not one.read for one in sentences_read(text, profile))]


def with_finding(
    sentences: Sequence[str], finding: str, *, present: bool, profile: Profile = DEFAULT_PROFILE
) -> list[str]:
    """The report with ``finding`` stated as present or absent, and with what contradicts that taken out.

    ``finding`` is a key of the profile's ``statements``. What a changed sentence says of other findings stays said.
    """
    wanted: Label = "positive" if present else "negative"
    result: list[str] = []
    place: int | None = None
    for sentence in sentences:
        made = [claim for claim in claims(sentence, profile) if claim.finding == finding]
        if all(claim.label == wanted for claim in made):
            result.append(sentence)
            continue
        place = len(result) if place is None else place
        result += _without(sentence, finding, profile)
    if stated(result, profile).get(finding) != wanted:
        statement = profile.statements[finding][0 if present else 1]
        result.insert(len(result) if place is None else place, statement)
    return result


def _is_abnormal(sentence: str, profile: Profile) -> bool:
    """Whether anything but a device in its place is said to be there, or perhaps there."""
    return any(
        seen.label in ("positive", "uncertain")
        and (
            ASTRAY in seen.details
            or profile.lexicon.concepts[seen.concept].finding not in profile.not_diseases
        )
        for seen, _ in observations(sentence, profile)
    )


def _is_understood(sentence: str, profile: Profile) -> bool:
    """Whether every word of it was read, and it states what it speaks of: a question or history says nothing of now."""
    stated_or_abnormal = _is_abnormal(sentence, profile) or all(
        seen.label is not None for seen, _ in observations(sentence, profile)
    )
    read = sentences_read(sentence, profile)
    return bool(read) and all(one.read for one in read) and stated_or_abnormal


def _denies(sentence: str, profile: Profile) -> bool:
    return any(seen.label == "negative" for seen, _ in observations(sentence, profile))


def _in_short(sentence: str, profile: Profile) -> str:
    """The abnormal part of a sentence as a phrase: "There is a mass in …" becomes "Mass in …"."""
    text = sentence.strip().rstrip(".")
    without_heading = _HEADING.sub("", text)
    if _concepts(without_heading, profile) == _concepts(text, profile):  # not so of "Heart: enlarged"
        text = without_heading
    text = next((part for part in _DENIAL.split(text) if _is_abnormal(part, profile)), text)
    seen = [placed.observation for placed in observations(text, profile)]
    only = [one for one in seen if one.label == "positive"]
    word = profile.in_short.get(only[0].concept) if len(only) == 1 else None
    if word and word not in text.lower():
        text = f"{only[0].severity_word or ''} {word}".strip()
    text = _SEEN.sub("", _OPENING.sub("", text))
    return text[:1].upper() + text[1:] + "."


def _concepts(text: str, profile: Profile) -> list[str]:
    return [seen.concept for seen, _ in observations(text, profile)]


def _without(sentence: str, finding: str, profile: Profile) -> list[str]:
    """What is left of a sentence once it no longer speaks of ``finding``: itself shortened, or plain statements."""
    rest = {name: label for name, label in stated([sentence], profile).items() if name != finding}
    if not rest:
        return []
    for shorter in _shortened(sentence, finding, profile):
        if stated([shorter], profile) == rest:
            return [shorter]
    return [profile.statements[name][0 if label != "negative" else 1] for name, label in rest.items()]


def _shortened(sentence: str, finding: str, profile: Profile) -> Iterator[str]:
    """Ways to leave the words for ``finding`` out of a sentence; most of them say something else than meant."""
    parts = _JOINT.split(sentence.rstrip("."))
    for index in range(0, len(parts), 2):
        kept = parts[: max(0, index - 1)] + parts[index + (1 if index else 2) :]
        yield _tidy("".join(kept))
    for placed in observations(sentence, profile):
        if profile.lexicon.concepts[placed.observation.concept].finding == finding:
            start, end = placed.span
            left = f"{sentence[:start]} {sentence[end:]}"
            yield _tidy(re.sub(r"\b(no|of|is|are|a|an)\s+(?:or|and)\s+", r"\1 ", left))


def _tidy(text: str) -> str:
    text = re.sub(r"\s+", " ", text).strip(" ,;.")
    text = re.sub(r"\s+([,;.])", r"\1", text)
    return text[:1].upper() + text[1:] + "." if text else ""
