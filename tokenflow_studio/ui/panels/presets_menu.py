"""The menu of presets above the recipe: take one up, save one, delete one."""

from functools import partial

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QInputDialog, QMenu, QToolButton, QWidget

from tokenflow_studio.ui.icons import icon
from tokenflow_studio.ui.state.presets import Presets
from tokenflow_studio.ui.threads.preset_files import Preset


class PresetsButton(QToolButton):
    """A button with the menu; it asks for a name without holding up the window."""

    def __init__(self, presets: Presets, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("presetsButton")
        self.setText("Presets")
        self.setAccessibleName("Presets")
        self.setToolTip("Take up a look that was saved, or save this one")
        self.setIcon(icon("presets", "text-dim"))
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._presets = presets
        self.setMenu(QMenu(self))
        self.menu().aboutToShow.connect(presets.look_up)
        presets.changed.connect(self._fill)
        self._fill(presets.all)

    @Slot(object)
    def _fill(self, presets: tuple[Preset, ...]) -> None:
        menu = self.menu()
        menu.clear()
        for own in (False, True):
            for preset in presets:
                if preset.own is own:
                    action = menu.addAction(preset.name)
                    action.triggered.connect(partial(self._apply, preset))
            menu.addSeparator()
        menu.addAction("Save as Preset…", self.ask_for_name)
        deletions = menu.addMenu("Delete Preset")
        for preset in presets:
            if preset.own:
                action = deletions.addAction(preset.name)
                action.triggered.connect(partial(self._delete, preset))
        deletions.setEnabled(not deletions.isEmpty())

    @Slot()
    def ask_for_name(self) -> None:
        """Let the user name what is to be kept."""
        dialog = QInputDialog(self.window())
        dialog.setWindowTitle("Save as preset")
        dialog.setLabelText("Name; one of yours with the same name is replaced:")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.textValueSelected.connect(self._presets.save)
        dialog.open()

    def _apply(self, preset: Preset, _checked: bool = False) -> None:
        self._presets.apply(preset)

    def _delete(self, preset: Preset, _checked: bool = False) -> None:
        self._presets.delete(preset)
