"""The main window: menus, panels and dialogs around the studio's state."""

from pathlib import Path

from PySide6.QtCore import QMimeData, Qt, QTimer, Slot
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import (
    QApplication,
    QMainWindow,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from tokenflow_studio.ui.actions import COMMANDS, insert_menu, install_actions
from tokenflow_studio.ui.file_dialogs import FileDialogs
from tokenflow_studio.ui.herald import Herald
from tokenflow_studio.ui.keys import KeyGuard
from tokenflow_studio.ui.panels.job_bar import JobBar
from tokenflow_studio.ui.panels.notice_panel import NoticePanel
from tokenflow_studio.ui.panels.origin_bar import OriginBar
from tokenflow_studio.ui.panels.project_panels import ProjectPanels
from tokenflow_studio.ui.panels.queue_panel import QueuePanel
from tokenflow_studio.ui.panels.recipe_panel import RecipePanel
from tokenflow_studio.ui.panels.shot_tabs import ShotTabs
from tokenflow_studio.ui.panels.takes_panel import TakesPanel
from tokenflow_studio.ui.recent_menu import RecentMenu
from tokenflow_studio.ui.side_windows import SideWindows
from tokenflow_studio.ui.state.studio import Studio
from tokenflow_studio.ui.state.takes import TakeState
from tokenflow_studio.ui.theme import apply_theme
from tokenflow_studio.ui.threads.naming import clip_name
from tokenflow_studio.ui.timeline.strip import KeyframeStrip
from tokenflow_studio.ui.timeline.timeline import Timeline
from tokenflow_studio.ui.timeline.transport import Transport
from tokenflow_studio.ui.viewer.empty import EmptyState
from tokenflow_studio.ui.viewer.header import ViewerHeader
from tokenflow_studio.ui.viewer.matte_pointer import MattePointer
from tokenflow_studio.ui.viewer.rate_box import RateBox
from tokenflow_studio.ui.viewer.viewer import Viewer
from tokenflow_studio.ui.window_place import keep_place, restore_place

_WARM_UP = 300  # ms after the start: the first paint comes before


class MainWindow(QMainWindow):
    """Shows the studio. It owns it, and ends its threads when it closes."""

    def __init__(self, studio: Studio) -> None:
        super().__init__()
        self.setWindowTitle("TokenFlow Studio")
        self.setAcceptDrops(True)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
        self.resize(1600, 1000)
        self.studio = studio
        studio.setParent(self)
        self.viewer = Viewer(studio.session, studio.display, studio.viewing, self)
        MattePointer(self.viewer, studio.matte)
        self.empty = EmptyState(studio, self)
        self.timeline = Timeline(studio, self)
        self.strip = KeyframeStrip(studio, self)
        self.transport = Transport(studio, self)
        self.recipe = RecipePanel(studio, self)
        self.takes = TakesPanel(studio, self)
        self.queue = QueuePanel(studio.jobs, self)
        self.job_bar = JobBar(studio, self)
        self.side = SideWindows(studio, self)
        self.dialogs = FileDialogs(studio, self)
        self.panels = ProjectPanels(studio, self)
        self.tabs = ShotTabs(studio.shots, self)
        self.origin = OriginBar(studio, self)
        rate = RateBox(studio.session, studio.shots, self)
        rate.refused.connect(studio.refuse)
        self.header = ViewerHeader(
            studio.session, studio.viewing, studio.views, self.viewer, rate, self
        )
        self.recent = RecentMenu(studio.recent, self)
        self.actions_by_id = install_actions(self)
        insert_menu(self.actions_by_id["clip.folder"], self.recent)
        self.side.give_keys(self.actions_by_id, self.viewer)
        titles = {command.id: command.title for command in COMMANDS if command.id}
        self.notice = NoticePanel(studio.notices, titles, self)
        self._stage = QStackedWidget(self)
        self._lay_out()
        self._bind()

    def _lay_out(self) -> None:
        self._stage.addWidget(self.empty)
        self._stage.addWidget(self.viewer)
        middle = QWidget(self)
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.tabs)
        column.addWidget(self.origin)
        column.addWidget(self.header)
        column.addWidget(self.panels)
        column.addWidget(self.notice)
        column.addWidget(self._stage, 1)
        column.addWidget(self.transport)
        column.addWidget(self.timeline)
        column.addWidget(self.strip)
        split = self.split = QSplitter(Qt.Orientation.Horizontal, self)
        split.setHandleWidth(1)
        split.setChildrenCollapsible(False)
        for panel in (self.takes, middle, self.recipe):
            split.addWidget(panel)
        self.takes.setMinimumWidth(256)  # its boxes for A and B
        self.recipe.setMinimumWidth(308)  # its widest row and the scroll bar
        split.setSizes([280, 980, 340])
        split.setStretchFactor(0, 0)
        split.setStretchFactor(1, 1)
        split.setStretchFactor(2, 0)
        stack = QSplitter(Qt.Orientation.Vertical, self)
        stack.setHandleWidth(1)
        stack.setChildrenCollapsible(False)
        stack.addWidget(split)
        stack.addWidget(self.queue)
        stack.setStretchFactor(0, 1)
        whole = QWidget(self)
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(stack, 1)
        column.addWidget(self.job_bar)
        self.queue.hide()
        self.setCentralWidget(whole)
        restore_place(self, split)

    def _bind(self) -> None:
        studio = self.studio
        studio.session.clip_changed.connect(self._on_clip)
        studio.takes.current_changed.connect(self._show_enabled)
        studio.job.changed.connect(self._show_enabled)
        studio.packages.changed.connect(self._show_enabled)
        studio.models_found.connect(self.recipe.set_models)
        studio.history.stack.indexChanged.connect(self._show_history)
        self.timeline.scrubbed.connect(studio.playback.pause)
        self.takes.export_wanted.connect(self.dialogs.ask_for_export)
        self.job_bar.queue.toggled.connect(self.queue.setVisible)
        Herald(studio.jobs, self)
        self.empty.open_wanted.connect(self.dialogs.ask_for_clip)
        self.empty.demo_wanted.connect(studio.open_demo)
        self.empty.first.demo_wanted.connect(studio.demo.run)
        self.empty.first.models_wanted.connect(self.side.show_models)
        self.notice.remedy_wanted.connect(self._on_remedy)
        self.panels.file_wanted.connect(self.dialogs.ask_for_lost_file)
        self.panels.folder_wanted.connect(self.dialogs.ask_for_lost_folder)
        self.recent.chosen.connect(studio.open)
        self.recipe.matte.file_wanted.connect(self.dialogs.ask_for_matte)
        studio.project.name_wanted.connect(self.dialogs.ask_for_project_name)
        studio.project.changed.connect(self._show_title)
        studio.shots.changed.connect(self._show_lost)
        guard = KeyGuard(self)
        app = QApplication.instance()
        assert app is not None
        app.installEventFilter(guard)
        self._show_enabled()
        self._show_history()
        self.setFocus()  # no button wears the focus before a key was pressed
        QTimer.singleShot(0, studio.look_up_models)
        QTimer.singleShot(_WARM_UP, studio.frames.warm_up)
        QTimer.singleShot(0, studio.jobs.restore)
        QTimer.singleShot(0, studio.safekeeping.look)
        QTimer.singleShot(0, studio.recent.look_again)

    def step(self, by: int) -> None:
        """Move by frames."""
        self.studio.playback.pause()
        self.studio.session.step(by)

    def step_second(self, direction: int) -> None:
        """Move by a second of the clip."""
        self.step(direction * round(self.studio.playback.rate))

    def go_to_end(self, last: bool) -> None:
        """Go to the last or first frame."""
        span = self.studio.session.span
        if span is not None:
            self.studio.playback.pause()
            self.studio.session.set_playhead(span.last if last else span.first)

    @Slot()
    def focus_prompt(self) -> None:
        """Type the prompt."""
        self.recipe.prompt.setFocus()

    @Slot()
    def focus_viewer(self) -> None:
        """Leave the text fields."""
        self.viewer.setFocus()

    @Slot()
    def focus_frame_field(self) -> None:
        """Type a frame number."""
        self.transport.field.setFocus()
        self.transport.field.selectAll()

    @Slot()
    def take_snapshot(self) -> None:
        """Write what the viewer shows to a picture beside the takes."""
        if self.studio.session.clip is not None:
            self.studio.snapshots.keep(self.viewer.grab().toImage())

    def come_to_front(self) -> None:
        """Be the window that the user looks at; where the desktop forbids it, its entry blinks."""
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.raise_()
        self.activateWindow()
        QApplication.alert(self)

    @Slot()
    def toggle_full_screen(self) -> None:
        """Fill the screen, or not."""
        self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if _dropped(event.mimeData()):
            self.empty.set_hot(True)
            event.acceptProposedAction()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self.empty.set_hot(False)

    def dropEvent(self, event: QDropEvent) -> None:
        self.empty.set_hot(False)
        path = _dropped(event.mimeData())
        if path:
            event.acceptProposedAction()
            self.dialogs.open_file(path)

    def closeEvent(self, event: QCloseEvent) -> None:
        project = self.studio.project
        if project.modified and project.path is not None:
            event.ignore()
            project.leave(self.close)
            return
        # Work that has no file yet is kept by itself, and offered at the next start.
        keep_place(self, self.split)
        self.hide()  # at once: ending the worker may take a moment
        self.dialogs.close()
        self.studio.close()
        self.side.close()
        super().closeEvent(event)

    @Slot(object)
    def _on_clip(self, _clip: object) -> None:
        clip = self.studio.session.clip
        self._stage.setCurrentWidget(self.empty if clip is None else self.viewer)
        self._show_title()
        self._show_enabled()
        self.viewer.setFocus()

    @Slot()
    def _show_lost(self) -> None:
        shots = self.studio.shots
        lost = shots.current if shots.lost else None
        self.empty.show_lost(clip_name(lost.clip) if lost else "", lost.clip if lost else "")

    @Slot()
    def _show_title(self) -> None:
        """Project and clip; [*] is where the system puts its mark of unsaved changes."""
        project, clip = self.studio.project, self.studio.session.clip
        names = [project.path.stem] if project.path else []
        names += [clip.name] if clip else []
        rights = " (read only)" if project.read_only else ""
        names[:1] = [f"{name}[*]{rights}" for name in names[:1]]
        self.setWindowTitle(" – ".join([*names, "TokenFlow Studio"]))
        self.setWindowModified(project.modified and bool(names))

    @Slot()
    def _show_enabled(self, _changed: object = None) -> None:
        """Commands that cannot run now are grey."""
        busy = self.studio.job.view.busy
        take = self.studio.takes.current
        self.actions_by_id["job.cancel"].setEnabled(busy)
        done = take is not None and take.state is TakeState.DONE
        self.actions_by_id["take.export"].setEnabled(done)
        self.actions_by_id["take.send-back"].setEnabled(self.studio.packages.ready is not None)

    @Slot()
    def _show_history(self, _index: int = 0) -> None:
        """The Edit menu says what would be undone and redone."""
        stack = self.studio.history.stack
        for command, text, able in (
            ("edit.undo", f"Undo {stack.undoText()}", stack.canUndo()),
            ("edit.redo", f"Redo {stack.redoText()}", stack.canRedo()),
        ):
            action = self.actions_by_id[command]
            action.setText(text.rstrip())
            action.setEnabled(able)

    @Slot(str)
    def _on_remedy(self, command: str) -> None:
        action = self.actions_by_id.get(command)
        if action is not None:
            action.trigger()


def build_window(studio: Studio | None = None) -> MainWindow:
    """The window, ready to show; it needs a QApplication, and starts the worker when first needed.

    studio: the state to show, a fresh one by default.
    """
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        raise RuntimeError("build_window() needs a QApplication")
    apply_theme(app)
    return MainWindow(studio or Studio())


def _dropped(data: QMimeData) -> str:
    """The first local file of a drop; empty if there is none."""
    local = (Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile())
    return str(next(local, ""))
