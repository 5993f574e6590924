"""Training jobs: claimed by one, heard of, cancelled, taken up again when their worker died."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import update

from feedback_db.errors import AppendOnlyRow, JobNotRunning, NotFound
from feedback_db.models import TrainingJob, now
from feedback_db.reading import readings
from feedback_db.training import jobs


def enqueue(database):
    with database.session() as session:
        return jobs.enqueue(session, requested_by=None, config={"seed": 3}).id


def claim(database, worker="host:1"):
    with database.session() as session:
        return jobs.claim(session, worker=worker)


def get(database, job_id):
    with database.reading_session() as session:
        return jobs.get(session, job_id=job_id)


def fall_silent(database, job_id, minutes):
    with database.session() as session:
        session.execute(
            update(TrainingJob)
            .where(TrainingJob.id == job_id)
            .values(heartbeat_at=now() - timedelta(minutes=minutes))
        )


def requeue(database):
    with database.session() as session:
        return [job.id for job in jobs.requeue_stale(session, older_than=timedelta(minutes=1))]


def test_jobs_are_claimed_oldest_first_until_none_waits(database):
    first, second = enqueue(database), enqueue(database)
    claimed = claim(database)
    assert (claimed.id, claimed.status, claimed.worker, claimed.attempts) == (first, "running", "host:1", 1)
    assert claimed.config == {"seed": 3}
    assert claim(database).id == second
    assert claim(database) is None


def test_of_many_workers_one_gets_the_job(database):
    enqueue(database)
    barrier, got = threading.Barrier(6), []

    def work(number):
        barrier.wait()
        got.append(claim(database, worker=f"host:{number}"))

    threads = [threading.Thread(target=work, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(job is not None for job in got) == 1


def test_a_heartbeat_tells_a_worker_whether_the_job_is_still_its_own(database):
    job_id = enqueue(database)
    claim(database)
    with database.session() as session:
        assert jobs.heartbeat(session, job_id=job_id, worker="host:1")
        assert not jobs.heartbeat(session, job_id=job_id, worker="host:2")


def test_a_waiting_job_is_cancelled_at_once_and_never_claimed(database):
    job_id = enqueue(database)
    with database.session() as session:
        jobs.request_cancel(session, job_id=job_id, by=None)
    assert get(database, job_id).status == "cancelled"
    assert claim(database) is None


def test_a_running_job_is_asked_to_stop(database):
    job_id = enqueue(database)
    claim(database)
    with database.session() as session:
        assert not jobs.cancel_requested(session, job_id=job_id)
        assert jobs.request_cancel(session, job_id=job_id, by=None).status == "running"
        assert jobs.cancel_requested(session, job_id=job_id)
        jobs.finish(session, job_id=job_id, worker="host:1", status="cancelled", reason="As asked.")
    assert get(database, job_id).status == "cancelled"


def test_a_finished_job_stays_as_it_ended(database):
    job_id = enqueue(database)
    claim(database)
    with database.session() as session:
        done = jobs.finish(session, job_id=job_id, worker="host:1", status="succeeded", outcome={"n": 4})
    assert (done.status, done.outcome) == ("succeeded", {"n": 4})
    assert done.finished_at is not None
    with database.session() as session:
        assert jobs.request_cancel(session, job_id=job_id, by=None).status == "succeeded"
        with pytest.raises(JobNotRunning):
            jobs.finish(session, job_id=job_id, worker="host:1", status="failed")
        assert jobs.active(session) == []


def test_a_job_whose_worker_died_waits_again_and_its_first_start_stands(database):
    job_id = enqueue(database)
    started = claim(database).started_at
    assert requeue(database) == []
    fall_silent(database, job_id, minutes=2)
    assert requeue(database) == [job_id]
    again = claim(database, worker="host:2")
    assert (again.id, again.attempts, again.worker, again.started_at) == (job_id, 2, "host:2", started)
    with database.session() as session, pytest.raises(JobNotRunning):
        jobs.finish(session, job_id=job_id, worker="host:1", status="succeeded")


def test_a_job_that_kills_its_worker_three_times_has_failed(database):
    job_id = enqueue(database)
    for _ in range(3):
        claim(database)
        fall_silent(database, job_id, minutes=2)
        requeue(database)
    job = get(database, job_id)
    assert job.status == "failed"
    assert "3 times" in job.reason


def test_a_dead_workers_job_that_was_to_stop_is_cancelled(database):
    job_id = enqueue(database)
    claim(database)
    with database.session() as session:
        jobs.request_cancel(session, job_id=job_id, by=None)
    fall_silent(database, job_id, minutes=2)
    requeue(database)
    assert get(database, job_id).status == "cancelled"


def test_events_come_in_order_and_from_where_one_left_off(database):
    mine, other = enqueue(database), enqueue(database)
    with database.session() as session:
        for step in (1, 2, 3):
            jobs.add_event(
                session,
                job_id=mine,
                kind="progress",
                stage="sft",
                step=step,
                total=3,
                data={"loss": 1 / step},
            )
            jobs.add_event(session, job_id=other, kind="log", stage="sft")
    with database.reading_session() as session:
        seen = jobs.events_since(session, job_id=mine)
        assert [(e.step, e.total, e.data) for e in seen] == [
            (1, 3, {"loss": 1.0}),
            (2, 3, {"loss": 0.5}),
            (3, 3, {"loss": 1 / 3}),
        ]
        later = jobs.events_since(session, job_id=mine, after_id=seen[0].id)
        assert [e.step for e in later] == [2, 3]


def test_an_event_is_never_changed(database):
    job_id = enqueue(database)
    with database.session() as session:
        event = jobs.add_event(session, job_id=job_id, kind="log", stage="sft")
        event.stage = "grpo"
        with pytest.raises(AppendOnlyRow):
            session.flush()
        session.rollback()


def test_an_unknown_job_is_not_found(database):
    with database.session() as session, pytest.raises(NotFound):
        jobs.request_cancel(session, job_id=9, by=None)


def test_signed_readings_wait_until_a_job_that_began_later_succeeds(database, clinic, add_study):
    study = add_study("someone in training", held_out_share=0.0)
    with database.session() as session:
        reading = readings.open_reading(session, study_id=study.id, reader_id=clinic.reader_id)
        readings.sign(
            session,
            readings.Step(reading_id=reading.id, reader_id=clinic.reader_id, expected_revision=0),
            text="Normal.",
        )
        assert readings.waiting_for_training(session) == 1
    job_id = enqueue(database)
    claim(database)
    with database.session() as session:
        assert readings.waiting_for_training(session) == 1
        jobs.finish(session, job_id=job_id, worker="host:1", status="succeeded")
        assert readings.waiting_for_training(session) == 0
