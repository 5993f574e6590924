"""What a lead decides about versions: going back, making one live without the gate; and what is known about each.

Every decision comes with a reason, which is kept. Knows nothing about training.
"""

from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel, Field

from feedback_db.errors import NotAllowed
from feedback_db.models import Evaluation, ModelVersion
from feedback_db.people import accounts, audit
from feedback_db.training import evaluations, gate_widening, versions
from feedback_db.training.figure_names import called_now
from lmrrg.reporters.registry import Described, describe
from ui.access.roles import Lead
from ui.desk.services import CurrentReader, CurrentServices, Services
from ui.pages.training import answers

router = APIRouter(prefix="/api")


class Reason(BaseModel):
    """Why a lead decides so."""

    reason: str = Field(max_length=2000)

    def written(self) -> str:
        """The reason; raises ReasonNeeded where it is none."""
        return gate_widening.written(self.reason)


@router.post("/versions/{version_id}/leave", response_model=answers.NowLive)
def roll_back(version_id: int, asked: Reason, services: CurrentServices, person: Lead) -> dict[str, Any]:
    """Leave the live version for the one before it. ``version_id`` is the one that the page believed live."""
    with services.database.session() as session:
        if versions.live(session).id != version_id:
            raise NotAllowed("Another version went live meanwhile. Look at the list again, then decide.")
        version = versions.roll_back(session, by=person.id, reason=asked.written())
    services.reporters.warm_up(version)
    return {"name": version.name, "version": version.number}


@router.post("/versions/{version_id}/overrule", response_model=answers.NowLive)
def overrule(version_id: int, asked: Reason, services: CurrentServices, person: Lead) -> dict[str, Any]:
    """Make a version live without the gate's word. The reason is kept, in the audit and beside the version."""
    with services.database.session() as session:
        version = versions.get(session, version_id=version_id)
        if not _is_for_a_lead(version):
            raise NotAllowed(
                "Only a version that the gate did not let through, one that was live before, or a base model that "
                "waits, can be made live this way."
            )
        reason = asked.written()
        if not _described(version, services).is_version:
            raise NotAllowed(f"The weights of {version.number} were cleared away. Retrain instead.")
        if version.status != "retired":
            audit.append(
                session,
                reader_id=person.id,
                action="overrule gate",
                subject=f"version:{version_id}",
                data={"number": version.number, "reason": reason, "gate": version.reason or "not measured"},
            )
        version = versions.promote(session, version_id=version_id, by=person.id, reason=reason)
    services.reporters.warm_up(version)
    return {"name": version.name, "version": version.number}


@router.get("/versions/{version_id}", response_model=answers.VersionInFull)
def about(version_id: int, services: CurrentServices, person: CurrentReader) -> dict[str, Any]:
    """All that is known of a version: where it came from, with what it was made, how it did, who made it live."""
    with services.database.reading_session() as session:
        version = versions.get(session, version_id=version_id)
        parent = versions.get(session, version_id=version.parent_id) if version.parent_id else None
        names = {reader.id: reader.name for reader in accounts.everyone(session)}
        measured = evaluations.of_version(session, version_id=version_id)
        times = versions.promotions(session, version_id=version_id)
    told = _described(version, services).made_by
    return {
        **version_as_json(version, names, services),
        "parent": parent.number if parent else None,
        "snapshot_sha256": version.snapshot_hash,
        "config": version.config,
        "readings": told.get("readings"),
        "environment": told.get("environment"),
        "evaluations": [evaluation_as_json(one) for one in measured],
        "promotions": [
            {"at": one.at.isoformat(), "by": names.get(one.by or -1), "reason": one.reason} for one in times
        ],
    }


def version_as_json(version: ModelVersion, names: dict[int, str], services: Services) -> dict[str, Any]:
    """A version for the page; ``names`` of readers by their id."""
    return {
        "id": version.id,
        "name": version.name,
        "number": version.number,
        "status": version.status,
        "demonstration": version.demonstration,
        "created_at": version.created_at.isoformat(),
        "promoted_at": version.promoted_at.isoformat() if version.promoted_at else None,
        "promoted_by": names.get(version.promoted_by or -1),
        "reason": version.reason,
        "parent_id": version.parent_id,
        "can_be_made_live": _is_for_a_lead(version) and _described(version, services).is_version,
    }


def evaluation_as_json(evaluation: Evaluation) -> dict[str, Any]:
    """A measurement for the page, with the gate's own word on it."""
    return {
        "set": evaluation.set,
        "n": evaluation.n,
        "decision": evaluation.decision,
        "reasons": evaluation.reasons,
        "figures": called_now(evaluation.metrics),
    }


def _described(version: ModelVersion, services: Services) -> Described:
    return describe(version.folder, services.settings.data_folder)


def _is_for_a_lead(version: ModelVersion) -> bool:
    """Whether the gate refused it, it was live before, or it is a base model that came with the program since."""
    waits = version.status == "candidate" and version.parent_id is None
    return (version.status in ("rejected", "retired") or waits) and not versions.is_replaced(version)
