"""The models: which there are, adding a folder or a file, fetching one from an address."""

from pathlib import Path

from PySide6.QtCore import QRegularExpression, Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices, QRegularExpressionValidator
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QProgressBar,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from tokenflow_studio.core.downloads import Offer, size_left
from tokenflow_studio.core.models import DEMO, ModelEntry
from tokenflow_studio.ui.panels.building import Word, button, label, rule
from tokenflow_studio.ui.state.models import Fetching, Models, download_folder
from tokenflow_studio.ui.wording import file_size

_HINT = (
    "Stable Diffusion 1.x and 2.x: a folder in diffusers’ layout, or one .safetensors file. "
    "Nothing is fetched unless you press Download."
)
_ADDRESS = "Address of a .safetensors file, or owner/name on the Hugging Face hub"
_PRESSED = 96  # logical pixels: buttons under each other end where the fields do
_HASH = r"[0-9a-fA-F]{0,64}"


class ModelsWindow(QDialog):
    """Not modal; what is done here counts at once."""

    def __init__(self, models: Models, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("modelsWindow")
        self.setWindowTitle("Models")
        self.resize(720, 560)
        self._models = models
        self.list = QTreeWidget(self)
        self.list.setObjectName("modelsList")
        self.list.setAccessibleName("Models")
        self.list.setHeaderLabels(["Name", "Kind", "Place"])
        self.list.setRootIsDecorated(False)
        self.list.header().setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
        self.list.header().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        self.folder = button("modelFolderButton", "Add folder…", "open", self)
        self.file = button("modelFileButton", "Add file…", "", self)
        self.check = button("modelCheckButton", "Check", "", self)
        self.reveal = button("modelRevealButton", "Show in folder", "", self)
        self.remove = button("modelRemoveButton", "Remove", "", self)
        self.address = _line(
            "modelAddress",
            _ADDRESS,
            self,
        )
        self.digest = _line("modelHash", "SHA-256, if you know it", self)
        self.digest.setValidator(QRegularExpressionValidator(QRegularExpression(_HASH), self))
        self.look = button("modelLookButton", "Look", "search", self)
        self.facts = label("", "dim", self)
        self.fetch = button("modelFetchButton", "Download", "", self, "main")
        self.stop = button("modelStopButton", "Stop", "cancel", self)
        for pressed in (self.look, self.fetch, self.stop):
            pressed.setFixedWidth(_PRESSED)
        self.progress = QProgressBar(self)
        self.progress.setObjectName("modelProgress")
        self.progress.setAccessibleName("Download")
        self.progress.setRange(0, 1000)
        self.progress.setTextVisible(False)
        self.word = Word("modelWord", self)
        self.word.setWordWrap(True)
        self.word.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._lay_out()
        self._bind()

    def _lay_out(self) -> None:
        whole = QVBoxLayout(self)
        whole.setContentsMargins(16, 14, 16, 14)
        whole.setSpacing(10)
        hint = label(_HINT, "small", self)
        hint.setWordWrap(True)
        whole.addWidget(hint)
        whole.addWidget(self.list, 1)
        whole.addLayout(_row(self.folder, self.file, None, self.check, self.reveal, self.remove))
        whole.addWidget(rule(self))
        whole.addWidget(label("Fetch", "heading", self))
        whole.addLayout(_row(self.address, self.look))
        whole.addLayout(_row(self.digest, self.fetch, self.stop))
        whole.addWidget(self.facts)
        whole.addWidget(self.progress)
        whole.addWidget(self.word)

    def _bind(self) -> None:
        models = self._models
        self.folder.clicked.connect(self._ask_for_folder)
        self.file.clicked.connect(self._ask_for_file)
        self.check.clicked.connect(self._on_check)
        self.reveal.clicked.connect(self._on_reveal)
        self.remove.clicked.connect(self._on_remove)
        self.look.clicked.connect(self._on_look)
        self.address.returnPressed.connect(self._on_look)
        self.address.textChanged.connect(self._on_address)
        self.fetch.clicked.connect(self._on_fetch)
        self.stop.clicked.connect(models.stop)
        self.list.itemSelectionChanged.connect(self._show_able)
        models.listed.connect(self._show_models)
        models.offered.connect(self._show_offer)
        models.fetching.connect(self._show_download)
        models.told.connect(self.word.tell)
        models.refused.connect(self.word.refuse)
        self._show_download(models.download)
        models.look_up()

    @property
    def chosen(self) -> ModelEntry | None:
        """The model whose row is chosen."""
        items = self.list.selectedItems()
        return items[0].data(0, Qt.ItemDataRole.UserRole) if items else None

    @Slot(object)
    def _show_models(self, entries: tuple[ModelEntry, ...]) -> None:
        before = self.chosen.name if self.chosen else DEMO
        self.list.clear()
        for entry in entries:
            name = "Demo model" if entry.name == DEMO else entry.name
            item = QTreeWidgetItem([name, entry.kind.value, entry.location])
            item.setData(0, Qt.ItemDataRole.UserRole, entry)
            item.setToolTip(2, entry.location)
            self.list.addTopLevelItem(item)
            item.setSelected(entry.name == before)
        self._show_able()

    @Slot()
    def _show_able(self) -> None:
        chosen = self.chosen
        self.check.setEnabled(chosen is not None)
        self.reveal.setEnabled(chosen is not None and Path(chosen.location).exists())
        self.remove.setEnabled(chosen is not None and chosen.name != DEMO)

    @Slot()
    def _on_address(self) -> None:
        """What was offered may belong to another address now."""
        address, busy = self.address.text().strip(), self._models.download.busy
        offer = self._models.offer
        fits = offer is not None and offer.address == address
        self.look.setEnabled(bool(address) and not busy)
        self.fetch.setEnabled(fits and not busy)
        if not fits:
            self.facts.setText("Look first: it tells size and licence.")

    @Slot(object)
    def _show_offer(self, offer: Offer) -> None:
        left = size_left(offer, download_folder())
        size = file_size(offer.size)
        parts = [offer.title or offer.name, size]
        if left < offer.size:
            parts[1] = f"{file_size(left)} of {size} left to fetch"
        parts.append(f"licence: {offer.licence or 'the file does not say'}")
        if not offer.resumes:
            parts.append("cannot go on after a break")
        self._on_address()
        self.facts.setText("  ·  ".join(parts))

    @Slot(object)
    def _show_download(self, download: Fetching) -> None:
        share = download.there / download.size if download.size else 0.0
        self.progress.setVisible(download.busy)
        self.progress.setValue(round(share * 1000))
        self.stop.setVisible(download.busy)
        self.fetch.setVisible(not download.busy)
        self.address.setEnabled(not download.busy)
        self.digest.setEnabled(not download.busy)
        if download.busy:
            there, size = file_size(download.there), file_size(download.size)
            self.word.tell(f"{there} of {size}, {share * 100:.0f} %")
        self._on_address()

    @Slot()
    def _ask_for_folder(self) -> None:
        self._ask("Add the folder of a model", QFileDialog.FileMode.Directory, "")

    @Slot()
    def _ask_for_file(self) -> None:
        mode = QFileDialog.FileMode.ExistingFile
        self._ask("Add a model file", mode, "Models (*.safetensors)")

    def _ask(self, title: str, mode: QFileDialog.FileMode, names: str) -> None:
        dialog = QFileDialog(self, title, "", names)
        dialog.setFileMode(mode)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self._models.add)
        dialog.open()

    @Slot()
    def _on_check(self) -> None:
        if self.chosen is not None:
            self._models.check(self.chosen.name)

    @Slot()
    def _on_reveal(self) -> None:
        if self.chosen is not None:
            place = Path(self.chosen.location)
            folder = place if place.is_dir() else place.parent
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))

    @Slot()
    def _on_remove(self) -> None:
        if self.chosen is not None:
            self._models.remove(self.chosen.name)

    @Slot()
    def _on_look(self) -> None:
        self._models.look_at(self.address.text().strip())

    @Slot()
    def _on_fetch(self) -> None:
        self._models.fetch(self.digest.text())


def _line(name: str, title: str, parent: QWidget) -> QLineEdit:
    made = QLineEdit(parent)
    made.setObjectName(name)
    made.setAccessibleName(title)
    made.setPlaceholderText(title)
    return made


def _row(*widgets: QWidget | None) -> QHBoxLayout:
    """Widgets beside each other; None is the gap that grows."""
    row = QHBoxLayout()
    row.setSpacing(8)
    for widget in widgets:
        if widget is None:
            row.addStretch()
        else:
            row.addWidget(widget)
    return row
