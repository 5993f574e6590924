"""Studies that nobody has signed, with what a model is told about them."""

from feedback_db.reading import readings
from feedback_db.studies import studies
from feedback_db.training.unread import unread_studies


def test_an_unread_study_comes_with_what_was_signed_of_its_prior(database, clinic, add_study):
    """As a draft is asked for: of the same patient and site, and only once somebody has signed."""
    with database.reading_session() as session:
        split = studies.get(session, study_id=clinic.study_id).split
    second, elsewhere = add_study(), add_study(site="B")

    def told():
        with database.reading_session() as session:
            found = unread_studies(session, split=split, limit=10)
        return {one.study_id: one.prior_report for one in found}

    assert told() == {elsewhere.id: "", second.id: "", clinic.study_id: ""}
    with database.session() as session:
        readings.sign(
            session,
            readings.Step(reading_id=clinic.reading_id, reader_id=clinic.reader_id, expected_revision=0),
            text="Effusion.",
        )
    assert told() == {elsewhere.id: "", second.id: "Effusion."}
