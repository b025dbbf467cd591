"""Shots of other programs: exchange packages that are opened, and takes that go back into them."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from tokenflow_studio.media.signatures import IMAGE_SUFFIXES, MOVIE_SUFFIXES
from tokenflow_studio.project.document import Shot
from tokenflow_studio.ui.state.notices import Level, Notice, Notices
from tokenflow_studio.ui.state.shots import Shots
from tokenflow_studio.ui.state.takes import Take, TakesModel, TakeState
from tokenflow_studio.ui.threads.disk import DiskThread
from tokenflow_studio.ui.threads.packages import (
    MANIFEST,
    Offer,
    SentBack,
    look_into,
    send_back,
    shot_of,
)
from tokenflow_studio.ui.wording import host_title

_LOOK, _OPEN, _SEND = "package.look", "package.open", "package.send"


class Packages(QObject):
    """`offered` holds a package that the user must agree to before it is opened: it refers to media
    elsewhere, or was sent in a colour space that is missing here.

    Signals: `changed()` for `offered` and `sending`; `plain(str)` for a path that is no package.
    """

    changed = Signal()
    plain = Signal(str)

    def __init__(
        self,
        shots: Shots,
        takes: TakesModel,
        notices: Notices,
        disk: DiskThread,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._shots = shots
        self._takes = takes
        self._notices = notices
        self._disk = disk
        self._asked = ""
        self.offered: Offer | None = None
        self.sending = False
        disk.done.connect(self._on_errand)
        disk.failed.connect(self._on_errand_failed)

    def open(self, path: str) -> None:
        """Open the package of that path; `plain` tells if it is none."""
        self._asked = path
        self._disk.submit(_LOOK, partial(_looked, path))

    def accept(self, colour: str = "") -> None:
        """Open what is offered, in that colour space where one is asked for."""
        if self.offered is not None:
            self._disk.submit(_OPEN, partial(shot_of, self.offered, colour))
            self._offer(None)

    @Slot()
    def decline(self) -> None:
        """Do not open it."""
        self._offer(None)

    @property
    def ready(self) -> Take | None:
        """The take that would go back: the finished one in view of a shot that came from a host."""
        shot, take = self._shots.current, self._takes.current
        done = take is not None and take.state is TakeState.DONE
        came = shot is not None and shot.origin is not None
        return take if done and came and not self.sending else None

    @Slot()
    def send_back(self) -> None:
        """Put the take in view into the package as its next version."""
        take, shot = self.ready, self._shots.current
        if take is None or shot is None or shot.origin is None:
            text = "There is no finished take of a shot from another program: propagate first."
            self._notices.show(Notice(text, Level.WARNING, "job.propagate"))
            return
        self._set_sending(True)
        self._notices.say(f"Sending {take.name} back…")
        self._disk.submit(_SEND, partial(send_back, shot.origin.package, take.home))

    def _offer(self, offer: Offer | None) -> None:
        if offer != self.offered:
            self.offered = offer
            self.changed.emit()

    def _set_sending(self, sending: bool) -> None:
        self.sending = sending
        self.changed.emit()

    @Slot(str, object)
    def _on_errand(self, name: str, result: object) -> None:
        if name == _LOOK and isinstance(result, tuple):
            self._on_looked(*result)
        elif name == _OPEN and isinstance(result, Shot):
            self._shots.open_shot(result)
        elif name == _SEND and isinstance(result, SentBack):
            self._set_sending(False)
            self._notices.dismiss()
            self._notices.show(Notice(_sent_sentence(result), Level.INFO))

    def _on_looked(self, path: str, offer: Offer | None) -> None:
        if path != self._asked:
            return  # another one was asked for meanwhile
        if offer is None:
            self._offer(None)
            self.plain.emit(path)
            return
        if offer.outside or offer.colour:
            self._offer(offer)
            self._notices.say(f"{offer.shot} waits for your answer.")
        else:
            self._offer(None)
            self._disk.submit(_OPEN, partial(shot_of, offer))

    @Slot(str, str)
    def _on_errand_failed(self, name: str, sentence: str) -> None:
        if name == _SEND:
            self._set_sending(False)
            self._notices.show(Notice(sentence))
        elif name in (_LOOK, _OPEN):
            self._notices.show(Notice(sentence, action="clip.open"))


def may_be_package(path: str) -> bool:
    """Whether it is worth a look: a clip is told from it by its ending."""
    suffix = Path(path).suffix.lower()
    return Path(path).name == MANIFEST or suffix not in IMAGE_SUFFIXES | MOVIE_SUFFIXES


def _looked(path: str) -> tuple[str, Offer | None]:
    return path, look_into(path)


def _sent_sentence(sent: SentBack) -> str:
    host = host_title(sent.host)
    then = f": bring it back in {host}" if host else ""
    return f"{sent.version} of {sent.shot} lies in {sent.folder}{then}."
