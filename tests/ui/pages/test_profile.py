"""The page learns from the server what kind of examination the model is for; nothing of it is spelt in a script."""

from fastapi.testclient import TestClient

from lmrrg.profiles.chest.findings import FINDINGS
from lmrrg.profiles.chest.regions import REGIONS


def test_the_page_is_told_the_names_in_their_order(reader: TestClient) -> None:
    told = reader.get("/api/me").json()["profile"]
    assert told["name"] == "chest"
    assert told["title"] == "chest radiograph"
    assert tuple(told["regions"]) == REGIONS
    assert tuple(told["findings"]) == FINDINGS[1:]
    assert told["views"] == ["PA", "AP", "LATERAL"]


def test_every_finding_that_the_page_is_told_can_be_stated(reader: TestClient) -> None:
    for finding in reader.get("/api/me").json()["profile"]["findings"]:
        sent = {"sentences": [], "finding": finding, "present": True}
        said = reader.post("/api/wording/finding", json=sent).json()["sentences"]
        assert len(said) == 1
        stated = reader.post("/api/wording/findings", json={"sentences": said}).json()["stated"]
        assert stated == {finding: "positive"}
