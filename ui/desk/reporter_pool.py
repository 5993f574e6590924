"""The reporter of the version that is live: loaded when first needed, kept until another goes live.

Knows folders and versions, no study. Two versions are kept, so that a roll back is instant.
"""

import threading
from collections import OrderedDict
from dataclasses import dataclass
from typing import Literal

from feedback_db.models import ModelVersion
from lmrrg.errors import ModelError
from lmrrg.reporters import Reporter, load_reporter
from ui.settings import WebSettings

VERSIONS_KEPT = 2


@dataclass(frozen=True, slots=True)
class PoolState:
    """Whether a version's model can write now; ``message`` says why not."""

    kind: Literal["cold", "loading", "ready", "failed"]
    message: str = ""


class ReporterPool:
    """Thread-safe; a version is loaded once even where two threads ask for it."""

    def __init__(self, settings: WebSettings) -> None:
        self._settings = settings
        self._kept: OrderedDict[str, Reporter] = OrderedDict()
        self._states: dict[str, PoolState] = {}
        self._lock = threading.Lock()
        self._loading = threading.Lock()

    def state(self, version: ModelVersion) -> PoolState:
        return self._states.get(version.folder, PoolState("cold"))

    def reporter(self, version: ModelVersion) -> Reporter:
        """The version's reporter; waits while it is loaded. Raises ModelError."""
        with self._loading:
            with self._lock:
                if version.folder in self._kept:
                    self._kept.move_to_end(version.folder)
                    return self._kept[version.folder]
            self._states[version.folder] = PoolState("loading", "The model is being loaded.")
            try:
                settings = self._settings
                reporter = load_reporter(
                    version.folder, device=settings.device, data_folder=settings.data_folder
                )
            except ModelError as error:
                self._states[version.folder] = PoolState("failed", str(error))
                raise
            with self._lock:
                self._kept[version.folder] = reporter
                while len(self._kept) > VERSIONS_KEPT:
                    dropped, _ = self._kept.popitem(last=False)
                    self._states.pop(dropped, None)
            self._states[version.folder] = PoolState("ready")
            return reporter

    def warm_up(self, version: ModelVersion) -> None:
        """Load a version in the background; a failure shows in ``state``."""

        def load() -> None:
            try:
                self.reporter(version)
            except ModelError:
                return

        threading.Thread(target=load, name="load reporter", daemon=True).start()
