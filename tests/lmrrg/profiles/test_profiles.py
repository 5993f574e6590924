"""Kinds of examinations are found by name, each in a folder of its own, and cost nothing until they are used."""

import pickle
import subprocess
import sys

import pytest

from lmrrg import profiles
from lmrrg.errors import ProfileError
from lmrrg.profiles.phantoms import Phantoms


def test_the_chest_is_known_by_name() -> None:
    assert "chest" in profiles.names()
    assert profiles.load("chest") is profiles.load() is profiles.DEFAULT_PROFILE


def test_an_unknown_kind_is_refused_with_those_that_are_known() -> None:
    with pytest.raises(ProfileError, match=r"“knee”.*chest"):
        profiles.load("knee")


def test_indices_are_those_of_the_order() -> None:
    chest = profiles.load("chest")
    assert chest.region_index["left lung"] == 8
    assert chest.region_names[8] == "left lung"
    assert chest.finding_index["Edema"] == 5
    assert "No Finding" not in chest.diseases
    assert "Support Devices" not in chest.diseases
    assert len(chest.diseases) == 12


def test_its_own_names_are_among_its_findings_and_regions() -> None:
    chest = profiles.load("chest")
    named = {*chest.leading_findings, *chest.not_diseases, *chest.named_by, *chest.denied_with}
    named |= {name for names in (*chest.named_by.values(), *chest.denied_with.values()) for name in names}
    named |= {concept.finding for concept in chest.lexicon.concepts.values() if concept.finding}
    assert named <= set(chest.findings)
    assert set(chest.frame_regions) <= set(chest.region_names)
    assert set(chest.drafted_views) <= set(chest.views)


def test_what_is_alike_is_in_the_lexicon() -> None:
    lexicon = profiles.load("chest").lexicon
    likened = {name for names in lexicon.related.values() for name in names} | lexicon.families.keys()
    likened |= {name for names in lexicon.said_better_by.values() for name in names}
    assert likened <= lexicon.concepts.keys()


def test_a_profile_travels_by_its_name() -> None:
    chest = profiles.load("chest")
    assert chest.lexicon
    assert pickle.loads(pickle.dumps(chest)) is chest


def test_the_phantoms_have_all_that_their_users_ask_for() -> None:
    phantom = profiles.load("chest").phantom
    asked = {name for name in (*Phantoms.__annotations__, *vars(Phantoms)) if not name.startswith("_")}
    assert "draw" in asked
    assert "SITES" in asked
    assert asked <= set(dir(phantom))


def test_importing_the_profiles_loads_neither_phantoms_nor_torch() -> None:
    script = (
        "import sys, lmrrg.profiles; print([name for name in sys.modules if name in ('torch', 'cv2') "
        "or '.phantom.' in name or name.endswith('.phantom')])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
