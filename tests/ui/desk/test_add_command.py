"""``app.py add``: what is added, what is refused, and that nothing is added twice."""

import zipfile
from datetime import date

from sqlalchemy import select

from feedback_db.models import StudyImage
from feedback_db.studies import drafts, images
from tests.examination_files import pair
from tests.ui.desk.conftest import picture


def hashes(database):
    with database.reading_session() as session:
        return set(session.scalars(select(StudyImage.content_hash)))


def test_a_folder_is_added_once(add, inbox, kept, capfd):
    assert add(inbox, "--site", "North") == 0
    assert capfd.readouterr().out == "4 added, 0 here already, 0 refused\n"
    assert add(inbox) == 0
    assert capfd.readouterr().out == "0 added, 4 here already, 0 refused\n"
    assert [study.site for study in kept()] == ["North"] * 4
    assert len({study.patient_key for study in kept()}) == 4


def test_a_folder_can_be_a_patient(add, inbox, kept):
    assert add(inbox, "--patients", "folder") == 0
    assert len({study.patient_key for study in kept()}) == 2


def test_refusals_are_named_and_stop_nothing(add, inbox, kept, capfd):
    (inbox / "a letter").write_text("Dear colleague")
    with zipfile.ZipFile(inbox / "more", "w") as archive:
        archive.writestr("one", picture(99))
        archive.writestr("broken", picture(98)[:40])
    assert add(inbox, inbox / "nowhere") == 1
    out, err = capfd.readouterr()
    assert out == "5 added, 0 here already, 3 refused\n"
    assert "a letter\n    not added: The file is in no image format" in err
    assert "more: broken" in err
    assert "nowhere\n    not added: There is no such file" in err
    assert len(kept()) == 5


def test_a_file_of_the_same_examination_on_another_day_is_added_apart_and_told(add, tmp_path, kept, capfd):
    folder = tmp_path / "films"
    folder.mkdir()
    (folder / "a").write_bytes(pair(study="2")[0])
    (folder / "b").write_bytes(pair(study="2", on=date(2025, 5, 12), seed=6)[1])
    assert add(folder) == 0
    out, err = capfd.readouterr()
    assert out == "2 added, 0 here already, 0 refused\n"
    assert "b\n    The file names the same examination as study 1, but another day." in err
    assert len(kept()) == 2


def test_an_interrupted_run_is_finished_by_repeating_it(add, inbox, database, kept, monkeypatch, capfd):
    from ui.desk import add_command

    taken = []

    def take_two(*args):
        if len(taken) == 2:
            raise KeyboardInterrupt
        taken.append(args)
        return take_in(*args)

    take_in = add_command._bring
    with monkeypatch.context() as interrupted:
        interrupted.setattr(add_command, "_bring", take_two)
        interrupted.setattr(add_command.os, "cpu_count", lambda: 1)
        assert add(inbox) == 130
    assert "Repeat the command" in capfd.readouterr().out
    assert add(inbox) == 0
    assert len(kept()) == len(hashes(database)) == 4


def test_a_draft_for_each_and_none_twice(add, inbox, database, kept, monkeypatch, tiny_folder):
    monkeypatch.setenv("LMRRG_MODEL", str(tiny_folder))
    for _ in range(2):
        assert add(inbox, "--drafts") == 0
    with database.reading_session() as session:
        assert [len(drafts.of_study(session, study_id=study.id)) for study in kept()] == [1] * 4


def test_the_files_of_a_folder_are_one_study_where_they_are_told_to_be(add, inbox, database, kept, capfd):
    assert add(inbox, "--one-study-per-folder") == 0
    assert capfd.readouterr().out == "4 added, 0 here already, 0 refused\n"
    assert hung(database) == {1: 2, 2: 2}
    assert len({study.patient_key for study in kept()}) == 2
    (inbox / "patient 1" / "late").write_bytes(picture(9))
    assert add(inbox, "--one-study-per-folder") == 0
    assert capfd.readouterr().out == "1 added, 4 here already, 0 refused\n"
    assert hung(database) == {1: 2, 2: 3}


def test_the_studies_of_a_patient_s_folder_are_the_patient_s(add, tmp_path, database, kept):
    for number, folder in enumerate(("A/1", "A/1", "A/2", "B/1")):
        (tmp_path / "in" / folder).mkdir(parents=True, exist_ok=True)
        (tmp_path / "in" / folder / str(number)).write_bytes(picture(number))
    assert add(tmp_path / "in", "--one-study-per-folder", "--patients", "folder") == 0
    assert hung(database) == {1: 2, 2: 1, 3: 1}
    first, second, third = (study.patient_key for study in kept())
    assert first == second != third


def test_files_of_one_examination_are_one_study_from_whatever_folders(add, tmp_path, database):
    for name, content in zip(("a", "b"), pair(), strict=True):
        (tmp_path / name).mkdir()
        (tmp_path / name / "image").write_bytes(content)
        assert add(tmp_path / name) == 0
    assert hung(database) == {1: 2}


def hung(database):
    """How many images each study has."""
    with database.reading_session() as session:
        return {number: len(some) for number, some in images.of_studies(session, study_ids=range(9)).items()}
