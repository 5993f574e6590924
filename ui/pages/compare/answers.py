"""What Compare is answered."""

from typing import Literal

from feedback_db.models import Outcome
from ui.kit.answers import Answer
from ui.pages.reading.answers import ErrorTold, StateTold
from ui.pages.worklist.answers import Notice


class Pair(Answer):
    """Two drafts by where they stand; from ``outcome`` on what this reader chose earlier."""

    id: str
    left: list[str]
    right: list[str]
    same: bool
    notices: list[Notice]
    outcome: Outcome | None
    strength: int | None
    reasons: list[str]
    draft_id: int | None


class PairTold(Answer):
    """The pair, the last of the stream."""

    kind: Literal["pair"]
    pair: Pair


PairEvent = StateTold | ErrorTold | PairTold


class Choice(Answer):
    """What was chosen, and the better draft's number, null where neither was better."""

    outcome: Outcome
    draft_id: int | None
