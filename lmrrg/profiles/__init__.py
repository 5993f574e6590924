"""What an examination of a kind is. Each kind is a folder with a ``PROFILE``; ``chest`` is the first.

Cheap to import: words and phantoms are loaded when they are first asked for. A folder that is added here is known
to every room at once.
"""

import copyreg
import pkgutil
from importlib import import_module

from lmrrg.errors import ProfileError
from lmrrg.profiles.base import Profile, Region

DEFAULT = "chest"
_REGISTERED: dict[str, Profile] = {}


def names() -> tuple[str, ...]:
    """The profiles that ``load`` knows, in the order of the alphabet."""
    folders = {found.name for found in pkgutil.iter_modules(__path__) if found.ispkg}
    return tuple(sorted(folders | _REGISTERED.keys()))


def load(name: str = DEFAULT) -> Profile:
    """The profile of that name, always the same object.

    Raises:
        ProfileError: there is none.
    """
    if name not in _REGISTERED:
        if name not in names():
            raise ProfileError(
                f"This program knows no examinations of the kind “{name}”. It knows: {', '.join(names())}."
            )
        register(import_module(f"{__name__}.{name}").PROFILE)
    return _REGISTERED[name]


def register(profile: Profile) -> None:
    """Make a profile known that has no folder here."""
    _REGISTERED[profile.name] = profile


# A profile travels to another process by its name.
copyreg.pickle(Profile, lambda profile: (load, (profile.name,)))

DEFAULT_PROFILE: Profile = load(DEFAULT)

__all__ = ["DEFAULT", "DEFAULT_PROFILE", "Profile", "Region", "load", "names", "register"]
