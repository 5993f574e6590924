"""What was acknowledged outlives a process that is killed without warning."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from feedback_db.reading import readings

# Saves as fast as it can and prints each revision once its session has committed.
WRITER = """
import sys
from feedback_db.reading import readings
from feedback_db.store.database import Database
database = Database.open(sys.argv[1])
revision = 0
while True:
    with database.session() as session:
        step = readings.Step(
            reading_id=int(sys.argv[2]), reader_id=int(sys.argv[3]), expected_revision=revision
        )
        readings.save(session, step, text=f"text {revision + 1}", sentences=[])
    revision += 1
    print(revision, flush=True)
"""


@pytest.mark.parametrize("after", [1, 20])
def test_acknowledged_edits_survive_kill_nine(database, database_url, clinic, after):
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER, database_url, str(clinic.reading_id), str(clinic.reader_id)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[3],
    )
    assert writer.stdout is not None
    seen = [int(writer.stdout.readline()) for _ in range(after)]
    writer.send_signal(signal.SIGKILL)
    seen += [int(line) for line in writer.stdout.read().split()]
    writer.stdout.close()
    writer.wait()
    with database.reading_session() as session:
        reading = readings.get(session, reading_id=clinic.reading_id)
        kept = [r.text for r in readings.revisions(session, reading_id=clinic.reading_id)]
    assert reading.revision >= seen[-1] >= after
    assert kept == [f"text {n}" for n in range(1, reading.revision + 1)]
    assert reading.text == kept[-1]
