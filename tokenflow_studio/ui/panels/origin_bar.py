"""Where the shot in view came from, above the viewer, with the way back."""

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from tokenflow_studio.project.document import Origin
from tokenflow_studio.ui.icons import pixmap
from tokenflow_studio.ui.panels.building import ElidedLabel, button, frame, label
from tokenflow_studio.ui.state.studio import Studio
from tokenflow_studio.ui.wording import host_title


class OriginBar(QWidget):
    """Hidden for clips that were opened by themselves."""

    def __init__(self, studio: Studio, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("originBar")
        self._studio = studio
        surface = frame("header", self)
        picture = QLabel(surface)
        picture.setPixmap(pixmap("export", "accent", 16, self.devicePixelRatioF()))
        self.title = label("", "number", surface)
        self.title.setTextFormat(Qt.TextFormat.PlainText)
        self.details = ElidedLabel("dim", surface)
        self.send = button("sendBackButton", "Send Back", "export", surface)
        self.send.clicked.connect(studio.packages.send_back)
        row = QHBoxLayout(surface)
        row.setContentsMargins(12, 5, 8, 5)
        row.setSpacing(10)
        row.addWidget(picture)
        row.addWidget(self.title)
        row.addWidget(self.details, 1)
        row.addWidget(self.send)
        whole = QHBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(surface)
        for signal in (
            studio.shots.changed, studio.packages.changed, studio.takes.current_changed,
            studio.takes.dataChanged,
        ):  # fmt: skip
            signal.connect(self._show)
        self._show()

    @Slot()
    def _show(self, *_details: object) -> None:
        shot, clip = self._studio.shots.current, self._studio.session.clip
        origin = None if shot is None else shot.origin
        self.setVisible(origin is not None)
        if shot is None or origin is None:
            return
        rate = None if clip is None else clip.rate
        colour = shot.recipe.get("colour")
        facts = [
            *_ranges(origin),
            f"{float(rate):.6g} fps" if rate else "",
            colour if isinstance(colour, str) else "",
            "as seen" if origin.mode == "as seen" else "",
        ]
        self.title.setText(_whence(origin))
        self.details.setText("   ".join(fact for fact in facts if fact))
        self.setToolTip(f"{self.details.text()}\n{origin.project}\n{origin.package}".strip())
        self._show_button(host_title(origin.host))

    def _show_button(self, host: str) -> None:
        packages = self._studio.packages
        take = packages.ready
        self.send.setEnabled(take is not None)
        self.send.setText("Sending…" if packages.sending else "Send Back")
        where = f" for {host}" if host else ""
        self.send.setToolTip(
            f"Put {take.name} into the package as its next version{where}"
            if take else "Propagate first: a finished take goes back"
        )  # fmt: skip


def _whence(origin: Origin) -> str:
    host = host_title(origin.host)
    project = origin.project.replace("\\", "/").rstrip("/").rpartition("/")[2]
    place = ", ".join(part for part in (host, project) if part)
    return f"{origin.shot}  –  from {place}" if place else origin.shot


def _ranges(origin: Origin) -> tuple[str, ...]:
    """What was sent, and what of it lies between the handles."""
    sent, cut = origin.frames, origin.cut
    if sent is None:
        return ()
    if cut is None or cut == sent:
        return (f"frames {sent}, no handles",)
    head, tail = cut.first - sent.first, sent.last - cut.last
    return (f"frames {sent}", f"cut {cut}", f"handles {head} + {tail}")
