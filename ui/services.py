"""What the routes work with, made once at the start and handed to them by FastAPI; no module globals.

Knows who is signed in only through the gate, which put it on the request.
"""

from collections import OrderedDict
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import Annotated, cast

from fastapi import Depends, Request

from feedback_db.database import Database
from feedback_db.models import Role, Study
from feedback_db.settings import secret
from lmrrg.imaging import archive
from lmrrg.types import RadiographImage
from ui.drafting import DraftingDesk
from ui.reporter_pool import ReporterPool
from ui.settings import WebSettings
from ui.training_worker import TrainingWorker

IMAGES_KEPT = 4


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who makes this request."""

    id: int
    name: str
    role: Role


class ImageShelf:
    """The radiographs that were looked at last, so that opening a study does not read its file twice."""

    def __init__(self, data_folder: Path) -> None:
        self._data_folder = data_folder
        self._kept: OrderedDict[str, RadiographImage] = OrderedDict()
        self._lock = Lock()

    def load(self, study: Study) -> RadiographImage:
        with self._lock:
            if study.image_folder in self._kept:
                self._kept.move_to_end(study.image_folder)
                return self._kept[study.image_folder]
        image = archive.load(self._data_folder / study.image_folder)
        with self._lock:
            self._kept[study.image_folder] = image
            while len(self._kept) > IMAGES_KEPT:
                self._kept.popitem(last=False)
        return image


@dataclass(frozen=True)
class Services:
    """Settings, database, and the few objects with threads of their own."""

    settings: WebSettings
    database: Database
    secret: bytes = field(repr=False)
    images: ImageShelf
    reporters: ReporterPool
    drafting: DraftingDesk
    worker: TrainingWorker

    @classmethod
    def open(cls, settings: WebSettings) -> "Services":
        settings.data_folder.mkdir(parents=True, exist_ok=True)
        database = Database.open(settings.database_url)
        images = ImageShelf(settings.data_folder)
        reporters = ReporterPool(settings)
        return cls(
            settings=settings,
            database=database,
            secret=secret(settings.data_folder),
            images=images,
            reporters=reporters,
            drafting=DraftingDesk(database, reporters, images.load),
            worker=TrainingWorker(settings),
        )

    def close(self) -> None:
        self.drafting.close()
        self.database.close()


def _services(request: Request) -> Services:
    return cast(Services, request.app.state.services)


def _signed_in(request: Request) -> SignedIn:
    return cast(SignedIn, request.state.reader)


Here = Annotated[Services, Depends(_services)]
Person = Annotated[SignedIn, Depends(_signed_in)]
