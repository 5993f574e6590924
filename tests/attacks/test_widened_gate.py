"""A lead asks for a job whose gate lets everything through: not without a reason, and not unseen."""

import json
from typing import Any

import pytest
from starlette.testclient import TestClient

from feedback_db.people import audit
from feedback_db.training import gate_widening, jobs
from feedback_db.training.configuration import GateSettings, TrainingConfig
from train.__main__ import main
from ui.desk.services import Services

REASON = "We try a site with very few readings."


@pytest.fixture
def lead(browser: Any) -> TestClient:
    client: TestClient = browser("l.lead", "lead")
    return client


def ask(lead: TestClient, config: dict[str, object], reason: str = "") -> Any:
    return lead.post("/api/training/retrain", json={"config": config, "reason": reason})


@pytest.mark.parametrize(
    ("config", "said"),
    [
        ({"gate": {"errors_margin": 99}}, "gate.errors_margin 99 instead of 0.15"),
        ({"gate": {"minimum_held_out": 2}}, "gate.minimum_held_out 2 instead of 6"),
        ({"gate": {"finding_chance": 0.001}}, "gate.finding_chance 0.001 instead of 0.05"),
        ({"gate": {"finding_minimum": 500}}, "gate.finding_minimum 500 instead of 8"),
        ({"gate": {"sides_same": 0}}, "gate.sides_same 0 instead of 0.5"),
        ({"gate": {"length_ratio": 9}}, "gate.length_ratio 9 instead of 1.5"),
        ({"evaluate": {"base_set": 0}}, "evaluate.base_set 0 instead of 32"),
    ],
)
@pytest.mark.parametrize("reason", ["", "   ok    "])
def test_without_a_reason_it_is_refused_and_nothing_is_filed(
    lead: TestClient, services: Services, config: dict[str, object], said: str, reason: str
) -> None:
    answer = ask(lead, config, reason)
    assert answer.status_code == 403
    assert answer.json()["error"] == (
        f"These settings let through what the gate stops otherwise: {said}. "
        "Write the reason in a sentence, so that others understand it later."
    )
    with services.database.reading_session() as session:
        assert jobs.recent(session) == []


def test_with_a_reason_it_is_filed_and_the_audit_has_both(lead: TestClient, services: Services) -> None:
    number = ask(lead, {"gate": {"errors_margin": 99}}, f"  {REASON} ").json()["job_id"]
    with services.database.reading_session() as session:
        row, asked = audit.recent(session, limit=2)
    assert (row.action, row.subject, row.actor) == ("widen gate", f"job:{number}", "l.lead (reader 1)")
    assert row.data == {"reason": REASON, "widened": {"gate.errors_margin": [0.15, 99.0]}}
    assert asked.data == {"kind": "retrain", "config": {"gate": {"errors_margin": 99}}}


def test_a_stricter_gate_and_the_usual_one_need_none(lead: TestClient, services: Services) -> None:
    stricter = {"gate": {"errors_margin": 0, "minimum_held_out": 60}, "evaluate": {"base_set": 64}}
    assert [ask(lead, config).status_code for config in ({}, stricter)] == [200, 200]
    with services.database.reading_session() as session:
        assert "widen gate" not in {row.action for row in audit.recent(session)}


@pytest.mark.parametrize("name", sorted(GateSettings.model_fields))
def test_every_setting_of_the_gate_can_be_widened_in_one_direction_alone(name: str) -> None:
    usual = getattr(GateSettings(), name)
    moved = [TrainingConfig(gate=GateSettings.model_validate({name: value})) for value in nearby(name, usual)]
    assert sorted(bool(gate_widening.widened(config)) for config in moved) == [False, True]


def nearby(name: str, usual: float) -> tuple[float, float]:
    """One value below and one above that the setting may take."""
    return (usual - 1, usual + 1) if isinstance(usual, int) else (usual - 0.01, usual + 0.01)


def test_the_command_asks_for_the_reason_too(
    services: Services, tmp_path: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LMRRG_DATA_FOLDER", str(services.settings.data_folder))
    (tmp_path / "ours.json").write_text(json.dumps({"gate": {"errors_margin": 99}}))
    assert main(["retrain", "--config", str(tmp_path / "ours.json")]) == 1
    assert "gate.errors_margin 99 instead of 0.15" in capsys.readouterr().err
