"""What the routes work with, made once at the start and handed to them by FastAPI; no module globals.

Knows who is signed in only through the gate, which put it on the request.
"""

from collections import OrderedDict
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import Annotated, cast

from fastapi import Depends, Request

from feedback_db.models import Role, StudyImage
from feedback_db.settings import secret
from feedback_db.store.database import Database
from feedback_db.store.in_use import InUse
from lmrrg.imaging.door import archive
from lmrrg.profiles import Profile
from lmrrg.reporters.registry import describe
from lmrrg.study import RadiographImage
from ui.desk.drafting import DraftingDesk
from ui.desk.drafting_ahead import DraftsAhead
from ui.desk.intake import Door
from ui.desk.reporter_pool import ReporterPool
from ui.desk.training_worker import TrainingWorker
from ui.settings import WebSettings

# A study of two images, its three priors of two, and the next study with its newest prior.
IMAGES_KEPT = 12


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who makes this request. ``sites``: whose studies they see; None for everyone's."""

    id: int
    name: str
    role: Role
    sites: tuple[str, ...] | None = None

    def may_see(self, site: str) -> bool:
        """Whether studies of this site are theirs to see."""
        return self.sites is None or site in self.sites


class ImageShelf:
    """The radiographs that were looked at last, so that opening a study does not read its file twice."""

    def __init__(self, data_folder: Path) -> None:
        self._data_folder = data_folder
        self._kept: OrderedDict[str, RadiographImage] = OrderedDict()
        self._lock = Lock()

    def load(self, row: StudyImage) -> RadiographImage:
        """The image of this row; raises UnreadableFile where its files are missing or damaged."""
        with self._lock:
            if row.image_folder in self._kept:
                self._kept.move_to_end(row.image_folder)
                return self._kept[row.image_folder]
        image = archive.load(self._data_folder / row.image_folder)
        with self._lock:
            self._kept[row.image_folder] = image
            while len(self._kept) > IMAGES_KEPT:
                self._kept.popitem(last=False)
        return image


@dataclass(frozen=True)
class Services:
    """Settings, database, and the few objects with threads of their own."""

    settings: WebSettings
    database: Database
    secret: bytes = field(repr=False)
    door: Door
    images: ImageShelf
    profile: Profile
    reporters: ReporterPool
    drafting: DraftingDesk
    ahead: DraftsAhead
    worker: TrainingWorker
    in_use: InUse

    @classmethod
    def open(cls, settings: WebSettings) -> "Services":
        in_use = InUse(settings.data_folder)
        database = Database.open(settings.database_url, settings.data_folder)
        images = ImageShelf(settings.data_folder)
        reporters = ReporterPool(settings)
        key = secret(settings.data_folder)
        drafting = DraftingDesk(database, reporters, images.load)
        return cls(
            settings=settings,
            database=database,
            secret=key,
            door=Door(database, settings.data_folder, key, settings.keep_originals),
            images=images,
            # Of the settings' model, and so of every version made from it.
            profile=describe(settings.model, settings.data_folder).profile,
            reporters=reporters,
            drafting=drafting,
            ahead=DraftsAhead(database, drafting, settings.drafts_ahead),
            worker=TrainingWorker(settings),
            in_use=in_use,
        )

    def close(self) -> None:
        self.ahead.stop()
        self.drafting.close()
        self.database.close()
        self.in_use.close()


# Not for the thread pool, where a mere look at the request would wait for its turn.
async def _services(request: Request) -> Services:
    return cast(Services, request.app.state.services)


async def _signed_in(request: Request) -> SignedIn:
    return cast(SignedIn, request.state.reader)


CurrentServices = Annotated[Services, Depends(_services)]
CurrentReader = Annotated[SignedIn, Depends(_signed_in)]
