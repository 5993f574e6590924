"""Which image of a study a reporter of one image writes from, and what it tells of the others.

Knows what the files say of the views, and from the profile which of them a draft may be written from; which of several
unnamed ones is such an image, the caller must look.
"""

from lmrrg.errors import NoDraftPossible
from lmrrg.notices import Notice
from lmrrg.profiles import DEFAULT_PROFILE, Profile
from lmrrg.study import Study


def preferred(study: Study, profile: Profile = DEFAULT_PROFILE) -> tuple[int, ...]:
    """Indices of the images to write from: the first one of the profile's first drafted view that the study has;
    without such a view all of unnamed view, in order.

    Raises:
        NoDraftPossible: every image is of another view.
    """
    possible = study.of_views(profile.drafted_views)
    for view in profile.drafted_views:
        found = [index for index in possible if study.images[index].view == view]
        if found:
            return (found[0],)
    if not possible:
        wanted = profile.drafted_image
        raise NoDraftPossible(
            f"This study has no {wanted}, and the model writes from a {wanted} alone. Add one to get a draft."
        )
    return possible


def told_of_others(study: Study, looked_at: int) -> tuple[Notice, ...]:
    """The notice that only one image was looked at; none where there is no other."""
    count = len(study.images)
    if count == 1:
        return ()
    view = study.images[looked_at].view or "view not said"
    return (Notice("one_of_several", {"number": looked_at + 1, "count": count, "view": view}),)
