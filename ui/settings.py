"""Where the web application listens and how long people stay signed in: ``LMRRG_…`` and ``.env``."""

from typing import Literal
from urllib.parse import urlsplit

from feedback_db.settings import Settings

_THIS_COMPUTER = ("127.0.0.1", "localhost", "::1")


class WebSettings(Settings):
    """The installation's settings and those of the web process.

    Attributes:
        host, port: where to listen. The default is this computer only.
        hosts: the names by which pages may ask for this server, with commas between; empty for those of this computer
            where it listens to nobody else, and for any name where it does.
        session_hours: after how long one must sign in again.
        idle_minutes: after how long without use one must sign in again.
        drafts_ahead: how many of the next studies on the list get their draft before anybody asks; 0 for none.
        phantoms: how many phantom studies the first start puts on the worklist.
        upload_megabytes: the largest file that *Add study* takes.
        jobs: ``"local"``: this host runs the training jobs that are filed on its pages; ``"none"``: it files them, and
            another host runs them (``python -m train worker``).
        room_warning_gb: with less room than this in the data folder, leads and administrators are warned on every page.
        keep_originals: whether added files stay in the data folder as they came, names and all.
    """

    host: str = "127.0.0.1"
    port: int = 7860
    hosts: str = ""
    session_hours: float = 12.0
    idle_minutes: float = 60.0
    drafts_ahead: int = 12
    phantoms: int = 12
    upload_megabytes: int = 80
    jobs: Literal["local", "none"] = "local"
    room_warning_gb: float = 2.0
    keep_originals: bool = False

    def serves(self, host: str) -> bool:
        """Whether a request may be for this ``Host``: a page that only knows where we are must not speak to us."""
        name = urlsplit(f"//{host}").hostname or ""
        if not name:  # no browser leaves it out
            return True
        if self.hosts:
            return name in {one.strip().lower() for one in self.hosts.split(",")}
        return self.host not in _THIS_COMPUTER or name in _THIS_COMPUTER
