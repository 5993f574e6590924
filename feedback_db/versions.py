"""Which model is live, which were before, and how to go back.

Promotions form a stack: the top is live, a roll back takes it off. What happened stays in the audit. Knows no
weights: a version names a folder.
"""

import re
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from feedback_db import audit
from feedback_db.errors import NoLiveVersion, NotAllowed, NotFound, NothingToRollBackTo, WeightsReplaced
from feedback_db.models import ModelVersion, Promotion, now

_TWO_FIGURES = re.compile(r"\d+\.\d+", re.ASCII)


def register_default(
    session: Session,
    *,
    name: str,
    number: str = "",
    folder: str = "default",
    demonstration: bool = True,
    config: dict[str, Any] | None = None,
) -> ModelVersion:
    """Make the base model known; called at every start, it changes nothing where the model is known.

    The first goes live under its own ``number`` (two figures, as ``"1.1"``), or as ``"1.0"``. A base of another name,
    folder or number of its own, when the settings name one later or the program comes with a newer one, becomes
    ``"2.0"`` and goes live in turn; but newer weights of the same model do not push aside what an installation has
    trained itself: then they wait as a candidate.
    """
    same = select(ModelVersion).where(
        ModelVersion.parent_id.is_(None), ModelVersion.name == name, ModelVersion.folder == folder
    )
    known = session.scalar(same.order_by(ModelVersion.id.desc()).limit(1))
    if known is not None and number in ("", known.config.get("own_number", known.number)):
        return known
    newest = max((_numbers(number)[0] for number in session.scalars(select(ModelVersion.number))), default=0)
    version = ModelVersion(
        name=name,
        number=number if newest == 0 and _TWO_FIGURES.fullmatch(number) else f"{newest + 1}.0",
        folder=folder,
        status="candidate",
        demonstration=demonstration,
        config={**(config or {}), "own_number": number},
    )
    session.add(version)
    session.flush()
    before = _live(session)
    if known is not None and before is not None and before.parent_id is not None:
        return version
    return promote(session, version_id=version.id, by=None, reason="the installation's base model")


def register_candidate(
    session: Session,
    *,
    parent_id: int,
    snapshot_hash: str | None,
    config: dict[str, Any] | None = None,
    name: str | None = None,
    demonstration: bool | None = None,
    folder: str | None = None,
) -> ModelVersion:
    """Number a new version: the parent's first figure, the next free second one (``"1.1"``, ``"1.2"`` …).

    Name and *demonstration* are the parent's unless given; the folder is ``versions/<number>`` in the data
    folder. Raises NotFound.
    """
    parent = get(session, version_id=parent_id)
    major = _numbers(parent.number)[0]
    taken = (_numbers(number) for number in session.scalars(select(ModelVersion.number)))
    number = f"{major}.{max(minor for first, minor in taken if first == major) + 1}"
    version = ModelVersion(
        name=parent.name if name is None else name,
        number=number,
        folder=folder or f"versions/{number}",
        parent_id=parent_id,
        status="candidate",
        demonstration=parent.demonstration if demonstration is None else demonstration,
        snapshot_hash=snapshot_hash,
        config=config or {},
    )
    session.add(version)
    session.flush()
    return version


def promote(session: Session, *, version_id: int, by: int | None, reason: str = "") -> ModelVersion:
    """Make a version live; the one that was is retired. ``by`` None: the gate, or the installation itself.

    Raises:
        NotFound: no such version.
        NotAllowed: it is live already.
    """
    version = get(session, version_id=version_id)
    if version.status == "live":
        raise NotAllowed(f"Version {version.number} is live already.")
    before = _live(session)
    session.add(Promotion(version_id=version.id, by=by, reason=reason))
    _make_live(session, version, by=by, reason=reason)
    audit.append(
        session,
        reader_id=by,
        action="promote",
        subject=f"version:{version.id}",
        data={"number": version.number, "instead_of": before.number if before else None, "reason": reason},
    )
    return version


def reject(session: Session, *, version_id: int, reason: str, by: int | None = None) -> ModelVersion:
    """Say that a candidate is not good enough, and why. Raises NotFound, or NotAllowed for the live version."""
    version = get(session, version_id=version_id)
    if version.status == "live":
        raise NotAllowed(f"Version {version.number} is live. Roll back first.")
    version.status, version.reason = "rejected", reason
    session.flush()
    audit.append(
        session,
        reader_id=by,
        action="reject",
        subject=f"version:{version.id}",
        data={"number": version.number, "reason": reason},
    )
    return version


def roll_back(session: Session, *, by: int | None, reason: str = "") -> ModelVersion:
    """Return to the version that was live before; works again and again down to the first.

    Raises:
        NothingToRollBackTo: the live version is the first.
        WeightsReplaced: the one before came with an earlier program.
    """
    top = list(
        session.scalars(
            select(Promotion)
            .where(Promotion.rolled_back_at.is_(None))
            .order_by(Promotion.id.desc())
            .limit(2)
            .with_for_update()
        )
    )
    if len(top) < 2:
        raise NothingToRollBackTo
    left = get(session, version_id=top[0].version_id)
    version = get(session, version_id=top[1].version_id)
    if _replaced(session, version):
        raise WeightsReplaced(version.number)
    top[0].rolled_back_at = now()
    _make_live(session, version, by=by, reason=reason)
    audit.append(
        session,
        reader_id=by,
        action="roll back",
        subject=f"version:{version.id}",
        data={"number": version.number, "instead_of": left.number, "reason": reason},
    )
    return version


def live(session: Session) -> ModelVersion:
    """The version that writes drafts now; raises NoLiveVersion before the first is registered."""
    version = _live(session)
    if version is None:
        raise NoLiveVersion
    return version


def can_roll_back(session: Session) -> bool:
    """Whether some version was live before this one whose weights are still there."""
    before = stack(session)[1:2]
    return bool(before) and not _replaced(session, get(session, version_id=before[0]))


def stack(session: Session) -> list[int]:
    """Ids of the versions that are live or that roll backs can reach, the live one first."""
    return list(
        session.scalars(
            select(Promotion.version_id)
            .where(Promotion.rolled_back_at.is_(None))
            .order_by(Promotion.id.desc())
        )
    )


def get(session: Session, *, version_id: int) -> ModelVersion:
    """The version; raises NotFound."""
    version = session.get(ModelVersion, version_id)
    if version is None:
        raise NotFound("model version", version_id)
    return version


def history(session: Session) -> list[ModelVersion]:
    """All versions, the newest first."""
    return list(session.scalars(select(ModelVersion).order_by(ModelVersion.id.desc())))


def _live(session: Session) -> ModelVersion | None:
    return session.scalar(select(ModelVersion).where(ModelVersion.status == "live"))


def _replaced(session: Session, version: ModelVersion) -> bool:
    """Whether the folder of this base model has held newer weights since it was registered."""
    newer = select(ModelVersion.id).where(
        ModelVersion.parent_id.is_(None),
        ModelVersion.name == version.name,
        ModelVersion.folder == version.folder,
        ModelVersion.id > version.id,
    )
    return version.parent_id is None and session.scalar(newer.limit(1)) is not None


def _make_live(session: Session, version: ModelVersion, *, by: int | None, reason: str) -> None:
    # First the old one, and at once: the database allows one live version at a time.
    session.execute(update(ModelVersion).where(ModelVersion.status == "live").values(status="retired"))
    version.status, version.promoted_at, version.promoted_by, version.reason = "live", now(), by, reason
    session.flush()


def _numbers(number: str) -> tuple[int, int]:
    major, _, minor = number.partition(".")
    return int(major), int(minor)
