"""The models that there are, and the one that is being fetched."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from tokenflow_studio.core.models import ModelEntry, add_model, list_models, remove_model
from tokenflow_studio.core.paths import models_folder
from tokenflow_studio.ui.threads.disk import DiskThread
from tokenflow_studio.ui.threads.work import WorkThread

if TYPE_CHECKING:
    from tokenflow_studio.core.downloads import Offer
    from tokenflow_studio.worker.info import ModelReport

_LIST, _ADD, _REMOVE, _CHECK, _LOOK, _FETCH = "list", "add", "remove", "check", "look", "fetch"
_TOLD_EVERY = 0.1  # seconds between two words on a download


@dataclass(frozen=True, slots=True)
class Fetching:
    """A download: bytes that are there, of how many; busy: whether it runs."""

    there: int = 0
    size: int = 0
    busy: bool = False


class Models(QObject):
    """Adds, checks, removes and fetches models, all off the window's thread.

    Signals: `listed(tuple)` of ModelEntry, `offered(Offer)`, `fetching(Fetching)`, `told(str)` on
    how a call ended well, `refused(str)` why it did not, `changed()` when a model came or went.
    """

    listed = Signal(object)
    offered = Signal(object)
    fetching = Signal(object)
    told = Signal(str)
    refused = Signal(str)
    changed = Signal()

    def __init__(self, work: WorkThread, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._work = work
        self._disk = DiskThread(self)  # quick ones
        self._line = DiskThread(self)  # those that wait for the worker or the network
        self._stop = threading.Event()
        self.download = Fetching()
        self.offer: Offer | None = None
        for line in (self._disk, self._line):
            line.done.connect(self._on_done)
            line.failed.connect(self._on_failed)

    def look_up(self) -> None:
        """Read the list; `listed` answers."""
        self._disk.submit(_LIST, list_models)

    def add(self, location: str) -> None:
        """Remember a folder or a file."""
        self._disk.submit(_ADD, partial(add_model, location))

    def remove(self, name: str) -> None:
        """Forget a model; its files stay."""
        self._disk.submit(_REMOVE, partial(_removed, name))

    def check(self, name: str) -> None:
        """Let the worker say what a model is, and whether it can be used."""
        self.told.emit(f"Checking {name}…")
        self._line.submit(_CHECK, partial(self._check, name))

    def look_at(self, address: str) -> None:
        """Ask what lies at an address; `offered` answers."""
        self.told.emit("Asking for size and licence…")
        self._line.submit(_LOOK, partial(_look, address))

    def fetch(self, digest: str = "") -> None:
        """Download what was offered, and add it."""
        if self.offer is not None and not self.download.busy:
            self._stop.clear()
            self._show(Fetching(0, self.offer.size, busy=True))
            self._line.submit(_FETCH, partial(self._fetch, self.offer, digest))

    @Slot()
    def stop(self) -> None:
        """Stop the download; what is there is kept for the next one."""
        self._stop.set()

    def close(self) -> None:
        """Stop what runs and end the threads; the worker must have been closed before."""
        self._stop.set()
        self._disk.close()
        self._line.close()

    def _check(self, name: str) -> "ModelReport":
        return self._work.worker().check_model(name)

    def _fetch(self, offer: "Offer", digest: str) -> tuple[ModelEntry, str]:
        from tokenflow_studio.core.downloads import fetch

        path, found = fetch(offer, download_folder(), digest, self._tell(offer), self._stop.is_set)
        return add_model(str(path)), found

    def _tell(self, offer: "Offer") -> Callable[[int], None]:
        last = 0.0

        def tell(there: int) -> None:
            nonlocal last
            now = time.monotonic()
            if now - last >= _TOLD_EVERY or there == offer.size:
                last = now
                self._show(Fetching(there, offer.size, busy=True))

        return tell

    def _show(self, download: Fetching) -> None:
        self.download = download
        self.fetching.emit(download)

    @Slot(str, object)
    def _on_done(self, name: str, result: object) -> None:
        match name:
            case "list":
                self.listed.emit(result)
                return
            case "look":
                self.offer = result  # pyright: ignore[reportAttributeAccessIssue]
                self.told.emit("")
                self.offered.emit(result)
                return
            case "add" | "fetch":
                entry, digest = result if isinstance(result, tuple) else (result, "")
                assert isinstance(entry, ModelEntry)
                tail = f" SHA-256: {digest}" if digest else ""
                self.told.emit(f"{entry.name} was added.{tail}")
            case "remove":
                self.told.emit(f"{result} is forgotten; its files stay.")
            case _:
                self.told.emit(result.summary)  # pyright: ignore[reportAttributeAccessIssue]
                return
        self._show(replace(self.download, busy=False))
        self.look_up()
        self.changed.emit()

    @Slot(str, str)
    def _on_failed(self, name: str, sentence: str) -> None:
        if name == _FETCH:
            self._show(replace(self.download, busy=False))
        self.refused.emit(sentence)


def download_folder() -> Path:
    """Where fetched models lie."""
    return models_folder() / "files"


def _look(address: str) -> "Offer":
    from tokenflow_studio.core.downloads import look_at  # here: HTTP is rarely wanted
    from tokenflow_studio.core.hub import is_hub_id, look_at_model

    return look_at_model(address) if is_hub_id(address) else look_at(address)


def _removed(name: str) -> str:
    remove_model(name)
    return name
