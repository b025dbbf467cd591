"""The real window with the real worker and the real engine: open, preview, propagate, export."""

import dataclasses
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import OpenImageIO as oiio  # noqa: N813 - as its own documentation writes it
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from tokenflow_studio.core.frames import FrameRange
from tokenflow_studio.core.paths import resource
from tokenflow_studio.core.request import EditRequest
from tokenflow_studio.ui.main_window import MainWindow, build_window
from tokenflow_studio.ui.panels.export_dialog import ExportDialog
from tokenflow_studio.ui.state.marks import MarkState
from tokenflow_studio.ui.state.recipe import Recipe
from tokenflow_studio.ui.state.session import Compare
from tokenflow_studio.ui.state.takes import TakeState

_PATIENCE = 240_000  # ms: the worker loads its engine first, and the machine may be busy


@pytest.fixture
def model(request: pytest.FixtureRequest) -> str:
    """The demo model; while it is not there, the one beside the project."""
    if (resource("demo") / "model").is_dir():
        return "demo"
    found: Path = request.getfixturevalue("shared") / "models" / "standin"
    if not found.is_dir():
        pytest.skip("neither the demo model nor another one is there")
    return str(found)


@pytest.fixture
def real_window(qtbot: QtBot) -> Iterator[MainWindow]:
    """The window as the program builds it."""
    made = build_window()
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    yield made
    made.close()


def _click(window: MainWindow, name: str) -> None:
    button = window.findChild(QWidget, name)
    assert button.isEnabled(), f"{name} is grey"
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def _finish(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.waitUntil(lambda: not window.studio.job.view.busy, timeout=_PATIENCE)
    notice = window.studio.notices.notice
    assert notice is None or notice.level == "info", notice


def _shows_edit(window: MainWindow, frame: int) -> bool:
    edit = window.studio.display.edit
    return edit is not None and edit.key.frame == frame and edit.image is not None


@pytest.fixture
def small_job(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the window does not offer, but what makes the job a matter of seconds."""
    make = Recipe.request

    def small(*args: Any) -> EditRequest:
        return dataclasses.replace(make(*args), size=(128, 128), inversion_steps=2)

    monkeypatch.setattr(Recipe, "request", small)


@pytest.mark.usefixtures("small_job")
@pytest.mark.timeout(580)
def test_open_type_preview_propagate_compare_export(
    qtbot: QtBot, real_window: MainWindow, model: str, tmp_path: Path
) -> None:
    window, studio = real_window, real_window.studio
    QTest.mouseClick(window.empty.demo, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: studio.display.source is not None, timeout=20_000)
    studio.session.set_range(FrameRange(2, 5))
    QTest.keyClicks(window.recipe.prompt, "a golden ball on grass")
    studio.recipe.set(model=model, steps=2, keyframe_interval=2)

    _click(window, "previewKeyframesButton")
    assert window.job_bar.cancel.isVisible()
    _finish(qtbot, window)
    marks = studio.marks.pictured
    assert [(mark.frame, mark.state) for mark in marks] == [
        (2, MarkState.PREVIEWED),
        (4, MarkState.PREVIEWED),
    ]
    studio.session.set_playhead(4)
    qtbot.waitUntil(lambda: _shows_edit(window, 4))
    assert studio.display.edit.name == "Keyframe preview"

    _click(window, "propagateButton")
    _finish(qtbot, window)
    notice = studio.notices.notice
    assert notice is None or "demo model" not in notice.text  # it is made for this clip
    take = studio.takes.current
    assert (take.state, take.count, take.version) == (TakeState.DONE, 4, 1)
    assert (Path(take.folder) / "report.json").is_file()
    studio.session.set_compare(Compare.SIDE_BY_SIDE)
    studio.session.set_playhead(3)
    qtbot.waitUntil(lambda: _shows_edit(window, 3))
    assert studio.display.edit.image.size() == studio.display.source.image.size()

    _click(window, "exportButton")
    dialog = window.findChild(ExportDialog)
    dialog.folder.setText(str(tmp_path))
    dialog.name.setText("gold")
    qtbot.waitUntil(dialog.go.isEnabled, timeout=20_000)
    dialog.go.click()
    qtbot.waitUntil(lambda: studio.notices.status.startswith("Exported"), timeout=20_000)
    exported = sorted(path.name for path in tmp_path.glob("*.png"))
    assert exported == [f"gold.{frame:04d}.png" for frame in range(2, 6)]
    made = oiio.ImageInput.open(str(tmp_path / exported[0])).spec()
    recipe = json.loads(made.get_string_attribute("TokenFlow Studio"))
    assert (recipe["prompt"], recipe["steps"]) == ("a golden ball on grass", 2)
