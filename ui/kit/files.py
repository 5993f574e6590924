"""Serves the scripts and styles that stand in the folders of ``ui``, and of those folders nothing else.

``/ui/…`` mirrors the folders, so that a module names its neighbours by where they stand; it lies behind the gate.
``/public/…`` is what the sign-in page needs, name by name, open to everybody. Does not know what is in a file.
"""

from collections.abc import Callable
from os import stat_result
from pathlib import Path, PurePath
from typing import Any

from starlette.responses import Response
from starlette.staticfiles import StaticFiles

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = ("kit/", "pages/", "shell/", "viewer/", "words/")
# The media type of each: the machine's own table varies, and libraries change it.
KINDS = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
# Open without sign-in: the name in the address → where the file lies.
PUBLIC = {"tokens.css": "kit/tokens.css", "sign_in.css": "access/sign_in.css", "icon.svg": "shell/icon.svg"}


class OurFiles(StaticFiles):
    """Files below ``ui``; ``place`` says where the one of this address stands, None where there is none."""

    def __init__(self, place: Callable[[str], str | None]) -> None:
        super().__init__(directory=ROOT)
        self._place = place

    def lookup_path(self, path: str) -> tuple[str, stat_result | None]:
        # Starlette has resolved every ".." by now, and still refuses what leads out of the folder.
        where = self._place(PurePath(path).as_posix())
        return ("", None) if where is None else super().lookup_path(where)

    def file_response(self, full_path: Any, *given: Any, **named: Any) -> Response:
        answer = super().file_response(full_path, *given, **named)
        if "content-type" in answer.headers:
            answer.headers["content-type"] = f"{KINDS[PurePath(full_path).suffix]}; charset=utf-8"
        return answer


def script_or_style(path: str) -> str | None:
    """The path itself where it is a script, a style or a picture of a folder that is served."""
    return path if path.startswith(FOLDERS) and path.endswith(tuple(KINDS)) else None
