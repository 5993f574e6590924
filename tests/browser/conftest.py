"""A real server in a process of its own, and a real Chromium that knows nothing of the network outside."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

ROOT = Path(__file__).resolve().parent.parent.parent
CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
START_SECONDS = 180
PATIENCE_MS = 90_000
expect.set_options(timeout=PATIENCE_MS)


class Server:
    """``app.py`` over a data folder of its own; may be killed and started again on the same one."""

    def __init__(self, data_folder: Path, model: str) -> None:
        self.data_folder, self.model = data_folder, model
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> str:
        """Start it and wait until it answers; returns the one-time link that it prints."""
        log = self.data_folder.parent / "server.log"
        environment = os.environ | {
            "LMRRG_DATA_FOLDER": str(self.data_folder),
            "LMRRG_DATABASE_URL": "",
            "LMRRG_MODEL": self.model,
            "LMRRG_PORT": str(self.port),
            "OMP_NUM_THREADS": "1",
        }
        with log.open("wb") as out:
            self._process = subprocess.Popen(
                [sys.executable, "app.py"], cwd=ROOT, env=environment, stdout=out, stderr=subprocess.STDOUT
            )
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until and self._process.poll() is None:
            link = re.search(r"http://\S+token=\S+", log.read_text("utf-8"))
            if link and self._answers():
                return link.group()
            time.sleep(0.2)
        raise AssertionError(f"the server did not start: {log.read_text('utf-8')[-2000:]}")

    def kill(self) -> None:
        """As a power cut would: no signal that could be handled."""
        if self._process is not None:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()
            self._process = None

    def _answers(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0


class Chest:
    """The browser's page with what tests ask of it again and again; collects what it should not have done."""

    def __init__(self, page: Page, server: Server) -> None:
        self.page, self.server = page, server
        self.outside: list[str] = []
        self.errors: list[str] = []
        page.set_default_timeout(PATIENCE_MS)
        page.on("request", lambda request: self._note(request.url))
        page.on("pageerror", lambda error: self.errors.append(str(error)))

    def _note(self, url: str) -> None:
        if not url.startswith((self.server.address, "data:", "blob:")):
            self.outside.append(url)

    def go(self, path: str) -> None:
        self.page.goto(f"{self.server.address}/{path}")

    def saved(self) -> str:
        return str(self.page.locator("[data-saved]").get_attribute("data-saved"))


# A module at a time: while Playwright runs, its event loop stands in the way of other tests' own.
@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    if not Path(CHROMIUM).exists():
        pytest.skip("no Chromium here; as root: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def model() -> str:
    """The shipped model, or a folder named by LMRRG_TEST_MODEL."""
    folder = os.environ.get("LMRRG_TEST_MODEL", "default")
    if folder == "default" and not (ROOT / "lmrrg/weights/default/lmrrg_version.json").exists():
        pytest.skip("the default model's weights are not here")
    return folder


@pytest.fixture
def server(tmp_path: Path, model: str) -> Iterator[Server]:
    one = Server(tmp_path / "data", model)
    yield one
    one.kill()


@pytest.fixture
def chest(chromium: Browser, server: Server) -> Iterator[Chest]:
    context = chromium.new_context(viewport={"width": 1440, "height": 900})
    yield Chest(context.new_page(), server)
    context.close()
