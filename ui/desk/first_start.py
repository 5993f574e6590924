"""What a new installation starts with: the base model, live under its own number, and a worklist of phantoms.

Does nothing where it was done before. Knows nothing about pages.
"""

from feedback_db.errors import DuplicateStudy
from feedback_db.models import ModelVersion
from feedback_db.studies import studies
from feedback_db.training import versions
from lmrrg.reporters.registry import as_kept, describe
from ui.desk.intake import keep_study
from ui.desk.services import Services

SIDE = 1024
FIRST_SEED = 20_000


def register_model(services: Services) -> ModelVersion:
    """Make the settings' model known to the database; the first one goes live.

    Raises:
        ModelError: the setting names no model that is there.
    """
    model = as_kept(services.settings.model)
    name = describe(model).name
    with services.database.session() as session:
        return versions.register_default(
            session,
            name=name.name,
            number=name.version,
            folder=model,
            demonstration=name.demonstration,
        )


def seed_worklist(services: Services) -> int:
    """Draw the first phantoms where there is no study at all; how many were added: none where the profile has none."""
    profile, phantoms = services.profile, services.profile.phantom
    if phantoms is None:
        return 0
    with services.database.reading_session() as session:
        if studies.count(session) > 0:
            return 0
    sites = sorted(phantoms.SITES)
    added = 0
    for number in range(services.settings.phantoms):
        phantom = phantoms.draw(FIRST_SEED + number, size=SIDE, site=sites[number % len(sites)])
        try:
            keep_study(
                services.database,
                services.settings.data_folder,
                services.secret,
                phantom.as_radiograph(),
                patient=phantom.patient,
                origin="phantom",
                site=phantom.site,
                indication=profile.indications[number % len(profile.indications)],
            )
        except DuplicateStudy:
            continue
        added += 1
    return added
