"""Light looked at through a display and view: chosen above the viewer, kept with the shot."""

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QToolButton
from pytestqt.qtbot import QtBot

from tokenflow_studio.core.frames import FrameRange
from tokenflow_studio.media.clips import open_clip
from tokenflow_studio.media.colour.views import View, choose_view, displayed
from tokenflow_studio.media.stills import to_bytes, write_light, write_png
from tokenflow_studio.ui.main_window import MainWindow
from tokenflow_studio.ui.panels.export_dialog import ExportDialog
from tokenflow_studio.ui.state.display import Picture
from tokenflow_studio.ui.threads.cache import FrameKey
from tokenflow_studio.ui.threads.views import viewed
from tokenflow_studio.ui.viewer.hud import probe_text

SPACE = "lin_rec709_scene"


def write_plates(folder: Path, gain: float = 1.0) -> str:
    """Three frames of light from 0.01 to 8."""
    folder.mkdir(parents=True)
    ramp = np.geomspace(0.01, 8, 48, dtype=np.float32)[None, :, None] * np.float32(gain)
    for frame in (1001, 1002, 1003):
        light = np.broadcast_to(ramp, (32, 48, 3)) * np.array([1, 0.8, 0.6], np.float32)
        write_light(folder / f"{frame}.exr", light, space=SPACE)
    return str(folder / "####.exr")


def expected(spec: str, frame: int, view: View) -> np.ndarray:
    with open_clip(spec) as clip:
        plate, info = clip.read_plate(frame), clip.info
    return to_bytes(displayed(plate.colour, info.space.name, view, info.config))


def pixels(image: QImage) -> np.ndarray:
    image = image.convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1).copy()
    return rows[:, : 3 * image.width()].reshape(image.height(), image.width(), 3)


def opened(qtbot: QtBot, window: MainWindow, spec: str) -> None:
    window.studio.open(spec)
    session, display = window.studio.session, window.studio.display
    qtbot.waitUntil(lambda: session.clip is not None and session.clip.spec == spec, timeout=60_000)
    qtbot.waitUntil(display.is_complete, timeout=60_000)


def button(window: MainWindow) -> QToolButton:
    return window.findChild(QToolButton, "viewButton")


def choose(window: MainWindow, view: View) -> None:
    """By the menu, as the mouse would."""
    lists = {action.text(): action.menu() for action in button(window).menu().actions()}
    views = {action.text(): action for action in lists[view.display].actions()}
    views[view.view].trigger()


@pytest.fixture
def plates(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> str:
    spec = write_plates(tmp_path / "plate")
    opened(qtbot, window, spec)
    qtbot.waitUntil(lambda: bool(window.studio.views.offered), timeout=60_000)
    return spec


def test_a_view_is_chosen_shown_named_and_left_again(
    qtbot: QtBot, window: MainWindow, plates: str
) -> None:
    studio = window.studio
    plain = pixels(studio.display.source.image)
    assert plain[:, -1].max() == 255  # light of 8, cut by sRGB
    assert button(window).isVisible()
    view = studio.views.offered[0]
    choose(window, view)
    assert button(window).toolTip().startswith(f"Display and view: {view}")
    qtbot.waitUntil(studio.display.is_complete)
    shown = studio.display.source
    assert shown.key == FrameKey(plates, 1001, str(view))
    assert np.array_equal(pixels(shown.image), expected(plates, 1001, view))
    assert np.abs(pixels(shown.image).astype(int) - plain).mean() > 2
    by_view = window.viewer.grab().toImage()
    button(window).menu().actions()[0].trigger()
    assert studio.session.view == ""
    # Both are in memory: what was seen before comes at once.
    assert np.array_equal(pixels(studio.display.source.image), plain)
    assert window.viewer.grab().toImage() != by_view


def test_the_view_stays_with_the_shot_in_the_project(
    qtbot: QtBot, window: MainWindow, plates: str, clip: str, tmp_path: Path
) -> None:
    studio, view = window.studio, window.studio.views.offered[1]
    choose(window, view)
    first = studio.shots.current.id
    opened(qtbot, window, clip)
    assert studio.session.view == ""
    assert not button(window).isVisible()  # for a display already
    studio.shots.go_to(first)
    qtbot.waitUntil(lambda: studio.session.view == str(view))
    project = studio.shots.gather()
    assert [shot.view.display for shot in project.shots] == [str(view), ""]


def test_the_probe_reads_the_light_of_plate_and_take(
    qtbot: QtBot, window: MainWindow, plates: str, tmp_path: Path
) -> None:
    studio, display = window.studio, window.studio.display
    write_plates(tmp_path / "take" / "plates", gain=0.5)
    key = FrameKey(str(tmp_path / "take" / "frames"), 1001)
    taken = Picture(key, "Take 1", display.source.image)
    rect = QRectF(0, 0, 480, 320)

    def probed() -> str:
        return probe_text(QPointF(479, 10), rect, (display.source, taken), display)

    assert probed() == "47, 1   source …   edit …"
    qtbot.waitUntil(lambda: "…" not in probed(), timeout=20_000)
    # 6.4, 4.8 and 3.2 in the half floats of the files.
    assert probed() == "47, 1   source 8  6.398  4.801   edit 4  3.199  2.4"
    studio.session.set_view(str(studio.views.offered[0]))  # what is shown does not count
    qtbot.waitUntil(display.is_complete)
    qtbot.waitUntil(lambda: "source 8  6.398  4.801" in probed(), timeout=20_000)


def test_takes_are_seen_by_their_plates_and_previews_by_their_pictures(tmp_path: Path) -> None:
    spec = write_plates(tmp_path / "plate")
    taken = write_plates(tmp_path / "take" / "plates", gain=0.5)
    picture = np.full((32, 48, 3), 0.5, np.float32)
    for folder in ("take/frames", "preview/frames"):
        write_png(tmp_path / folder / "1002.png", picture)
    with open_clip(spec) as clip:
        view = choose_view(None, clip.info.config)
        take = viewed(clip, FrameKey(str(tmp_path / "take/frames"), 1002, str(view)))
        preview = viewed(clip, FrameKey(str(tmp_path / "preview/frames"), 1002, str(view)))
        light = np.full((1, 1, 3), ((128 / 255 + 0.055) / 1.055) ** 2.4, np.float32)
        grey = displayed(light, SPACE, view, clip.info.config)
    assert np.array_equal(to_bytes(take), expected(taken, 1002, view))
    assert np.abs(preview - grey).max() < 1e-3


def test_a_view_that_the_configuration_lacks_is_told(
    qtbot: QtBot, window: MainWindow, plates: str
) -> None:
    window.studio.session.set_view("Nowhere/None")
    qtbot.waitUntil(lambda: "There is no view" in window.notice.text.text())


def test_an_export_is_offered_through_the_view_that_was_looked_at(
    qtbot: QtBot, window: MainWindow, plates: str
) -> None:
    studio, view = window.studio, window.studio.views.offered[2]
    choose(window, view)
    studio.session.set_range(FrameRange(1001, 1002))
    studio.recipe.set(prompt="a paper cut")
    studio.propagate()
    qtbot.waitUntil(lambda: studio.planned_export("") is not None, timeout=20_000)
    window.actions_by_id["take.export"].trigger()
    dialog = window.findChild(ExportDialog)
    qtbot.waitUntil(lambda: dialog.view.currentData() == str(view), timeout=20_000)
    assert dialog.chosen().view == str(view)
    dialog.reject()
