"""Fifty readers at once: does any edit get lost, and how long does a save take?

``python -m benchmarks.serving.readers [--readers 50] [--seconds 120] [--kill-every 20] [--only sqlite|postgresql]
[--runs undisturbed killed]``

The real program in a process of its own, with its default model, a dozen phantoms and their drafts; over HTTP each
reader opens a study, changes the report once a second as the page's autosave does, signs, and goes on to the next.
Each runs twice: undisturbed, and with ``kill -9`` of the server every so often, when readers keep what they typed and
send it again. Afterwards every acknowledged edit is looked for in the database: one that is not there is *lost*. A
save's time is from sending to the answer, of those that were answered at once.
"""

import argparse
import asyncio
import os
import random
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from benchmarks.machine import describe_machine
from feedback_db.people import accounts, sessions
from feedback_db.reading import readings
from feedback_db.store.database import Database
from feedback_db.studies import worklist
from tests.postgresql import Cluster

ROOT = Path(__file__).resolve().parents[2]
STUDIES = 12
PATIENCE_SECONDS = 900.0
# Edits of one report, one a second.
EDITS = (6, 12)


class Server:
    """``app.py`` over a data folder; may be killed and started again."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder, self.url = folder, url
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        environment = os.environ | {
            "LMRRG_DATA_FOLDER": str(self.folder),
            "LMRRG_DATABASE_URL": self.url,
            "LMRRG_PORT": str(self.port),
            "LMRRG_PHANTOMS": str(STUDIES),
            "LMRRG_DRAFTS_AHEAD": str(STUDIES),
        }
        with (self.folder.parent / "server.log").open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "app.py"], cwd=ROOT, env=environment, stdout=log, stderr=log
            )

    def answers(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    async def wait(self) -> None:
        until = time.monotonic() + PATIENCE_SECONDS
        while not self.answers():
            if time.monotonic() > until or self._process is None or self._process.poll() is not None:
                log = (self.folder.parent / "server.log").read_text("utf-8", "replace")
                told = re.sub(r"token=\S+", "token=…", log[-2000:])
                raise SystemExit(f"The server did not start: {told}")
            await asyncio.sleep(0.2)

    def kill(self) -> None:
        """As a power cut would: no signal that could be handled."""
        if self._process is not None:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()


@dataclass
class Tally:
    """What the readers saw."""

    saves_ms: list[float] = field(default_factory=list)
    acknowledged: list[tuple[int, int, str]] = field(default_factory=list)  # reading, revision, text
    signed: int = 0
    sent_again: int = 0
    refused: list[str] = field(default_factory=list)
    kills: int = 0


class Reader:
    """One person with one browser."""

    def __init__(self, number: int, server: Server, token: str, studies: list[int], tally: Tally) -> None:
        self._studies = studies[number % len(studies) :] + studies[: number % len(studies)]
        self._rng = random.Random(number)
        self._tally = tally
        self._client = httpx.AsyncClient(
            base_url=server.address,
            headers={"Origin": server.address, "X-LMRRG-Page": "1"},
            cookies={"lmrrg_session": token},
            timeout=30,
        )

    async def work(self, until: float) -> None:
        await asyncio.sleep(self._rng.random())
        for study in self._studies:
            if time.monotonic() > until:
                break
            await self._read(study, until)
        await self._client.aclose()

    async def _read(self, study: int, until: float) -> None:
        await self._ask("GET", f"/api/studies/{study}")
        held = await self._ask("GET", f"/api/studies/{study}/reading")
        begun = await self._ask("POST", f"/api/studies/{study}/reading", {"draft_id": held["draft"]["id"]})
        number, revision, sentences = begun["id"], begun["revision"], begun["sentences"]
        for turn in range(self._rng.randint(*EDITS)):
            started = time.monotonic()
            typed = {"text": f"Edit {turn} of reading {number}.", "draft_index": None, "state": "added"}
            sentences = [*sentences[:8], typed]
            text = " ".join(one["text"] for one in sentences)
            sent = {"revision": revision, "text": text, "sentences": sentences, "active_seconds": turn}
            answer = await self._ask("PUT", f"/api/readings/{number}", sent, save=True)
            if answer is None:
                return
            revision = answer["revision"]
            self._tally.acknowledged.append((number, revision, text))
            await asyncio.sleep(max(0.0, 1.0 - (time.monotonic() - started)))
            if time.monotonic() > until:
                return
        signed = await self._ask(
            "POST", f"/api/readings/{number}/sign", {"revision": revision, "agreement": 4}
        )
        if signed is not None:
            self._tally.acknowledged.append((number, signed["revision"], text))
            self._tally.signed += 1

    async def _ask(self, method: str, path: str, body: Any = None, *, save: bool = False) -> Any:
        """Ask until there is an answer, as the page does; None where the server refused."""
        again = False
        while True:
            started = time.perf_counter()
            try:
                answer = await self._client.request(method, path, json=body)
            except httpx.TransportError:
                again = True
                self._tally.sent_again += 1
                await asyncio.sleep(0.5)
                continue
            if answer.is_error:
                self._tally.refused.append(f"{answer.status_code} {method} {path}: {answer.text[:120]}")
                return None
            if save and not again:
                self._tally.saves_ms.append((time.perf_counter() - started) * 1e3)
            return answer.json()


async def _kill_again_and_again(server: Server, every: float, until: float, tally: Tally) -> None:
    while time.monotonic() + every < until:
        await asyncio.sleep(every)
        server.kill()
        tally.kills += 1
        server.start()
        await server.wait()


async def _run(
    server: Server, url: str, people: int, seconds: float, kill_every: float | None
) -> tuple[Tally, int]:
    server.start()
    await server.wait()
    database = Database.open(url, server.folder)
    try:
        while True:
            with database.reading_session() as session:
                rows = worklist.page(session).rows
            if len(rows) == STUDIES and all(row.status == "drafted" for row in rows):
                break
            await asyncio.sleep(1)
        with database.session() as session:
            password = "correct horse battery"
            first = accounts.create_reader(session, name="Reader 0", password=password)
            numbers = [first.id]
            for n in range(1, people):
                numbers.append(accounts.create_reader(session, name=f"Reader {n}", password=password).id)
        with database.session() as session:
            tokens = [sessions.start(session, reader_id=number) for number in numbers]
        print(f"{people} readers begin", file=sys.stderr, flush=True)
        tally = Tally()
        studies = [row.study_id for row in rows]
        until = time.monotonic() + seconds
        crowd = [Reader(n, server, token, studies, tally).work(until) for n, token in enumerate(tokens)]
        if kill_every is not None:
            crowd.append(_kill_again_and_again(server, kill_every, until, tally))
        await asyncio.gather(*crowd)
        return tally, lost_edits(database, tally)
    finally:
        database.close()
        server.kill()


def lost_edits(database: Database, tally: Tally) -> int:
    """How many acknowledged edits the database does not hold as they were acknowledged."""
    lost = 0
    with database.reading_session() as session:
        kept = {
            number: {one.revision: one.text for one in readings.revisions(session, reading_id=number)}
            for number in {number for number, _, _ in tally.acknowledged}
        }
        for number, revision, text in tally.acknowledged:
            lost += kept[number].get(revision) != text
        for number, revisions in kept.items():
            lost += readings.get(session, reading_id=number).text != revisions[max(revisions)]
    return lost


def percentile(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else float("nan")


def main() -> None:
    parser = argparse.ArgumentParser(description="Fifty readers at once: are edits lost, how long is a save?")
    parser.add_argument("--readers", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=120)
    parser.add_argument("--kill-every", type=float, default=20)
    parser.add_argument("--only", choices=("sqlite", "postgresql"))
    parser.add_argument(
        "--runs", nargs="+", choices=("undisturbed", "killed"), default=["undisturbed", "killed"]
    )
    given = parser.parse_args()
    lines = []
    for kind in ("sqlite", "postgresql") if given.only is None else (given.only,):
        for run_name in given.runs:
            kill_every = given.kill_every if run_name == "killed" else None
            cluster = Cluster() if kind == "postgresql" else None
            try:
                with tempfile.TemporaryDirectory() as name:
                    folder = Path(name) / "data"
                    folder.mkdir()
                    url = cluster.new_database() if cluster else f"sqlite:///{folder / 'feedback.sqlite3'}"
                    run = _run(Server(folder, url), url, given.readers, given.seconds, kill_every)
                    tally, lost = asyncio.run(run)
            finally:
                if cluster:
                    cluster.stop()
            saves = tally.saves_ms
            lines.append(
                f"{kind:12}{tally.kills:6}{len(tally.acknowledged):14}{tally.signed:8}{tally.sent_again:12}"
                f"{len(tally.refused):9}{lost:6}"
                + "".join(f"{percentile(saves, share):10.1f}" for share in (0.5, 0.95, 0.999))
            )
            for refusal in sorted(set(tally.refused))[:5]:
                lines.append(f"    refused: {refusal}")
    print(f"{given.readers} readers for {given.seconds:.0f} s, an edit a second each. {describe_machine()}\n")
    head = f"{'database':12}{'kills':>6}{'acknowledged':>14}{'signed':>8}{'sent again':>12}{'refused':>9}{'lost':>6}"
    print(head + f"{'save p50':>10}{'p95':>10}{'p99.9 ms':>10}")
    print("\n".join(lines))


if __name__ == "__main__":
    main()
