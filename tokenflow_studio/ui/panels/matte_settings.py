"""Where the edit shows: the matte's file, its shapes, its edge."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from tokenflow_studio.ui.panels.building import button, tool
from tokenflow_studio.ui.panels.settings_grid import SettingsGrid, choice, decimal, reading
from tokenflow_studio.ui.state.matte import MatteDrawing, MatteTool
from tokenflow_studio.ui.state.recipe import Recipe, RecipeModel
from tokenflow_studio.ui.state.session import Session

_CHANNELS = ("", "A", "R", "G", "B", "Y")
_WHOLE, _ALPHA, _FILE = "whole", "alpha", "file"
_FIELDS = ("matte", "matte_channel", "matte_shape", "matte_softness", "matte_invert")


class MatteSettings(QWidget):
    """Shows and changes the recipe's matte, folded while there is none. `file_wanted()` when the
    user wants to choose one."""

    file_wanted = Signal()

    def __init__(
        self,
        session: Session,
        recipe: RecipeModel,
        drawing: MatteDrawing,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._recipe = recipe
        self._drawing = drawing
        self.fold = button("matteFold", "▸  Matte", "", self, "fold")
        self.grid = SettingsGrid(self)
        self.source = choice("matteBox", "Where the edit shows", self.grid)
        self.channel = choice("matteChannelBox", "Channel of the matte", self.grid)
        self.channel.setEditable(True)
        for name in _CHANNELS:
            self.channel.addItem(name or "A, else luminance", name)
        self.count = reading(self.grid)
        self.count.setFixedWidth(64)
        self.tools = {
            MatteTool.POLYGON: tool("mattePolygon", "Draw a polygon  (Ctrl+Alt+P)", "polygon",
                                    self.grid),
            MatteTool.ELLIPSE: tool("matteEllipse", "Draw an ellipse  (Ctrl+Alt+E)", "ellipse",
                                    self.grid),
        }  # fmt: skip
        self.softness = decimal("matteSoftnessBox", "Soft edge", 0.0, 1000.0, 1.0, self.grid)
        self.softness.setSuffix(" px")
        self.softness.setDecimals(1)
        self.softness.setToolTip("Width of the edge; it lies inside, so that outside stays outside")
        self.invert = QCheckBox("Edit outside", self.grid)
        self.invert.setObjectName("matteInvertBox")
        self.shown = tool("matteShown", "Show the matte over the picture  (Alt+M)", "matte",
                          self.grid)  # fmt: skip
        self.shown.setCheckable(True)
        self._lay_out()
        self._bind()

    def _lay_out(self) -> None:
        grid = self.grid
        grid.add("Show edit in", ("matte",), self.source, self.shown)
        grid.add("Channel", ("matte_channel",), self.channel)
        grid.add("Shapes", ("matte_shape",), self.count, *self.tools.values())
        grid.add("Soft edge", ("matte_softness",), self.softness)
        grid.add("Invert", ("matte_invert",), self.invert)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.fold)
        column.addWidget(grid)
        grid.hide()

    def _bind(self) -> None:
        recipe, drawing = self._recipe, self._drawing
        self.fold.clicked.connect(self._on_fold)
        self.source.activated.connect(self._on_source)
        self.channel.activated.connect(self._on_channel)
        line = self.channel.lineEdit()
        assert line is not None  # it is editable
        line.editingFinished.connect(self._on_channel)
        for kind, made in self.tools.items():
            made.setCheckable(True)
            made.clicked.connect(partial(self._on_tool, kind))
        self.softness.valueChanged.connect(self._on_softness)
        self.invert.clicked.connect(self._on_invert)
        self.shown.clicked.connect(drawing.toggle_shown)
        self.grid.reset_wanted.connect(self._on_reset)
        recipe.changed.connect(self._show)
        drawing.changed.connect(self._show_tools)
        self._session.clip_changed.connect(self._on_clip)
        self._show(recipe.value)
        self._show_tools()

    @Slot(object)
    def _show(self, recipe: Recipe) -> None:
        matte, clip = recipe.where, self._session.clip
        for widget in (self.source, self.channel, self.softness, self.invert):
            widget.blockSignals(True)
        offered = [("All of it" if not matte.shape else "Shapes alone", _WHOLE)]
        offered.append(("Clip’s alpha", _ALPHA))
        is_alpha = clip is not None and matte.file == clip.spec
        if matte.file and not is_alpha:
            offered.append((Path(matte.file).name, matte.file))
        offered.append(("From file…", _FILE))
        self.source.clear()
        for title, value in offered:
            self.source.addItem(title, value)
        current = _ALPHA if is_alpha else matte.file or _WHOLE
        self.source.setCurrentIndex(self.source.findData(current))
        self.source.setToolTip(matte.file)
        row = self.channel.findData(matte.channel)
        self.channel.setCurrentIndex(row)
        if row < 0:
            self.channel.setEditText(matte.channel)
        self.softness.setValue(matte.softness)
        self.invert.setChecked(matte.inverted)
        for widget in (self.source, self.channel, self.softness, self.invert):
            widget.blockSignals(False)
        shapes = len(matte.shape)
        self.count.setText(f"{shapes} drawn" if shapes else "None")
        self.grid.show_row("matte_channel", bool(matte.file))
        self.grid.mark(self._recipe)
        if recipe_has_matte(recipe) and self.grid.isHidden():
            self._on_fold()

    @Slot()
    def _show_tools(self) -> None:
        for kind, made in self.tools.items():
            made.setChecked(self._drawing.tool is kind)
            made.setEnabled(self._session.clip is not None)
        self.shown.setChecked(self._drawing.shown)

    @Slot(object)
    def _on_clip(self, _clip: object) -> None:
        self._show(self._recipe.value)
        self._show_tools()

    @Slot()
    def _on_fold(self) -> None:
        shown = self.grid.isHidden()
        self.grid.setVisible(shown)
        self.fold.setText("▾  Matte" if shown else "▸  Matte")

    @Slot(int)
    def _on_source(self, _row: int) -> None:
        match self.source.currentData():
            case "whole":
                self._recipe.set(matte="")
            case "alpha":
                self._drawing.use_alpha()
            case "file":
                self._show(self._recipe.value)  # until one is chosen, it stays as it is
                self.file_wanted.emit()

    @Slot()
    def _on_channel(self, _row: int = 0) -> None:
        row = self.channel.findText(self.channel.currentText())
        self._recipe.set(
            matte_channel=self.channel.currentText().strip() if row < 0 else _CHANNELS[row]
        )

    def _on_tool(self, kind: MatteTool, _checked: bool = False) -> None:
        self._drawing.choose(kind)

    @Slot(float)
    def _on_softness(self, pixels: float) -> None:
        self._recipe.set(matte_softness=pixels)

    @Slot(bool)
    def _on_invert(self, inverted: bool) -> None:
        self._recipe.set(matte_invert=inverted)

    @Slot(object)
    def _on_reset(self, fields: tuple[str, ...]) -> None:
        self._recipe.reset(*fields)


def recipe_has_matte(recipe: Recipe) -> bool:
    """Whether any of its settings is not a new recipe's."""
    return any(getattr(recipe, name) != getattr(Recipe(), name) for name in _FIELDS)
