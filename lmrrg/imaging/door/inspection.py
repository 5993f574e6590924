"""What a file is, in one dictionary: the answer of ``python -m lmrrg inspect``.

Knows nothing about command lines or models.
"""

from pathlib import Path
from typing import Any

from lmrrg.errors import IntakeError
from lmrrg.imaging.door.names import shown
from lmrrg.imaging.door.untrusted import open_untrusted
from lmrrg.notices import told
from lmrrg.study import RadiographImage


def inspect_json(path: Path) -> dict[str, Any]:
    """Kind, size, grey scale and notices of the image at ``path``, or its error; never raises for a bad file.

    The window is (centre, width) in the unit of the pixels as they are kept, after any inversion.
    """
    try:
        image = open_untrusted(path)
    except IntakeError as error:
        return {"image": shown(str(path)), "error": str(error)}
    return {"image": shown(str(path)), **_facts(image)}


def _facts(image: RadiographImage) -> dict[str, Any]:
    return {
        "kind": image.kind,
        "rows": image.rows,
        "cols": image.columns,
        "bits": image.bits,
        "photometric": image.photometric,
        "window": [round(number, 3) for number in image.window],
        "view": image.view,
        "notices": [told(notice) for notice in image.notices],
    }
