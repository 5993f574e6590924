"""Where the data lies, which database, which model: read from ``LMRRG_…`` and ``.env``.

Knows nothing about hosts, ports or pages: ``ui.settings`` adds those.
"""

import hashlib
import hmac
import os
import secrets
from pathlib import Path

from pydantic_settings import BaseSettings, SettingsConfigDict

SECRET_BYTES = 32


class Settings(BaseSettings):
    """What every process of an installation must agree on.

    Attributes:
        data_folder: images, model versions and, unless told otherwise, the database.
        database_url: SQLAlchemy's address of the database; empty means SQLite in the data folder.
        model: the base model: ``"default"``, a folder, or what else ``lmrrg.reporters.registry`` understands.
        device: where models run: ``"cpu"``, ``"cuda"``, ``"cuda:1"`` …
        published: folders with the weights of published scorers, with ":" between them (";" on Windows).
        judge: a language model that counts errors, ``server:URL#NAME``; it is sent the reports that it judges.
        scoring_processes: how many processes score at once where published scorers do.
        audit_key: a file with the key of the audit's seals, made where there is none; empty: it hangs on the
            installation's secret, so that whoever reads the data folder has it.
        audit_anchor: where the audit's head is told, out of this account's reach (``feedback_db.people.anchor``).
    """

    model_config = SettingsConfigDict(
        env_prefix="LMRRG_", env_file=".env", env_file_encoding="utf-8", extra="ignore"
    )

    data_folder: Path = Path("data")
    database_url: str = ""
    model: str = "default"
    device: str = "cpu"
    published: str = ""
    judge: str = ""
    scoring_processes: int = 1
    audit_key: str = ""
    audit_anchor: str = ""

    def model_post_init(self, context: object) -> None:
        self.data_folder = self.data_folder.expanduser().absolute()
        if not self.database_url:
            self.database_url = f"sqlite:///{self.data_folder / 'feedback.sqlite3'}"

    @property
    def published_folders(self) -> tuple[Path, ...]:
        return tuple(Path(one).expanduser() for one in self.published.split(os.pathsep) if one.strip())


def secret(data_folder: Path) -> bytes:
    """The installation's 32 secret bytes, from ``secret.key`` (0600); made on the first call.

    Keyed hashes of patients depend on it: back it up with the database.
    """
    return _key_in(data_folder / "secret.key")


def audit_key(data_folder: Path) -> bytes:
    """The key of the audit's seals: of the file that ``LMRRG_AUDIT_KEY`` names, else made from the secret."""
    named = Settings().audit_key
    if named:
        return _key_in(Path(named).expanduser())
    return hmac.new(secret(data_folder), b"audit", hashlib.sha256).digest()


def _key_in(path: Path) -> bytes:
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_name(f".secret.{os.getpid()}.{secrets.token_hex(4)}")
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(secrets.token_bytes(SECRET_BYTES))
                file.flush()
                os.fsync(file.fileno())
            # A link is made whole or not at all, and never over a key that another process made meanwhile.
            path.hardlink_to(fresh)
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    key = path.read_bytes()
    if len(key) != SECRET_BYTES:
        raise ValueError(
            f"{path} should hold {SECRET_BYTES} bytes and holds {len(key)}: restore it from a backup"
        )
    return key
