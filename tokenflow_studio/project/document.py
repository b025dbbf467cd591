"""What a project holds, as frozen values. All paths are absolute here; the file decides anew."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from tokenflow_studio.core.frames import FrameRange

Fields = Mapping[str, Any]
"""JSON values by name."""


def new_id() -> str:
    """A name for a shot that no other one has."""
    return uuid.uuid4().hex[:12]


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """Edited keyframes: `request` is what made them, as JSON fields; `folder` holds the pictures
    of the frames."""

    request: Fields
    folder: str
    frames: tuple[int, ...]
    unknown: Fields = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """Where the user was in a shot.

    display: what its light is looked at through, as "display/view"; take: the folder of the one in
    view; both "" for none.
    """

    playhead: int | None = None
    compare: str = ""
    display: str = ""
    take: str = ""
    unknown: Fields = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a shot came from: an exchange package, and what it says for people to read.

    package: its folder; shot, host, project: as they are called there; frames: file numbers that
    were sent; cut: those of them between the handles; timecode: of the first one; mode: what was
    sent, "source" or "as seen".
    """

    package: str
    shot: str = ""
    host: str = ""
    project: str = ""
    frames: FrameRange | None = None
    cut: FrameRange | None = None
    timecode: str = ""
    mode: str = ""
    unknown: Fields = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shot:
    """A clip and what is done with it.

    clip: path, pattern or folder; frames: in and out, None for the whole clip; rate: frames per
    second where the footage does not decide; name: as a timeline calls it, "" for the clip's own;
    recipe: the edit request's fields as JSON values, the matte among them; takes: their folders;
    origin: None for a clip that was opened by itself.
    """

    id: str = field(default_factory=new_id)
    clip: str
    frames: FrameRange | None = None
    rate: Fraction | None = None
    name: str = ""
    recipe: Fields = field(default_factory=dict)
    previews: tuple[Preview, ...] = ()
    takes: tuple[str, ...] = ()
    view: View = View()
    origin: Origin | None = None
    unknown: Fields = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """All shots, and the id of the one in view."""

    shots: tuple[Shot, ...] = ()
    current: str = ""
    unknown: Fields = field(default_factory=dict)

    def find(self, shot_id: str) -> Shot | None:
        """The shot of that id."""
        return next((shot for shot in self.shots if shot.id == shot_id), None)

    @property
    def shown(self) -> Shot | None:
        """The shot in view; the first one if the project names none."""
        return self.find(self.current) or next(iter(self.shots), None)
