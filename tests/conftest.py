"""What several rooms' tests share: a tiny model with random weights, an empty database, and where outside data lies."""

import gc
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from feedback_db.people import accounts
from feedback_db.store import migration
from lmrrg.torchvision_schemas import install

# Before any test module imports transformers or peft.
install()


def pytest_collection_finish() -> None:
    """What is loaded by now stays to the end: the garbage collector need not look through it again and again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of outside data; skips, and says so, where it is absent."""
    folder = Path(os.environ.get("LMRRG_SHARED", Path(__file__).resolve().parent.parent.parent / "shared"))
    if not (folder / "data").is_dir():
        pytest.skip(f"outside data is absent: no {folder}/data (set LMRRG_SHARED)")
    return folder


@pytest.fixture(scope="session", autouse=True)
def _cheap_passwords() -> Iterator[None]:
    """Passwords are hashed in no time: the real hash takes a core for a sixth of a second, in most tests once."""
    cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(accounts, "_hasher", cheap)
        patch.setattr(accounts, "_NOBODY", cheap.hash("nobody's password"))
        yield


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty SQLite file at the newest schema, to be copied: quicker than migrating for every test."""
    path = tmp_path_factory.mktemp("migrated") / "feedback.sqlite3"
    migration.upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def tiny_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A saved model of a few thousand random weights in the layout of a version's folder."""
    import json

    from lmrrg.model.tokenizer import train_tokenizer
    from lmrrg.profiles import DEFAULT_PROFILE
    from train.build_default.architecture import Architecture, build

    corpus = [
        *(region.description for region in DEFAULT_PROFILE.regions),
        "The lungs are clear.",
        "No pleural effusion or pneumothorax.",
        "Heart size is normal.",
    ]
    architecture = Architecture(
        image_size=64,
        vision_widths=(8, 8, 16, 16),
        vision_depths=(1, 1, 1, 1),
        region_dim=24,
        region_layers=1,
        region_heads=2,
        text_width=32,
        text_layers=2,
        text_heads=2,
    )
    model, processor = build(architecture, train_tokenizer(corpus * 4, 400), seed=0)
    folder = tmp_path_factory.mktemp("tiny")
    model.eval().save_pretrained(folder)
    processor.save_pretrained(folder)
    name = {"name": "tiny", "version": "1.0", "demonstration": True}
    (folder / "lmrrg_version.json").write_text(json.dumps(name))
    return folder


@pytest.fixture(scope="session")
def published_weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One folder with tiny weights of every published scorer."""
    from tests.published_weights import save_all

    return save_all(tmp_path_factory.mktemp("published"))
