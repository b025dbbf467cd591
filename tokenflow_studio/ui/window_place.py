"""Where the window stood and how it was divided: remembered from one start to the next."""

from PySide6.QtCore import QByteArray, QSettings
from PySide6.QtWidgets import QMainWindow, QSplitter

from tokenflow_studio.core.paths import state_folder

_PLACE, _PARTS = "window/place", "window/parts"


def restore_place(window: QMainWindow, split: QSplitter) -> None:
    """Put the window where it was; where that screen is gone, Qt finds it a place in sight."""
    kept = _kept()
    for name, restore in ((_PLACE, window.restoreGeometry), (_PARTS, split.restoreState)):
        value = kept.value(name)
        if isinstance(value, QByteArray):
            restore(value)


def keep_place(window: QMainWindow, split: QSplitter) -> None:
    """Remember where the window is now."""
    kept = _kept()
    kept.setValue(_PLACE, window.saveGeometry())
    kept.setValue(_PARTS, split.saveState())
    kept.sync()


def _kept() -> QSettings:
    return QSettings(str(state_folder() / "window.ini"), QSettings.Format.IniFormat)
