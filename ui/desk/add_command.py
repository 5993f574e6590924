"""``python app.py add PATH…``: takes files, folders and ZIP archives in, with a progress bar.

Every file goes through the same door as an upload. Files are looked at first, decoded several at once, and added in
the order of time: by the day and time that a file states, and as they are listed where it states none. Images that
name the same examination become one study; with ``--one-study-per-folder`` so do those of a folder that name none. A
file that is refused is named on the error stream with the reason, and the others go on; one whose image is here already
is counted and left alone, so that an interrupted run is finished by repeating it. Names go no further than that stream.
May run beside the server.
"""

import argparse
import os
import sys
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

from tqdm import tqdm

from feedback_db.errors import DuplicateStudy, FeedbackError
from feedback_db.settings import secret
from feedback_db.store.database import Database
from feedback_db.store.in_use import InUse
from feedback_db.store.private_folder import keep_private
from feedback_db.studies.studies import Examination, told_together
from lmrrg.errors import IntakeError, LmrrgError, UnreadableFile
from lmrrg.imaging.door.sources import Source, sources_of
from lmrrg.imaging.door.untrusted import HEAD_BYTES, when_examined
from ui.desk.add_table import NOTHING, WORDS, Table
from ui.desk.intake import Brought, Door
from ui.settings import WebSettings

AHEAD = 4  # files per core that may wait behind a slow one
Outcome = tuple[str, int | None, str]
"""``"added"``, ``"here already"`` or ``"refused"``; the study's number; the reason, or what to check."""


def main(words: list[str]) -> int:
    """Run the command; 0 if every file is on the worklist now, 1 if some were refused, 130 if interrupted."""
    args = _parser().parse_args(words)
    try:
        table = Table.read(args.table) if args.table else NOTHING
    except UnreadableFile as refusal:
        sys.stderr.write(f"{refusal}\n")
        return 1
    settings = WebSettings()
    keep_private(settings.data_folder)
    in_use = InUse(settings.data_folder)
    database = Database.open(settings.database_url, settings.data_folder)
    door = Door(database, settings.data_folder, secret(settings.data_folder), settings.keep_originals)
    counts: Counter[str] = Counter()
    numbers: list[int] = []
    interrupted = False
    try:
        sources = _in_order_of_time(list(sources_of(args.paths)))
        bar = tqdm(total=len(sources), unit="file", desc="Adding")
        with bar:
            given = _together(sources) if args.one_study_per_folder else [[source] for source in sources]
            patient = _patient_of(args.patients, args.one_study_per_folder)
            for source, (outcome, number, reason) in _outcomes(door, given, args.site, patient, table):
                counts[outcome] += 1
                if number is not None:
                    numbers.append(number)
                if reason:
                    what = "not added: " if outcome == "refused" else ""
                    bar.write(f"{source.name}\n    {what}{reason}", file=sys.stderr)
                bar.update()
    except KeyboardInterrupt:
        interrupted = True
    finally:
        database.close()
        in_use.close()
    sys.stdout.write(
        ", ".join(f"{counts[what]} {what}" for what in ("added", "here already", "refused")) + "\n"
    )
    if interrupted:
        sys.stdout.write("Interrupted. Repeat the command to add the rest; nothing is added twice.\n")
        return 130
    for where in sorted(table.unused):
        sys.stderr.write(f"The table speaks of “{where}”, and no such file was given.\n")
    if args.drafts:
        try:
            _write_drafts(settings, list(dict.fromkeys(numbers)))
        except (LmrrgError, FeedbackError) as error:
            sys.stderr.write(f"{error}\n")
            return 1
    return 1 if counts["refused"] else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="app.py add", description="Add radiographs to the worklist.")
    parser.add_argument(
        "paths", nargs="+", type=Path, metavar="PATH", help="a file, a folder or a ZIP archive"
    )
    parser.add_argument(
        "--site", default="", help="the institution that they come from, as the worklist shows it"
    )
    parser.add_argument("--drafts", action="store_true", help="have the live model write a draft for each")
    parser.add_argument(
        "--patients",
        choices=("header", "folder"),
        default="header",
        help="whose a file is: by its DICOM header, or one patient to a folder (stored as a keyed hash either way)",
    )
    parser.add_argument(
        "--one-study-per-folder",
        action="store_true",
        help="the files of a folder are of one examination, unless their headers name several; "
        "with --patients folder it lies in the patient's folder",
    )
    parser.add_argument(
        "--table",
        type=Path,
        metavar="FILE",
        help=f"a CSV file that says of files or folders (column path) their {', '.join(WORDS)}",
    )
    return parser


def _together(sources: Iterable[Source]) -> list[list[Source]]:
    """The sources by their folders, in the order in which each folder's first stands."""
    folders: dict[str, list[Source]] = {}
    for source in sources:
        folders.setdefault(source.folder, []).append(source)
    return list(folders.values())


def _patient_of(patients: str, one_study_per_folder: bool) -> Callable[[Source], str]:
    """Whose a source is, beside its header: nobody's in particular, its folder's, or that of the folder around it."""
    if patients == "header":
        return lambda source: ""
    if one_study_per_folder:
        return lambda source: str(Path(source.folder).parent)
    return lambda source: source.folder


def _outcomes(
    door: Door,
    given: Iterable[list[Source]],
    site: str,
    patient_of: Callable[[Source], str],
    table: Table,
) -> Iterator[tuple[Source, Outcome]]:
    """Each source with what became of it, in their order; ``given`` has those together that are of one examination.

    A few are under way at any time. While one takes long those behind it are brought as far as the door, without their
    pixels in memory.
    """
    workers = os.cpu_count() or 1
    under_way: deque[tuple[list[Source], list[Future[Brought]]]] = deque()
    with ThreadPoolExecutor(workers) as pool:
        try:
            for sources in given:
                brought = [
                    pool.submit(_bring, door, source, patient_of(source), table.said_of(source))
                    for source in sources
                ]
                under_way.append((sources, brought))
                while sum(len(each) for each, _ in under_way) >= AHEAD * workers:
                    first, ready = under_way.popleft()
                    yield from zip(first, _added(door, ready, site), strict=True)
            while under_way:
                first, ready = under_way.popleft()
                yield from zip(first, _added(door, ready, site), strict=True)
        finally:
            pool.shutdown(cancel_futures=True)  # what is half done is finished; the rest is not begun


def _in_order_of_time(sources: list[Source]) -> list[Source]:
    """The sources whose files state a day in the order of time, in their own places; the others stay in theirs."""
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        looks = pool.map(_when, sources)
        times = list(tqdm(looks, total=len(sources), unit="file", desc="Looking", leave=False))
    dated = [place for place, time in enumerate(times) if time]
    ordered = list(sources)
    for place, other in zip(dated, sorted(dated, key=lambda place: times[place]), strict=True):
        ordered[place] = sources[other]
    return ordered


def _when(source: Source) -> str:
    try:
        return when_examined(source.head(HEAD_BYTES))
    except IntakeError:  # reported when it is its turn
        return ""


def _bring(door: Door, source: Source, patient: str, said: Examination) -> Brought:
    brought = door.bring(source.read(), patient=patient)
    return replace(brought, about=told_together(said, brought.about))


def _added(door: Door, ready: list[Future[Brought]], site: str) -> list[Outcome]:
    """What became of files that were given together; one that is refused does not keep the others out."""
    brought: list[Brought | IntakeError] = []
    for one in ready:
        try:
            brought.append(one.result())
        except IntakeError as refusal:
            brought.append(refusal)
    good = [one for one in brought if isinstance(one, Brought)]
    before = door.where_they_are(good)
    trouble = ""
    try:
        if good:
            door.add(good, said=Examination(site=site.strip()))
    except DuplicateStudy as twin:
        trouble = f"It was given with an image that is in study {twin.study_id} already. Add it by itself."
    now = door.where_they_are(good)
    warnings = door.warnings(list(set(now.values())))
    outcomes: list[Outcome] = []
    for each in brought:
        if isinstance(each, IntakeError):
            outcomes.append(("refused", None, str(each)))
        elif (content := each.image.content_hash) in before:
            outcomes.append(("here already", before[content], ""))
        elif content in now:
            number = now[content]
            outcomes.append(("added", number, warnings[number].sentence if number in warnings else ""))
        else:
            outcomes.append(("refused", None, trouble))
    return outcomes


def _write_drafts(settings: WebSettings, numbers: list[int]) -> None:
    """A draft for each study that has none by the live version; an interrupted run is finished by repeating it."""
    from feedback_db.studies import drafts
    from feedback_db.training import versions
    from ui.desk.first_start import register_model
    from ui.desk.services import Services

    services = Services.open(settings)
    try:
        register_model(services)
        with services.database.reading_session() as session:
            live = versions.live(session)
            missing = [
                number
                for number in numbers
                if drafts.latest(session, study_id=number, model_version_id=live.id) is None
            ]
        failed = 0
        for number in tqdm(missing, unit="draft", desc="Drafting"):
            *_, last = services.drafting.ask(number).follow()
            failed += last["kind"] == "error"
        if failed:
            raise LmrrgError(f"{failed} drafts could not be written. Open those studies to see why.")
    finally:
        services.close()
