"""The dialogs that ask for a file. None of them waits: each tells when the user has chosen."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtWidgets import QFileDialog, QMainWindow

from tokenflow_studio.project.store import SUFFIX
from tokenflow_studio.ui.panels.export_dialog import ExportDialog
from tokenflow_studio.ui.state.studio import Studio
from tokenflow_studio.ui.threads.naming import as_sequence, clip_name, export_name
from tokenflow_studio.ui.threads.packages import MANIFEST
from tokenflow_studio.ui.threads.timelines import TIMELINE_SUFFIXES

_MEDIA = "*.mp4 *.mov *.mkv *.avi *.webm *.m4v *.mxf *.exr *.png *.jpg *.jpeg *.tif *.tiff *.dpx"
_TIMELINES = " ".join(f"*{suffix}" for suffix in TIMELINE_SUFFIXES)
_OPEN = (
    f"Projects and clips (*{SUFFIX} {MANIFEST} {_TIMELINES} {_MEDIA});;Projects (*{SUFFIX});;"
    f"Packages ({MANIFEST});;Timelines ({_TIMELINES});;All files (*)"
)


class FileDialogs(QObject):
    """Asks for clips, projects, lost media and places to write."""

    def __init__(self, studio: Studio, window: QMainWindow) -> None:
        super().__init__(window)
        self._studio = studio
        self._window = window

    @Slot(str)
    def open_file(self, path: str) -> None:
        """Open what the user pointed at: one frame of a sequence means the sequence."""
        self._studio.open(as_sequence(path))

    @Slot()
    def ask_for_clip(self) -> None:
        """Let the user choose a project, timeline, package, movie or frame of a sequence."""
        dialog = self._dialog("Open", self.open_file)
        dialog.setNameFilters(_OPEN.split(";;"))
        dialog.open()

    @Slot()
    def ask_for_folder(self) -> None:
        """Let the user choose a folder with one image sequence, or a package."""
        dialog = self._dialog("Open sequence or package", self.open_file)
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.open()

    @Slot()
    def ask_for_export(self) -> None:
        """Let the user choose where the take goes; a finished take is needed."""
        studio = self._studio
        take, clip = studio.takes.current, studio.session.clip
        planned = studio.planned_export("")
        if planned is None or take is None or clip is None:
            studio.export(None)  # says why not
            return
        name = export_name(clip.name, take.version)
        dialog = ExportDialog(studio, planned, name, self._window)
        dialog.setWindowTitle(f"Export {take.name}")
        dialog.open()

    def close(self) -> None:
        """Withdraw the question where a take goes: it looks at the disk on a thread of its own."""
        for dialog in self._window.findChildren(ExportDialog):
            dialog.reject()

    @Slot()
    def ask_for_matte(self) -> None:
        """Let the user choose a matte: a picture, a movie, or a frame of a sequence."""
        clip = self._studio.session.clip
        if clip is None:
            return
        dialog = self._dialog("Matte", self._on_matte_chosen)
        dialog.setNameFilters([f"Mattes ({_MEDIA})", "All files (*)"])
        _go_near(dialog, self._studio.matte.matte.file or clip.spec)
        dialog.open()

    @Slot()
    def ask_for_project_name(self) -> None:
        """Let the user choose where the project is saved."""
        path, shot = self._studio.project.path, self._studio.shots.current
        dialog = self._dialog("Save project", self._studio.project.save_as, to_write=True)
        dialog.setNameFilter(f"Project (*{SUFFIX})")
        dialog.setDefaultSuffix(SUFFIX.lstrip("."))
        if path is not None:
            dialog.setDirectory(str(path.parent))
            dialog.selectFile(path.name)
        elif shot is not None:
            dialog.selectFile(f"{clip_name(shot.clip)}{SUFFIX}")
        dialog.open()

    @Slot()
    def ask_for_lost_file(self) -> None:
        """Let the user show where the lost clip in view lies now."""
        shot = self._studio.shots.current
        if shot is None:
            return
        dialog = self._dialog(f"Locate {clip_name(shot.clip)}", self._on_file_located)
        dialog.setNameFilters([f"Clips ({_MEDIA})", "All files (*)"])
        _go_near(dialog, shot.clip)
        dialog.open()

    @Slot()
    def ask_for_lost_folder(self) -> None:
        """Let the user show the folder that the lost clip in view lies in now."""
        shot = self._studio.shots.current
        if shot is None:
            return
        title = f"Folder of {clip_name(shot.clip)}"
        dialog = self._dialog(title, self._studio.relinking.locate_in)
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        _go_near(dialog, shot.clip)
        dialog.open()

    def _dialog(
        self, title: str, chosen: Callable[[str], object], to_write: bool = False
    ) -> QFileDialog:
        dialog = QFileDialog(self._window, title)
        if to_write:
            dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
            dialog.setFileMode(QFileDialog.FileMode.AnyFile)
        else:
            dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(chosen)
        return dialog

    @Slot(str)
    def _on_matte_chosen(self, path: str) -> None:
        self._studio.matte.use_file(as_sequence(path))

    @Slot(str)
    def _on_file_located(self, path: str) -> None:
        self._studio.relinking.locate(as_sequence(path))


def _go_near(dialog: QFileDialog, spec: str) -> None:
    """Begin in the nearest folder of that path that is there."""
    there = next((folder for folder in Path(spec).parents if folder.is_dir()), None)
    if there is not None:
        dialog.setDirectory(str(there))
