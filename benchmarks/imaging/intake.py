"""Every file of the shared data through the door: what opens, what is refused and why, and how fast.

    python -m benchmarks.imaging.intake [--limited]

Prints a count by outcome, the refusals by their words, the decoded pixels against pydicom's and Pillow's own,
lossless variants of one image against each other, and the time that opening takes. ``--limited`` opens
through the limited process, as uploads are. Needs the folder of ``LMRRG_SHARED`` (``../shared``).
"""

import argparse
import time
import warnings
from collections import Counter
from pathlib import Path

import numpy as np
from PIL import Image
from pydicom import dcmread

from benchmarks.outside import SHARED
from lmrrg.errors import LmrrgError
from lmrrg.imaging import open_radiograph, open_untrusted
from lmrrg.imaging.dicom.pixels import decode_stored

DATA = SHARED / "data"
LOSSLESS = ("", "_RLE", "_bigendian", "_expb", "_implicit", "_jp2klossless", "_jpeg_ls_lossless", "_padded")


def files(folder: str) -> list[Path]:
    return sorted(p for p in (DATA / folder).rglob("*") if p.is_file() and p.suffix != ".csv")


def outcomes(folder: str, opener) -> None:
    counts: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    milliseconds = []
    for path in files(folder):
        start = time.perf_counter()
        try:
            opener(path)
            outcome = "opened"
        except LmrrgError as error:
            outcome = type(error).__name__
            reasons[f"{outcome}: {error}"] += 1
        except Exception as error:
            outcome = f"NOT OURS: {type(error).__name__}"
        counts[outcome] += 1
        milliseconds.append(1000 * (time.perf_counter() - start))
    p50, p95 = np.percentile(milliseconds, (50, 95))
    print(f"\n{folder}: {sum(counts.values())} files, {p50:.0f} ms each (p50), {p95:.0f} ms (p95)")
    for outcome, count in counts.most_common():
        print(f"  {count:4d}  {outcome}")
    for reason, count in reasons.most_common():
        print(f"        {count:4d}  {reason}")


def against_pydicom() -> None:
    """Stored values as our bounds let them through, for every single frame that pydicom decodes by itself."""
    same, other, refused = 0, [], Counter()
    for path in files("dicom"):
        try:
            dataset = dcmread(path, force=True)
            frames = int(dataset.get("NumberOfFrames") or 1)
            theirs = dataset.pixel_array if frames == 1 else None
        except Exception:
            continue
        if theirs is None:
            continue
        try:
            ours = decode_stored(dcmread(path, force=True))
        except LmrrgError as error:
            refused[str(error)] += 1
            continue
        if np.array_equal(ours, theirs):
            same += 1
        else:
            other.append(path.name)
    print(f"\nstored values against pydicom's own: {same} equal, {len(other)} other {other or ''}")
    for reason, count in refused.items():
        print(f"  {count} refused: {reason}")


def against_the_grey_scale() -> None:
    """Opened DICOM and raster files against the libraries' own arrays, after the inversions and shifts."""
    grey = colour = worst = 0
    for path in files("dicom"):
        try:
            image = open_radiograph(path)
        except LmrrgError:
            continue
        dataset = dcmread(path)
        stored = dataset.pixel_array.astype(np.int64)
        if stored.ndim == 3:
            colour += 1
            stored = np.rint(stored @ (0.299, 0.587, 0.114)) // (2**16 if dataset.BitsStored == 32 else 1)
            worst = max(worst, int(np.abs(image.pixels - stored).max()))
            continue
        grey += 1
        if dataset.get("PixelRepresentation"):
            stored += 2 ** (image.bits - 1)
        if dataset.PhotometricInterpretation == "MONOCHROME1":
            stored = 2**image.bits - 1 - stored
        assert np.array_equal(image.pixels, stored), path
    print(
        f"opened DICOM: {grey} grey equal pydicom's, {colour} coloured within {worst} grey level(s) of luma"
    )
    pictures = files("cxr")
    for path in pictures:
        assert np.array_equal(open_radiograph(path).pixels, np.asarray(Image.open(path).convert("L"))), path
    print(f"opened rasters: {len(pictures)} equal Pillow's")


def pairs() -> None:
    folder = DATA / "dicom/txrv"
    fake = open_radiograph(folder / "Fake_MONOHR1.dcm")
    (original,) = (open_radiograph(path) for path in folder.iterdir() if path.name != "Fake_MONOHR1.dcm")
    inverse = np.array_equal(fake.pixels, 255 - original.pixels)
    error = float(np.abs(fake.windowed() - (1 - original.windowed())).max())
    print(f"MONOCHROME1 is the exact inverse: {inverse}; windowed within {error:.1e}")
    folder = DATA / "dicom/pydicom/test_files"
    variants = [decode_stored(dcmread(folder / f"MR_small{ending}.dcm")) for ending in LOSSLESS]
    equal = sum(np.array_equal(variant, variants[0]) for variant in variants)
    print(f"lossless variants of one image: {equal} of {len(variants)} equal")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--limited", action="store_true", help="through the limited process")
    args = parser.parse_args()
    if not DATA.is_dir():
        raise SystemExit("No data: set LMRRG_SHARED to the folder that holds data/dicom and data/cxr.")
    for folder in ("dicom", "cxr"):
        outcomes(folder, open_untrusted if args.limited else open_radiograph)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        against_pydicom()
        against_the_grey_scale()
        pairs()


if __name__ == "__main__":
    main()
