"""Two drafts, unnamed: what a reader chooses is kept for the draft that stood there."""

import json
from collections.abc import Callable
from typing import Any

from fastapi.testclient import TestClient

from feedback_db.models import Study
from feedback_db.reading import preferences
from feedback_db.studies import drafts
from feedback_db.training import versions
from ui.desk.services import Services


def two_drafts(services: Services, study: Study) -> None:
    """A readable draft and a sampled one, in words that can be told apart."""
    with services.database.session() as session:
        live = versions.live(session)
        for text, temperature in (("Plain.", 0.0), ("Sampled.", 1.0)):
            drafts.add(
                session,
                study_id=study.id,
                model_version_id=live.id,
                text=text,
                report={"sentences": [{"text": text}]},
                request={"temperature": temperature},
            )


def pair_of(client: TestClient, study: Study) -> dict[str, Any]:
    last = client.post(f"/api/studies/{study.id}/pair", json={}).text.splitlines()[-1]
    pair: dict[str, Any] = json.loads(last)["pair"]
    return pair


def test_the_choice_is_kept_for_what_stood_there(
    browser: Callable[..., TestClient], services: Services, study: Study
) -> None:
    two_drafts(services, study)
    for number, outcome in enumerate(["left", "right", "left", "right"]):
        client = browser(f"reader {number}")
        pair = pair_of(client, study)
        answer = client.post(f"/api/studies/{study.id}/choice", json={"pair": pair["id"], "outcome": outcome})
        assert answer.status_code == 200
        with services.database.reading_session() as session:
            kept = preferences.all_for(session)[-1]
        other = "right" if outcome == "left" else "left"
        assert [[kept.chosen], [kept.rejected]] == [pair[outcome], pair[other]]


def test_the_order_differs_between_readers_and_stays_for_one(
    browser: Callable[..., TestClient], services: Services, study: Study
) -> None:
    two_drafts(services, study)
    firsts = set()
    for number in range(12):
        client = browser(f"reader {number}")
        pair = pair_of(client, study)
        assert pair_of(client, study) == pair
        firsts.add(pair["left"][0])
    assert firsts == {"Plain.", "Sampled."}


def test_a_pair_says_nothing_of_who_wrote_it(
    browser: Callable[..., TestClient], services: Services, study: Study
) -> None:
    two_drafts(services, study)
    pair = pair_of(browser(), study)
    judged = {"outcome", "strength", "reasons", "draft_id"}
    assert set(pair) == {"id", "left", "right", "same", "notices"} | judged
    assert (pair["outcome"], pair["strength"], pair["reasons"], pair["draft_id"]) == (None, None, [], None)


def test_a_tie_prefers_nothing(browser: Callable[..., TestClient], services: Services, study: Study) -> None:
    two_drafts(services, study)
    client = browser()
    body = {"pair": pair_of(client, study)["id"], "outcome": "tie"}
    assert client.post(f"/api/studies/{study.id}/choice", json=body).status_code == 200
    with services.database.reading_session() as session:
        assert preferences.all_for(session) == []


def test_a_choice_between_no_drafts_is_refused(browser: Callable[..., TestClient], study: Study) -> None:
    for pair, status in (("1-2", 404), ("x", 403), ("", 403)):
        answer = browser().post(f"/api/studies/{study.id}/choice", json={"pair": pair, "outcome": "left"})
        assert answer.status_code == status


def test_a_pair_is_judged_once_and_remembers_how(
    browser: Callable[..., TestClient], services: Services, study: Study
) -> None:
    two_drafts(services, study)
    client = browser()
    pair = pair_of(client, study)
    body = {"pair": pair["id"], "outcome": "right", "strength": 3, "reasons": ["severity", "findings"]}
    assert client.post(f"/api/studies/{study.id}/choice", json=body).status_code == 200
    again = client.post(f"/api/studies/{study.id}/choice", json=body | {"outcome": "left"})
    assert (again.status_code, again.json()["outcome"]) == (409, "right")
    kept_pair = pair_of(client, study)
    assert (kept_pair["outcome"], kept_pair["strength"]) == ("right", 3)
    assert kept_pair["reasons"] == ["findings", "severity"]
    with services.database.reading_session() as session:
        (kept,) = preferences.all_for(session)
    assert (kept.strength, kept.reasons) == (3, ("findings", "severity"))


def test_a_reason_of_one_s_own_is_not_understood(
    browser: Callable[..., TestClient], services: Services, study: Study
) -> None:
    two_drafts(services, study)
    client = browser()
    body = {"pair": pair_of(client, study)["id"], "outcome": "left", "reasons": ["<script>"]}
    assert client.post(f"/api/studies/{study.id}/choice", json=body).status_code == 422
