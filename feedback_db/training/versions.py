"""Which model is live, which were before, and how to go back.

Promotions form a stack: the top is live, a roll back takes it off. What happened stays in the audit. Knows nothing
about weights: a version names a folder.
"""

import re
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from feedback_db.errors import NoLiveVersion, NotAllowed, NotFound, NothingToRollBackTo, WeightsReplaced
from feedback_db.models import ModelVersion, Promotion, now
from feedback_db.people import audit

_REPLACED = "replaced"
_TWO_FIGURES = re.compile(r"\d+\.\d+", re.ASCII)
# What roll backs can reach, the live one first.
_STACK = select(Promotion).where(Promotion.rolled_back_at.is_(None)).order_by(Promotion.id.desc())


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
    folder or number of its own, when the settings name one later or the program comes with another one, becomes
    ``"2.0"`` and goes live in turn; but other weights of the same model do not push aside what an installation has
    trained itself: then they wait as a candidate. The bases whose weights they replaced are marked; an earlier program
    that is installed again brings its own base back.
    """
    known = _bases(session, name, folder)
    version = next((one for one in known if number in ("", one.config.get("own_number", one.number))), None)
    live_now = _live(session)
    if version is None:
        version = _new_base(session, name, number, folder, demonstration, config)
        stays = bool(known) and live_now is not None and live_now.parent_id is not None
    else:
        stays = live_now is version or live_now not in known
    for one in (*known, version):
        kept = {key: value for key, value in one.config.items() if key != _REPLACED}
        one.config = kept if one is version else {**kept, _REPLACED: True}
    session.flush()
    if not stays:
        return promote(session, version_id=version.id, by=None, reason="the installation's base model")
    if version.status == "candidate":
        version.reason = (
            "it came with the program; what was trained here stays live until a lead decides otherwise"
        )
    return version


def _new_base(
    session: Session,
    name: str,
    number: str,
    folder: str,
    demonstration: bool,
    config: dict[str, Any] | None,
) -> ModelVersion:
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
    return version


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
        WeightsReplaced: a base model that came with another program than the one that is installed.
    """
    version = get(session, version_id=version_id)
    if version.status == "live":
        raise NotAllowed(f"Version {version.number} is live already.")
    if is_replaced(version):
        raise WeightsReplaced(version.number)
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


def roll_back(session: Session, *, by: int | None, reason: str) -> ModelVersion:
    """Return to the version that was live before; works again and again down to the first.

    Where that was a base model whose weights another program has replaced, the base of this program takes its place.
    ``reason`` is kept beside the version that is left; the other keeps its own.

    Raises:
        NothingToRollBackTo: the live version is the first.
        WeightsReplaced: the one before is a replaced base, and the one in its place is live already.
    """
    top = list(session.scalars(_STACK.limit(2).with_for_update()))
    if len(top) < 2:
        raise NothingToRollBackTo
    left, before = (get(session, version_id=one.version_id) for one in top)
    version = _reached(session, before, left=left.id)
    if version is None:
        raise WeightsReplaced(before.number)
    top[0].rolled_back_at = now()
    own = version.reason
    if version is not before:
        own = f"in the place of {before.number}"
        top[1].rolled_back_at = now()
        session.add(Promotion(version_id=version.id, by=by, reason=own))
    left.reason = f"left for {version.number}: {reason}"
    _make_live(session, version, by=by, reason=own)
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


def way_back(session: Session) -> ModelVersion | None:
    """The version that ``roll_back`` would lead to; None where it has nowhere to go."""
    top = stack(session)[:2]
    return _reached(session, get(session, version_id=top[1]), left=top[0]) if len(top) == 2 else None


def promotions(session: Session, *, version_id: int) -> list[Promotion]:
    """Each time that a version was made live, the first first; a roll back to it is none."""
    return list(
        session.scalars(select(Promotion).where(Promotion.version_id == version_id).order_by(Promotion.id))
    )


def is_replaced(version: ModelVersion) -> bool:
    """Whether the folder of this base model holds the weights of another program's base now."""
    return bool(version.config.get(_REPLACED))


def stack(session: Session) -> list[int]:
    """Ids of the versions that are live or that roll backs can reach, the live one first."""
    return [one.version_id for one in session.scalars(_STACK)]


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


def _bases(session: Session, name: str, folder: str) -> list[ModelVersion]:
    """The base models that this folder has held, the newest first."""
    same = select(ModelVersion).where(
        ModelVersion.parent_id.is_(None), ModelVersion.name == name, ModelVersion.folder == folder
    )
    return list(session.scalars(same.order_by(ModelVersion.id.desc())))


def _reached(session: Session, before: ModelVersion, *, left: int) -> ModelVersion | None:
    """Where the way back to ``before`` leads, from the version ``left``; None where that is live already.

    For a base whose weights were replaced the one stands in whose weights its folder holds now.
    """
    instead = _bases(session, before.name, before.folder) if is_replaced(before) else [before]
    return next((one for one in instead if not is_replaced(one) and one.id != left), None)


def _make_live(session: Session, version: ModelVersion, *, by: int | None, reason: str) -> None:
    # First the old one, and at once: the database allows one live version at a time.
    session.execute(update(ModelVersion).where(ModelVersion.status == "live").values(status="retired"))
    version.status, version.promoted_at, version.promoted_by, version.reason = "live", now(), by, reason
    session.flush()


def _numbers(number: str) -> tuple[int, int]:
    major, _, minor = number.partition(".")
    return int(major), int(minor)
