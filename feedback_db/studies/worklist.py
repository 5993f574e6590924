"""The worklist: pages, search, filters, two orders, and where a study stands in it.

A page is one walk over the narrow table ``worklist_entry`` in the order asked for, ended once the page is full and a
thousand lines are counted: beyond that, ``more`` says that there are more. Knows nothing about the texts of drafts.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import ColumnElement, and_, func, or_, select, tuple_
from sqlalchemy.orm import Session

from feedback_db.errors import NotFound
from feedback_db.models import (
    Origin,
    Reader,
    Reading,
    Split,
    Study,
    StudyImage,
    StudyStatus,
    WorklistEntry,
    now,
)
from feedback_db.reading.signed import SIGNED
from feedback_db.studies.images import hanging, is_frontal

Order = Literal["newest", "needs_eye"]
UNSIGNED: tuple[StudyStatus, ...] = ("new", "drafted", "in reading")
COUNTED = 1000
# A claim that nobody came back to is nobody's.
CLAIM_HOURS = 8.0


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which lines: all that are given must hold.

    ``waiting``: not signed yet. ``site``: this one; ``sites``: only these, for who may see no others.
    ``reader_id``: opened by this reader. ``finding``: seen by the newest draft. ``confidence_below``: of the draft.
    ``claimed_by``: by this reader; ``free_for``: by nobody else. ``search``: each word stands somewhere in number,
    site, views, origin or indication.
    """

    status: StudyStatus | None = None
    waiting: bool = False
    site: str | None = None
    sites: Sequence[str] | None = None
    reader_id: int | None = None
    finding: str | None = None
    confidence_below: float | None = None
    disagreement: bool = False
    claimed_by: int | None = None
    free_for: int | None = None
    unclaimed: bool = False
    search: str = ""


EVERYTHING = Wanted()


@dataclass(frozen=True, slots=True)
class WorklistRow:
    """One line of the worklist. ``readers`` are the names of those who opened it, the first first.

    ``views`` are those of its images as they are hung, one each. ``needs_eye`` is None where nothing was drafted;
    ``claimed_by`` is (number, name) of who claimed it.
    """

    study_id: int
    status: StudyStatus
    site: str
    views: tuple[str | None, ...]
    indication: str
    split: Split
    origin: Origin
    created_at: datetime
    readers: tuple[str, ...]
    needs_eye: float | None
    confidence: float | None
    disagrees: bool
    findings: tuple[str, ...] | None
    model_version_id: int | None
    claimed_by: tuple[int, str] | None

    @property
    def has_frontal(self) -> bool:
        """Whether a model that looks at frontal images has one to look at."""
        return any(is_frontal(view) for view in self.views)


@dataclass(frozen=True, slots=True)
class WorklistPage:
    """One page and how many lines the list has; ``more``: it is longer than ``total``."""

    rows: tuple[WorklistRow, ...]
    total: int
    more: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """Where a study stands in the whole list, the newest first: from 1; None where the list ends."""

    position: int
    total: int
    previous: int | None
    next: int | None


@dataclass(frozen=True, slots=True)
class Choices:
    """What the filters can offer. ``readers`` are (number, name)."""

    sites: tuple[str, ...]
    readers: tuple[tuple[int, str], ...]
    findings: tuple[str, ...]


def page(
    session: Session,
    *,
    wanted: Wanted = EVERYTHING,
    order: Order = "newest",
    offset: int = 0,
    limit: int = 50,
) -> WorklistPage:
    """A page of studies, the newest first or those first that most need a human eye."""
    conditions = _conditions(wanted)
    numbers = (
        select(WorklistEntry.study_id)
        .where(*conditions)
        .order_by(*(column.desc() for column in _columns(order)))
    )
    if offset + limit <= COUNTED:
        first = session.scalars(numbers.limit(COUNTED + 1)).all()
        shown, total, more = first[offset : offset + limit], min(len(first), COUNTED), len(first) > COUNTED
    else:
        shown, total, more = session.scalars(numbers.offset(offset).limit(limit)).all(), offset + limit, True
    if more:
        total, more = _counted(session, conditions, at_least=total)
    return WorklistPage(rows=_rows(session, shown), total=total, more=more)


def _counted(session: Session, conditions: list[ColumnElement[bool]], *, at_least: int) -> tuple[int, bool]:
    """How many lines there are, and whether there are more: a filtered list is counted ``at_least`` so far."""
    if not conditions:
        return session.scalar(select(func.count()).select_from(WorklistEntry)) or 0, False
    if at_least == COUNTED:
        return COUNTED, True  # as the page itself showed
    some = select(WorklistEntry.study_id).where(*conditions).limit(at_least + 1).subquery()
    total = session.scalar(select(func.count()).select_from(some)) or 0
    return min(total, at_least), total > at_least


def following(
    session: Session,
    *,
    study_id: int,
    wanted: Wanted = EVERYTHING,
    order: Order = "newest",
    reader_id: int | None = None,
) -> int | None:
    """The study after this one in that list, whether or not this one is in it; from the top after the last.

    What ``reader_id`` has signed is passed over as long as there is another: the list may be ordered anew while
    drafts come in, and nobody wants to be led back. None where the list holds no other study. Raises NotFound.
    """
    here = session.get(WorklistEntry, study_id)
    if here is None:
        raise NotFound("study", study_id)
    columns = _columns(order)
    place = (here.study_id,) if order == "newest" else (here.needs_eye, here.study_id)
    after = tuple_(*columns) < tuple_(*place)
    others = (
        select(WorklistEntry.study_id)
        .where(*_conditions(wanted), WorklistEntry.study_id != study_id)
        .order_by(*(column.desc() for column in columns))
        .limit(1)
    )
    if reader_id is not None:
        signed = select(Reading.study_id).where(Reading.reader_id == reader_id, Reading.status.in_(SIGNED))
        unsigned = others.where(WorklistEntry.study_id.not_in(signed))
        found = session.scalar(unsigned.where(after)) or session.scalar(unsigned)
        if found is not None:
            return found
    return session.scalar(others.where(after)) or session.scalar(others)


def place_of(session: Session, *, study_id: int, sites: Sequence[str] | None = None) -> Place:
    """The study's place in the unfiltered list (of these sites) and its neighbours; raises NotFound."""
    number = WorklistEntry.study_id
    if session.get(WorklistEntry, study_id) is None:
        raise NotFound("study", study_id)
    seen = _conditions(Wanted(sites=sites))
    count = select(func.count()).select_from(WorklistEntry).where(*seen)
    return Place(
        position=(session.scalar(count.where(number > study_id)) or 0) + 1,
        total=session.scalar(count) or 0,
        previous=session.scalar(select(func.min(number)).where(*seen, number > study_id)),
        next=session.scalar(select(func.max(number)).where(*seen, number < study_id)),
    )


def choices(session: Session, *, sites: Sequence[str] | None = None) -> Choices:
    """Sites, readers and findings by name: all, or of ``sites`` what occurs there and who has opened a study there."""
    entry = WorklistEntry
    occurring = select(Study.site).distinct().order_by(Study.site)
    readers = select(Reader.id, Reader.name).order_by(Reader.name_key)
    findings = select(entry.findings).distinct()
    if sites is not None:
        occurring = occurring.where(Study.site.in_(sites))
        there = select(entry.study_id).where(entry.site.in_(sites))
        readers = readers.where(Reader.id.in_(select(Reading.reader_id).where(Reading.study_id.in_(there))))
        findings = findings.where(entry.site.in_(sites))
    names = {name for several in session.scalars(findings) for name in several.split("|") if name}
    return Choices(
        sites=tuple(session.scalars(occurring)),
        readers=tuple((number, name) for number, name in session.execute(readers)),
        findings=tuple(sorted(names)),
    )


def claim_holds() -> ColumnElement[bool]:
    """Whether a line is claimed now, as SQL."""
    oldest = now() - timedelta(hours=CLAIM_HOURS)
    return and_(WorklistEntry.claimed_by.is_not(None), WorklistEntry.claimed_at > oldest)


def _columns(order: Order) -> tuple[ColumnElement[float | int], ...]:
    number: ColumnElement[float | int] = WorklistEntry.study_id  # type: ignore[assignment]
    return (number,) if order == "newest" else (WorklistEntry.needs_eye, number)  # type: ignore[return-value]


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    entry = WorklistEntry
    conditions: list[ColumnElement[bool]] = []
    if wanted.status is not None:
        conditions.append(entry.status == wanted.status)
    if wanted.waiting:
        conditions.append(entry.status.in_(UNSIGNED))
    if wanted.site is not None:
        conditions.append(entry.site == wanted.site)
    if wanted.sites is not None:
        conditions.append(entry.site.in_(wanted.sites))
    if wanted.confidence_below is not None:
        conditions.append(entry.confidence < wanted.confidence_below)
    if wanted.disagreement:
        conditions.append(entry.disagrees.is_(True))
    if wanted.claimed_by is not None:
        conditions.append(and_(entry.claimed_by == wanted.claimed_by, claim_holds()))
    if wanted.free_for is not None:
        conditions.append(or_(entry.claimed_by == wanted.free_for, ~claim_holds()))
    if wanted.unclaimed:
        conditions.append(~claim_holds())
    if wanted.finding is not None:
        conditions.append(entry.findings.contains(f"|{wanted.finding}|", autoescape=True))
    for word in wanted.search.lower().split():
        conditions.append(entry.words.contains(word, autoescape=True))
    if wanted.reader_id is not None:
        opened = select(Reading.study_id).where(Reading.reader_id == wanted.reader_id)
        conditions.append(entry.study_id.in_(opened))
    return conditions


def _rows(session: Session, numbers: Sequence[int]) -> tuple[WorklistRow, ...]:
    found = session.execute(
        select(Study, WorklistEntry, Reader.id, Reader.name, StudyImage.view)
        .join(WorklistEntry, WorklistEntry.study_id == Study.id)
        .join(StudyImage, StudyImage.study_id == Study.id)
        .outerjoin(Reader, and_(Reader.id == WorklistEntry.claimed_by, claim_holds()))
        .where(Study.id.in_(numbers))
        .order_by(Study.id, *hanging())
    ).all()
    views: dict[int, list[str | None]] = {}
    for study, *_, view in found:
        views.setdefault(study.id, []).append(view)
    names = _readers_of(session, numbers)
    rows = {
        study.id: WorklistRow(
            study_id=study.id,
            status=entry.status,
            site=study.site,
            views=tuple(views[study.id]),
            indication=study.indication,
            split=study.split,
            origin=study.origin,
            created_at=study.created_at,
            readers=tuple(names.get(study.id, ())),
            needs_eye=entry.needs_eye if entry.model_version_id is not None else None,
            confidence=entry.confidence,
            disagrees=entry.disagrees,
            findings=tuple(name for name in entry.findings.split("|") if name) if entry.findings else None,
            model_version_id=entry.model_version_id,
            claimed_by=None if holder is None else (holder, name),
        )
        for study, entry, holder, name, _ in found
    }
    return tuple(rows[number] for number in numbers)


def _readers_of(session: Session, numbers: Sequence[int]) -> dict[int, list[str]]:
    names: dict[int, list[str]] = {}
    for study_id, name in session.execute(
        select(Reading.study_id, Reader.name)
        .join(Reader, Reader.id == Reading.reader_id)
        .where(Reading.study_id.in_(numbers))
        .order_by(Reading.id)
    ):
        names.setdefault(study_id, []).append(name)
    return names
