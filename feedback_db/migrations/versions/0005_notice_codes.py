"""What is told of an image is kept by its code and values, and no longer as an English sentence.

Up, each sentence that the release before could write becomes its code; any other becomes a ``text`` and is shown as it
was. Down, codes become those sentences again. Drafts are history and stay as they were written: who reads one takes a
sentence too. The tables here are of that release and never change.
"""

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_IMAGE = sa.table("image", sa.column("id", sa.Integer), sa.column("notices", sa.JSON))

SENTENCES = {
    "kind_unsaid": "The file does not say what kind of image it is; check that it is a chest radiograph.",
    "lateral": "Lateral view: the model was made for frontal views.",
    "mirrored": "The file says that the image is mirrored: the patient's left lies on the image's left.",
    "sideways": "The file says that the image lies on its side.",
    "upside_down": "The file says that the image is upside down.",
    "other_body_part": "The file names another body part than the chest; the model was made for the chest.",
    "unprocessed": "Raw image of the detector (for processing): its grey values may differ from the usual display.",
    "greys_contradictory": "The file contradicts itself on whether bone is bright or dark; check the image.",
    "overlay_not_shown": "The file has an overlay (text or marks) that is not shown.",
    "burned_in": "The file says that text is burned into the image; it may name the patient.",
    "not_square": "The pixels are not square; the image is shown stretched.",
    "turned": "The picture was turned or mirrored as its orientation tag says; check the side marker.",
    "window_misses": "The file's grey window does not fit its pixels; a window was estimated.",
    "no_window": "The file names no grey window; a window was estimated.",
    "colour": "Colour image converted to grey.",
    "transparent": "Transparent parts of the picture are shown black.",
    "lowest_bits_dropped": "The file holds more than 16 bits per pixel; the lowest bits were dropped.",
    "bits_exceeded": "The pixels use more bits than the file says.",
    "phantom": "A drawn phantom: no patient was examined.",
    "seems_inverted": "The greys look inverted: bone seems to be dark. Press I to invert; "
    "the image is shown as stored.",
    "greys_lost": "Large parts of the image are pure black or pure white; whatever lay there cannot be seen.",
    "seems_burned_in": "Text seems to be burned into the image near its border; it may name the patient.",
}
"""What intake could say of an image; what a model saw in it was kept with its draft."""
WORTH_KNOWING = {"no_window", "colour", "transparent", "lowest_bits_dropped", "bits_exceeded", "phantom"}
CODES = {sentence: code for code, sentence in SENTENCES.items()}


def upgrade() -> None:
    _rewrite(_coded)


def downgrade() -> None:
    _rewrite(_said)


def _rewrite(change: Callable[[Any], Any]) -> None:
    connection = op.get_bind()
    told = {
        row.id: [change(notice) for notice in row.notices]
        for row in connection.execute(sa.select(_IMAGE))
        if row.notices
    }
    if told:
        connection.execute(
            sa.update(_IMAGE)
            .where(_IMAGE.c.id == sa.bindparam("number"))
            .values(notices=sa.bindparam("told")),
            [{"number": number, "told": notices} for number, notices in told.items()],
        )


def _coded(notice: Any) -> Any:
    if not isinstance(notice, str):
        return notice
    code = CODES.get(notice, "text")
    severity = "info" if code in WORTH_KNOWING else "caution"
    return {"code": code, "values": {} if code in SENTENCES else {"sentence": notice}, "severity": severity}


def _said(notice: Any) -> str:
    if isinstance(notice, str):
        return notice
    if notice["code"] == "text":
        return str(notice["values"]["sentence"])
    return SENTENCES.get(
        notice["code"], f"A later release told of this image: {notice['code'].replace('_', ' ')}."
    )
