"""The 29 regions and their sides."""

from lmrrg.profiles.chest.regions import REGIONS, SIDE, mirrored


def test_there_are_29_of_chest_imagenome() -> None:
    assert len(set(REGIONS)) == 29
    assert REGIONS[0] == "right lung"
    assert REGIONS[24] == "cardiac silhouette"


def test_every_paired_region_has_its_other_side() -> None:
    assert mirrored("right lower lung zone") == "left lower lung zone"
    assert mirrored("left clavicle") == "right clavicle"
    assert all(mirrored(mirrored(name)) == name for name in REGIONS)


def test_midline_and_one_sided_regions_have_no_other_side() -> None:
    assert [name for name in REGIONS if mirrored(name) == name] == [
        "trachea", "spine", "aortic arch", "mediastinum", "upper mediastinum", "svc", "cardiac silhouette",
        "cavoatrial junction", "right atrium", "carina", "abdomen",
    ]  # fmt: skip


def test_side_is_the_patients() -> None:
    assert SIDE["left lung"] == "left"
    assert SIDE["aortic arch"] == "left"
    assert SIDE["right atrium"] == "right"
    assert SIDE["spine"] == "midline"
