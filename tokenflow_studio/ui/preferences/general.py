"""Preferences, General: the model to begin with, memory, thumbnails, places, autosave."""

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QCheckBox, QComboBox, QSpinBox, QWidget

from tokenflow_studio.core.settings import PlaceUnit, Settings
from tokenflow_studio.ui.preferences.form import Page, add_row, show_decided
from tokenflow_studio.ui.state.studio import Studio
from tokenflow_studio.ui.timeline.places import UNIT_TITLES


class GeneralPage(Page):
    """What concerns the window as a whole; every change counts at once."""

    def __init__(self, studio: Studio, parent: QWidget | None = None) -> None:
        super().__init__("generalPage", "General", parent)
        self._settings = studio.settings
        self.model = QComboBox(self.body)
        self.memory = QSpinBox(self.body)
        self.thumbnails = QCheckBox(self.body)
        self.unit = QComboBox(self.body)
        self.autosave = QSpinBox(self.body)
        for widget, name, title in (
            (self.model, "defaultModelBox", "Default model"),
            (self.memory, "frameCacheBox", "Memory for frames"),
            (self.thumbnails, "thumbnailsBox", "Thumbnails"),
            (self.unit, "placeUnitBox", "Places in the clip"),
            (self.autosave, "autosaveBox", "Autosave"),
        ):
            widget.setObjectName(name)
            widget.setAccessibleName(title)
        self._fill()
        form = self.add_form()
        self._model_note = add_row(form, "Default model", self.model)
        self._memory_note = add_row(form, "Memory for frames", self.memory)
        add_row(form, "Places in the clip", self.unit, "Beside the frame field of the transport.")
        add_row(form, "Thumbnails", self.thumbnails)
        add_row(
            form, "Autosave", self.autosave,
            "Unsaved work is kept aside whenever you pause, and offered after a crash.",
        )  # fmt: skip
        self.column.addStretch()
        self._bind()
        studio.models_found.connect(self.set_models)
        self._settings.changed.connect(self._show)
        self._show(self._settings.value)

    def set_models(self, models: tuple[tuple[str, str], ...]) -> None:
        """Offer these models: (title, location) each."""
        self.model.clear()
        for title, location in models:
            self.model.addItem(title, location)
        self._show(self._settings.value)

    def _fill(self) -> None:
        self.model.addItem("Demo model", "demo")
        for unit in PlaceUnit:
            self.unit.addItem(UNIT_TITLES[unit], unit)
        self.memory.setRange(64, 1 << 20)
        self.memory.setSingleStep(256)
        self.memory.setSuffix(" MB")
        self.autosave.setRange(0, 3600)
        self.autosave.setSingleStep(5)
        self.autosave.setSuffix(" seconds at the latest")
        self.autosave.setSpecialValueText("Never")
        self.thumbnails.setText("Show thumbnails in the timeline")
        for box in (self.memory, self.autosave):
            box.setKeyboardTracking(False)

    def _bind(self) -> None:
        self.model.activated.connect(self._on_model)
        self.unit.activated.connect(self._on_unit)
        self.memory.valueChanged.connect(self._on_memory)
        self.autosave.valueChanged.connect(self._on_autosave)
        self.thumbnails.toggled.connect(self._on_thumbnails)

    @Slot(object)
    def _show(self, settings: Settings) -> None:
        if self.model.findData(settings.default_model) < 0:
            self.model.addItem(settings.default_model, settings.default_model)
        self.model.setCurrentIndex(self.model.findData(settings.default_model))
        self.unit.setCurrentIndex(self.unit.findData(settings.place_unit))
        for box, value in (
            (self.memory, settings.frame_cache),
            (self.autosave, settings.autosave),
        ):
            box.blockSignals(True)  # what is shown is not what the user chose
            box.setValue(value)
            box.blockSignals(False)
        self.thumbnails.setChecked(settings.thumbnails)
        decided = self._settings.decided_by
        show_decided(
            self.model, self._model_note, decided("default_model"), "The next start begins with it."
        )
        show_decided(
            self.memory,
            self._memory_note,
            decided("frame_cache"),
            "Decoded frames that play without reading them again.",
        )

    @Slot(int)
    def _on_model(self, _row: int) -> None:
        self._settings.set(default_model=self.model.currentData())

    @Slot(int)
    def _on_unit(self, _row: int) -> None:
        self._settings.set(place_unit=self.unit.currentData())

    @Slot(int)
    def _on_memory(self, value: int) -> None:
        self._settings.set(frame_cache=value)

    @Slot(int)
    def _on_autosave(self, value: int) -> None:
        self._settings.set(autosave=value)

    @Slot(bool)
    def _on_thumbnails(self, on: bool) -> None:
        self._settings.set(thumbnails=on)
