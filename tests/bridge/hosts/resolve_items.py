"""What lies on a timeline of the Resolve double, and in its media pool."""

import itertools
from typing import Any

from tests.bridge.hosts.documented import Documented

_IDS = itertools.count(1)


class Marked(Documented):
    """What takes markers: one on a frame."""

    _markers: dict[int, dict[str, Any]]

    def AddMarker(  # noqa: N802
        self, frame: int, colour: str, name: str, note: str, duration: int, data: str = ""
    ) -> bool:
        if frame < 0 or frame in self._markers:
            return False
        self._markers[frame] = {"color": colour, "name": name, "note": note, "customData": data}
        return True


class MediaPoolItem(Marked):
    def __init__(self, path: str, count: int, rate: str = "24", **properties: str) -> None:
        self._count = count
        self._properties = {"File Path": path, "FPS": rate, "Frames": str(count),
                            "Reel Name": "", "Input Color Space": "", "IDT": "",
                            "Start TC": "00:00:00:00", **properties}  # fmt: skip
        self._third: dict[str, str] = {}
        self._markers = {}
        self._fixed: set[str] = set()

    def GetClipProperty(self, name: str) -> str:  # noqa: N802
        return self._properties[name]

    def SetClipProperty(self, name: str, value: str) -> bool:  # noqa: N802
        if name in self._fixed:
            return True  # it says yes and keeps what it had
        self._properties[name] = value
        return True

    def GetThirdPartyMetadata(self, name: str) -> str:  # noqa: N802
        return self._third.get(name, "")

    def SetThirdPartyMetadata(self, name: str, value: str) -> bool:  # noqa: N802
        self._third[name] = value
        return True

    def SetClipColor(self, name: str) -> bool:  # noqa: N802
        return True


class TimelineItem(Marked):
    def __init__(
        self,
        media: MediaPoolItem | None,
        start: int,
        duration: int,
        offset: int,
        speed: float = 1.0,
    ) -> None:
        self._media, self._start, self._duration = media, start, duration
        self._offset, self._speed = offset, speed
        self._id, self._name = f"id-{next(_IDS)}", "sh010"
        self._track = 1
        self._markers = {}
        self._properties: dict[str, Any] = {"ZoomX": 1.0, "Pan": 0.0}
        self._grade = "none"
        self._conformed = False
        self._ramp = False  # its speed changes and is 100 % on average
        self._dead = False

    def GetName(self) -> str:  # noqa: N802
        return self._name

    def GetStart(self) -> int:  # noqa: N802
        return self._start

    def GetEnd(self) -> int:  # noqa: N802
        return self._start + self._duration

    def GetDuration(self) -> int | None:  # noqa: N802
        return None if self._dead else self._duration

    def GetLeftOffset(self) -> float:  # noqa: N802
        return self._offset / abs(self._speed or 1)  # in the warped domain

    def GetSourceStartFrame(self) -> int:  # noqa: N802
        if self._conformed:
            return 0
        length = round(self._duration * abs(self._speed))
        return self._offset if self._speed > 0 else self._offset + length - 1

    def GetSourceEndFrame(self) -> int:  # noqa: N802
        if self._conformed:
            return 0
        length = round(self._duration * abs(self._speed))
        return self._offset + length - 1 if self._speed > 0 else self._offset

    def GetUniqueId(self) -> str:  # noqa: N802
        return self._id

    def GetMediaPoolItem(self) -> MediaPoolItem | None:  # noqa: N802
        return self._media

    def GetTrackTypeAndIndex(self) -> list[Any]:  # noqa: N802
        return ["video", self._track]

    def GetMarkers(self) -> dict[int, dict[str, Any]]:  # noqa: N802
        return dict(self._markers)

    def DeleteMarkerAtFrame(self, frame: int) -> bool:  # noqa: N802
        return self._markers.pop(frame, None) is not None

    def CopyGrades(self, targets: list["TimelineItem"]) -> bool:  # noqa: N802
        for target in targets:
            target._grade = self._grade
        return True

    def GetProperty(self, name: str = "") -> Any:  # noqa: N802
        return self._properties.get(name) if name else dict(self._properties)

    def SetProperty(self, name: str, value: Any) -> bool:  # noqa: N802
        self._properties[name] = value
        return True
