"""What a draft says of its image reaches the page: with the draft in the reading room, with the pair in Compare."""

import json

from fastapi.testclient import TestClient

from feedback_db.models import Study
from feedback_db.studies import drafts
from feedback_db.training import versions
from lmrrg.notices import Notice, as_json, told
from ui.desk.services import Services

MIRRORED, PHANTOM = Notice("seems_mirrored"), Notice("phantom")


def keep_draft(
    services: Services, study: Study, text: str, *notices: object, temperature: float = 0.0
) -> None:
    with services.database.session() as session:
        drafts.add(
            session,
            study_id=study.id,
            model_version_id=versions.live(session).id,
            text=text,
            report={"sentences": [{"text": text}], "notices": list(notices)},
            request={"temperature": temperature},
        )


def test_the_reading_room_gets_the_draft_s_notices(
    reader: TestClient, services: Services, study: Study
) -> None:
    keep_draft(services, study, "The lungs are clear.", as_json(MIRRORED), "A sentence of long ago.")
    held = reader.get(f"/api/studies/{study.id}/reading").json()
    assert held["draft"]["report"]["notices"] == [
        {
            "code": "seems_mirrored",
            "values": {},
            "severity": "caution",
            "sentence": "The image may be mirrored, left for right: check the side marker.",
        },
        told(Notice("text", {"sentence": "A sentence of long ago."})),
    ]


def test_compare_gets_both_drafts_notices_in_one_list(
    reader: TestClient, services: Services, study: Study
) -> None:
    keep_draft(services, study, "Plain.", as_json(MIRRORED), as_json(PHANTOM))
    keep_draft(services, study, "Sampled.", MIRRORED.sentence, temperature=1.0)
    last = reader.post(f"/api/studies/{study.id}/pair", json={}).text.splitlines()[-1]
    assert json.loads(last)["pair"]["notices"] == [told(PHANTOM), told(MIRRORED)]
