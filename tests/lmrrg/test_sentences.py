"""Where sentences end: here and on the page, by the same vectors."""

import json
import random
import shutil
import subprocess
from pathlib import Path

import pytest

from lmrrg.sentences import spans, split

ROOT = Path(__file__).parents[2]
VECTORS = json.loads((ROOT / "tests/sentences.json").read_text("utf-8"))
PIECES = (
    *(
        "Dr. ",
        "vs. ",
        "approx. ",
        "e.g. ",
        "No. ",
        "J. ",
        "1. ",
        "2.5 cm ",
        "(2) ",
        "A",
        "b. ",
        "the ",
        "left",
        "?",
    ),
    *(
        "! ",
        ". ",
        ".",
        "; ",
        ": ",
        "Heart:",
        "\n",
        "\n\n",
        "\r\n",
        "\u2028",
        "\u0085",
        "\xa0",
        "- ",
        "• ",
        "Mass",
        '" ',
    ),
    *("Ä ", "é", "no ", "There", "approx.\n", "x" * 61, "12.", ") ", "  "),
)


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["text"])
def test_split(vector: dict[str, object]) -> None:
    assert split(str(vector["text"])) == vector["sentences"]


def test_spans_point_into_the_text() -> None:
    text = " Clear lungs.  No effusion. "
    assert [text[a:b] for a, b in spans(text)] == ["Clear lungs.", "No effusion."]


def joins() -> list[str]:
    rng = random.Random(0)
    return ["".join(rng.choices(PIECES, k=rng.randint(1, 16))) for _ in range(20_000)]


def test_nothing_but_white_space_is_left_out() -> None:
    for text in joins():
        assert "".join("".join(split(text)).split()) == "".join(text.split())


@pytest.mark.skipif(shutil.which("node") is None, reason="node is not here to run the page's script")
def test_the_page_parts_every_text_alike() -> None:
    script = """
        import { sentencesOf } from "./ui/words/sentences.js";
        let said = ""; for await (const part of process.stdin.setEncoding("utf-8")) said += part;
        console.log(JSON.stringify(JSON.parse(said).map((text) => sentencesOf(text).map((one) => one.text))));
    """
    texts = joins()
    ran = subprocess.run(
        ["node", "--input-type=module", "-e", script],
        input=json.dumps(texts),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    for text, answer in zip(texts, json.loads(ran.stdout), strict=True):
        assert answer == split(text), repr(text)
