"""The gallery's states of projects, packages and hosts: what is asked, and what is told."""

import dataclasses
import shutil
import subprocess
import sys
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Protocol

import opentimelineio as otio
from bridge.exchange.facts import Facts
from bridge.exchange.manifest import Colour, Host
from bridge.exchange.packages import Package
from bridge.exchange.passages import Passage
from bridge.exchange.sending import send
from PySide6.QtWidgets import QWidget

from tokenflow_studio.core.frames import FrameRange
from tokenflow_studio.core.job import EventKind, JobEvent
from tokenflow_studio.ui.main_window import MainWindow

_CRASH = """
import sys
from tokenflow_studio.project.document import Project, Shot
from tokenflow_studio.project.recovery import new_recovery, write_recovery
shot = Shot(clip=sys.argv[1], recipe={"prompt": "a paper cut of a ball over hills"})
write_recovery(new_recovery(), Project(shots=(shot,)), None)
"""
_EDL = """TITLE: reel 1

001  AX  V  C  00:00:00:02 00:00:00:12 01:00:00:00 01:00:00:10
* FROM CLIP NAME: sh010
* FROM CLIP: {media}
002  AX  V  C  00:00:00:12 00:00:01:00 01:00:00:10 01:00:00:22
* FROM CLIP NAME: sh020
"""
_FACTS = Facts(
    frames=FrameRange(4, 43),
    cut=FrameRange(12, 35),
    rate=Fraction(24000, 1001),
    timecode="01:00:00:00",
    host=Host(name="nuke", version="15.1v2", item="Read1", project="/shows/hills/comp_v012.nk"),
    colour=Colour(file="sRGB - Display"),
)


class Camera(Protocol):
    """Takes a picture of the window, or of one beside it, under a name."""

    def __call__(self, name: str, shown: QWidget | None = None) -> None: ...


class Projects:
    """Brings a window of its own into each state, in the order in which a user would."""

    def __init__(
        self,
        window: MainWindow,
        scratch: Path,
        draw: Callable[[Path, tuple[int, ...], int], str],
        take: Camera,
        settle: Callable[[Callable[[], bool]], None],
    ) -> None:
        self._window = window
        self._studio = window.studio
        self._scratch = scratch
        self._draw = draw
        self._take = take
        self._settle = settle
        self._clip = self._draw(scratch / "plates" / "hills_v004", tuple(range(48)), 0)

    def shoot(self) -> None:
        """Take all pictures."""
        self._recovery()
        self._tabs()
        self._unsaved()
        self._missing()
        self._package()
        self._colour()
        self._hosts()
        self._timeline()

    def _recovery(self) -> None:
        """What a window that was killed has left: here a process that has ended."""
        subprocess.run([sys.executable, "-c", _CRASH, f"{self._clip}/####.png"], check=True)
        self._studio.safekeeping.look()
        self._settle(self._window.panels.recovery.isVisible)
        self._take("30-recovery")
        self._studio.safekeeping.restore()
        self._settle(lambda: self._studio.session.clip is not None)
        self._take("31-restored")
        self._studio.safekeeping.discard()  # what the window before this one left

    def _tabs(self) -> None:
        other = self._draw(self._scratch / "plates" / "dusk_v002", tuple(range(24)), 2)
        self._studio.open(other)
        self._settle(lambda: self._window.tabs.count() == 2)
        self._save()
        self._take("32-shots-as-tabs")

    def _unsaved(self) -> None:
        self._studio.recipe.set(prompt="a wood cut of a ball over hills")
        self._studio.project.new()
        self._take("33-unsaved-changes")
        self._studio.project.stay()
        self._save()

    def _missing(self) -> None:
        file = self._file
        self._studio.project.new()
        shutil.move(self._scratch / "plates", self._scratch / "moved")
        self._studio.open(str(file))
        self._settle(self._window.panels.missing.isVisible)
        self._take("34-missing-media")
        self._studio.relinking.locate_in(str(self._scratch / "moved"))
        self._settle(self._window.panels.others.isVisible)
        self._take("35-relink-the-others")
        self._studio.relinking.accept()
        self._save()
        self._studio.project.new()

    def _package(self) -> None:
        package = self._sent("sh010", _FACTS, Passage.REFERENCE)
        self._studio.open(str(package.folder))
        self._settle(self._window.panels.package.isVisible)
        self._take("36-package-refers-outside")
        self._studio.packages.accept()
        self._settle(lambda: self._studio.session.clip is not None)
        self._studio.recipe.set(prompt="a pencil drawing of a ball over hills")
        self._studio.propagate()
        frames = tuple(range(4, 44))
        folder = self._draw(self._scratch / "back" / "frames", frames, 1)
        shutil.copytree(folder, self._scratch / "back" / "plates")
        order = self._studio.job.order
        assert order is not None
        (self._scratch / "back" / "request.json").write_text(order.request.to_json())
        for kind, place in ((EventKind.FRAMES, folder), (EventKind.DONE, str(Path(folder).parent))):
            event = JobEvent(kind=kind, job=order.id, frames=frames, folder=place)
            self._studio.take_in(event)
        self._settle(lambda: self._studio.packages.ready is not None)
        self._take("37-shot-of-a-package")
        self._studio.packages.send_back()
        self._settle(lambda: self._studio.notices.notice is not None)
        self._take("38-sent-back")
        self._studio.notices.dismiss()

    def _colour(self) -> None:
        facts = dataclasses.replace(_FACTS, colour=Colour(file="Show LogX"))
        self._studio.open(str(self._sent("sh020", facts, Passage.COPY).folder))
        self._settle(self._window.panels.package.isVisible)
        self._take("39-package-colour-missing")
        self._studio.packages.decline()

    def _hosts(self) -> None:
        self._window.side.show_hosts()
        preferences = self._window.side.preferences_window()
        self._settle(lambda: len(preferences.hosts.cards) > 0)
        self._take("40-preferences-hosts", preferences)

    def _timeline(self) -> None:
        folder = self._scratch / "cut"
        self._draw(folder / "dusk_v002", tuple(range(24)), 2)
        track = otio.schema.Track("V1", kind=otio.schema.TrackKind.Video)
        track.append(_cut_clip("sh010", folder / "dusk_v002", 2, 10))
        track.append(_cut_clip("sh020", folder / "dusk_v002", 12, 12))
        track.append(_cut_clip("sh030", folder / "noon_v001", 0, 10))
        cut = otio.schema.Timeline("reel 1")
        cut.tracks.extend([track, otio.schema.Track(kind=otio.schema.TrackKind.Audio)])
        otio.adapters.write_to_file(cut, str(folder / "reel1.otio"))
        self._save()
        self._studio.project.new()
        self._studio.open(str(folder / "reel1.otio"))
        self._settle(self._window.panels.cut.isVisible)
        self._take("41-timeline-offered")
        (folder / "reel1.edl").write_text(_EDL.format(media=f"{folder}/dusk_v002/####.png"))
        self._studio.open(str(folder / "reel1.edl"))
        self._settle(lambda: self._window.panels.cut.rate.isVisible())
        self._take("41b-edl-asks-for-its-rate")
        self._studio.open(str(folder / "reel1.otio"))
        self._settle(lambda: not self._window.panels.cut.rate.isVisible())
        self._studio.timelines.accept()
        self._settle(lambda: self._window.tabs.count() == 2)
        self._settle(lambda: self._studio.session.clip is not None)
        self._take("42-timeline-as-tabs")
        gaps = tuple(frame for frame in range(24) if frame not in (7, 8, 15))
        self._studio.open(self._draw(self._scratch / "cut" / "noon_v001", gaps, 0))
        self._settle(lambda: self._window.tabs.count() == 3)
        self._take("43-frames-missing")

    @property
    def _file(self) -> Path:
        return self._scratch / "projects" / "hills.tfproj"

    def _save(self) -> None:
        self._studio.project.save_as(str(self._file))
        self._settle(lambda: not self._studio.project.modified)

    def _sent(self, shot: str, facts: Facts, passage: Passage) -> Package:
        clip = str(self._scratch / "moved" / "hills_v004" / "####.png")
        return send(clip, self._scratch / "exchange", shot, facts, passage)


def _cut_clip(name: str, folder: Path, first: int, count: int) -> otio.schema.Clip:
    """A clip of a timeline: `count` frames from `first` on of a sequence of 24."""

    def span(start: int, length: int) -> otio.opentime.TimeRange:
        return otio.opentime.TimeRange(
            otio.opentime.RationalTime(start, 24), otio.opentime.RationalTime(length, 24)
        )

    media = otio.schema.ImageSequenceReference(
        target_url_base=f"{folder.as_uri()}/", name_suffix=".png", frame_zero_padding=4, rate=24,
        start_frame=0, available_range=span(0, 24),
    )  # fmt: skip
    return otio.schema.Clip(name, media, span(first, count))
