"""How long the worklist takes: page, filter and search over 1,000, 10,000 and 100,000 studies.

``python -m benchmarks.serving.worklist [--sizes 1000 10000 100000] [--repeats 20] [--postgresql]``

Studies, drafts and readings are written as rows (texts and findings are drawn at random, no images), the worklist's
lines are derived from them by ``worklist_entries.rebuild``, and every question is asked of the real route, in this
process: sign-in check, SQL and JSON, without the network. *wall* is what the clock says; *CPU* is what this process
computed, which other work on the machine does not stretch.
"""

import argparse
import asyncio
import os
import random
import tempfile
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"

import httpx
from sqlalchemy import insert

from benchmarks.machine import describe_machine
from feedback_db.models import Draft, Reading, Study, StudyImage, now
from feedback_db.people import accounts
from feedback_db.studies import worklist_entries
from feedback_db.studies.doubt import doubt_of
from feedback_db.training import versions
from lmrrg.profiles.chest.findings import FINDINGS
from tests.postgresql import Cluster
from ui.desk.services import Services
from ui.settings import WebSettings
from ui.web import create_app

READERS = 20
PASSWORD = "correct horse battery"
WORDS = (
    *("cough", "fever", "pain", "dyspnoea", "check", "lines", "tubes", "heart", "failure"),
    *("surgery", "trauma", "fall", "smoker", "weight", "loss"),
)
# Shares of a hospital's list: most is signed.
STATES = {"new": 5, "drafted": 15, "open": 5, "signed": 70, "amended": 5}
SHARE = 5000


def fill(services: Services, count: int, rng: random.Random) -> None:
    """``count`` studies with their drafts and readings."""
    with services.database.session() as session:
        version = versions.register_default(session, name="benchmark")
        readers = [
            accounts.create_reader(session, name=f"Reader {n}", password=PASSWORD).id for n in range(READERS)
        ]
    start = now() - timedelta(minutes=count)
    for first in range(1, count + 1, SHARE):
        numbers = range(first, min(first + SHARE, count + 1))
        states = dict(
            zip(numbers, rng.choices(list(STATES), list(STATES.values()), k=len(numbers)), strict=True)
        )
        drafts = [_draft(n, version.id, rng) for n in numbers if states[n] != "new"]
        readings = [
            _reading(n, rng.choice(readers), states[n])
            for n in numbers
            if states[n] not in ("new", "drafted")
        ]
        with services.database.session() as session:
            session.execute(insert(Study), [_study(n, start, rng) for n in numbers])
            session.execute(insert(StudyImage), [_image(n, rng) for n in numbers])
            session.execute(insert(Draft), drafts)
            session.execute(insert(Reading), readings)
    with services.database.session() as session:
        worklist_entries.rebuild(session)


def _study(number: int, start: Any, rng: random.Random) -> dict[str, Any]:
    indication = " ".join(rng.sample(WORDS, 5)) + f". Order {rng.randrange(10_000):04d}."
    return {
        "id": number,
        "patient_key": f"p{number // 2}",
        "split": "training",
        "site": rng.choice(("North", "South", "East", "West", "Harbour")),
        "indication": indication,
        "origin": "upload",
        "created_at": start + timedelta(minutes=number),
    }


def _image(number: int, rng: random.Random) -> dict[str, Any]:
    return {
        "study_id": number,
        "position": 0,
        "view": rng.choice(("PA", "AP", None)),
        "image_folder": f"images/{number}",
        "rows": 2048,
        "columns": 2048,
        "bits": 12,
        "content_hash": str(number),
    }


def _draft(study_id: int, version_id: int, rng: random.Random) -> dict[str, Any]:
    sentences = [
        {
            "text": "A sentence.",
            "confidence": rng.random(),
            "flag": "says otherwise" if rng.random() < 0.05 else None,
        }
        for _ in range(6)
    ]
    report = {"sentences": sentences, "findings": {name: rng.random() ** 3 for name in FINDINGS}}
    return {
        "study_id": study_id,
        "model_version_id": version_id,
        "text": "A sentence. " * 6,
        "report": report,
        "request": {},
        "needs_eye": doubt_of(report).needs_eye,
    }


def _reading(study_id: int, reader_id: int, status: str) -> dict[str, Any]:
    return {"study_id": study_id, "reader_id": reader_id, "status": status, "text": "A.", "sentences": []}


def questions(count: int, rng: random.Random) -> Iterator[tuple[str, dict[str, Any]]]:
    """(what it is, the query's parameters): a round of each kind."""
    yield "page, newest", {}
    yield "page, needs an eye", {"order": "needs_eye"}
    yield "page, far down", {"offset": rng.randrange(count)}
    waiting = {"waiting": 1, "order": "needs_eye"}
    yield "filter: my next (waiting, free)", waiting | {"claimed": "free"}
    yield "filter: state", {"status": rng.choice(("new", "drafted", "in reading", "signed", "amended"))}
    yield "filter: state, far down", {"status": "signed", "offset": rng.randrange(count // 2)}
    yield "filter: site and state", {"site": "North", "status": "amended", "order": "needs_eye"}
    yield "filter: finding", {"finding": rng.choice(FINDINGS)}
    yield "filter: finding, waiting", waiting | {"finding": rng.choice(FINDINGS)}
    yield "filter: low confidence", {"confidence_below": 0.2, "order": "needs_eye"}
    yield "filter: disagreement", {"disagreement": 1, "site": "East", "status": "amended"}
    yield "filter: reader", {"reader": 1 + rng.randrange(READERS)}
    yield "search: a common word", {"search": rng.choice(WORDS)}
    yield "search: two words", {"search": f"{rng.choice(WORDS)} harb", "order": "needs_eye"}
    yield "search: a rare word", {"search": f"{rng.randrange(10_000):04d}"}
    yield "search: nothing there", {"search": "zebra", "order": "needs_eye"}


async def measure(
    services: Services, count: int, repeats: int, rng: random.Random
) -> dict[str, list[tuple[float, float]]]:
    """Kind of question → (wall, CPU) in ms of each time that it was asked."""

    taken: dict[str, list[tuple[float, float]]] = {}
    headers = {"Origin": "http://testserver", "X-LMRRG-Page": "1"}
    way = httpx.ASGITransport(app=create_app(services))
    async with httpx.AsyncClient(transport=way, base_url="http://testserver", headers=headers) as client:
        await client.post("/sign-in", data={"name": "Reader 0", "password": PASSWORD})
        for turn in range(repeats + 1):
            for kind, parameters in questions(count, rng):
                wall, cpu = time.perf_counter(), time.process_time()
                answer = await client.get("/api/studies", params=parameters)
                spent = (time.perf_counter() - wall) * 1e3, (time.process_time() - cpu) * 1e3
                answer.raise_for_status()
                if turn:  # the first round fills the caches
                    taken.setdefault(kind, []).append(spent)
    return taken


def percentile(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def main() -> None:
    parser = argparse.ArgumentParser(description="How long the worklist takes as it grows.")
    parser.add_argument("--sizes", type=int, nargs="+", default=[1000, 10_000, 100_000])
    parser.add_argument("--repeats", type=int, default=20)
    parser.add_argument("--postgresql", action="store_true", help="on PostgreSQL instead of SQLite")
    given = parser.parse_args()
    cluster = Cluster() if given.postgresql else None
    results = {}
    try:
        for size in given.sizes:
            with tempfile.TemporaryDirectory() as folder:
                url = cluster.new_database() if cluster else ""
                settings = WebSettings(
                    _env_file=None, data_folder=Path(folder), database_url=url, drafts_ahead=0
                )
                services = Services.open(settings)
                rng = random.Random(size)
                fill(services, size, rng)
                results[size] = asyncio.run(measure(services, size, given.repeats, rng))
                services.close()
    finally:
        if cluster:
            cluster.stop()
    kind = "PostgreSQL" if given.postgresql else "SQLite"
    print(
        f"The worklist's route on {kind}, milliseconds, {given.repeats} of each question. {describe_machine()}\n"
    )
    sizes = "".join(f"{f'{size:,} studies':>27}" for size in results)
    print(f"{'':34}{sizes}")
    print(f"{'question':34}" + f"{'wall p50':>9}{'p95':>9}{'CPU p95':>9}" * len(results))
    everything: dict[str, list[tuple[float, float]]] = {}
    for question in next(iter(results.values())):
        print(_line(question, [results[size][question] for size in results]))
    for size in results:
        everything[str(size)] = [one for several in results[size].values() for one in several]
    print(_line("all questions", list(everything.values())))


def _line(name: str, columns: list[list[tuple[float, float]]]) -> str:
    cells = ""
    for taken in columns:
        walls, cpus = [wall for wall, _ in taken], [cpu for _, cpu in taken]
        cells += f"{percentile(walls, 0.5):9.1f}{percentile(walls, 0.95):9.1f}{percentile(cpus, 0.95):9.1f}"
    return f"{name:34}{cells}"


if __name__ == "__main__":
    main()
