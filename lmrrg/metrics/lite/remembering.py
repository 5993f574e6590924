"""Remembers what a text was read as, each profile's readings apart. Knows neither texts nor profiles.

``functools.lru_cache`` over (text, profile) would keep a tuple for each text, which the garbage collector walks through
again and again: a quarter of the time. Here the texts themselves are the keys.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Generic, TypeVar

from lmrrg.profiles import DEFAULT_PROFILE, Profile

T = TypeVar("T")


class Remembered(Generic[T]):
    """A function of a text and a profile; for each profile the last ``most`` answers are kept."""

    def __init__(self, read: Callable[[str, Profile], T], most: int) -> None:
        self.__doc__ = read.__doc__
        self._read, self._most = read, most
        self._by_profile: dict[Profile, Callable[[str], T]] = {}

    def __call__(self, text: str, profile: Profile = DEFAULT_PROFILE) -> T:
        known = self._by_profile.get(profile)
        if known is None:
            known = lru_cache(self._most)(self._reader(profile))
            self._by_profile[profile] = known
        return known(text)

    def _reader(self, profile: Profile) -> Callable[[str], T]:
        return lambda text: self._read(text, profile)

    def cache_clear(self) -> None:
        """Forget every answer."""
        self._by_profile.clear()


def remembered(most: int) -> Callable[[Callable[[str, Profile], T]], Remembered[T]]:
    """Decorate ``f(text, profile)``; the profile may then be left out for the default one."""
    return lambda read: Remembered(read, most)
