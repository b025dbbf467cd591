"""The settings as the window holds them: saved off its thread, told to whoever shows them."""

import dataclasses
from functools import partial

from PySide6.QtCore import QObject, Signal, Slot

from tokenflow_studio.core.settings import (
    Settings,
    checked,
    load_settings,
    overridden,
    save_settings,
    with_environment,
)
from tokenflow_studio.ui.threads.disk import DiskThread

_ERRAND = "settings"


class SettingsModel(QObject):
    """Holds the settings. Signals: `changed(Settings)` with what counts, `refused(str)` when the
    file could not be written. `notice`: what was wrong with the file at the start, or "".
    """

    changed = Signal(object)
    refused = Signal(str)

    def __init__(self, disk: DiskThread, parent: QObject | None = None) -> None:
        super().__init__(parent)
        loaded = load_settings()
        self.notice = loaded.notice
        self._disk = disk
        self._stored = loaded.settings
        disk.failed.connect(self._on_failed)

    @property
    def value(self) -> Settings:
        """The settings as they count: with what the environment decides."""
        return with_environment(self._stored)

    @property
    def stored(self) -> Settings:
        """The settings as the file holds them."""
        return self._stored

    def decided_by(self, name: str) -> str:
        """The environment variable that decides that field, or ""."""
        return overridden(name)

    def set(self, **fields: object) -> None:
        """Change some fields and save. Raises BadInput for a value that cannot be used."""
        settings = checked(dataclasses.replace(self._stored, **fields))  # pyright: ignore[reportArgumentType]
        if settings != self._stored:
            self._stored = settings
            self._disk.submit(_ERRAND, partial(save_settings, settings))
            self.changed.emit(self.value)

    @Slot(str, str)
    def _on_failed(self, name: str, sentence: str) -> None:
        if name == _ERRAND:
            self.refused.emit(sentence)
