"""Maps laid back on the original image, as files."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from lmrrg.errors import MapsNotWritten
from lmrrg.imaging.transforms import SquareFrame
from lmrrg.report import EvidenceMap, ModelName, RegionEvidence, Report, Sentence
from lmrrg.reporters.map_files import laid_on_image, prepare, write_maps
from lmrrg.study import RadiographImage, Study

PEAK = np.zeros((4, 4), np.float32)
PEAK[1, 2] = 1


def over_square(rows: int, columns: int, grid: np.ndarray = PEAK, image: int = 0) -> EvidenceMap:
    return EvidenceMap(grid, SquareFrame(rows, columns, 4).extent_xywh, image, "attended")


def study(*shapes: tuple[int, int]) -> Study:
    return Study(
        tuple(
            RadiographImage(np.zeros(shape, np.uint16), 8, (128, 256), "PNG", "MONOCHROME2")
            for shape in shapes
        )
    )


def report(*maps: EvidenceMap | None) -> Report:
    return Report(
        sentences=tuple(Sentence("Clear.", 0.9, map=m) for m in maps),
        regions=(RegionEvidence("right lung", (0, 0, 1, 1), 1.0, 1.0, map=over_square(30, 20)),),
        model=ModelName("tiny", "1", True),
    )


@pytest.mark.parametrize(
    ("rows", "columns", "row", "column"),
    [
        (80, 80, 30, 50),  # the middle of cell (1, 2) of a square of 4 × 4 cells of 20 pixels
        (40, 80, 10, 50),  # the square reaches 20 rows over the image
        (80, 40, 30, 30),  # and here 20 columns to its left
        (8, 8, 3, 5),
    ],
)
def test_the_peak_lies_on_its_pixel(rows: int, columns: int, row: int, column: int) -> None:
    laid = laid_on_image(over_square(rows, columns), rows, columns)
    assert laid.shape == (rows, columns)
    assert laid.dtype == np.uint8
    at_peak = np.argwhere(laid == laid.max())
    assert at_peak.mean(0) + 0.5 == pytest.approx([row, column], abs=0.6)


def test_an_even_map_stays_even_and_is_full_bright() -> None:
    even = over_square(33, 70, np.ones((16, 16), np.float32))
    assert (laid_on_image(even, 33, 70) == 255).all()


def test_nothing_lies_where_the_map_does_not_reach() -> None:
    half = EvidenceMap(np.ones((2, 2), np.float32), (0.0, 0.0, 5.0, 8.0), 0, "named")
    laid = laid_on_image(half, 8, 10)
    assert (laid[:, :5] == 255).all()
    assert (laid[:, 5:] == 0).all()


PAIR = [Path("a.png"), Path("b.png")]


def test_a_map_is_laid_on_its_own_image(tmp_path: Path) -> None:
    drafted = report(over_square(8, 12, image=1))
    files = write_maps(drafted, study((30, 20), (8, 12)), tmp_path, number=1, sources=PAIR)
    assert [path.name for path in (files.sentences[0], files.regions[0]) if path] == [
        "001-b-2-sentence-01.png",
        "001-a-1-region-right-lung.png",
    ]
    assert cv2.imread(str(files.sentences[0]), cv2.IMREAD_UNCHANGED).shape == (8, 12)
    assert cv2.imread(str(files.regions[0]), cv2.IMREAD_UNCHANGED).shape == (30, 20)


def test_a_file_for_every_map_and_none_where_there_is_none(tmp_path: Path) -> None:
    files = write_maps(
        report(over_square(30, 20), None), study((30, 20)), tmp_path, number=1, sources=[Path("a b/chest.old.dcm")],
        gradcams=[over_square(30, 20)] * 2,
    )  # fmt: skip
    assert files.sentences == (tmp_path / "001-chest.old-sentence-01.png", None)
    assert files.regions == (tmp_path / "001-chest.old-region-right-lung.png",)
    assert [path.name for path in files.gradcams if path] == [
        "001-chest.old-gradcam-01.png",
        "001-chest.old-gradcam-02.png",
    ]
    assert sorted(p.suffix for p in tmp_path.iterdir()) == [".png"] * 4
    read = cv2.imread(str(files.sentences[0]), cv2.IMREAD_UNCHANGED)
    assert np.array_equal(read, laid_on_image(over_square(30, 20), 30, 20))


def test_names_of_a_command_never_meet(tmp_path: Path) -> None:
    for number, source in enumerate(("one/image.png", "two/image.png", "///", "ä/é.png"), start=1):
        write_maps(report(over_square(8, 8)), study((8, 8)), tmp_path, number=number, sources=[Path(source)])
    assert len(list(tmp_path.iterdir())) == 8


def test_a_folder_that_is_a_file_is_refused_before_anything_is_drafted(tmp_path: Path) -> None:
    (tmp_path / "maps").write_text("")
    with pytest.raises(MapsNotWritten, match="may write to"):
        prepare(tmp_path / "maps")


def test_a_folder_that_vanished_is_refused(tmp_path: Path) -> None:
    with pytest.raises(MapsNotWritten, match="may write to"):
        write_maps(report(), study((30, 20)), tmp_path / "gone", number=1, sources=[Path("a.png")])
