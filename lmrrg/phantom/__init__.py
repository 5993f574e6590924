"""Procedurally drawn radiographs: anatomy → disease → image + report, and everything known about them."""

from lmrrg.phantom.disease import Abnormality, Device, Truth, labels
from lmrrg.phantom.phantom import Phantom, draw
from lmrrg.phantom.report_writer import STYLES, PhantomSentence, Style, write_report
from lmrrg.phantom.sites import SITES, Site

__all__ = [
    "SITES",
    "STYLES",
    "Abnormality",
    "Device",
    "Phantom",
    "PhantomSentence",
    "Site",
    "Style",
    "Truth",
    "draw",
    "labels",
    "write_report",
]
