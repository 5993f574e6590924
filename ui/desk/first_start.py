"""What a new installation starts with: the base model, live under its own number, and a worklist of phantoms.

Does nothing where it was done before. Knows no page.
"""

import json
from pathlib import Path

from feedback_db.errors import DuplicateStudy
from feedback_db.models import ModelVersion
from feedback_db.studies import studies
from feedback_db.training import versions
from lmrrg.errors import ModelError
from lmrrg.profiles.chest.phantom import SITES, draw
from lmrrg.reporters import DEFAULT_FOLDER
from ui.desk.intake import keep_study
from ui.desk.services import Services

SIDE = 1024
FIRST_SEED = 20_000
INDICATIONS = (
    "Cough and fever for three days.",
    "Shortness of breath.",
    "Chest pain. Pneumothorax?",
    "Check of lines and tubes.",
    "Known heart failure, increasing dyspnoea.",
    "Before surgery.",
)


def register_model(services: Services) -> ModelVersion:
    """Make the settings' model known to the database; the first one goes live.

    Raises:
        ModelError: the folder does not say what model it holds.
    """
    model = services.settings.model
    folder = DEFAULT_FOLDER if model == "default" else Path(services.settings.model_path(model))
    try:
        name = json.loads((folder / "lmrrg_version.json").read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise ModelError(
            f"There is no model in {folder}: lmrrg_version.json is missing or unreadable. "
            "Set LMRRG_MODEL to a model's folder, or restore the repository's own."
        ) from error
    with services.database.session() as session:
        return versions.register_default(
            session,
            name=str(name["name"]),
            number=str(name["version"]),
            folder=model,
            demonstration=bool(name["demonstration"]),
        )


def seed_worklist(services: Services) -> int:
    """Draw the first phantoms where there is no study at all; how many were added."""
    with services.database.reading_session() as session:
        if studies.count(session) > 0:
            return 0
    sites = sorted(SITES)
    added = 0
    for number in range(services.settings.phantoms):
        phantom = draw(FIRST_SEED + number, size=SIDE, site=sites[number % len(sites)])
        try:
            keep_study(
                services.database,
                services.settings.data_folder,
                services.secret,
                phantom.as_radiograph(),
                patient=phantom.patient,
                origin="phantom",
                site=phantom.site,
                indication=INDICATIONS[number % len(INDICATIONS)],
            )
        except DuplicateStudy:
            continue
        added += 1
    return added
