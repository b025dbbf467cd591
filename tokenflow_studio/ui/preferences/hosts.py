"""Preferences, Hosts: our scripts in Nuke and Resolve, and what packages of theirs may do here."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from tokenflow_studio.core.settings import Settings
from tokenflow_studio.ui.panels.building import button, frame, label, restyle
from tokenflow_studio.ui.preferences.form import Page, add_row, note
from tokenflow_studio.ui.preferences.path_roots import PathRoots
from tokenflow_studio.ui.state.studio import Studio
from tokenflow_studio.ui.threads.hosts import HostRow
from tokenflow_studio.ui.wording import host_title

_WITH_FOLDER = "nuke"  # the one that reads scripts from any folder, by NUKE_PATH


class HostCard(QWidget):
    """One host: how things stand, and what can be done."""

    def __init__(self, row: HostRow, studio: Studio, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._row = row
        self._hosts = studio.hosts
        card = frame("card", self)
        self.state = note("", card)
        self.install = button(f"{row.name}InstallButton", "", "", card)
        self.install.clicked.connect(self._on_install)
        self.remove = button(f"{row.name}RemoveButton", "Remove", "", card)
        self.remove.clicked.connect(self._on_remove)
        self.elsewhere = button(f"{row.name}FolderButton", "Into Folder…", "", card)
        self.elsewhere.clicked.connect(self._on_folder)
        self.elsewhere.setToolTip("For a folder that NUKE_PATH names; ~/.nuke is not touched")
        self.elsewhere.setVisible(row.name == _WITH_FOLDER)
        texts = QVBoxLayout()
        texts.setSpacing(2)
        texts.addWidget(label(host_title(row.name), "number", card))
        texts.addWidget(self.state)
        line = QHBoxLayout(card)
        line.setContentsMargins(14, 10, 12, 10)
        line.setSpacing(8)
        line.addLayout(texts, 1)
        for made in (self.install, self.elsewhere, self.remove):
            line.addWidget(made, 0, Qt.AlignmentFlag.AlignVCenter)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(card)
        self.show_row(row)

    def show_row(self, row: HostRow) -> None:
        """Show how things stand now."""
        self._row = row
        found = "Found on this machine" if row.present else "Not found on this machine"
        scripts = f"scripts {row.installed} installed" if row.installed else "no scripts"
        self.state.setText(f"{found}, {scripts}.\n{_short(row.folder)}")
        self.install.setText("Install Again" if row.installed else "Install")
        self.remove.setEnabled(bool(row.installed))

    @Slot()
    def _on_install(self) -> None:
        self._hosts.install(self._row.name)

    @Slot()
    def _on_remove(self) -> None:
        self._hosts.remove(self._row.name)

    @Slot()
    def _on_folder(self) -> None:
        dialog = QFileDialog(self.window(), "Folder for the scripts")
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(partial(self._hosts.install, self._row.name))
        dialog.open()


class HostsPage(Page):
    """Every change counts at once."""

    def __init__(self, studio: Studio, parent: QWidget | None = None) -> None:
        super().__init__("hostsPage", "Hosts", parent)
        self._studio = studio
        self._settings = studio.settings
        self.add_note(
            "Scripts inside Nuke and DaVinci Resolve send shots here and bring versions back. "
            "They are put into your own folders, and taken out again without a trace."
        )
        self.cards: dict[str, HostCard] = {}
        self._places = QVBoxLayout()
        self._places.setSpacing(8)
        self.column.addLayout(self._places)
        self.said = note("", self.body)
        self.said.setObjectName("hostsSaid")
        self.column.addWidget(self.said)
        self.add_heading("Packages")
        self.folder = QLineEdit(self.body)
        self.folder.setObjectName("returnFolderEdit")
        self.folder.setAccessibleName("Return folder")
        self.folder.setPlaceholderText("None: versions go into their package")
        self.folder.setClearButtonEnabled(True)
        add_row(
            self.add_form(), "Return folder", self._with_button(),
            "The one place outside of a package where it may ask to have its versions written.",
        )  # fmt: skip
        self.roots = PathRoots(self._settings, self.body)
        self.add_heading("The same folder on two machines")
        self.column.addWidget(self.roots)
        self.column.addStretch()
        self.folder.editingFinished.connect(self._on_folder)
        self._settings.changed.connect(self._show_settings)
        studio.hosts.changed.connect(self._show_hosts)
        self._show_settings(self._settings.value)
        self._show_hosts()
        studio.hosts.look()

    def _with_button(self) -> QWidget:
        whole = QWidget(self.body)
        choose = button("returnFolderButton", "Choose…", "", whole)
        choose.clicked.connect(self._ask_for_folder)
        row = QHBoxLayout(whole)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.folder, 1)
        row.addWidget(choose)
        return whole

    @Slot()
    def _show_hosts(self) -> None:
        hosts = self._studio.hosts
        for row in hosts.rows:
            card = self.cards.get(row.name)
            if card is None:
                self.cards[row.name] = HostCard(row, self._studio, self.body)
                self._places.addWidget(self.cards[row.name])
            else:
                card.show_row(row)
        _say(self.said, hosts.said, hosts.failed)

    @Slot(object)
    def _show_settings(self, settings: Settings) -> None:
        self.folder.setText(settings.return_folder)

    @Slot()
    def _ask_for_folder(self) -> None:
        dialog = QFileDialog(self.window(), "Return folder", self.folder.text())
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self._take_folder)
        dialog.open()

    @Slot(str)
    def _take_folder(self, folder: str) -> None:
        self.folder.setText(folder)
        self._on_folder()

    @Slot()
    def _on_folder(self) -> None:
        text = self.folder.text().strip()
        if text and not Path(text).is_absolute():
            self.folder.setText(self._settings.stored.return_folder)
            return
        self._settings.set(return_folder=text)


def _say(line: QLabel, text: str, failed: bool) -> None:
    line.setText(text)
    line.setVisible(bool(text))
    restyle(line, "error" if failed else "small")


def _short(folder: str) -> str:
    """A path below the user's own folder as people write it."""
    home = str(Path.home())
    return f"~{folder.removeprefix(home)}" if folder.startswith(home) else folder
