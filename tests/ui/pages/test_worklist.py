"""The worklist: studies come in by upload, bad files are refused in words, pages are turned."""

import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from fastapi.testclient import TestClient
from PIL import Image

from feedback_db.models import Study
from feedback_db.people import accounts
from feedback_db.reading import readings
from feedback_db.studies import drafts, images
from feedback_db.training import versions
from ui.desk.services import Services


def png(seed: int = 0) -> bytes:
    pixels = np.random.default_rng(seed).integers(0, 255, (80, 60), dtype=np.uint8)
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "PNG")
    return out.getvalue()


def add(client: TestClient, content: bytes, **fields: str) -> tuple[int, dict[str, object]]:
    answer = client.post("/api/studies", files={"file": ("Smith_John.png", content)}, data=fields)
    return answer.status_code, answer.json()


def test_an_uploaded_radiograph_is_on_the_worklist(reader: TestClient) -> None:
    status, added = add(reader, png(), indication="Cough.", site="North")
    assert status == 200
    row = reader.get("/api/studies").json()["rows"][0]
    assert (row["id"], row["indication"], row["site"], row["status"]) == (
        added["id"],
        "Cough.",
        "North",
        "new",
    )


def test_neither_the_file_s_name_nor_the_patient_s_is_kept(reader: TestClient, services: Services) -> None:
    assert add(reader, png(), patient="4711-SMITH")[0] == 200
    files = [path for path in services.settings.data_folder.rglob("*") if path.is_file()]
    assert not [path for path in files if "smith" in path.name.lower()]
    assert not [path for path in files if b"smith" in path.read_bytes().lower()]


def test_a_bad_file_is_refused_with_what_to_do(reader: TestClient) -> None:
    for content in (b"not an image at all", png()[:200], b""):
        status, answer = add(reader, content)
        assert status == 422
        assert isinstance(answer["error"], str)
        assert len(answer["error"]) > 20
        assert "Traceback" not in answer["error"]
    assert reader.get("/api/studies").json()["total"] == 0


def test_a_file_over_the_bound_is_refused(reader: TestClient, services: Services) -> None:
    services.settings.upload_megabytes = 1
    status, answer = add(reader, b"\0" * 1_000_001)
    assert (status, "larger than 1 MB" in str(answer["error"])) == (422, True)


def test_the_same_image_twice_leads_to_the_first(reader: TestClient) -> None:
    _, first = add(reader, png())
    status, answer = add(reader, png())
    assert (status, answer["study_id"]) == (409, first["id"])


@pytest.fixture
def bound(browser: Callable[..., TestClient], services: Services) -> Callable[..., TestClient]:
    """``bound(name, *sites)``: a browser signed in as a reader who sees these sites and no other."""

    def sign_in(name: str, *sites: str) -> TestClient:
        number = browser(name).get("/api/me").json()["reader"]["id"]
        with services.database.session() as session:
            accounts.assign(session, reader_id=number, role="reader", sites=sites, by=number)
        return browser(name)  # other sites end what was begun with the ones before

    return sign_in


def test_who_reads_for_one_site_adds_to_it_without_saying_so(bound: Callable[..., TestClient]) -> None:
    client = bound("n.reader", "North")
    status, added = add(client, png())
    assert status == 200
    assert client.get(f"/api/studies/{added['id']}").json()["site"] == "North"


@pytest.mark.parametrize(
    ("sites", "named", "sentence"),
    [
        (("North",), "South", "Write one of these: North."),
        (("North", "West"), "", "Write one of these: North, West."),
        ((), "", "Ask an administrator"),
    ],
)
def test_nobody_adds_a_study_to_a_site_that_they_do_not_see(
    bound: Callable[..., TestClient],
    reader: TestClient,
    sites: tuple[str, ...],
    named: str,
    sentence: str,
) -> None:
    status, answer = add(bound("n.reader", *sites), png(), site=named)
    assert (status, sentence in str(answer["error"])) == (403, True)
    assert reader.get("/api/studies").json()["total"] == 0


def test_of_a_twin_at_a_site_that_is_not_theirs_a_reader_hears_no_number(
    bound: Callable[..., TestClient], reader: TestClient
) -> None:
    add(reader, png(), site="South")
    status, answer = add(bound("n.reader", "North"), png())
    assert (status, list(answer)) == (403, ["error"])
    assert not any(letter.isdigit() for letter in str(answer["error"]))
    assert add(bound("s.reader", "South"), png())[0] == 409


def test_the_filters_offer_what_is_of_one_s_own_sites(
    bound: Callable[..., TestClient], services: Services
) -> None:
    """Each of two readers has opened a study of their own site, whose draft has a finding of its own."""
    clients = {}
    for seed, (site, finding) in enumerate({"North": "Edema", "South": "Fracture"}.items()):
        clients[site] = client = bound(f"{site} reader", site)
        _, added = add(client, png(seed))
        with services.database.session() as session:
            live = versions.live(session)
            drafts.add(
                session,
                study_id=added["id"],
                model_version_id=live.id,
                text=f"{finding}.",
                report={"sentences": [], "findings": {finding: 0.9}},
            )
            number = client.get("/api/me").json()["reader"]["id"]
            readings.open_reading(session, study_id=added["id"], reader_id=number)
    offered = clients["North"].get("/api/studies/choices").json()
    assert (offered["sites"], [one["name"] for one in offered["readers"]], offered["findings"]) == (
        ["North"],
        ["North reader"],
        ["Edema"],
    )


def test_pages_are_turned_newest_first(reader: TestClient) -> None:
    ids = [add(reader, png(seed))[1]["id"] for seed in range(3)]
    page = reader.get("/api/studies?limit=2").json()
    assert ([row["id"] for row in page["rows"]], page["total"]) == ([ids[2], ids[1]], 3)
    assert [row["id"] for row in reader.get("/api/studies?limit=2&offset=2").json()["rows"]] == [ids[0]]


def test_a_study_knows_its_neighbours(reader: TestClient) -> None:
    ids = [add(reader, png(seed))[1]["id"] for seed in range(3)]
    middle = reader.get(f"/api/studies/{ids[1]}").json()
    assert (middle["previous"], middle["next"]) == (ids[2], ids[0])
    assert (middle["position"], middle["total"]) == (2, 3)
    assert reader.get(f"/api/studies/{ids[0]}").json()["next"] is None


def test_pixels_come_as_they_are_archived(reader: TestClient, services: Services, study: Study) -> None:
    with services.database.reading_session() as session:
        (image,) = images.of_study(session, study_id=study.id)
    folder: Path = services.settings.data_folder / image.image_folder
    archived = np.load(folder / "pixels.npy")
    answer = reader.get(f"/api/studies/{study.id}/images/{image.id}/pixels")
    assert answer.headers["content-type"] == "application/octet-stream"
    assert np.array_equal(np.frombuffer(answer.content, "<u2").reshape(64, 64), archived)


def test_a_thumbnail_is_a_small_picture(reader: TestClient, study: Study) -> None:
    answer = reader.get(f"/api/studies/{study.id}/thumbnail")
    assert Image.open(io.BytesIO(answer.content)).size == (96, 96)


def test_a_study_that_is_not_there_is_not_found(reader: TestClient) -> None:
    for path in ("/api/studies/99", "/api/studies/99/images/1/pixels", "/api/studies/99/reading"):
        assert reader.get(path).status_code == 404
