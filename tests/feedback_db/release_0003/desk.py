"""What the readers of the installation do that ``make.py`` makes: they write, mark, sign and amend."""

from typing import Any

from feedback_db.reading import marks, readings
from feedback_db.store.database import Database
from ui.desk.services import Services


class Desk:
    """One reader's work on one study, as the page does it: it knows the revision that it started from."""

    def __init__(self, database: Database, reader: int, study: int) -> None:
        self.database, self.reader = database, reader
        with database.session() as session:
            reading = readings.open_reading(session, study_id=study, reader_id=reader)
        self.id, self.revision, self.draft = reading.id, reading.revision, list(reading.sentences)

    def _own(self) -> dict[str, Any]:
        return {"reading_id": self.id, "reader_id": self.reader, "expected_revision": self.revision}

    def write(self, step: Any, sentences: list[dict[str, Any]], **more: Any) -> None:
        text = " ".join(one["text"] for one in sentences)
        with self.database.session() as session:
            self.revision = step(session, **self._own(), text=text, sentences=sentences, **more).revision

    def discard(self) -> None:
        with self.database.session() as session:
            self.revision = readings.discard_amendment(session, **self._own()).revision

    def adopt(self, draft_id: int) -> None:
        with self.database.session() as session:
            reading = readings.adopt_draft(session, **self._own(), draft_id=draft_id)
            self.revision, self.draft = reading.revision, list(reading.sentences)

    def mark(self, index: int, verdict: Any, *errors: marks.ErrorMark, text: str = "") -> None:
        with self.database.session() as session:
            marks.mark_sentence(
                session,
                reading_id=self.id,
                reader_id=self.reader,
                sentence_index=index,
                text=text or self.draft[index]["text"],
                verdict=verdict,
                errors=errors,
            )

    def box(self, region: str, action: Any, box: tuple[float, float, float, float] | None = None) -> None:
        with self.database.session() as session:
            marks.mark_region(
                session,
                reading_id=self.id,
                reader_id=self.reader,
                region=region,
                action=action,
                box_xywh=box,
            )


def own(text: str) -> dict[str, Any]:
    return {"text": text}


def prior_reading(services: Services, reader: int, study: int) -> None:
    """Signed at once after two saves; a box of each kind."""
    desk = Desk(services.database, reader, study)
    desk.write(readings.save, [*desk.draft, own("Small nodule")], active_seconds=12.5)
    desk.write(readings.save, [*desk.draft[1:], own("Small nodule in the left mid lung zone.")])
    desk.mark(0, "deleted", marks.ErrorMark("false finding", significant=True))
    desk.mark(1, "accepted")
    desk.mark(
        0, "inserted", marks.ErrorMark("missed finding"), text="Small nodule in the left mid lung zone."
    )
    desk.box("left mid lung zone", "drawn", (51.25, 30.0, 14.5, 12.75))
    desk.box("cardiac silhouette", "moved", (30.0, 48.0, 33.5, 28.0))
    desk.box("svc", "removed")
    final = [*desk.draft[1:], own("Small nodule in the left mid lung zone.")]
    desk.write(readings.sign, final, active_seconds=64.0, agreement=3)


def amended_reading(services: Services, reader: int, study: int) -> None:
    """Signed, an amendment given up, two signed, and a mark changed under the second."""
    desk = Desk(services.database, reader, study)
    first = {**desk.draft[0], "text": "Herz nicht vergrößert – “normal”, 50 % Thoraxbreite."}
    desk.mark(0, "edited", marks.ErrorMark("wrong severity"), marks.ErrorMark("wrong location", True))
    desk.write(readings.sign, [first, *desk.draft[1:]], agreement=4, active_seconds=31.0)
    desk.write(readings.keep_amendment, [first, own("Typed and given up.")])
    desk.discard()
    desk.write(readings.amend, [first, *desk.draft[1:], own("Line one\u2028line two.")], agreement=2)
    desk.write(readings.keep_amendment, [first, own("Rib fracture")])
    desk.mark(0, "edited", marks.ErrorMark("wrong severity", significant=True))
    desk.box("left clavicle", "drawn", (52.0, 10.0, 20.0, 5.0))
    desk.write(readings.amend, [first, own("Fracture of the sixth left rib.")], active_seconds=95.5)
