"""What a table says of the examinations whose files are added: ``app.py add --table FILE``.

A CSV file with a header line. ``path`` names a file, or a folder for all files in it, relative to the table; the other
columns are words of the referrer, any of ``WORDS``. A file's own line comes before that of the folder around it, and
that before the one of a folder further out. Does not know an image or a database.
"""

import csv
import io
from collections.abc import Mapping
from pathlib import Path

from feedback_db.studies.studies import UNKNOWN, Examination
from lmrrg.errors import UnreadableFile
from lmrrg.imaging.door.sources import Source

WORDS = ("indication", "comparison", "technique")
LONGEST = 500
_PATH = "path"


class Table:
    """What is said, by absolute paths; ``unused`` are those that no file has asked for yet."""

    def __init__(self, said: Mapping[str, Examination]) -> None:
        self._said = dict(said)
        self.unused = set(said)

    @classmethod
    def read(cls, file: Path) -> "Table":
        """The table in this file.

        Raises:
            UnreadableFile: it is no such table; the sentence says which line or column is in the way.
        """
        try:
            text = file.read_text("utf-8-sig")
        except (OSError, ValueError) as error:
            raise UnreadableFile(
                f"The table “{file}” cannot be read ({error}). Save it as CSV in UTF-8."
            ) from error
        header = text.partition("\n")[0]
        rows = csv.DictReader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=header.count))
        columns = [name.strip().lower() for name in rows.fieldnames or ()]
        rows.fieldnames = columns
        unknown = [name for name in columns if name not in (_PATH, *WORDS)]
        if _PATH not in columns or unknown:
            wrong = f"has a column “{unknown[0]}”" if unknown else f"has no column “{_PATH}”"
            raise UnreadableFile(f"The table “{file}” {wrong}. It takes {_PATH}, {', '.join(WORDS)}.")
        said: dict[str, Examination] = {}
        for row in rows:
            words = {name: (row.get(name) or "").strip() for name in (_PATH, *WORDS)}
            named = words.pop(_PATH)
            where = str((file.parent / named).resolve())
            wrong = (
                "names no path" * (not named)
                or "names a path a second time" * (where in said)
                or "has more columns than the first" * (None in row)
                or f"has more than {LONGEST} letters in a column" * (max(map(len, words.values())) > LONGEST)
            )
            if wrong:
                raise UnreadableFile(
                    f"Line {rows.line_num} of the table “{file}” {wrong}. Mend it and repeat."
                )
            said[where] = Examination(
                indication=words["indication"], comparison=words["comparison"], technique=words["technique"]
            )
        return cls(said)

    def said_of(self, source: Source) -> Examination:
        """What the line that is nearest to this file says; nothing where none does."""
        place = Path(source.path).resolve()
        for where in map(str, (place, *place.parents)):
            if where in self._said:
                self.unused.discard(where)
                return self._said[where]
        return UNKNOWN


NOTHING = Table({})
