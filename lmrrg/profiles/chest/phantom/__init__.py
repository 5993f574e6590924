"""Procedurally drawn radiographs: anatomy → disease → image + report, and everything known about them."""

from lmrrg.profiles.chest.phantom.disease import Abnormality, Device, Truth, labels, significant_regions
from lmrrg.profiles.chest.phantom.drawing import Phantom, draw, draw_prior, truth_of
from lmrrg.profiles.chest.phantom.sites import SITES, TRAINING_SITES, Site
from lmrrg.profiles.chest.phantom.words.report_writer import PhantomSentence, write_report
from lmrrg.profiles.chest.phantom.words.styles import (
    HOUSE_STYLE,
    STYLES,
    TRAINING_STYLES,
    Style,
    random_style,
)

__all__ = [
    "HOUSE_STYLE",
    "SITES",
    "STYLES",
    "TRAINING_SITES",
    "TRAINING_STYLES",
    "Abnormality",
    "Device",
    "Phantom",
    "PhantomSentence",
    "Site",
    "Style",
    "Truth",
    "draw",
    "draw_prior",
    "labels",
    "random_style",
    "significant_regions",
    "truth_of",
    "write_report",
]
