"""A radiograph in, a grounded report out; and how good a report is."""

from lmrrg.torchvision_schemas import install

install()
