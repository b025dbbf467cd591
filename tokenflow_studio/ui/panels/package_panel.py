"""The question before a package is opened: what it refers to elsewhere, and its colour."""

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QComboBox, QWidget

from tokenflow_studio.ui.panels.question_panel import Answer, QuestionPanel
from tokenflow_studio.ui.state.packages import Packages
from tokenflow_studio.ui.threads.packages import Offer
from tokenflow_studio.ui.wording import host_title

_OPEN, _DECLINE = "openPackageButton", "declinePackageButton"


class PackagePanel(QuestionPanel):
    """Shown while a package is offered; its media is not touched before the answer."""

    def __init__(self, packages: Packages, parent: QWidget | None = None) -> None:
        answers = (Answer(_OPEN, "Open", "main"), Answer(_DECLINE, "Don’t Open"))
        super().__init__("packagePanel", answers, parent)
        self._packages = packages
        self.colour = QComboBox(self)
        self.colour.setObjectName("packageColourBox")
        self.colour.setAccessibleName("Colour space of the package")
        self.colour.setMinimumWidth(200)
        self.insert(self.colour)
        self.colour.currentIndexChanged.connect(self._show_able)
        self.answered.connect(self._on_answer)
        packages.changed.connect(self._show)
        self._show()

    @Slot()
    def _show(self) -> None:
        offer = self._packages.offered
        if offer is not None and self.text.text() == _question(offer):
            return  # a choice that was begun stays
        self.colour.clear()
        if offer is not None and offer.colour:
            self.colour.addItem("Colour space…", "")
            for space in offer.spaces:
                self.colour.addItem(space, space)
        self.colour.setVisible(offer is not None and bool(offer.colour))
        self._show_able()
        self.ask("" if offer is None else _question(offer))

    @Slot()
    def _show_able(self, _index: int = 0) -> None:
        chosen = bool(self.colour.currentData()) or not self.colour.count()
        self.buttons[_OPEN].setEnabled(chosen)

    @Slot(str)
    def _on_answer(self, name: str) -> None:
        if name == _OPEN:
            self._packages.accept(self.colour.currentData() or "")
        else:
            self._packages.decline()


def _question(offer: Offer) -> str:
    host = host_title(offer.host)
    name = f"{offer.shot} from {host}" if host else offer.shot
    sentences = []
    if offer.outside:
        media = " and ".join(offer.outside)
        sentences.append(
            f"{name} refers to media outside its package: {media}. "
            "Open it if you know where it comes from."
        )
    if offer.colour:
        sentences.append(
            f"{name} was sent in the colour space “{offer.colour}”, which the colour configuration "
            "here does not have: choose the space that its pixels are in."
        )
    return " ".join(sentences)
