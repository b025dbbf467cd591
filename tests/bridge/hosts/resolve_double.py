"""A Resolve that knows exactly the documented calls, and behaves as people found that it does.

What lies on the timeline wins over what is appended, and the call only says nothing; an end frame
counts or does not, by version; the left offset of a retimed clip is warped, and conformed clips
give 0 to 0; clips are deleted on the Edit page alone; render settings lie over those before them.
"""

import itertools
from pathlib import Path
from typing import Any

import numpy as np
from opentimelineio.opentime import RationalTime, to_timecode

from tests.bridge.hosts.documented import Documented
from tests.bridge.hosts.resolve_items import MediaPoolItem, TimelineItem
from tokenflow_studio.media.clips import open_clip
from tokenflow_studio.media.patterns import Pattern
from tokenflow_studio.media.stills import write_exr

_IDS = itertools.count(1)


class Timeline(Documented):
    def __init__(self, world: "World", rate: str = "24", start: int = 86400) -> None:
        self._world, self._start = world, start
        self._settings = {
            "timelineFrameRate": rate,
            "timelineResolutionWidth": "1920",
            "timelineResolutionHeight": "1080",
        }
        self._tracks: list[list[TimelineItem]] = [[]]
        self._enabled = [True]
        self._selected: list[TimelineItem] = []

    def GetSetting(self, name: str) -> str:  # noqa: N802
        return self._settings[name]

    def GetStartFrame(self) -> int:  # noqa: N802
        return self._start

    def GetTrackCount(self, kind: str) -> int:  # noqa: N802
        return len(self._tracks)

    def GetItemListInTrack(self, kind: str, index: int) -> list[TimelineItem]:  # noqa: N802
        return list(self._tracks[index - 1])

    def GetSelectedClips(self) -> list[TimelineItem]:  # noqa: N802
        return self._selected

    def GetCurrentVideoItem(self) -> TimelineItem | None:  # noqa: N802
        return None

    def AddTrack(self, kind: str, options: dict[str, int] | None = None) -> bool:  # noqa: N802
        index = (options or {}).get("index", len(self._tracks) + 1)
        self._tracks.insert(index - 1, [])
        self._enabled.insert(index - 1, True)
        self._renumber()
        return True

    def DeleteTrack(self, kind: str, index: int) -> bool:  # noqa: N802
        del self._tracks[index - 1], self._enabled[index - 1]
        self._renumber()
        return True

    def DeleteClips(self, items: list[TimelineItem], ripple: bool = False) -> bool:  # noqa: N802
        if self._world.resolve._page != "edit":
            return False
        for track in self._tracks:
            track[:] = [item for item in track if item not in items]
        return True

    def GetIsTrackEnabled(self, kind: str, index: int) -> bool:  # noqa: N802
        return self._enabled[index - 1]

    def SetTrackEnable(self, kind: str, index: int, enabled: bool) -> bool:  # noqa: N802
        self._enabled[index - 1] = enabled
        return True

    def Export(self, path: str, kind: str, subtype: str) -> bool:  # noqa: N802
        """An EDL of the lowest track, with an M2 line for every speed."""
        assert (kind, subtype) == ("edl", "none")
        said = self._settings["timelineFrameRate"]
        rate, drop = float(said.split()[0]), "DF" in said
        counted = 30000 / 1001 if drop else round(rate)
        lines = ["TITLE: cut", "FCM: DROP FRAME" if drop else "FCM: NON-DROP FRAME"]
        for number, item in enumerate(self._tracks[0], 1):
            ends = (item._offset, item._offset + item._duration, item._start, item.GetEnd())
            times = (RationalTime(frame, counted) for frame in ends)
            codes = " ".join(to_timecode(time, counted, drop_frame=drop) for time in times)
            lines.append(f"{number:03d}  AX       V     C        {codes}")
            if item._speed != 1 or item._ramp:
                lines.append(f"M2   AX       {rate * item._speed:05.1f}    {codes[:11]}")
        Path(path).write_text("\n".join(lines) + "\n")
        return True

    def _renumber(self) -> None:
        for number, track in enumerate(self._tracks, 1):
            for item in track:
                item._track = number

    def _place(self, item: TimelineItem, track: int) -> bool:
        span = range(item._start, item._start + item._duration)
        for other in self._tracks[track - 1]:
            if span.start < other._start + other._duration and other._start < span.stop:
                return False
        self._tracks[track - 1].append(item)
        item._track = track
        return True


class Folder(Documented):
    def __init__(self, name: str) -> None:
        self._name = name
        self._folders: list[Folder] = []
        self._clips: list[MediaPoolItem] = []

    def GetName(self) -> str:  # noqa: N802
        return self._name

    def GetSubFolderList(self) -> list["Folder"]:  # noqa: N802
        return self._folders


class MediaPool(Documented):
    def __init__(self, world: "World") -> None:
        self._world = world
        self._root = self._current = Folder("Master")

    def GetRootFolder(self) -> Folder:  # noqa: N802
        return self._root

    def AddSubFolder(self, parent: Folder, name: str) -> Folder:  # noqa: N802
        folder = Folder(name)
        parent._folders.append(folder)
        return folder

    def GetCurrentFolder(self) -> Folder:  # noqa: N802
        return self._current

    def SetCurrentFolder(self, folder: Folder) -> bool:  # noqa: N802
        self._current = folder
        return True

    def ImportMedia(self, forms: list[Any]) -> list[MediaPoolItem]:  # noqa: N802
        (form,) = forms
        if isinstance(form, str):
            with open_clip(form) as movie:
                media = MediaPoolItem(form, len(movie.info.frames))
        else:
            pattern = Pattern.parse(form["FilePath"])
            if pattern is None or not pattern.path(form["StartIndex"]).exists():
                return []
            first, last = form["StartIndex"], form["EndIndex"]
            path = form["FilePath"].replace("%04d", f"[{first}-{last}]")
            media = MediaPoolItem(path, last - first + 1)
        media._fixed = set(self._world.fixed)
        self._current._clips.append(media)
        return [media]

    def AppendToTimeline(self, forms: list[dict[str, Any]]) -> list[TimelineItem]:  # noqa: N802
        (form,) = forms
        timeline = self._world.project._timeline
        length = form["endFrame"] - form["startFrame"] + self._world.end_included
        item = TimelineItem(form["mediaPoolItem"], form["recordFrame"], length, form["startFrame"])
        if not timeline._place(item, form["trackIndex"]):
            item._dead = True
        return [item]

    def CreateTimelineFromClips(self, name: str, forms: list[dict[str, Any]]) -> Timeline:  # noqa: N802
        (form,) = forms
        timeline = Timeline(self._world)
        length = form["endFrame"] - form["startFrame"] + 1
        timeline._place(TimelineItem(form["mediaPoolItem"], 86400, length, form["startFrame"]), 1)
        self._world.timelines.append(timeline)
        return timeline

    def DeleteTimelines(self, timelines: list[Timeline]) -> bool:  # noqa: N802
        for timeline in timelines:
            self._world.timelines.remove(timeline)
        return True


class Project(Documented):
    def __init__(self, world: "World") -> None:
        self._world = world
        self._pool = MediaPool(world)
        self._timeline = world.timelines[0]
        self._form = {"format": "mp4", "codec": "H264"}
        self._settings: dict[str, Any] = {"CustomName": "old", "AddFrameHandles": 24, "MarkIn": 5}
        self._presets: dict[str, tuple[dict[str, Any], dict[str, str]]] = {}
        self._jobs: dict[str, dict[str, Any]] = {}

    def GetName(self) -> str:  # noqa: N802
        return "Show"

    def GetMediaPool(self) -> MediaPool:  # noqa: N802
        return self._pool

    def GetCurrentTimeline(self) -> Timeline:  # noqa: N802
        return self._timeline

    def SetCurrentTimeline(self, timeline: Timeline) -> bool:  # noqa: N802
        self._timeline = timeline
        return True

    def GetCurrentRenderFormatAndCodec(self) -> dict[str, str]:  # noqa: N802
        return dict(self._form)

    def SetCurrentRenderFormatAndCodec(self, form: str, codec: str) -> bool:  # noqa: N802
        self._form = {"format": form, "codec": codec}
        return True

    def GetRenderCodecs(self, form: str) -> dict[str, str]:  # noqa: N802
        return {"RGB half (DWAA)": "RGBHalfDWAA", "RGB half (ZIP)": "RGBHalfZIP"}

    def SaveAsNewRenderPreset(self, name: str) -> bool:  # noqa: N802
        self._presets[name] = (dict(self._settings), dict(self._form))
        return True

    def LoadRenderPreset(self, name: str) -> bool:  # noqa: N802
        settings, form = self._presets[name]
        self._settings, self._form = dict(settings), dict(form)
        return True

    def DeleteRenderPreset(self, name: str) -> bool:  # noqa: N802
        return self._presets.pop(name, None) is not None

    def SetRenderSettings(self, settings: dict[str, Any]) -> bool:  # noqa: N802
        self._settings |= settings
        return True

    def AddRenderJob(self) -> str:  # noqa: N802
        job = f"job-{next(_IDS)}"
        self._jobs[job] = dict(self._settings)
        return job

    def DeleteRenderJob(self, job: str) -> bool:  # noqa: N802
        return self._jobs.pop(job, None) is not None

    def StartRendering(self, jobs: list[str], interactive: bool = False) -> bool:  # noqa: N802
        if self._world.resolve._page != "deliver":
            return False
        (job,) = jobs
        settings = self._jobs[job]
        handles = settings["AddFrameHandles"]
        count = settings["MarkOut"] - settings["MarkIn"] + 1 + 2 * handles
        for n in range(count):
            number = settings["ClipStartFrame"] + n
            name = f"{settings['CustomName']}{number:08d}.exr"
            write_exr(Path(settings["TargetDir"]) / name, np.full((4, 6, 3), n / 100, np.float32))
        self._world.rendered.append((self._timeline, dict(settings), list(self._timeline._enabled)))
        return True

    def IsRenderingInProgress(self) -> bool:  # noqa: N802
        return False

    def GetRenderJobStatus(self, job: str) -> dict[str, Any]:  # noqa: N802
        return {"JobStatus": self._world.render_ends, "CompletionPercentage": 100}


class ProjectManager(Documented):
    def __init__(self, world: "World") -> None:
        self._world = world

    def GetCurrentProject(self) -> Project:  # noqa: N802
        return self._world.project


class Resolve(Documented):
    def __init__(self, world: "World") -> None:
        self._world = world
        self._page = "color"
        self.EXPORT_EDL, self.EXPORT_NONE = "edl", "none"

    def GetProjectManager(self) -> ProjectManager:  # noqa: N802
        return ProjectManager(self._world)

    def GetProductName(self) -> str:  # noqa: N802
        return self._world.product

    def GetVersionString(self) -> str:  # noqa: N802
        return "21.0.3"

    def GetCurrentPage(self) -> str:  # noqa: N802
        return self._page

    def OpenPage(self, page: str) -> bool:  # noqa: N802
        self._page = page
        return True


class World:
    """One running Resolve.

    end_included: whether an end frame counts; fixed: properties that imported media does not take.
    """

    def __init__(self, *, end_included: bool = False, rate: str = "24") -> None:
        self.end_included = int(end_included)
        self.product = "DaVinci Resolve Studio"
        self.fixed: tuple[str, ...] = ()
        self.render_ends = "Complete"
        self.rendered: list[tuple[Timeline, dict[str, Any], list[bool]]] = []
        self.timelines: list[Timeline] = [Timeline(self, rate)]
        self.project = Project(self)
        self.resolve = Resolve(self)
