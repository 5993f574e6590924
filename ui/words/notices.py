"""What the pages are told about images and drafts: notices with codes, which scripts compare, and sentences.

Does not know where a page shows them. A page in another language would take its sentences from here.
"""

from collections.abc import Iterable
from typing import Any

from lmrrg.notices import from_json, told


def said(*kept: Iterable[object]) -> list[dict[str, Any]]:
    """``{"code", "values", "severity", "sentence"}`` of each notice in these lists, once.

    Takes what releases up to schema 0003 kept with their drafts, bare sentences, as ``lmrrg.notices.from_json`` does.
    """
    return [told(notice) for notice in dict.fromkeys(from_json(one) for each in kept for one in each)]
