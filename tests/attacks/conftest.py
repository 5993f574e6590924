"""The web application of ``tests/ui``, for attacks that come through it."""

from tests.ui.conftest import app, browser, reader, services, stranger, study

__all__ = ["app", "browser", "reader", "services", "stranger", "study"]
