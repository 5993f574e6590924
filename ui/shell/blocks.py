"""The one Gradio application: pages are a ``gr.HTML`` whose script is a module of ours, or Gradio's own components.

Knows nothing about data: scripts fetch theirs from the pages' routes, components ask the page that built them. Gradio
keeps no state, no file and no history here.
"""

from typing import Any

import gradio as gr

from ui.desk.services import Services
from ui.pages.pages import PAGES

STYLES = ("kit/tokens", "shell/style", *(f"pages/{page.name}/style" for page in PAGES if page.has_style))
# The bar's tabs, which are also the router's list of pages: the first is where people come in.
_TABS = "".join(
    f'<a href="#/{page.name}" data-tab="{page.name}"{" data-of-a-study" * page.of_a_study}>{page.title}</a>'
    for page in PAGES
)
IDLE_SECONDS = 1.0

_HEAD = "\n".join(
    [
        '<meta name="color-scheme" content="dark">',
        '<link rel="icon" href="/public/icon.svg">',
        "<style>html, body { background: #0b0d10; }</style>",
        *(f'<link rel="stylesheet" href="/ui/{name}.css">' for name in STYLES),
    ]
)


def _part(tag: str, name: str, module: str, function: str, inside: str = "") -> None:
    gr.HTML(
        html_template=f'<{tag} class="lm {name}" data-part="{name.split()[-1]}">{inside}</{tag}>',
        js_on_load=(
            f'import("/ui/{module}.js").then((module) => module.{function}'
            f'(element.querySelector("[data-part]")));'
        ),
        apply_default_css=False,
        container=False,
        padding=False,
    )


def build(services: Services) -> gr.Blocks:
    """The bar, the pages and the foot, mounted by their own modules."""
    with gr.Blocks(
        title="LM-RRG", analytics_enabled=False, fill_width=True, delete_cache=(3600, 3600)
    ) as blocks:
        _part("header", "bar", "shell/bar", "mountBar", f"<nav>{_TABS}</nav>")
        for page in PAGES:
            if page.components is not None:
                page.components(services)
            else:
                _part("section", f"page {page.name}", f"pages/{page.name}/script", "mount")
        _part("footer-line", "foot", "shell/bar", "mountFoot")
    # No event of ours goes through Gradio's queue; left alone it looks for one a thousand times a second, twice.
    blocks._queue.sleep_when_free = blocks._queue.progress_update_sleep_when_free = IDLE_SECONDS
    return blocks


def mount_options() -> dict[str, Any]:
    """What ``gr.mount_gradio_app`` needs to keep Gradio quiet, local and forgetful."""
    fonts = ["Inter", "Segoe UI", "system-ui", "DejaVu Sans", "sans-serif"]
    mono = ["ui-monospace", "DejaVu Sans Mono", "monospace"]
    return {
        "theme": gr.themes.Base(font=fonts, font_mono=mono),
        "head": _HEAD,
        "footer_links": [],
        "run_history": False,
        "max_file_size": "1mb",
        "enable_monitoring": False,
        "show_error": False,
        "ssr_mode": False,
        "pwa": False,
        "mcp_server": False,
    }
