"""Makes the installation of ``installation.tar.xz`` and tells in ``expected.json`` what it holds.

Runs with that release only (commit 95d408f, schema revision 0003), from the root of a checkout of it that this folder
was copied into: ``PYTHONPATH=. python tests/feedback_db/release_0003/make.py``. Kept so that the installation can be
understood, not to be run again: every run gives other times, tokens and hashes. Everything goes through that release's
own functions, as its pages and commands call them.
"""

import hashlib
import sqlite3
import tempfile
from datetime import date
from pathlib import Path
from typing import Any

import cv2
from desk import Desk, amended_reading, own, prior_reading
from expected import expected, pack, write
from people import people
from pictures import SIDE, draft, film, phantom
from training import jobs_and_versions

from feedback_db.models import Study
from feedback_db.reading import preferences, readings
from feedback_db.studies import claims
from lmrrg.profiles.chest.phantom import draw
from ui.desk.first_start import register_model
from ui.desk.services import Services
from ui.settings import WebSettings

HERE = Path(__file__).parent
# Made up, and chosen so that patients of both splits are among the few.
SECRET = hashlib.sha256(b"a made-up installation 36").digest()


def make(data_folder: Path) -> dict[str, Any]:
    """Fill the data folder; returns which studies are the pairs of one examination, by their images' hashes."""
    (data_folder / "gradio").mkdir(parents=True, mode=0o700)
    (data_folder / "secret.key").write_bytes(SECRET)
    (data_folder / "secret.key").chmod(0o600)
    services = Services.open(WebSettings(_env_file=None, data_folder=data_folder, drafts_ahead=0))
    register_model(services)
    who = people(services.database)
    door = services.door
    phantom_a, phantom_b = phantom(services, 0, "A"), phantom(services, 1, "B")

    def take_in(content: bytes, site: str, **more: Any) -> Study:
        return door.take_in(content, site=site, added_by=who["lead"], **more)

    one, other = {"patient": "MRN-1001"}, {"patient": "MRN-2002"}
    earlier = take_in(film(1, **one, study="1", on=date(2024, 3, 2)), "A", indication="Cough.")
    draft(services, earlier.id)
    prior_reading(services, who["anna"], earlier.id)
    pair = [
        take_in(film(1, **one, study="2", on=date(2025, 5, 11), visit=1), "A", indication="Nodule?"),
        take_in(film(2, **one, study="2", on=date(2025, 5, 11), lateral=True), "A", indication="Nodule?"),
    ]
    read_pair = [
        take_in(film(3, **other, study="3", on=date(2025, 6, 1)), "B", indication="Dyspnoea."),
        take_in(film(4, **other, study="3", on=date(2025, 6, 1), lateral=True), "B", indication="Dyspnoea."),
    ]
    _, png = cv2.imencode(".png", draw(5, size=SIDE).pixels)
    raster = take_in(png.tobytes(), "A", patient="raster", indication="Überweisung: Husten?")
    undrafted = take_in(film(6, patient="MRN-4004", study="4", on=date(2025, 7, 1)), "B")
    for study in (phantom_a, phantom_b, *pair, *read_pair, raster):
        draft(services, study.id)
    sampled = {
        study.id: [draft(services, study.id, temperature=0.9, seed=seed) for seed in (1, 2)]
        for study in (phantom_a, raster)
    }

    amended_reading(services, who["anna"], phantom_a.id)
    desk = Desk(
        services.database, who["lead"], phantom_a.id
    )  # signed as drafted, an amendment not yet signed
    desk.write(readings.sign, desk.draft, agreement=5, active_seconds=9.0)
    desk.write(readings.keep_amendment, [*desk.draft, own("A thought that is not signed yet.")])
    desk = Desk(services.database, who["ben"], read_pair[0].id)  # amended, and a further amendment begun
    desk.write(readings.sign, [*desk.draft, own("Seen with the lateral view.")], active_seconds=41.0)
    desk.write(readings.amend, [*desk.draft, own("Seen with the lateral view: no effusion.")])
    desk.write(readings.keep_amendment, [*desk.draft, own("No effusion, no")])
    desk.box("right costophrenic angle", "moved", (10.0, 70.0, 12.0, 12.0))
    desk = Desk(services.database, who["ben"], read_pair[1].id)  # open, saved twice
    desk.write(readings.save, [own("The posterior recess")], active_seconds=3.0)
    desk.write(readings.save, [own("The posterior recess is clear.")], active_seconds=8.0)
    desk.box("spine", "drawn", (60.0, 5.0, 20.0, 85.0))
    desk.mark(0, "deleted")
    Desk(services.database, who["carl"], phantom_b.id)  # opened, never saved
    desk = Desk(services.database, who["anna"], raster.id)  # begun anew from a sample
    desk.write(readings.save, [own("Written, then begun anew.")])
    desk.adopt(sampled[raster.id][0])
    desk = Desk(services.database, who["carl"], raster.id)  # signed without an edit
    desk.write(readings.sign, desk.draft, agreement=5)

    with services.database.session() as session:
        for study, reader, outcome, strength, reasons in (
            (phantom_a, "anna", "left", 2, ["fewer errors"]),
            (phantom_a, "carl", "right", 3, []),
            (phantom_a, "lead", "tie", 1, []),
            (raster, "anna", "both_bad", 1, ["wrong side", "too long"]),
        ):
            left, right = sampled[study.id]
            preferences.record_choice(
                session,
                study_id=study.id,
                reader_id=who[reader],
                left_draft_id=left,
                right_draft_id=right,
                outcome=outcome,
                strength=strength,
                reasons=reasons,
            )
        claims.claim(session, study_id=pair[0].id, reader_id=who["carl"])
        claims.claim(session, study_id=undrafted.id, reader_id=who["lead"])
        claims.release(session, study_id=undrafted.id, reader_id=who["lead"])
        claims.arrive(session, study_id=phantom_b.id, reader_id=who["carl"])
    jobs_and_versions(services, who)
    draft(services, phantom_b.id)  # by the version that is live now
    services.close()
    return {
        "one examination, unread": [study.content_hash for study in pair],
        "one examination, read": [study.content_hash for study in read_pair],
        "prior": earlier.content_hash,
    }


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        data_folder = Path(name) / "data"
        examinations = make(data_folder)
        told = {"examinations": examinations, **expected(data_folder)}
        with sqlite3.connect(data_folder / "feedback.sqlite3") as connection:
            connection.execute("VACUUM")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()
        pack(data_folder, HERE / "installation.tar.xz")
    write(told, HERE / "expected.json")


if __name__ == "__main__":
    main()
