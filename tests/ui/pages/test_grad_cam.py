"""The second opinion on a draft's maps: one Grad-CAM for each of its sentences, of this study's drafts only."""

from base64 import b64decode

from fastapi.testclient import TestClient

from feedback_db.models import Study
from tests.ui.pages.test_second_look import later_study
from ui.desk.services import Services


def drafted(services: Services, study: Study) -> tuple[str, int]:
    drafting = services.drafting.ask(study.id)
    assert drafting.wait(60)
    assert drafting.draft is not None
    return f"/api/studies/{study.id}/drafts/{drafting.draft.id}/gradcam", len(
        drafting.draft.report["sentences"]
    )


def test_each_sentence_has_a_map_on_the_model_s_grid(
    reader: TestClient, services: Services, study: Study
) -> None:
    path, sentences = drafted(services, study)
    maps = reader.get(path).json()["maps"]
    assert len(maps) == sentences > 0
    for one in maps:
        assert len(b64decode(one["values"])) == one["rows"] * one["columns"]


def test_a_draft_of_another_study_is_not_found(reader: TestClient, services: Services, study: Study) -> None:
    path, _ = drafted(services, study)
    other = later_study(services, "another")
    assert reader.get(path.replace(f"studies/{study.id}", f"studies/{other.id}")).status_code == 404
