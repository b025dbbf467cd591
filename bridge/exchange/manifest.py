"""The manifest of an exchange package: `shot.json`, written by hosts and by the studio alike.

Media below the package is named relative to it, so that a package can be copied; media elsewhere is
named by an absolute path and only ever read. Frame numbers are those of the files.
"""

import dataclasses
import json
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from pathlib import Path
from typing import Any

from bridge.exchange.fields import Fields
from tokenflow_studio.core.errors import BadInput
from tokenflow_studio.core.files import write_atomically
from tokenflow_studio.core.frames import FrameRange

MANIFEST = "shot.json"
SCHEMA = 1
_MAX_BYTES = 4 * 2**20


class Mode(StrEnum):
    """What was sent."""

    SOURCE = "source"  # camera pixels: ungraded, unretimed, in the source's size
    AS_SEEN = "as seen"  # everything baked in; comes back as a finished clip


@dataclass(frozen=True, slots=True, kw_only=True)
class Host:
    """Where the shot came from.

    name: "nuke", "resolve", "blender" or "files"; version: its own; item: how it finds the shot
    again (a node's name, a clip's id); project: its file or project name.
    """

    name: str = "files"
    version: str = ""
    item: str = ""
    project: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Footage:
    """Media of a package: a pattern or a movie, as `open_clip` takes it.

    frames: file numbers that were sent; host_first: the host's own number of the first of them.
    """

    media: str
    frames: FrameRange
    host_first: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Geometry:
    """Windows as (x, y, width, height) in pixels; data: around those of all frames."""

    display: tuple[int, int, int, int]
    data: tuple[int, int, int, int]
    pixel_aspect: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Colour:
    """How the host reads the pixels; "" where it does not say.

    config: name or path of the OCIO configuration; config_hash: its cache identity; working, file:
    colour spaces.
    """

    config: str = ""
    config_hash: str = ""
    working: str = ""
    file: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnPlace:
    """Where versions go: a folder below the package, or the return folder of the settings.

    name: a template with {shot}, {task}, {version} and a place for the frame number.
    """

    folder: str = "versions"
    name: str = "{shot}_{task}_{version}.####.exr"


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """All that a package says.

    shot: as the host calls it; cut: file numbers between the handles; rate: frames per second;
    timecode, reel: of the first frame sent; premultiplied: None where the host does not say;
    original: the host's own file, for people to read; lost: channels and values of the original
    that the package's files cannot hold. Timecode, rate and windows stand here whatever they hold:
    PNG holds none of them.
    """

    shot: str
    source: Footage
    cut: FrameRange
    rate: Fraction
    task: str = "tf"
    mode: Mode = Mode.SOURCE
    host: Host = Host()
    timecode: str = ""
    reel: str = ""
    geometry: Geometry | None = None
    colour: Colour = Colour()
    premultiplied: bool | None = None
    lost: tuple[str, ...] = ()
    matte: Footage | None = None
    original: str = ""
    returns: ReturnPlace = ReturnPlace()

    def __post_init__(self) -> None:
        inside = self.cut.first in self.source.frames and self.cut.last in self.source.frames
        if not inside:
            raise BadInput(
                f"The cut {self.cut} of the shot {self.shot} does not lie within the frames sent "
                f"({self.source.frames}): send it again."
            )

    @property
    def handles(self) -> tuple[int, int]:
        """Frames before and after the cut, as they were got."""
        frames = self.source.frames
        return self.cut.first - frames.first, frames.last - self.cut.last

    def to_json(self) -> str:
        """The file's text."""
        return json.dumps({"schema": SCHEMA, **_plain(self)}, indent=2, ensure_ascii=False) + "\n"


def write_manifest(package: Path, manifest: Manifest) -> None:
    """Write the package's `shot.json`, whole or not at all; raises as `core.files.replacing`."""
    write_atomically(package / MANIFEST, manifest.to_json().encode())


def read_manifest(package: Path) -> tuple[Path, Manifest]:
    """The package's folder and what its manifest says; `package` may be the manifest itself.

    Raises BadInput, naming the file and the entry, for anything that is not as it must be.
    """
    path = package if package.name == MANIFEST else package / MANIFEST
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise BadInput(f"{path} is larger than 4 MB, which no manifest is: send it again.")
        content = json.loads(path.read_bytes())
    except OSError as error:
        raise BadInput(
            f"{path} cannot be read ({error.strerror}): name the folder of a package."
        ) from error
    except (ValueError, RecursionError) as error:
        raise BadInput(f"{path} is damaged ({error}): send or copy the shot again.") from error
    fields = Fields(str(path), content)
    schema = fields.integer("schema")
    if schema != SCHEMA:
        raise BadInput(
            f"{path} has version {schema}, this program reads version {SCHEMA}: "
            "update TokenFlow Studio."
        )
    return path.parent, _manifest(fields)


def _manifest(fields: Fields) -> Manifest:
    geometry, matte = fields.group("geometry"), fields.group("matte")
    host, colour, returns = fields.group("host"), fields.group("colour"), fields.group("returns")
    return Manifest(
        shot=fields.text("shot"),
        source=_footage(fields.required_group("source")),
        cut=fields.frames("cut"),
        rate=fields.rate("rate"),
        task=fields.text("task", "tf"),
        mode=fields.choice("mode", Mode, Mode.SOURCE),
        host=Host(**host.texts(Host)) if host else Host(),
        timecode=fields.text("timecode", ""),
        reel=fields.text("reel", ""),
        geometry=_geometry(geometry) if geometry else None,
        colour=Colour(**colour.texts(Colour)) if colour else Colour(),
        premultiplied=fields.flag("premultiplied"),
        lost=fields.lines("lost"),
        matte=_footage(matte) if matte else None,
        original=fields.text("original", ""),
        returns=ReturnPlace(**returns.texts(ReturnPlace)) if returns else ReturnPlace(),
    )


def _footage(fields: Fields) -> Footage:
    frames = fields.frames("frames")
    first = fields.integer("host_first", frames.first)
    return Footage(media=fields.text("media"), frames=frames, host_first=first)


def _geometry(fields: Fields) -> Geometry:
    return Geometry(
        display=fields.window("display"),
        data=fields.window("data"),
        pixel_aspect=fields.number("pixel_aspect", 1.0),
    )


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, FrameRange | type):
        return {f.name: _plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
    return str(value) if isinstance(value, FrameRange | Fraction) else value
