"""Which side of an image is whose: named where it is known, warned of where file or model doubt it."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from playwright.sync_api import Route, expect

from feedback_db.settings import secret
from feedback_db.studies import drafts
from feedback_db.training import versions
from lmrrg.notices import Notice, as_json, told
from lmrrg.profiles.chest.phantom import draw
from ui.desk.intake import keep_study

pytestmark = pytest.mark.browser

BANNER, SIDES = ".page.here .film-warning", ".page.here .strip .readout.right"
MIRRORED, SEEMS_MIRRORED, NOT_FRONTAL, SIDEWAYS, TURNED = (
    Notice(code) for code in ("mirrored", "seems_mirrored", "not_frontal", "sideways", "turned")
)
AS_STORED = "The image is shown as stored, neither flipped nor turned."


def add_mirrored(house: Any, seed: int) -> int:
    """A phantom that comes in flipped, as from a hospital, with two drafts whose model noticed; its study's number."""
    upright = draw(seed, size=512).as_radiograph()
    study = keep_study(
        house.database,
        house.settings.data_folder,
        secret(house.settings.data_folder),
        replace(upright, pixels=upright.pixels[:, ::-1].copy(), kind="PNG", notices=()),
        patient=f"mirrored {seed}",
        origin="upload",
    )
    with house.database.session() as session:
        for text, temperature in (("The lungs are clear.", 0.0), ("No effusion.", 1.0)):
            sentence = {"text": text, "confidence": 0.9, "regions": [], "flag": None}
            drafts.add(
                session,
                study_id=study.id,
                model_version_id=versions.live(session).id,
                text=text,
                report={
                    "sentences": [sentence],
                    "regions": [],
                    "notices": [as_json(SEEMS_MIRRORED)],
                },
                request={"temperature": temperature},
            )
    return study.id


def test_what_the_draft_says_of_the_sides_stands_on_the_film(reader: Callable[..., Any], house: Any) -> None:
    chest = reader()
    chest.read(add_mirrored(house, 901))
    expect(chest.page.locator(BANNER)).to_have_text(f"{SEEMS_MIRRORED.sentence} {AS_STORED}")
    expect(chest.page.locator(".study-notes .notice")).to_have_text([SEEMS_MIRRORED.sentence])
    banner, film = (
        chest.page.locator(place).bounding_box() for place in (BANNER, ".page.here canvas.film >> nth=0")
    )
    assert banner["y"] + banner["height"] <= film["y"]  # it hides nothing of the chest
    expect(chest.page.locator(SIDES)).to_contain_text("see the banner")
    chest.read(1)
    expect(chest.page.locator(BANNER)).to_be_hidden()
    expect(chest.page.locator(SIDES)).to_contain_text("R ← patient → L")


def test_compare_warns_too_and_leaves_one_study_s_trouble_with_it(
    reader: Callable[..., Any], house: Any
) -> None:
    page = reader().page
    first, second = add_mirrored(house, 902), add_mirrored(house, 903)

    def refuse(route: Route) -> None:
        route.fulfill(status=503, json={"error": "The server is busy."})

    page.route("**/choice", refuse)
    page.goto(f"{house.server.address}/#/compare/{first}")
    expect(page.locator(BANNER)).to_contain_text(SEEMS_MIRRORED.sentence)
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    alert = page.locator(".page.compare [role=alert]")
    expect(alert).to_contain_text("Your choice was not kept")
    page.goto(f"{house.server.address}/#/compare/{second}")
    expect(page.locator(".bar .where")).to_contain_text(f"{second:04}")
    expect(page.locator(".page.compare .side")).to_have_count(2)
    expect(alert).to_have_count(0)
    page.unroute("**/choice", refuse)


def test_a_side_is_named_only_where_it_is_known(reader: Callable[..., Any]) -> None:
    def file(*orientation: str) -> dict[str, Any]:
        return {"header": {"kept": {"PatientOrientation": list(orientation)}}}

    cases = [
        ({"origin": "phantom"}, [], "R ← patient → L"),
        (file("L", "F"), [], "R ← patient → L"),
        (file("L", "F"), [SEEMS_MIRRORED], "sides: see the banner"),
        (file("L", "F"), [NOT_FRONTAL], "sides: see the banner"),
        (file("F", "R"), [SIDEWAYS], "sides: see the banner"),
        (file("A", "F") | {"view": "LATERAL"}, [], "lateral view"),
        ({"view": "LATERAL"}, [], "lateral view"),
        ({"view": "PA"}, [], "sides: not in the file"),
        ({"header": None}, [], "sides: not in the file"),
    ]
    shown = reader().page.evaluate(
        """async (cases) => {
          const { readouts } = await import("/ui/viewer/readouts.js");
          const placement = () => ({ scale: 1 });
          return cases.map(([meta, notices]) => readouts({ meta, placement }, { notices }).right[1].textContent);
        }""",
        [(meta, [told(notice) for notice in notices]) for meta, notices, _ in cases],
    )
    assert shown == [words for _, _, words in cases]


def test_the_banner_says_shown_as_stored_only_of_what_is(reader: Callable[..., Any]) -> None:
    cases = [
        ([], None),
        ([Notice("text", {"sentence": TURNED.sentence})], None),
        ([TURNED], TURNED.sentence),
        ([SIDEWAYS], f"{SIDEWAYS.sentence} {AS_STORED}"),
        ([MIRRORED, SEEMS_MIRRORED], f"{MIRRORED.sentence} {AS_STORED}"),
        ([NOT_FRONTAL, MIRRORED], f"{MIRRORED.sentence} {NOT_FRONTAL.sentence} {AS_STORED}"),
    ]
    shown = reader().page.evaluate(
        """async (cases) => {
          const { warningOf } = await import("/ui/viewer/readouts.js");
          return cases.map((notices) => warningOf(notices));
        }""",
        [[told(notice) for notice in notices] for notices, _ in cases],
    )
    assert shown == [words for _, words in cases]
