"""What surrounds a radiograph: windows, the prior study of the same patient, a sentence for one region."""

from fastapi.testclient import TestClient

from feedback_db.models import Study
from lmrrg.profiles.chest.phantom import draw
from lmrrg.profiles.chest.regions import REGIONS
from ui.desk.intake import keep_study
from ui.desk.services import Services


def later_study(services: Services, patient: str) -> Study:
    return keep_study(
        services.database,
        services.settings.data_folder,
        services.secret,
        draw(8, size=64).as_radiograph(),
        patient=patient,
        origin="phantom",
    )


def test_the_same_patient_s_earlier_study_is_the_prior(
    reader: TestClient, services: Services, study: Study
) -> None:
    later = later_study(services, draw(7, size=64).patient)
    assert reader.get(f"/api/studies/{later.id}").json()["prior"]["id"] == study.id
    assert reader.get(f"/api/studies/{study.id}").json()["prior"] is None


def test_another_patient_s_study_is_no_prior(reader: TestClient, services: Services, study: Study) -> None:
    assert reader.get(f"/api/studies/{later_study(services, 'another').id}").json()["prior"] is None


def test_a_sentence_for_a_region_has_its_evidence_there_and_is_new(reader: TestClient, study: Study) -> None:
    path = f"/api/studies/{study.id}/sentence"
    offered = [reader.post(path, json={"region": region}).json()["sentence"] for region in REGIONS[:2]]
    for region, sentence in zip(REGIONS, offered, strict=False):
        if sentence is not None:
            assert region in [one["name"] for one in sentence["regions"]]
            again = reader.post(path, json={"region": region, "said": [sentence["text"]]}).json()["sentence"]
            assert again is None or again["text"] != sentence["text"]


def test_a_region_that_is_none_is_refused(reader: TestClient, study: Study) -> None:
    assert reader.post(f"/api/studies/{study.id}/sentence", json={"region": "tail"}).status_code == 403
