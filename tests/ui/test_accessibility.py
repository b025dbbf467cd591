"""The whole window by keyboard and by ear: names, the way of the focus, contrast."""

import itertools

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QHeaderView,
    QLineEdit,
    QPlainTextEdit,
    QScrollBar,
    QWidget,
)
from pytestqt.qtbot import QtBot

from tokenflow_studio.ui.main_window import MainWindow
from tokenflow_studio.ui.state.notices import Notice
from tokenflow_studio.ui.state.session import Compare
from tokenflow_studio.ui.theme import theme

SHIFT = Qt.KeyboardModifier.ShiftModifier
CONTROLS = (
    QAbstractButton, QAbstractItemView, QAbstractSlider, QAbstractSpinBox, QComboBox, QLineEdit,
    QPlainTextEdit,
)  # fmt: skip
TEXTS = ("text", "text-strong", "text-dim", "error", "stale", "accent")
GROUNDS = ("panel", "window", "field", "lane")


def controls(root: QWidget) -> list[QWidget]:
    """Everything that a user works with, without the parts that Qt makes for itself."""
    return [
        widget
        for widget in root.findChildren(QWidget)
        if isinstance(widget, CONTROLS)
        and not isinstance(widget, QScrollBar | QHeaderView)
        and not widget.objectName().startswith("qt_")
        and not isinstance(widget.parentWidget(), QComboBox | QAbstractSpinBox | QLineEdit)
        and widget.window().windowType() != Qt.WindowType.Popup
    ]


def called(widget: QWidget) -> str:
    """What a screen reader says."""
    return widget.accessibleName() or (widget.text() if isinstance(widget, QAbstractButton) else "")


def luminance(name: str) -> float:
    """Relative luminance of a theme colour (WCAG 2.2)."""
    parts = theme().colour(name).getRgbF()[:3]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(first: str, second: str) -> float:
    """The contrast ratio of two theme colours (WCAG 2.2)."""
    high, low = sorted((luminance(first), luminance(second)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_every_control_of_the_window_has_a_name(opened: MainWindow) -> None:
    opened.studio.notices.show(Notice("The disk is full.", action="clip.open"))
    found = controls(opened)
    assert len(found) > 50
    assert [widget.objectName() or repr(widget) for widget in found if not called(widget)] == []


@pytest.mark.parametrize("command", ["window.preferences", "window.models", "help.log"])
def test_every_control_beside_the_window_has_a_name(opened: MainWindow, command: str) -> None:
    opened.actions_by_id[command].trigger()
    shown = [w for w in QApplication.topLevelWidgets() if w.isVisible() and w is not opened]
    found = [widget for window in shown for widget in controls(window)]
    assert found
    assert [widget.objectName() or repr(widget) for widget in found if not called(widget)] == []


def test_two_controls_in_sight_are_not_called_the_same(opened: MainWindow) -> None:
    names = sorted(called(widget) for widget in controls(opened) if widget.isVisible())
    assert [name for name, same in itertools.groupby(names) if len(list(same)) > 1] == []


def test_the_focus_reaches_every_control_by_keyboard_alone(
    qtbot: QtBot, opened: MainWindow
) -> None:
    opened.studio.session.set_compare(Compare.WIPE)
    opened.recipe.prompt.setFocus()
    qtbot.waitUntil(opened.recipe.prompt.hasFocus)
    visited: list[QWidget] = []
    for _ in range(200):
        now = QApplication.focusWidget()
        if now in visited:
            break
        visited.append(now)
        QTest.keyClick(now, Qt.Key.Key_Backtab, SHIFT)
    assert visited[0] is opened.recipe.prompt
    wanted = [widget for widget in controls(opened) if widget.isVisible() and widget.isEnabled()]
    missed = [widget.objectName() or repr(widget) for widget in wanted if widget not in visited]
    assert missed == []
    assert opened.viewer in visited


def test_the_focus_can_be_seen_on_a_button(qtbot: QtBot, opened: MainWindow) -> None:
    button = opened.recipe.propagate
    before = button.grab().toImage()
    button.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(button.hasFocus)
    after = button.grab().toImage()
    edge = QPoint(button.width() // 2, 0)
    assert after != before
    assert after.pixelColor(edge) != before.pixelColor(edge)


@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("text", TEXTS)
def test_text_stands_out_from_its_ground(text: str, ground: str) -> None:
    assert contrast(text, ground) >= 4.5


@pytest.mark.parametrize(
    ("text", "ground"),
    [("text", "button"), ("text-strong", "accent-deep"), ("on-accent", "accent")],
)
def test_text_stands_out_from_its_button(text: str, ground: str) -> None:
    assert contrast(text, ground) >= 4.5
