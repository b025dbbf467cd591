"""The matte in the window: the tool that draws it, and its picture over the frame."""

from enum import StrEnum
from functools import partial

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QImage

from tokenflow_studio.core.finishing import Matte, Point, Polygon
from tokenflow_studio.ui.state.recipe import Recipe, RecipeModel
from tokenflow_studio.ui.state.session import Session
from tokenflow_studio.ui.state.shapes import Grip, Shapes, ellipse, moved, without
from tokenflow_studio.ui.theme import theme
from tokenflow_studio.ui.threads.disk import DiskThread
from tokenflow_studio.ui.threads.matte_pictures import matte_picture

_DIGITS = 2  # of a pixel: what a drawn point keeps


class MatteTool(StrEnum):
    """What the pointer does in the viewer."""

    NONE = "none"
    POLYGON = "polygon"
    ELLIPSE = "ellipse"


_HINTS = {
    MatteTool.NONE: "",
    MatteTool.POLYGON: "Click point by point; Enter or a click on the first one closes the shape. "
    "Drag what is drawn; Del removes it, Esc ends.",
    MatteTool.ELLIPSE: "Drag from corner to corner. Drag what is drawn; Del removes it, Esc ends.",
}


class MatteDrawing(QObject):
    """Draws the recipe's matte and shows it. Every change of a shape can be undone.

    Signals: `changed()` follows the tool, what is being drawn, whether the matte is shown, and its
    picture; `told(str)` says how to use a tool, `refused(str)` why a matte cannot be shown.
    """

    changed = Signal()
    told = Signal(str)
    refused = Signal(str)

    def __init__(
        self, session: Session, recipe: RecipeModel, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._recipe = recipe
        self._disk = DiskThread(self)
        self._asked: tuple[Matte, str, int] | None = None  # what the thread is at
        self._refused = ""
        self._picture = QImage()
        self._shown = True
        self.tool = MatteTool.NONE
        self.pending: tuple[Point, ...] = ()
        recipe.changed.connect(self._on_recipe)
        session.playhead_changed.connect(self._look)
        session.clip_changed.connect(self._on_clip)
        self._disk.done.connect(self._on_done)
        self._disk.failed.connect(self._on_failed)

    @property
    def matte(self) -> Matte:
        """The recipe's matte."""
        return self._recipe.value.where

    @property
    def shapes(self) -> Shapes:
        """The shapes that are drawn."""
        return self._recipe.value.matte_shape

    @property
    def shown(self) -> bool:
        """Whether the matte lies over the frame, when there is one."""
        return self._shown

    @property
    def picture(self) -> QImage:
        """The matte at the playhead, or the latest one that is ready; null where there is none."""
        return self._picture if self._shown and self.matte else QImage()

    @Slot()
    def toggle_shown(self) -> None:
        """Show the matte over the frame, or not."""
        self._shown = not self._shown
        self.changed.emit()
        self._look()

    def choose(self, tool: MatteTool) -> None:
        """Take up a tool, or lay it down when it is held already."""
        if self._session.clip is None:
            return
        self.tool = MatteTool.NONE if tool is self.tool else tool
        self.pending = ()
        self._shown = True
        self.changed.emit()
        self.told.emit(_HINTS[self.tool])
        self._look()

    @Slot()
    def give_up(self) -> None:
        """Drop what is being drawn; with nothing begun, lay the tool down."""
        if not self.pending:
            self.tool = MatteTool.NONE
            self.told.emit(_HINTS[self.tool])
        self.pending = ()
        self.changed.emit()

    def add_point(self, point: Point) -> None:
        """The next point of the polygon."""
        self.pending = (*self.pending, point)
        self.changed.emit()

    def take_back_point(self) -> None:
        """Without the latest point."""
        self.pending = self.pending[:-1]
        self.changed.emit()

    def close_polygon(self) -> None:
        """The points become a shape; fewer than three are dropped."""
        points, self.pending = self.pending, ()
        if len(points) >= 3:
            self._set((*self.shapes, points), "Draw Matte")
        self.changed.emit()

    def add_ellipse(self, corner: Point, opposite: Point) -> None:
        """The ellipse in that rectangle becomes a shape; one thinner than two pixels is none."""
        self.pending = ()
        if min(abs(a - b) for a, b in zip(corner, opposite, strict=True)) >= 2:
            self._set((*self.shapes, ellipse(corner, opposite)), "Draw Matte")
        self.changed.emit()

    def drag(self, grip: Grip, point: Point, by: Point) -> None:
        """Move what is held; one drag is one step of undo."""
        if grip.shape < len(self.shapes):
            self._set(moved(self.shapes, grip, point, by), "Move Matte", merge="matte_shape")

    def remove(self, grip: Grip) -> None:
        """Remove a point or a shape."""
        if grip.shape < len(self.shapes):
            self._set(without(self.shapes, grip), "Remove from Matte")

    @Slot()
    def use_alpha(self) -> None:
        """The clip's own alpha is the matte."""
        if self._session.clip is not None:
            self._recipe.set(matte=self._session.clip.spec)

    def use_file(self, spec: str) -> None:
        """A sequence, a movie or a picture is the matte."""
        self._recipe.set(matte=spec)

    @Slot()
    def clear(self) -> None:
        """Edit all of the picture again."""
        names = ("matte", "matte_channel", "matte_softness", "matte_invert", "matte_shape")
        self._recipe.reset(*names)

    def close(self) -> None:
        """End the thread."""
        self._disk.close()

    def _set(self, shapes: Shapes, title: str, merge: str = "") -> None:
        rounded = tuple(_rounded(polygon) for polygon in shapes)
        self._recipe.change(title, merge, matte_shape=rounded)

    @Slot(object)
    def _on_recipe(self, _recipe: Recipe) -> None:
        self._look()
        self.changed.emit()

    @Slot(object)
    def _on_clip(self, _clip: object) -> None:
        self.tool, self.pending = MatteTool.NONE, ()
        self._picture = QImage()
        self.changed.emit()
        self._look()

    @Slot()
    def _look(self, _frame: object = None) -> None:
        """Ask for the picture of the playhead; while one is made, the latest wish waits."""
        clip, matte = self._session.clip, self.matte
        if clip is None or not matte or not self._shown or self._asked is not None:
            return
        self._asked = (matte, clip.spec, self._session.playhead)
        self._disk.submit("matte", partial(matte_picture, *self._asked, theme().colour("error")))

    @Slot(str, object)
    def _on_done(self, _name: str, picture: QImage) -> None:
        self._picture, self._refused = picture, ""
        self._go_on()

    @Slot(str, str)
    def _on_failed(self, _name: str, sentence: str) -> None:
        self._picture = QImage()
        if sentence != self._refused:
            self._refused = sentence
            self.refused.emit(sentence)
        self._go_on()

    def _go_on(self) -> None:
        asked, self._asked = self._asked, None
        clip = self._session.clip
        wanted = None if clip is None else (self.matte, clip.spec, self._session.playhead)
        if asked != wanted:
            self._look()
        self.changed.emit()


def _rounded(polygon: Polygon) -> Polygon:
    return tuple((round(x, _DIGITS), round(y, _DIGITS)) for x, y in polygon)
