"""How fast the command adds studies, and that an interrupted run is finished by repeating it.

    python -m benchmarks.imaging.add_studies [--studies 1000] [--side 2048] [--drafts 30]

Draws phantoms, enlarges and crops them into distinct 12-bit DICOM files (JPEG 2000, plain, run lengths) and 8-bit PNG
and JPEG pictures, and runs ``app.py add`` on their folder: killed after a while, then repeated to the end, then
repeated once more. With ``--drafts N`` the command then writes drafts for N more studies; the time for all of them is
an extrapolation and printed as such.
"""

import argparse
import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import cv2
import numpy as np
from pydicom.uid import ExplicitVRLittleEndian, JPEG2000Lossless, RLELossless

from benchmarks.imaging.sample_files import as_bytes, dicom, raster
from lmrrg.profiles.chest.phantom import draw

ROOT = Path(__file__).resolve().parents[2]
KINDS = (ExplicitVRLittleEndian, "PNG", JPEG2000Lossless, "JPEG", RLELossless)
PHANTOMS = 8


def make_files(folder: Path, count: int, side: int) -> int:
    """``count`` files of about ``side`` × ``side`` pixels, no two of one image; how many bytes they have."""
    drawn = [cv2.resize(draw(50_000 + n, size=512).pixels, (side, side)) for n in range(PHANTOMS)]
    deep = [(one.astype(np.float32) * (4095 / one.max())).astype(np.uint16) for one in drawn]
    total = 0
    for number in range(count):
        image = deep[number % PHANTOMS]
        cut = number // PHANTOMS
        image = np.ascontiguousarray(image[cut:, : side - cut])
        kind = KINDS[number % len(KINDS)]
        if kind in ("PNG", "JPEG"):
            data = raster((image >> 4).astype(np.uint8), kind)
        else:
            data = as_bytes(dicom(image, kind, PatientID=f"P{number // 2}"))
        (folder / f"{number:05d}").write_bytes(data)
        total += len(data)
    return total


def add(data_folder: Path, *words: str, seconds: float | None = None) -> tuple[float, str]:
    """(seconds, last line) of the command; interrupted after ``seconds`` as by Ctrl-C, killed where it goes on."""
    environment = os.environ | {"LMRRG_DATA_FOLDER": str(data_folder), "LMRRG_DATABASE_URL": ""}
    began = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, "app.py", "add", *words],
        cwd=ROOT,
        env=environment | {"OMP_NUM_THREADS": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        try:
            out, _ = process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            out, _ = process.communicate()
    return time.perf_counter() - began, (out.strip().splitlines() or ["killed"])[-1]


def rows(data_folder: Path) -> tuple[int, int]:
    """(images, distinct ones) in the database."""
    database = data_folder / "feedback.sqlite3"
    if not database.exists():  # killed before it began
        return 0, 0
    with sqlite3.connect(database) as connection:
        return connection.execute("select count(*), count(distinct content_hash) from image").fetchone()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--studies", type=int, default=1000)
    parser.add_argument("--side", type=int, default=2048)
    parser.add_argument("--drafts", type=int, default=30)
    parser.add_argument(
        "--kill-after", type=float, default=20.0, help="seconds after which the first run is killed"
    )
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        inbox, more, data = (Path(scratch) / name for name in ("inbox", "more", "data"))
        inbox.mkdir()
        more.mkdir()
        size = make_files(inbox, args.studies, args.side)
        print(
            f"{args.studies} files of {args.side} × {args.side} pixels, {size / 1e6:.0f} MB; {os.cpu_count()} cores"
        )
        print(f"load of the machine by others before the first run: {os.getloadavg()[0]:.1f}")
        add(data, str(inbox), seconds=args.kill_after)
        before = rows(data)[0]
        seconds, line = add(data, str(inbox))
        print(f"killed after {args.kill_after:.0f} s: {before} studies. Repeated: {line}, {seconds:.0f} s")
        added = rows(data)
        print(
            f"  {(added[0] - before) / seconds:.1f} new studies/s; {added[0]} rows, {added[1]} distinct images"
        )
        seconds, line = add(data, str(inbox))
        print(f"Repeated again: {line}, {seconds:.0f} s; {rows(data)[0]} rows")
        if args.drafts:
            for path in sorted(inbox.iterdir())[: args.drafts]:
                path.rename(more / path.name)
            seconds, line = add(data, str(more), "--drafts")
            print(
                f"With drafts, for {args.drafts} studies added before: {line}, {seconds:.0f} s, model loading included"
            )
            print(
                f"  extrapolated, not run: {seconds / args.drafts * args.studies / 60:.0f} minutes for {args.studies}"
            )


if __name__ == "__main__":
    main()
