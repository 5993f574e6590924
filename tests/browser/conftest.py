"""A real server in a process of its own, and a real Chromium that cannot reach the network outside."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from feedback_db.models import Reading
from feedback_db.people import accounts
from feedback_db.reading import readings
from feedback_db.settings import Settings, secret
from feedback_db.store.database import Database
from feedback_db.studies import studies
from feedback_db.studies.images import NewImage
from feedback_db.studies.studies import Examination
from lmrrg.imaging.door import archive
from lmrrg.profiles.chest.phantom import draw
from tests.browser.films.film_files import pa_and_lateral
from ui.desk.intake import Door

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
PASSWORD = "correct horse battery"
expect.set_options(timeout=PATIENCE_MS)


class Server:
    """``app.py`` over a data folder of its own; may be killed and started again on the same one.

    ``program``: what Python is to run, where it is another one.
    """

    def __init__(self, data_folder: Path, model: str, program: Sequence[str] = ("app.py",)) -> None:
        self.data_folder, self.model, self.program = data_folder, model, program
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
                [sys.executable, *self.program],
                cwd=ROOT,
                env=environment,
                stdout=out,
                stderr=subprocess.STDOUT,
            )
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until and self._process.poll() is None:
            link = re.search(r"http://\S+token=\S+", log.read_text("utf-8"))
            if link and self._answers():
                return link.group()
            time.sleep(0.2)
        self.kill()
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

    def sign_in(self, name: str) -> None:
        self.go("sign-in")
        self.page.fill("[name=name]", name)
        self.page.fill("[name=password]", PASSWORD)
        self.page.click("button")
        expect(self.page.locator("table.studies tbody tr").first).to_be_visible()

    def read(self, study: int) -> None:
        """Open a study in the reading room and wait until its draft and its picture are there."""
        self.go(f"#/reading/{study}")
        expect(self.page.locator(".where b").first).to_contain_text(f"{study:04}")
        expect(self.page.locator("[data-act=sign]:not([disabled]), [data-act=amend]").first).to_be_visible()
        expect(self.page.locator(".page.reading .strip .readout.left span").first).to_be_visible()

    def is_saved(self) -> None:
        """Wait until the server has everything."""
        expect(self.page.locator("[data-saved=saved]")).to_be_visible()

    def keys(self, *names: str) -> None:
        for name in names:
            self.page.keyboard.press(name)

    def new_sentence(self, text: str) -> None:
        self.keys("o")
        self.page.keyboard.type(text)
        self.keys("Enter")

    def sentence(self, index: int) -> Locator:
        return self.page.locator(f"[data-index='{index}']")

    def painted(self) -> int:
        """How many pixels over the radiograph of the page in front are not empty."""
        return int(
            self.page.evaluate(
                """() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => {
                  const canvas = document.querySelector(".page.here canvas.overlay");
                  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
                  let count = 0;
                  for (let i = 3; i < data.length; i += 4) if (data[i] > 0) count++;
                  done(count);
                })))"""
            )
        )


class House:
    """A server with two readers and twelve phantoms that several tests share; each takes a study of its own."""

    readers = ("a.reader", "b.reader")

    def __init__(self, server: Server) -> None:
        self.server = server
        settings = Settings(data_folder=server.data_folder, model=server.model, database_url="")
        self.settings = settings
        self.database = Database.open(settings.database_url, settings.data_folder)
        with self.database.session() as session:
            for name in self.readers:
                accounts.create_reader(session, name=name, password=PASSWORD, role="reader")

    def reading_of(self, study: int, name: str = "a.reader") -> Reading:
        """What that reader made of a study, as the database has it now."""
        with self.database.reading_session() as session:
            numbers = {reader.name: reader.id for reader in accounts.everyone(session)}
            reading = readings.find(session, study_id=study, reader_id=numbers[name])
        assert reading is not None
        return reading

    def add_later_study_of_the_same_patient(self) -> int:
        """A second visit of the patient of study 1; returns its number."""
        with self.database.session() as session:
            first = studies.get(session, study_id=1)
            image = draw(777, size=512).as_radiograph()
            folder = "images/later"
            archive.save(self.settings.data_folder / folder, image)
            later = studies.add_study(
                session,
                patient_key=first.patient_key,
                images=[NewImage(archive.content_hash(image), folder, image.rows, image.columns, image.bits)],
                origin="phantom",
                secret=secret(self.settings.data_folder),
            )
            return later.id

    def add_pa_and_lateral_with_a_prior(self) -> int:
        """Two examinations of one patient, each of a PA and a lateral image; the later one's number."""
        door = self.door()
        door.take_in(*pa_and_lateral("PAIR", seed=30, on=date(2024, 3, 1)))
        (later,) = door.take_in(
            *pa_and_lateral("PAIR", seed=38, on=date(2025, 5, 2)),
            said=Examination(indication="Cough and fever for three days."),
        )
        return later.id

    def door(self) -> Door:
        return Door(self.database, self.settings.data_folder, secret(self.settings.data_folder))


# A module at a time: while Playwright runs, its event loop gets in the way of other tests' own.
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


@contextmanager
def open_house(folder: Path, model: str, program: Sequence[str] = ("app.py",)) -> Iterator[House]:
    server = Server(folder / "data", model, program)
    server.start()
    one = House(server)
    try:
        yield one
    finally:
        one.database.close()
        server.kill()


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory, model: str) -> Iterator[House]:
    with open_house(tmp_path_factory.mktemp("house"), model) as one:
        yield one


@pytest.fixture(scope="module")
def rooms(chromium: Browser, house: House) -> Iterator[dict[tuple[str, int, int], Chest]]:
    """The browsers that are open already, by reader and size: signing in anew takes longer than most tests."""
    opened: dict[tuple[str, int, int], Chest] = {}
    yield opened
    for one in opened.values():
        one.page.context.close()


@pytest.fixture
def reader(
    chromium: Browser, house: House, rooms: dict[tuple[str, int, int], Chest]
) -> Iterator[Callable[..., Chest]]:
    """``reader(name)``: a browser of that reader's own, on the worklist; in the end, what it must not have done."""

    def come_in(name: str = "a.reader", width: int = 1440, height: int = 900) -> Chest:
        who = (name, width, height)
        if who not in rooms:
            context = chromium.new_context(viewport={"width": width, "height": height})
            rooms[who] = Chest(context.new_page(), house.server)
            rooms[who].sign_in(name)
        chest = rooms[who]
        if chest.page.locator("dialog").count():
            chest.keys("Escape")
        chest.page.evaluate("sessionStorage.clear()")
        chest.go("#/admin")
        chest.go("#/worklist")
        expect(chest.page.locator("table.studies tbody tr").first).to_be_visible()
        return chest

    yield come_in
    assert [error for one in rooms.values() for error in one.errors] == []
    assert [address for one in rooms.values() for address in one.outside] == []
