"""Procedurally drawn radiographs: anatomy → disease → image + report, and everything known about them."""

from lmrrg.phantom.disease import Abnormality, Device, Truth, labels
from lmrrg.phantom.phantom import Phantom, draw, draw_prior, truth_of
from lmrrg.phantom.report_writer import PhantomSentence, write_report
from lmrrg.phantom.sites import SITES, TRAINING_SITES, Site
from lmrrg.phantom.styles import STYLES, TRAINING_STYLES, Style, random_style

__all__ = [
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
    "truth_of",
    "write_report",
]
