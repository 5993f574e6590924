"""``inspect``: one answer per file, and one bad file stops nothing."""

import argparse
import json

import numpy as np

from lmrrg.imaging.door.command import add_parser


def inspect(*words: str) -> int:
    parser = argparse.ArgumentParser()
    add_parser(parser.add_subparsers())
    args = parser.parse_args(["inspect", *words])
    return args.run(args)


def test_json_has_a_line_for_each(dicom, tmp_path, capsys):
    good, bad = tmp_path / "a", tmp_path / "b"
    good.write_bytes(dicom(np.eye(4, 6, dtype=np.uint8), WindowCenter=1, WindowWidth=2, ViewPosition="AP"))
    bad.write_text("Dear colleague")
    assert inspect(str(bad), str(good), "--json") == 1
    first, second = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert set(first) == {"image", "error"}
    assert first["image"] == str(bad)
    assert second == {
        "image": str(good),
        "kind": "DX",
        "rows": 4,
        "cols": 6,
        "bits": 8,
        "photometric": "MONOCHROME2",
        "window": [0.5, 1.0],
        "view": "AP",
        "notices": [],
    }


def test_words_for_people(dicom, tmp_path, capsys):
    path = tmp_path / "a"
    path.write_bytes(dicom(np.eye(4, 6, dtype=np.uint8), ViewPosition="LL"))
    assert inspect(str(path)) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == str(path)
    assert lines[1].startswith("    DX, 6 × 4 pixels of 8 bits, MONOCHROME2, view LATERAL")
    assert lines[2] == "    Lateral view: the model was made for frontal views."
