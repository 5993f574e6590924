"""A snapshot holds what was signed for training patients, and nothing of a held-out one."""

import json
import sqlite3
from dataclasses import replace

import pytest

from feedback_db.reading import marks, preferences, readings
from feedback_db.settings import Settings
from train.data import snapshot
from train.errors import BrokenJobFolder, HeldOutLeak, NotEnoughReadings
from train.rewards.preference_scorer import Choice
from train.work import pipeline
from train.work.job import Job
from train.work.results import Taken


def change(settings: Settings, statement: str) -> None:
    with sqlite3.connect(settings.data_folder / "feedback.sqlite3") as connection:
        connection.execute(statement)
    connection.close()


def test_it_lists_the_training_readings_and_no_other(job: Job) -> None:
    taken = pipeline.run_stage(job, "snapshot")
    rows = snapshot.load(job).readings
    with sqlite3.connect(job.settings.data_folder / "feedback.sqlite3") as connection:
        split = dict(connection.execute("select id, split from study").fetchall())
    connection.close()
    assert (taken.readings, taken.held_out, len(rows)) == (8, 6, 8)
    assert {split[row["study_id"]] for row in rows} == {"training"}
    assert all(row["signed"] and row["revision"] >= 1 for row in rows)


def test_the_held_out_readings_are_for_evaluation_alone(job: Job) -> None:
    pipeline.run_stage(job, "snapshot")
    learned = {example.key for example in snapshot.load(job).examples(64)}
    judged = {example.key for example in snapshot.held_out_examples(job, 64).examples}
    assert len(judged) == 6
    assert not learned & judged


def test_a_patient_in_both_splits_stops_the_job(job: Job) -> None:
    change(
        job.settings,
        "update study set patient_key = (select patient_key from study where split = 'held_out' limit 1) "
        "where id = (select id from study where split = 'training' limit 1)",
    )
    with pytest.raises(HeldOutLeak, match="held out for evaluation"):
        snapshot.run(job)
    assert not (job.folder.path / "snapshot" / "readings.jsonl").exists()


def test_a_patient_is_held_out_whether_anything_of_theirs_is_signed_or_not(job: Job) -> None:
    held_out = "(select min(id) from study where split = 'held_out')"
    change(job.settings, f"update reading set status = 'open' where study_id = {held_out}")
    change(
        job.settings,
        f"update study set patient_key = (select patient_key from study where id = {held_out}) "
        "where id = (select id from study where split = 'training' limit 1)",
    )
    with pytest.raises(HeldOutLeak, match="held out for evaluation"):
        snapshot.run(job)


def test_a_comparison_brings_its_image_whether_its_study_is_signed_or_not(job: Job) -> None:
    change(
        job.settings,
        "update reading set status = 'open' where study_id = "
        "(select min(study_id) from preference where source = 'choice')",
    )
    wanted = replace(job, config=job.config.model_copy(update={"minimum_readings": 6, "unread_share": 0.0}))
    pipeline.run_stage(wanted, "snapshot")
    frozen = snapshot.load(wanted)
    compared = {example.key for example in frozen.compared_examples(64)}
    assert compared >= {choice.study for choice in frozen.choices()}
    assert compared - {example.key for example in frozen.examples(64)}


def test_too_few_readings_say_how_many_are_missing(job: Job) -> None:
    wanting = replace(job, config=job.config.model_copy(update={"minimum_readings": 10}))
    with pytest.raises(NotEnoughReadings, match="Sign 2 more"):
        snapshot.run(wanting)


def test_a_snapshot_is_nobody_else_s_to_read(job: Job) -> None:
    pipeline.run_stage(job, "snapshot")
    assert {path.stat().st_mode & 0o777 for path in (job.folder.path / "snapshot").glob("*.jsonl")} == {0o400}


def test_a_changed_snapshot_is_noticed(job: Job) -> None:
    pipeline.run_stage(job, "snapshot")
    path = job.folder.path / "snapshot" / "readings.jsonl"
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    rows[0]["signed"] = "All normal."
    path.chmod(0o644)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    with pytest.raises(BrokenJobFolder, match="changed"):
        snapshot.load(job)


@pytest.mark.parametrize(
    "mark", ["\u2028", "\u2029", "\u0085", "\x0b", "\x0c", "\x1c", "\x1d", "\x1e"], ids=ascii
)
def test_a_signed_text_may_hold_any_separator_of_lines(job: Job, mark: str) -> None:
    change(job.settings, f"update reading set text = 'Clear lungs.{mark}Normal heart.'")
    pipeline.run_stage(job, "snapshot")
    assert {row["signed"] for row in snapshot.load(job).readings} == {f"Clear lungs.{mark}Normal heart."}


def test_a_reading_whose_image_is_lost_is_named_and_left_out(job: Job) -> None:
    with sqlite3.connect(job.settings.data_folder / "feedback.sqlite3") as connection:
        lost = connection.execute(
            "select s.id, i.image_folder from study s join image i on i.study_id = s.id "
            "where s.split = 'training' order by s.id limit 1"
        ).fetchone()
    connection.close()
    (job.settings.data_folder / lost[1] / "pixels.npy").write_bytes(b"half")
    wanted = replace(job, config=job.config.model_copy(update={"minimum_readings": 7}))
    pipeline.run_stage(wanted, "snapshot")
    frozen = snapshot.load(wanted)
    assert lost[0] not in {row["study_id"] for row in frozen.readings}
    assert len(frozen.examples(64)) == 7
    told = (job.folder.path / "events.jsonl").read_text("utf-8")
    assert f"missing or damaged: study {lost[0]}." in told


def test_the_same_readings_give_the_same_hash(job: Job) -> None:
    assert snapshot.run(job).sha256 == snapshot.run(job).sha256


def test_studies_that_nobody_has_signed_come_along_without_a_report(job: Job) -> None:
    change(
        job.settings,
        "update reading set status = 'open' where study_id in (select max(id) from study group by split)",
    )
    wanted = replace(job, config=job.config.model_copy(update={"minimum_readings": 6}))
    pipeline.run_stage(wanted, "snapshot")
    frozen = snapshot.load(wanted)
    (unread,) = frozen.unread_examples(64)
    assert unread.reference is None
    assert unread.key not in {example.key for example in frozen.examples(64)}


def test_an_unread_study_is_asked_with_what_was_signed_before(job: Job) -> None:
    training = "(select {}(id) from study where split = 'training')"
    first, last = training.format("min"), training.format("max")
    change(job.settings, f"update reading set status = 'open' where study_id = {last}")
    change(job.settings, f"update reading set text = 'Effusion.' where study_id = {first}")
    change(
        job.settings,
        f"update study set patient_key = (select patient_key from study where id = {first}) where id = {last}",
    )
    wanted = replace(job, config=job.config.model_copy(update={"minimum_readings": 6}))
    pipeline.run_stage(wanted, "snapshot")
    (unread,) = snapshot.load(wanted).unread_examples(64)
    assert unread.asked["prior_report"] == "Effusion."


def test_an_unread_study_of_a_held_out_patient_stops_the_job(job: Job) -> None:
    change(
        job.settings,
        "update reading set status = 'open' where study_id = (select max(id) from study where split = 'training')",
    )
    change(
        job.settings,
        "update study set patient_key = (select patient_key from study where split = 'held_out' limit 1) "
        "where id = (select max(id) from study where split = 'training')",
    )
    wanted = replace(job, config=job.config.model_copy(update={"minimum_readings": 6}))
    with pytest.raises(HeldOutLeak, match="held out for evaluation"):
        snapshot.run(wanted)


def test_a_sentence_found_wrong_is_half_a_comparison_of_training_patients_only(job: Job) -> None:
    change(job.settings, "update draft set text = 'Clear lungs. Large heart.' where not sampled")
    # A signed report's marks may change while an amendment is being written.
    change(job.settings, "update reading set pending_text = text")
    with job.database.session() as session:
        signed = readings.signed_readings(session)
        for one in signed:
            marks.mark_sentence(
                session,
                reading_id=one.reading_id,
                reader_id=one.reader_id,
                sentence_index=1,
                text="Large heart.",
                verdict="deleted",
            )
        held_out = preferences.from_verdicts(session, split="held_out")
    pipeline.run_stage(job, "snapshot")
    without = {one.study: one for one in snapshot.load(job).choices() if one.weight == 0.5}
    assert without == {
        key: Choice(key, "Clear lungs.", "Clear lungs. Large heart.", 0.5)
        for key in (f"study {one.study_id}" for one in signed if one.split == "training")
    }
    with pytest.raises(HeldOutLeak, match="held out for evaluation"):
        snapshot.check_no_leak(held_out, set())


def test_drawn_studies_teach_and_judge_the_demonstration_model_alone(job: Job) -> None:
    change(job.settings, "update model_version set demonstration = 0")
    with pytest.raises(
        NotEnoughReadings, match=r"^0 readings .* Drawn studies teach the demonstration model alone\.$"
    ):
        snapshot.run(job)
    of_people = "(select id from study where split = 'training' order by id limit 5)"
    change(job.settings, f"update study set origin = 'upload' where id in {of_people}")
    wanted = replace(job, config=job.config.model_copy(update={"minimum_readings": 5}))
    taken = pipeline.run_stage(wanted, "snapshot")
    assert isinstance(taken, Taken)
    assert (taken.readings, taken.held_out) == (5, 0)
    with sqlite3.connect(job.settings.data_folder / "feedback.sqlite3") as connection:
        uploaded = {row[0] for row in connection.execute("select id from study where origin = 'upload'")}
    connection.close()
    frozen = snapshot.load(wanted)
    assert {row["study_id"] for row in (*frozen.readings, *frozen.preferences, *frozen.unread)} <= uploaded
    assert snapshot.held_out_examples(wanted, 64) == ([], 0)
