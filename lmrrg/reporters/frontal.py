"""Which image of a study a reporter of one frontal radiograph writes from, and what it tells of the others.

Knows what the files say of the views; which of several unnamed ones is a frontal chest, the caller must look.
"""

from lmrrg.errors import NoDraftPossible
from lmrrg.notices import Notice
from lmrrg.study import Study

NO_FRONTAL = (
    "This study has no frontal radiograph, and the model writes from frontal radiographs alone. "
    "Add the frontal one to get a draft."
)


def preferred(study: Study) -> tuple[int, ...]:
    """Indices of the images to write from: the first PA; without one the first AP; else all of unnamed view, in order.

    Raises:
        NoDraftPossible: every image is a lateral view.
    """
    for view in ("PA", "AP"):
        found = [index for index in study.frontal if study.images[index].view == view]
        if found:
            return (found[0],)
    if not study.frontal:
        raise NoDraftPossible(NO_FRONTAL)
    return study.frontal


def told_of_others(study: Study, looked_at: int) -> tuple[Notice, ...]:
    """The notice that only one image was looked at; none where there is no other."""
    count = len(study.images)
    if count == 1:
        return ()
    view = study.images[looked_at].view or "view not said"
    return (Notice("one_of_several", {"number": looked_at + 1, "count": count, "view": view}),)
