"""Another kind of examination fits: three regions, two views, colour, findings and words of its own.

A fundus drawn in a few lines; no folder of the program knows about it.
"""

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from lmrrg import profiles
from lmrrg.__main__ import main
from lmrrg.errors import ModelError, NoDraftPossible
from lmrrg.grounding.claims import Claim, claims
from lmrrg.grounding.second_opinion import flag
from lmrrg.metrics.lite.collapse import all_normal_share
from lmrrg.metrics.lite.error_counts import count_errors
from lmrrg.metrics.lite.labels import label_f1, label_report, mentions
from lmrrg.metrics.suite import run_suite, weightless_metrics
from lmrrg.model.tokenizer import train_tokenizer
from lmrrg.profiles import Profile, Region
from lmrrg.reporters.native import NativeReporter
from lmrrg.study import RadiographImage, Study
from train.build_default.architecture import Architecture, build

LEXICON = """
[observation.haemorrhage]
finding = "Haemorrhage"
home = "retina"
phrases = ["haemorrhage", "bleeding"]

[observation.exudate]
finding = "Exudate"
home = "retina"
phrases = ["exudate", "hard exudate"]

[observation.drusen]
home = "macula"
minor = true
phrases = ["drusen"]

[anatomy.macula]
region = "macula"
phrases = ["macula", "macular"]

[anatomy.retina]
region = "retina"
phrases = ["retina"]

[state]
normal = ["normal", "clear"]

[[combination]]
anatomy = ["retina"]
state = ["normal"]
observation = "haemorrhage"
present = false
implied = true

[severity]
2 = ["small"]
4 = ["large"]

[cue]
negation_before = ["no"]

[place]
anywhere = "retina"
"""
ARCHITECTURE = Architecture(
    image_size=64,
    vision_widths=(8, 8, 16, 16),
    vision_depths=(1, 1, 1, 1),
    region_dim=24,
    region_layers=1,
    region_heads=2,
    text_width=32,
    text_layers=2,
    text_heads=2,
)


@pytest.fixture(scope="module")
def fundus(tmp_path_factory: pytest.TempPathFactory) -> Profile:
    lexicon = tmp_path_factory.mktemp("fundus") / "lexicon.toml"
    lexicon.write_text(LEXICON, "utf-8")
    profile = Profile(
        name="toy-fundus",
        title="fundus photograph",
        regions=(
            Region("optic disc", "midline", "optic disc, bright and round"),
            Region("macula", "midline", "macula, darker, beside the disc"),
            Region("retina", "midline", "retina with its vessels"),
        ),
        findings=("Normal", "Haemorrhage", "Exudate"),
        normal_finding="Normal",
        views=("MACULA", "DISC"),
        drafted_views=("MACULA",),
        drafted_image="photograph centred on the macula",
        channels=3,
        lexicon_file=lexicon,
        denied_with={"Haemorrhage": ("Haemorrhage", "Exudate")},
        normal_report="The retina is normal.",
    )
    profiles.register(profile)
    return profile


def photograph(view: str | None, *, rows: int = 80, columns: int = 100) -> RadiographImage:
    """A red fundus with a yellow disc."""
    pixels = np.zeros((rows, columns, 3), np.uint16)
    pixels[..., 0] = 180
    pixels[30:50, 60:80, 1] = 200
    return RadiographImage(pixels, 8, (127.5, 255.0), "PNG", "RGB", view=view)


@pytest.fixture(scope="module")
def reporter(fundus: Profile, tmp_path_factory: pytest.TempPathFactory) -> NativeReporter:
    corpus = [*(region.description for region in fundus.regions), "No haemorrhage.", "The retina is normal."]
    model, processor = build(ARCHITECTURE, train_tokenizer(corpus * 4, 400), profile=fundus)
    folder = tmp_path_factory.mktemp("toy")
    model.eval().save_pretrained(folder)
    processor.save_pretrained(folder)
    name = {"name": "toy", "version": "1.0", "demonstration": True}
    (folder / "lmrrg_version.json").write_text(json.dumps(name))
    return NativeReporter(folder)


def test_a_model_takes_its_sizes_from_the_profile_that_its_folder_names(
    reporter: NativeReporter, fundus: Profile
) -> None:
    config = reporter.model.config
    assert reporter.profile is fundus
    assert (config.num_regions, config.num_findings, config.tokens_per_image) == (3, 3, 7)
    assert config.vision_config.num_channels == 3


def test_a_draft_has_the_regions_and_findings_of_the_profile(reporter: NativeReporter) -> None:
    report = reporter.draft(Study((photograph("DISC"), photograph("MACULA"))))
    assert [region.name for region in report.regions or ()] == ["optic disc", "macula", "retina"]
    assert list(report.findings or {}) == ["Normal", "Haemorrhage", "Exudate"]
    assert report.looked_at == (1,)
    for sentence in report.sentences:
        assert {region.name for region in sentence.regions} <= {"optic disc", "macula", "retina"}


def test_normal_is_what_no_disease_is(reporter: NativeReporter) -> None:
    findings = reporter.draft(Study((photograph(None),))).findings
    assert findings is not None
    likeliest = max(findings["Haemorrhage"], findings["Exudate"])
    assert findings["Normal"] == pytest.approx(1 - likeliest, abs=1e-5)


def test_a_study_without_a_view_to_draft_from_gets_none_and_why(reporter: NativeReporter) -> None:
    with pytest.raises(NoDraftPossible, match="no photograph centred on the macula"):
        reporter.draft(Study((photograph("DISC"),)))


def test_colour_reaches_the_model(reporter: NativeReporter) -> None:
    image = reporter.writer.encode(photograph("MACULA"))
    assert image.pixel_values.shape == (1, 3, 64, 64)
    red, green, blue = image.pixel_values[0]
    assert not torch.equal(red, green)
    assert not torch.equal(green, blue)


def test_a_folder_of_an_unknown_kind_is_refused_with_what_is_known(
    reporter: NativeReporter, tmp_path: Path
) -> None:
    reporter.model.save_pretrained(tmp_path)
    reporter.processor.save_pretrained(tmp_path)
    (tmp_path / "lmrrg_version.json").write_text('{"name": "x", "version": "1", "demonstration": true}')
    config = json.loads((tmp_path / "config.json").read_text())
    assert config["profile"] == "toy-fundus"
    (tmp_path / "config.json").write_text(json.dumps({**config, "profile": "ultrasound"}))
    with pytest.raises(ModelError, match=r"“ultrasound”.*chest"):
        NativeReporter(tmp_path)


def test_reports_are_labelled_with_its_own_words(fundus: Profile) -> None:
    text = "There is a small haemorrhage at the macula. No exudates."
    assert label_report(text, fundus) == {"Normal": None, "Haemorrhage": "positive", "Exudate": "negative"}
    assert mentions(text, fundus)[0].region == "macula"
    assert label_report("Drusen.", fundus) == {"Normal": None, "Haemorrhage": None, "Exudate": None}
    assert label_report("The retina is normal.", fundus)["Normal"] == "positive"


def test_the_words_of_one_kind_mean_nothing_in_another(fundus: Profile) -> None:
    assert mentions("There is cardiomegaly.", fundus) == []
    assert mentions("There is a hard exudate.") == []


def test_a_normal_retina_denies_what_the_profile_says(fundus: Profile) -> None:
    denied = [Claim(name, "negative", None, implied=True) for name in ("Haemorrhage", "Exudate")]
    assert claims("The retina is normal.", fundus) == denied
    image = {"Haemorrhage": 0.1, "Exudate": 0.9}
    assert flag("The retina is normal.", image, fundus) == "image suggests exudate 0.90"


def test_errors_are_counted_by_its_own_words(fundus: Profile) -> None:
    missed = count_errors("The retina is normal.", "Large haemorrhage and drusen.", fundus)
    assert [(error.finding, error.significant) for error in missed.errors] == [
        ("Haemorrhage", True),
        (None, False),
    ]


def test_every_weightless_metric_scores_it(fundus: Profile) -> None:
    texts = ["Large haemorrhage.", "The retina is normal."]
    for one in run_suite(texts, texts, weightless_metrics(fundus)):
        if one.name != "cider_d":
            best = max(one.per_report) if one.direction == "higher" else min(one.per_report)
            assert one.per_report == pytest.approx([best, best]), one.name
    assert label_f1(texts, texts, fundus).per_finding == {"Normal": 1.0, "Haemorrhage": 1.0, "Exudate": 0.0}
    assert all_normal_share(texts, fundus) == 0.5


def test_the_command_line_labels_by_the_profile_that_is_asked_for(
    fundus: Profile, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    reports = tmp_path / "reports.txt"
    reports.write_text("There is a small haemorrhage.\n")
    assert main(["label", str(reports), "--profile", fundus.name, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["labels"]["Haemorrhage"] == "positive"
    assert main(["phantom", "--profile", fundus.name]) == 1
    assert "no phantoms of the kind “toy-fundus”" in capsys.readouterr().err
