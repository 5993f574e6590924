"""Down to revision 0003, where an image is a study: what becomes of studies of several images, on both databases."""

from datetime import date

from sqlalchemy import text

from feedback_db.reading import marks
from feedback_db.store import migration
from feedback_db.store.database import Database
from feedback_db.studies import drafts, images


def rows(database, statement):
    with database.engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(statement))]


def test_each_image_becomes_a_study_and_what_was_read_stays_with_the_frontal_one(
    database, database_url, clinic, add_study
):
    # Numbers: the clinic's study and image are 1; this study is 2 with images 2 and 3, which is lateral.
    pair = add_study("p2", views=("LATERAL", "PA"), examined_on=date(2024, 3, 1), age=50, indication="Cough.")
    with database.session() as session:
        late = images.append(
            session,
            study_id=clinic.study_id,
            images=[images.NewImage("late", "images/late", 4, 6, 8, view="LATERAL")],
        )[0]
        mark = {"reading_id": clinic.reading_id, "reader_id": clinic.reader_id, "region": "spine"}
        for image_id in (late.id, clinic.study_id):
            marks.mark_region(session, **mark, action="drawn", box_xywh=(1, 2, 3, 4), image_id=image_id)
        written = {"study_id": pair.id, "model_version_id": clinic.version_id, "report": {"sentences": []}}
        for image_id, words in ((3, "Of the frontal."), (2, "Of the lateral.")):
            drafts.add(session, **written, text=words, request={"images": [image_id]})
    database.engine.dispose()
    told = migration.migrate(database_url, "0003")
    assert told == (
        "Images that became studies of their own: 2 (4 from 1, 3 from 2).",
        "Boxes dropped, since their image is not of the reading's study any more: 1.",
        "Dropped of studies, since the older schema has no place for it: age (of 1).",
    )
    studies = "SELECT id, patient_key, view, indication, content_hash FROM study ORDER BY id"
    assert rows(database, studies) == [
        (1, "p1", None, "", "hash 1"),
        (2, "p2", "LATERAL", "Cough.", "hash 2"),
        (3, "p2", "PA", "Cough.", "hash 3"),
        (4, "p1", "LATERAL", "", "late"),
    ]
    assert rows(database, "SELECT study_id, text FROM draft WHERE study_id <> 1 ORDER BY study_id") == [
        (2, "Of the lateral."),
        (3, "Of the frontal."),
    ]
    assert rows(database, "SELECT study_id FROM reading") == [(1,)]
    assert rows(database, "SELECT reading_id, region FROM region_feedback") == [(clinic.reading_id, "spine")]
    assert rows(database, "SELECT study_id, status FROM worklist_entry ORDER BY study_id") == [
        (1, "in reading"),
        (2, "drafted"),
        (3, "drafted"),
        (4, "new"),
    ]
    database.engine.dispose()
    migration.upgrade(database_url)
    again = Database.open(database_url)
    with again.reading_session() as session:
        assert [len(some) for some in images.of_studies(session, study_ids=(1, 2, 3, 4)).values()] == [
            1,
            1,
            1,
            1,
        ]
        assert marks.regions_of(session, reading_id=clinic.reading_id)[0].image_id == 1
    again.close()


def test_the_line_of_a_parted_study_says_what_its_draft_says(database, database_url, clinic, add_study):
    add_study("p2", views=("PA", "LATERAL"))  # images 2 and 3
    report = {
        "needs_eye": 0.25,
        "sentences": [{"text": "Rib fracture.", "confidence": 0.5, "flag": "unseen"}, {"confidence": 0.75}],
        "findings": {"Fracture": 0.5, "Edema": 0.49, "Pneumonia": 0.9},
    }
    with database.session() as session:
        written = {"study_id": 2, "model_version_id": clinic.version_id, "text": "Rib fracture."}
        drafts.add(session, **written, report=report, request={"images": [2]})
        drafts.add(session, **written, report={"sentences": []}, request={"images": [3]})
    database.engine.dispose()
    migration.migrate(database_url, "0003")
    line = "SELECT study_id, needs_eye, confidence, disagrees, findings FROM worklist_entry ORDER BY study_id"
    assert rows(database, line)[1:] == [
        (2, 0.25, 0.625, True, "|Fracture|Pneumonia|"),
        (3, 1.0, None, False, "|"),
    ]


def test_an_empty_database_has_nothing_to_tell(database, database_url):
    database.engine.dispose()
    assert migration.migrate(database_url, "0003") == ()
    assert migration.upgrade(database_url) == ()
