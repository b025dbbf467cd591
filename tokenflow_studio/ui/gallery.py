"""Screenshots of every state of the window: `python -m tokenflow_studio.ui.gallery OUT`.

All pictures are drawn here: a clip of a ball over hills, and "edits" that colour it anew. No worker
is started. With `QT_QPA_PLATFORM=offscreen` it needs no display.
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from tokenflow_studio.core.downloads import Offer
from tokenflow_studio.core.frames import FrameRange
from tokenflow_studio.core.job import EventKind, JobEvent, Stage
from tokenflow_studio.core.review import Status
from tokenflow_studio.ui.crash import start_logging
from tokenflow_studio.ui.gallery_footage import FRAMES, draw_folder
from tokenflow_studio.ui.gallery_projects import Projects
from tokenflow_studio.ui.gallery_worker import SilentClient
from tokenflow_studio.ui.main_window import MainWindow, build_window
from tokenflow_studio.ui.panels.export_dialog import ExportDialog
from tokenflow_studio.ui.state.marks import planned_keyframes
from tokenflow_studio.ui.state.matte import MatteTool
from tokenflow_studio.ui.state.models import Fetching
from tokenflow_studio.ui.state.notices import Level, Notice
from tokenflow_studio.ui.state.session import Compare
from tokenflow_studio.ui.state.studio import Studio
from tokenflow_studio.ui.state.viewing import Channel, Guide
from tokenflow_studio.ui.threads.cache import FrameKey
from tokenflow_studio.ui.threads.garbage import collect_here

_PROMPT = "a pencil drawing of a ball over hills, warm paper"


class Gallery:
    """Brings one window into each state, in the order in which a user would."""

    def __init__(self, out: Path, scratch: Path, window: MainWindow) -> None:
        self._out = out
        self._scratch = scratch
        self._window = window
        self._studio = window.studio
        self._folder = ""
        self._keys = planned_keyframes(FrameRange(0, FRAMES - 1), 8)

    def shoot(self) -> None:
        """Take all pictures."""
        self._empty()
        self._clip_open()
        self._previewing()
        self._previewed()
        self._approved()
        self._propagating()
        self._propagated()
        self._looking()
        self._matte()
        self._export()
        self._keyframes()
        self._timeline()
        self._stale()
        self._takes()
        self._queue()
        self._narrow()
        self._errors()
        self._beside()

        self._window.close()

    def shoot_projects(self) -> None:
        """Take the pictures of projects and packages."""
        states = Projects(self._window, self._scratch, draw_folder, self._take, self._settle)
        states.shoot()
        self._window.close()

    def _empty(self) -> None:
        self._take("01-empty")

    def _clip_open(self) -> None:
        folder = draw_folder(self._scratch / "hills_v003", tuple(range(FRAMES)), 0)
        self._studio.open(folder)
        self._settle(lambda: self._studio.session.clip is not None)
        self._studio.session.set_playhead(10)
        self._take("02-clip-open")

    def _previewing(self) -> None:
        self._studio.recipe.set(prompt=_PROMPT, source_prompt="a red ball over green hills")
        self._studio.preview()
        self._say(kind=EventKind.PROGRESS, stage=Stage.KEYFRAMES, step=11, total=50,
                  fraction=0.34, elapsed=9.0, eta=17.0)  # fmt: skip
        self._take("03-preview-running")

    def _previewed(self) -> None:
        folder = draw_folder(self._scratch / "preview", self._keys, 1)
        self._say(kind=EventKind.FRAMES, frames=self._keys, folder=folder)
        self._say(kind=EventKind.DONE, folder=folder)
        self._studio.session.set_playhead(self._keys[2])
        self._take("04-previewed")

    def _approved(self) -> None:
        keyframes, session = self._studio.keyframes, self._studio.session
        keyframes.approve(self._keys[0])
        keyframes.approve(self._keys[2])
        keyframes.roll(self._keys[3])
        folder = draw_folder(self._scratch / "rolled", (self._keys[3],), 2)
        self._say(kind=EventKind.FRAMES, frames=(self._keys[3],), folder=folder)
        self._say(kind=EventKind.DONE, folder=folder)
        session.set_playhead(self._keys[1] + 4)
        self._studio.placement.toggle()
        self._studio.keyframes.approve(self._keys[1])
        rolled = FrameKey(folder, self._keys[3])
        self._settle(lambda: self._studio.frames.thumbnail(rolled) is not None)
        self._take("22-approved-rolled-added")
        for _ in range(5):
            self._studio.history.stack.undo()

    def _propagating(self) -> None:
        self._studio.propagate()
        order = self._studio.job.order
        assert order is not None
        self._folder = draw_folder(self._scratch / "take" / "frames", tuple(range(FRAMES)), 1)
        self._say(kind=EventKind.PROGRESS, stage=Stage.DECODE, step=27, total=FRAMES,
                  fraction=0.82, elapsed=171.0, eta=38.0)  # fmt: skip
        self._say(kind=EventKind.FRAMES, frames=tuple(range(27)), folder=self._folder)
        self._studio.session.set_compare(Compare.SIDE_BY_SIDE)
        self._take("05-propagating-side-by-side")

    def _propagated(self) -> None:
        self._say(kind=EventKind.FRAMES, frames=tuple(range(27, FRAMES)), folder=self._folder)
        self._say(kind=EventKind.DONE, folder=str(Path(self._folder).parent))
        session = self._studio.session
        for mode, name in (
            (Compare.EDIT, "06-edit"),
            (Compare.SIDE_BY_SIDE, "07-side-by-side"),
            (Compare.WIPE, "08-wipe"),
            (Compare.DIFFERENCE, "09-difference"),
        ):
            session.set_compare(mode)
            self._take(name)

    def _looking(self) -> None:
        session, viewing, viewer = self._studio.session, self._studio.viewing, self._window.viewer
        session.set_compare(Compare.ONION)
        self._take("13-onion")
        session.set_compare(Compare.SOURCE)
        viewing.set_exposure(1.25)
        viewing.toggle_channel(Channel.RED)
        viewing.toggle_guide(Guide.SAFE)
        QTest.mouseMove(viewer, viewer.rect().center())
        self._take("14-channel-exposure-safe-areas-probe")
        viewing.toggle_guide(Guide.SAFE)
        viewing.reset()

    def _matte(self) -> None:
        matte, session = self._studio.matte, self._studio.session
        session.set_compare(Compare.SOURCE)
        session.set_playhead(22)
        matte.choose(MatteTool.ELLIPSE)
        matte.add_ellipse((300.0, 107.0), (428.0, 235.0))
        matte.choose(MatteTool.POLYGON)
        self._studio.recipe.set(matte_softness=12.0)
        for point in ((90.0, 250.0), (212.0, 214.0), (250.0, 330.0)):
            matte.add_point(point)
        self._settle(lambda: not matte.picture.isNull())
        self._take("18-matte")
        matte.give_up()
        matte.give_up()
        matte.clear()

    def _export(self) -> None:
        self._window.dialogs.ask_for_export()
        dialog = self._window.findChild(ExportDialog)
        assert dialog is not None
        dialog.folder.setText("/shows/hills/comp")
        self._settle(dialog.go.isEnabled)
        path = self._out / "19-export.png"
        dialog.grab().save(str(path))
        sys.stdout.write(f"{path}\n")
        dialog.reject()

    def _keyframes(self) -> None:
        self._studio.placement.move(self._keys[2], self._keys[2] + 4)
        self._studio.session.set_playhead(self._keys[1] + 3)
        self._studio.placement.toggle()
        self._take("15-keyframes-by-hand")
        self._studio.placement.spread()

    def _timeline(self) -> None:
        timeline = self._window.timeline
        QTest.mouseMove(timeline, timeline.position_of(self._keys[4]).toPoint())
        hover = timeline.hover
        self._settle(lambda: hover is not None and hover.picture() is not None)
        self._take("23-hover-preview")
        QTest.mouseMove(self._window.viewer, self._window.viewer.rect().center())
        timeline.toggle_ruler()
        timeline.zoom(5)
        self._take("24-timeline-zoomed-timecode")
        timeline.toggle_thumbnails()
        timeline.fit()
        self._take("25-timeline-without-pictures")
        timeline.toggle_thumbnails()
        timeline.toggle_ruler()

    def _stale(self) -> None:
        session = self._studio.session
        session.set_compare(Compare.WIPE)
        session.set_playhead(8)
        session.mark_in()
        session.set_playhead(39)
        session.mark_out()
        self._studio.recipe.set(prompt="a bold screen print of a ball over hills", seed=7)
        self._studio.propagate()
        folder = draw_folder(self._scratch / "second" / "frames", tuple(range(8, 40)), 2)
        self._say(kind=EventKind.FRAMES, frames=tuple(range(8, 40)), folder=folder)
        self._say(kind=EventKind.DONE, folder=str(Path(folder).parent))
        session.set_playhead(27)
        self._take("10-second-take-stale-preview")

    def _takes(self) -> None:
        newest, first = self._studio.takes.all
        self._studio.shelf.set_status(first, Status.APPROVED)
        self._studio.shelf.toggle_star(first)
        self._studio.shelf.compare_with(self._studio.takes.find(first.id))
        self._studio.viewing.turn_wipe()
        self._studio.viewing.toggle_guide(Guide.THIRDS)
        self._take("20-two-takes-compared-level-wipe-thirds")
        self._studio.viewing.set_wipe_angle(30)
        self._take("27-slanted-wipe")
        self._studio.viewing.set_wipe_angle(90)
        self._studio.viewing.toggle_guide(Guide.THIRDS)
        self._studio.viewing.turn_wipe()
        self._window.takes.details.ask_to_delete(newest)
        self._take("21-delete-question")
        self._window.takes.details.ask_to_delete(None)
        self._studio.shelf.compare_with(None)

    def _queue(self) -> None:
        for prompt, end in (
            ("an oil painting of a ball over hills", EventKind.FAILED),
            ("a paper cut of a ball over hills at dusk", EventKind.PROGRESS),
            ("a wood cut of a ball over hills", None),
        ):
            self._studio.recipe.set(prompt=prompt)
            self._studio.propagate()
            if end is EventKind.FAILED:
                self._say(kind=end, exit_code=1, message="The disk is full: free some space and "
                          "start again.")  # fmt: skip
            elif end is EventKind.PROGRESS:
                self._say(kind=end, stage=Stage.INVERT, step=12, total=50, fraction=0.21,
                          elapsed=40.0, eta=151.0)  # fmt: skip
        self._studio.preview()
        self._window.job_bar.queue.click()
        self._window.queue.list.setCurrentIndex(self._studio.jobs.queue.index(4))
        self._take("16-queue")
        self._studio.cancel()
        self._take("17-cancelling")
        for entry in self._studio.jobs.queue.waiting:
            self._studio.jobs.queue.remove(entry.id)
        self._say(kind=EventKind.CANCELLED, exit_code=3)
        self._window.job_bar.queue.click()

    def _narrow(self) -> None:
        """A small screen with all groups open, and a run that cannot fit into the memory."""
        size, recipe = self._window.size(), self._window.recipe
        recipe.settings.fold.click()
        self._window.job_bar.queue.click()
        self._window.resize(1366, 700)
        self._take("28-small-screen")
        self._studio.recipe.set(size=(4096, 4096))
        self._window.job_bar.queue.click()
        self._take("29-memory-short")
        self._studio.history.stack.undo()
        recipe.settings.fold.click()
        self._window.resize(size)

    def _errors(self) -> None:
        SilentClient.lost = True
        self._studio.system.look()
        self._studio.notices.show(
            Notice(
                "The worker ended while the job ran (killed by signal 9); what was computed is "
                "kept, start the job again.",
                action="job.propagate",
                label="Try again",
            )
        )
        self._take("11-error")
        SilentClient.lost = False
        text = "The prompt is empty: say what the clip should become."
        self._studio.notices.show(Notice(text, Level.WARNING, "prompt.focus"))
        self._take("12-warning")

    def _beside(self) -> None:
        """The windows beside the window, each alone."""
        side, actions = self._window.side, self._window.actions_by_id
        for command, name in (
            ("window.preferences", "50-preferences-general"),
            ("help.log", "51-log"),
        ):
            actions[command].trigger()
            self._take(name, side.log if command == "help.log" else side.preferences_window())
        preferences = side.preferences_window()
        for page, name in (
            (preferences.folders, "52-preferences-cache-and-folders"),
            (preferences.shortcuts, "53-preferences-shortcuts"),
        ):
            preferences.present(page)
            self._take(name, preferences)
        actions["window.models"].trigger()
        self._models()
        self._studio.notices.dismiss()
        actions["help.shortcuts"].trigger()
        self._take("56-shortcut-overlay")

    def _models(self) -> None:
        """The models window: what the hub offers, and fetching it."""
        models, shown = self._studio.models, self._window.side.models
        assert shown is not None
        address = "stabilityai/stable-diffusion-2-1-base"
        models.offer = Offer(address, "stable-diffusion-2-1-base", 2_580_000_000, "openrail++",
                             address, resumes=True)  # fmt: skip
        shown.address.setText(address)
        models.offered.emit(models.offer)
        self._take("54-models-offer", shown)
        models.download = Fetching(1_120_000_000, models.offer.size, busy=True)
        models.fetching.emit(models.download)
        self._take("55-models-download", shown)
        models.download = Fetching()
        models.fetching.emit(models.download)

    def _say(self, **fields: object) -> None:
        order = self._studio.job.order
        assert order is not None
        self._studio.take_in(JobEvent(job=order.id, **fields))  # pyright: ignore[reportArgumentType]

    def _settle(self, done: Callable[[], bool] | None = None, least: float = 1.0) -> None:
        """Let the window work for a moment, and until `done` if that is given."""
        end = time.monotonic() + 10
        start = time.monotonic()
        while time.monotonic() < end:
            loop = QEventLoop()
            QTimer.singleShot(50, loop.quit)
            loop.exec()
            if time.monotonic() - start >= least and (done is None or done()):
                return

    def _take(self, name: str, shown: QWidget | None = None) -> None:
        self._settle()
        path = self._out / f"{name}.png"
        if not (shown or self._window).grab().save(str(path)):
            sys.exit(f"{path} could not be written")
        sys.stdout.write(f"{path}\n")


def main() -> int:
    """Take the pictures."""
    parser = argparse.ArgumentParser(prog="python -m tokenflow_studio.ui.gallery")
    parser.add_argument("out", type=Path, help="folder for the screenshots")
    parser.add_argument("--size", default="1600x1000", help="of the window, 1600x1000 by default")
    parser.add_argument("--scale", default="1", help="device pixels to a logical one: 2 for HiDPI")
    options = parser.parse_args()
    os.environ["QT_SCALE_FACTOR"] = options.scale
    options.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        for name in ("CACHE", "TAKES", "MODELS", "STATE"):
            os.environ[f"TOKENFLOW_{name}"] = str(Path(scratch, name.lower()))
        os.environ["XDG_STATE_HOME"] = scratch  # the log that is shown is the gallery's own
        start_logging()
        app = QApplication(sys.argv[:1])
        collect_here(app)
        Gallery(options.out, Path(scratch), _window(options.size)).shoot()
        Gallery(options.out, Path(scratch), _window(options.size)).shoot_projects()
        app.quit()
    return 0


def _window(size: str) -> MainWindow:
    window = build_window(Studio(SilentClient))
    window.resize(*(int(side) for side in size.split("x")))
    window.show()
    return window


if __name__ == "__main__":
    sys.exit(main())
