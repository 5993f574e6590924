"""Where the web application listens and how long people stay signed in: ``LMRRG_…`` and ``.env``."""

from feedback_db.settings import Settings


class WebSettings(Settings):
    """The installation's settings and those of the web process.

    Attributes:
        host, port: where to listen. The default is this computer only.
        session_hours: after how long one must sign in again.
        phantoms: how many phantom studies the first start puts on the worklist.
        upload_megabytes: the largest file that *Add study* takes.
    """

    host: str = "127.0.0.1"
    port: int = 7860
    session_hours: float = 12.0
    phantoms: int = 12
    upload_megabytes: int = 80
