"""Which words of a sentence were not understood, and whether it is written in another language.

A word is understood where it stands in a phrase of the lexicon, qualifies something that was observed, or is known to
say nothing. A word of quality or amount in a clause that names a place but observes nothing ("the stomach is
distended", "dense left base") says something that no rule reads: it counts as not understood.
"""

from collections.abc import Sequence

from lmrrg.metrics.lite.scope import Match
from lmrrg.metrics.lite.tokens import Token
from lmrrg.profiles.lexicon import Lexicon

# Words of grammar say nothing of a finding, whatever the profile.
_TITLES = frozenset({"dr", "drs", "doctor", "prof", "professor", "mr", "mrs", "ms", "md"})
_GRAMMAR = frozenset(
    {"a", "an", "and", "are", "at", "has", "have", "in", "is", "of", "on", "or", "the", "there", "to"}
)


def not_understood(
    tokens: Sequence[Token],
    matches: Sequence[Match],
    clause_of: Sequence[int],
    observing: set[int],
    lexicon: Lexicon,
) -> list[int]:
    """Indices of the tokens that were not understood; ``observing``: the clauses in which something is observed."""
    known, descriptors = lexicon.known, lexicon.descriptors
    placed = {
        clause_of[match.first] for match in matches if "anatomy" in match.kinds or "zone" in match.kinds
    } - observing
    understood = [False] * len(tokens)
    for match in matches:
        says = clause_of[match.first] not in placed or not _tells(match, lexicon)
        understood[match.first : match.last + 1] = [says] * (match.last + 1 - match.first)
    found: list[int] = []
    covered = {index for match in matches for index in range(match.first, match.last + 1)}
    for index, token in enumerate(tokens):
        word = token.lemma
        if understood[index] or not word[0].isalpha() or _is_a_name(tokens, index):
            continue
        if index not in covered and (
            word in known or word in _GRAMMAR or (word in descriptors and clause_of[index] not in placed)
        ):
            continue
        found.append(index)
    return found


def _is_a_name(tokens: Sequence[Token], index: int) -> bool:
    """Whether it follows a title: "discussed with Dr. Smith"."""
    return index > 0 and tokens[index - 1].lemma in _TITLES


def _tells(match: Match, lexicon: Lexicon) -> bool:
    """Whether the phrase grades or qualifies something that ought to have been observed."""
    return "severity" in match.kinds or not lexicon.abnormal_states.isdisjoint(match.states)


def is_other_language(tokens: Sequence[Token], unread: Sequence[int], lexicon: Lexicon) -> bool:
    """Whether a word of another language's grammar stands in it, or at least two thirds of its words are unknown."""
    if not unread:
        return False
    if any(tokens[index].lemma in lexicon.foreign for index in unread):
        return True
    return 3 * len(unread) >= 2 * sum(token.lemma[0].isalpha() for token in tokens)
