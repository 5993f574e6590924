"""The scripts and styles of the pages are served, and nothing else that lies beside them."""

import pytest
from starlette.testclient import TestClient

from ui.kit.files import PUBLIC, ROOT
from ui.pages.pages import PAGES


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/ui/kit/api.js", "text/javascript"),
        ("/ui/kit/vendor/jsdiff/diff/word.js", "text/javascript"),
        ("/ui/pages/reading/report/card.js", "text/javascript"),
        ("/ui/pages/worklist/style.css", "text/css"),
        ("/ui/viewer/../words/diff.js", "text/javascript"),
    ],
)
def test_scripts_and_styles_are_served(reader: TestClient, path: str, kind: str) -> None:
    answer = reader.get(path)
    assert (answer.status_code, answer.headers["content-type"].split(";")[0]) == (200, kind)


def test_every_page_has_a_script_and_a_tab_with_its_address(reader: TestClient) -> None:
    front = reader.get("/").text
    for page in PAGES:
        assert reader.get(f"/ui/pages/{page.name}/script.js").status_code == 200
        assert f"#/{page.name}" in front


@pytest.mark.parametrize(
    "path",
    [
        "/ui/settings.py",
        "/ui/kit/files.py",
        "/ui/pages/reading/routes/readings.py",
        "/ui/desk/services.py",
        "/ui/access/sign_in.css",  # of the sign-in page alone, under /public
        "/ui/kit/vendor/jsdiff/LICENSE",
        "/ui/kit",
        "/ui/kit/",
        "/ui/",
        "/ui/kit/../desk/services.py",
        "/ui/kit/%2e%2e/%2e%2e/app.py",
        "/ui/kit/..%2f..%2fpyproject.toml",
        "/ui/%2e%2e/docs/reading-room.svg",
        "/ui//etc/passwd",
        "/ui/kit/nothing.js",
        "/public/kit/api.js",
        "/public/../ui/kit/api.py",
        "/public/",
    ],
)
def test_nothing_else_is(reader: TestClient, path: str) -> None:
    assert reader.get(path).status_code == 404


@pytest.mark.parametrize("name", PUBLIC)
def test_what_is_public_exists(stranger: TestClient, name: str) -> None:
    assert stranger.get(f"/public/{name}").content == (ROOT / PUBLIC[name]).read_bytes()
