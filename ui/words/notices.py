"""What a page says of images and drafts, in the sentences of the notices that were kept of them.

Does not know where a page shows them. A page in another language would find its sentences here.
"""

from collections.abc import Iterable

from lmrrg.notices import from_json


def sentences(kept: Iterable[object]) -> list[str]:
    """The sentence of each notice; of drafts of earlier releases, which kept sentences, those."""
    return [from_json(notice).sentence for notice in kept]
