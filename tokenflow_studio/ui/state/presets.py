"""Presets: looks that were saved, to be taken up again on any clip."""

import dataclasses
from functools import partial

from PySide6.QtCore import QObject, Signal, Slot

from tokenflow_studio.ui.state.recipe import RecipeModel
from tokenflow_studio.ui.threads.disk import DiskThread
from tokenflow_studio.ui.threads.preset_files import (
    Preset,
    delete_preset,
    list_presets,
    save_preset,
)

_ERRAND = "presets"


class Presets(QObject):
    """All presets. Signals: `changed(tuple)` of Preset, `refused(str)` when a file cannot be
    written.
    """

    changed = Signal(object)
    refused = Signal(str)

    def __init__(
        self, disk: DiskThread, recipe: RecipeModel, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._disk = disk
        self._recipe = recipe
        self.all: tuple[Preset, ...] = ()
        disk.done.connect(self._on_done)
        disk.failed.connect(self._on_failed)

    @Slot()
    def look_up(self) -> None:
        """Find out which there are; `changed` answers."""
        self._disk.submit(_ERRAND, list_presets)

    def save(self, name: str) -> None:
        """Keep the recipe's look under a name."""
        self._disk.submit(_ERRAND, partial(save_preset, name, self._recipe.value))

    def delete(self, preset: Preset) -> None:
        """Remove one of the user's own."""
        self._disk.submit(_ERRAND, partial(delete_preset, preset))

    def apply(self, preset: Preset) -> None:
        """Set what the preset sets, as one step of undo."""
        value = dataclasses.replace(self._recipe.value, **dict(preset.fields))
        self._recipe.replace(value, f"Preset {preset.name}")

    @Slot(str, object)
    def _on_done(self, name: str, result: object) -> None:
        if name == _ERRAND and isinstance(result, tuple):
            self.all = result
            self.changed.emit(result)

    @Slot(str, str)
    def _on_failed(self, name: str, sentence: str) -> None:
        if name == _ERRAND:
            self.refused.emit(sentence)
