"""Which files become one study, in whatever order and by whatever way they come."""

from collections.abc import Callable
from datetime import date
from io import BytesIO
from itertools import permutations

import numpy as np
import pydicom
import pytest
from fastapi.testclient import TestClient
from PIL import Image

from feedback_db.errors import DuplicateStudy
from feedback_db.studies import drafts, images, priors, studies
from feedback_db.studies.studies import Examination
from tests.examination_files import pair
from ui.desk.drafting_ahead import DraftsAhead
from ui.desk.examinations import what_to_ask
from ui.desk.intake import Door
from ui.desk.services import Services

FRONTAL, LATERAL = pair(study="2", time="1000")
EARLIER = pair(study="1", on=date(2024, 3, 2), seed=2)
SAME_DAY_LATER = pair(study="3", time="1130", seed=3)[0]


@pytest.fixture
def door(services: Services) -> Door:
    return services.door


@pytest.fixture
def views(services: Services) -> Callable[[], dict[int, list[str | None]]]:
    """The views of each study's images, as they are hung."""

    def of() -> dict[int, list[str | None]]:
        with services.database.reading_session() as session:
            found = images.of_studies(session, study_ids=range(1, 100))
        return {number: [image.view for image in hung] for number, hung in found.items()}

    return of


def picture(grey: int) -> bytes:
    file = BytesIO()
    Image.fromarray(np.full((20, 30), grey, np.uint8)).save(file, "PNG")
    return file.getvalue()


def prior_of(door: Door, number: int) -> int | None:
    with door.database.reading_session() as session:
        prior = priors.prior_of(session, study_id=number)
    return prior.id if prior else None


@pytest.mark.parametrize("order", list(permutations((0, 1, 2))))
def test_files_of_one_examination_are_one_study_in_whatever_order_they_come(door, views, order) -> None:
    files = (FRONTAL, LATERAL, EARLIER[1])
    number = {which: door.take_in(files[which])[0].id for which in order}
    assert views() == {number[0]: ["PA", "LATERAL"], number[2]: ["LATERAL"]}
    assert number[1] == number[0]


def test_files_given_together_are_one_study_unless_their_headers_name_several(door, views) -> None:
    together = door.take_in(FRONTAL, LATERAL, EARLIER[0])
    assert views() == {together[0].id: ["PA", "LATERAL"], together[1].id: ["PA"]}
    assert prior_of(door, together[0].id) == together[1].id  # the earlier day's, though it was listed later


def test_pictures_given_together_are_one_study_and_alone_are_several(door, views) -> None:
    (both,) = door.take_in(picture(1), picture(2))
    (third,), (fourth,) = door.take_in(picture(3)), door.take_in(picture(4))
    assert views() == {both.id: [None, None], third.id: [None], fourth.id: [None]}
    assert len({both.patient_key, third.patient_key, fourth.patient_key}) == 3


def test_a_picture_that_comes_with_a_named_examination_belongs_to_it(door, views) -> None:
    (study,) = door.take_in(picture(1), FRONTAL)
    assert views() == {study.id: ["PA", None]} or views() == {study.id: [None, "PA"]}
    assert door.take_in(LATERAL)[0].id == study.id


def test_one_examination_of_two_patients_or_sites_is_two_studies(door, views) -> None:
    numbers = [
        door.take_in(FRONTAL, said=Examination(site="A"))[0].id,
        door.take_in(LATERAL, said=Examination(site="B"))[0].id,
        door.take_in(pair(study="2", patient="MRN 2", seed=5)[1], said=Examination(site="A"))[0].id,
    ]
    assert list(views()) == numbers
    assert len(set(numbers)) == 3


def test_what_names_the_same_examination_on_another_day_stays_apart_and_is_told(
    door, views, reader: TestClient
) -> None:
    (study,) = door.take_in(FRONTAL)
    other_day = pair(study="2", on=date(2025, 5, 12), seed=6)
    added = reader.post("/api/studies", files=[("file", ("a", one)) for one in (*other_day, LATERAL)]).json()
    apart, joined = added["ids"]
    assert joined == study.id
    assert views() == {study.id: ["PA", "LATERAL"], apart: ["PA", "LATERAL"]}
    assert f"the same examination as study {study.id}, but another day" in added["notices"][0]["sentence"]
    shown = reader.get(f"/api/studies/{apart}").json()["images"]
    assert [[notice["code"] for notice in image["notices"]].count("other_day") for image in shown] == [1, 1]
    # One of the two days is wrong: nobody knows that the one came before the other.
    assert (prior_of(door, apart), prior_of(door, study.id)) == (None, None)


def test_a_file_that_states_no_day_joins_its_examination(door, views) -> None:
    file = pydicom.dcmread(BytesIO(LATERAL))
    for name in ("StudyDate", "AcquisitionDate", "ContentDate", "SeriesDate"):
        if name in file:
            del file[name]
    undated = BytesIO()
    file.save_as(undated, enforce_file_format=True)
    (study,) = door.take_in(FRONTAL)
    assert door.take_in(undated.getvalue())[0].id == study.id
    assert views() == {study.id: ["PA", "LATERAL"]}


def test_the_same_file_again_is_refused_with_its_study_and_changes_nothing(door, views) -> None:
    (study,) = door.take_in(FRONTAL, LATERAL)
    before = views()
    for again in ([FRONTAL], [LATERAL], [LATERAL, FRONTAL], [picture(7), picture(7), EARLIER[0], FRONTAL]):
        with pytest.raises(DuplicateStudy) as refused:
            door.take_in(*again)
        assert refused.value.study_id == study.id
    assert views() == before


def test_what_is_missing_of_pictures_given_together_joins_those_that_are_here(door, views) -> None:
    """So a folder that was interrupted, or got another picture, is finished by giving it again."""
    (study,) = door.take_in(picture(1), picture(2))
    (again,) = door.take_in(picture(2), picture(3), picture(1))
    assert again.id == study.id
    assert views() == {study.id: [None, None, None]}


def test_a_lateral_is_never_the_prior_of_its_frontal(door) -> None:
    first, second = door.take_in(*EARLIER)[0].id, door.take_in(LATERAL, FRONTAL)[0].id
    assert (prior_of(door, first), prior_of(door, second)) == (None, first)


def test_within_a_day_the_time_decides_whichever_came_first(door) -> None:
    late, early = door.take_in(SAME_DAY_LATER)[0].id, door.take_in(FRONTAL, LATERAL)[0].id
    assert (prior_of(door, late), prior_of(door, early)) == (early, None)


def test_a_study_without_a_frontal_image_gets_no_draft_and_why_until_it_gets_one(
    services: Services, door: Door, reader: TestClient
) -> None:
    ahead = DraftsAhead(services.database, services.drafting, 5)
    (study,) = door.take_in(LATERAL)
    assert ahead._next() is None
    (row,) = reader.get("/api/studies").json()["rows"]
    assert (row["status"], row["views"], row["has_frontal"]) == ("new", ["LATERAL"], False)
    *_, last = services.drafting.ask(study.id).follow()
    assert last["kind"] == "error"
    assert "no frontal radiograph" in last["message"]
    door.take_in(FRONTAL)
    assert ahead._next() == study.id
    *_, last = services.drafting.ask(study.id).follow()
    assert last["kind"] == "draft"


def test_a_draft_says_which_images_it_was_written_of(
    services: Services, door: Door, reader: TestClient
) -> None:
    (first,) = door.take_in(*EARLIER)
    (study,) = door.take_in(FRONTAL)
    *_, last = services.drafting.ask(study.id).follow()
    assert last["kind"] == "draft"
    door.take_in(LATERAL)
    shown = reader.get(f"/api/studies/{study.id}").json()
    frontal, lateral = shown["images"]
    assert (frontal["view"], lateral["view"], lateral["side"]) == ("PA", "LATERAL", "L")
    assert [image["view"] for image in shown["prior"]["images"]] == ["PA", "LATERAL"]
    assert (shown["prior"]["id"], shown["prior"]["order_known"]) == (first.id, True)
    draft = reader.get(f"/api/studies/{study.id}/reading").json()["draft"]
    assert draft["images"] == [frontal["id"]]  # the lateral came later
    with services.database.reading_session() as session:
        request = drafts.get(session, draft_id=draft["id"]).request
    assert request["priors"][0]["images"] == [image["id"] for image in shown["prior"]["images"]]
    sizes = [
        len(reader.get(f"/api/studies/{study.id}/images/{image['id']}/pixels").content)
        for image in shown["images"]
    ]
    assert sizes == [2 * 96 * 96, 2 * 96 * 72]
    other = shown["prior"]["images"][0]["id"]
    assert reader.get(f"/api/studies/{study.id}/images/{other}/pixels").status_code == 404


def test_what_the_referrer_said_is_kept_shown_and_told(services: Services, reader: TestClient) -> None:
    said = {"indication": "Cough.", "comparison": "March.", "technique": "AP, supine."}
    files = {"file": ("a", FRONTAL)}
    number = reader.post("/api/studies", files=files, data=said | {"site": " A "}).json()["id"]
    shown = reader.get(f"/api/studies/{number}").json()
    assert {name: shown[name] for name in (*said, "site")} == said | {"site": "A"}
    with services.database.reading_session() as session:
        asked = what_to_ask(session, studies.get(session, study_id=number))
    assert asked.items() >= said.items()


def test_several_files_are_dropped_at_once(reader: TestClient, views) -> None:
    files = [("file", ("a", FRONTAL)), ("file", ("b", LATERAL)), ("file", ("c", EARLIER[0]))]
    added = reader.post("/api/studies", files=files).json()
    assert added["id"] == added["ids"][0]
    assert views() == {added["ids"][0]: ["PA", "LATERAL"], added["ids"][1]: ["PA"]}
    broken = reader.post("/api/studies", files=[("file", ("a", EARLIER[1])), ("file", ("b", b"no image"))])
    assert broken.status_code == 422
    assert len(views()) == 2  # all or none
    again = reader.post("/api/studies", files=files)
    assert (again.status_code, again.json()["study_id"]) == (409, added["id"])
