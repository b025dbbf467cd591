"""What can be done with the keyframe at a place, as a menu."""

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu, QWidget

from tokenflow_studio.ui.state.marks import MarkState
from tokenflow_studio.ui.state.studio import Studio


def keyframe_menu(parent: QWidget, studio: Studio, frame: int) -> QMenu:
    """The menu for a frame that the playhead stands on, ready to be shown."""
    marks, keyframes = studio.marks, studio.keyframes
    mark, in_out = marks.at(frame), studio.session.in_out
    menu = QMenu(parent)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    menu.setAccessibleName(f"Keyframe {frame}" if mark else f"Frame {frame}")
    if mark is not None:
        edited = mark.state in (MarkState.PREVIEWED, MarkState.APPROVED)
        approved = mark.state is MarkState.APPROVED
        title = f"Take Back Approval of {frame}" if approved else f"Approve {frame}"
        _add(menu, title, edited, partial(keyframes.approve, frame))
        _add(menu, "Roll Again", edited, partial(keyframes.roll, frame))
    if frame in marks.planned:
        _add(menu, "Remove Keyframe", len(marks.planned) > 1, studio.placement.toggle)
    else:
        within = in_out is not None and frame in in_out
        _add(menu, f"Add Keyframe at {frame}", within, studio.placement.toggle)
    menu.addSeparator()
    _add(menu, "Preview Keyframes", bool(marks.missing), studio.preview)
    _add(menu, "Approve All Keyframes", bool(marks.versions), keyframes.approve_all)
    _add(menu, "Spread Keyframes Evenly", marks.by_hand, studio.placement.spread)
    return menu


def _add(menu: QMenu, title: str, enabled: bool, run: object) -> None:
    action = menu.addAction(title)
    action.setEnabled(enabled)
    # `triggered` carries a checked flag that no command wants.
    action.triggered.connect(partial(_run, run))


def _run(run: object, _checked: bool = False) -> None:
    run()  # pyright: ignore[reportCallIssue]
