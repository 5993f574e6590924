"""``app.py add --table``: what the referrer said of files that cannot say it themselves."""

import shutil

import pytest

from lmrrg.errors import UnreadableFile
from lmrrg.imaging.door.sources import sources_of
from ui.desk.add_table import Table


def table(folder, text):
    file = folder / "table.csv"
    file.write_text(text, "utf-8")
    return file


def test_the_nearest_line_says_what_is_kept_of_a_study(add, inbox, kept, tmp_path, capfd):
    lines = [
        "Path;Indication;technique;comparison",
        'inbox;"Cough; fever.";;',
        "inbox/patient 0;Dyspnoea.;AP, supine;",
        "inbox/patient 1/3.any;;PA;Radiograph of March",
        "inbox/gone;Fall.;;",
    ]
    file = table(tmp_path, "\ufeff" + "\n".join(lines) + "\n")
    assert add(inbox, "--table", file, "--site", "North") == 0
    assert [(one.site, one.indication, one.technique, one.comparison) for one in kept()] == [
        ("North", "Dyspnoea.", "AP, supine", ""),
        ("North", "Dyspnoea.", "AP, supine", ""),
        ("North", "Cough; fever.", "", ""),
        ("North", "", "PA", "Radiograph of March"),
    ]
    assert f"speaks of “{inbox / 'gone'}”" in capfd.readouterr().err


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no column “path”"),
        ("file,indication\na,b\n", "a column “file”"),
        ("path,indication\na,b\na,c\n", "Line 3 .* a second time"),
        ("path,indication\n,b\n", "Line 2 .* names no path"),
        ("path,indication\na,b,c\n", "Line 2 .* more columns"),
        (f"path,indication\na,{'x' * 501}\n", "Line 2 .* more than 500 letters"),
    ],
)
def test_what_is_no_table_is_refused_before_anything_is_added(add, inbox, kept, tmp_path, text, said):
    file = table(tmp_path, text)
    with pytest.raises(UnreadableFile, match=said):
        Table.read(file)
    assert add(inbox, "--table", file) == 1
    assert kept() == []


def test_a_line_may_name_what_lies_in_an_archive(inbox, tmp_path):
    shutil.make_archive(str(tmp_path / "films"), "zip", inbox)
    read = Table.read(table(tmp_path, "path,indication\nfilms.zip/patient 1,Fall.\n"))
    said = [read.said_of(source).indication for source in sources_of([tmp_path / "films.zip"])]
    assert said == ["", "", "Fall.", "Fall."]
    assert read.unused == set()
