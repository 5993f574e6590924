"""The one list of pages. A new page is a folder beside this file and a line in ``PAGES``.

The bar, the router, the Gradio application and the web application take their pages from here. Does not know what a
page shows: ``pages/NAME/script.js`` exports ``mount(section)``, ``style.css`` is there or not, and the routers answer
what its script asks.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from fastapi import APIRouter

from ui.desk.services import Services
from ui.pages.admin import routes as admin
from ui.pages.admin.components import draw_admin
from ui.pages.compare import routes as compare
from ui.pages.reading.routes import macros, marks, pixels, readings, second_look, wording
from ui.pages.training import decisions
from ui.pages.training import routes as training
from ui.pages.worklist import routes as worklist

FOLDER = Path(__file__).resolve().parent


@dataclass(frozen=True)
class Page:
    """A page: ``name`` is its folder and its address (``#/name``), ``title`` its tab in the bar.

    ``of_a_study``: the address goes on with a study's number, and its tab leads to the study looked at last.
    ``components`` draws it with Gradio's own components; None where its script does.
    """

    name: str
    title: str
    routers: tuple[APIRouter, ...]
    of_a_study: bool = False
    components: Callable[[Services], None] | None = None

    @property
    def has_style(self) -> bool:
        return (FOLDER / self.name / "style.css").exists()


PAGES = (
    Page("worklist", "Worklist", (worklist.router,)),
    Page(
        "reading",
        "Reading room",
        (pixels.router, second_look.router, readings.router, marks.router, macros.router, wording.router),
        of_a_study=True,
    ),
    Page("compare", "Compare", (compare.router,), of_a_study=True),
    Page("training", "Training", (training.router, decisions.router)),
    Page("admin", "Admin", (admin.router,), components=draw_admin),
)
