"""What a host knows of a shot beside its pixels: a small JSON file, or options of a command."""

import json
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

from bridge.exchange.fields import Fields
from bridge.exchange.manifest import Colour, Host, Mode
from tokenflow_studio.core.errors import BadInput
from tokenflow_studio.core.frames import FrameRange


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Entries of the manifest that no file tells; None or "" where the host does not know.

    frames: file numbers to send; cut: those of them between the handles; host_first: the host's
    number of the first one; matte: a clip; rendered: the clip is a folder into which the host
    rendered these frames under names of its own.
    """

    frames: FrameRange | None = None
    cut: FrameRange | None = None
    host_first: int | None = None
    rate: Fraction | None = None
    mode: Mode = Mode.SOURCE
    host: Host = field(default_factory=Host)
    timecode: str = ""
    reel: str = ""
    colour: Colour = field(default_factory=Colour)
    premultiplied: bool | None = None
    matte: str = ""
    original: str = ""
    rendered: FrameRange | None = None


def read_facts(path: Path) -> Facts:
    """Read a facts file. Raises BadInput, naming file and entry."""
    try:
        content = json.loads(path.read_bytes())
    except OSError as error:
        raise BadInput(f"{path} cannot be read ({error.strerror}): check the path.") from error
    except (ValueError, RecursionError) as error:
        raise BadInput(f"{path} is no JSON ({error}): send the shot again.") from error
    fields = Fields(str(path), content)
    host, colour = fields.group("host"), fields.group("colour")
    return Facts(
        frames=fields.frames("frames") if fields.has("frames") else None,
        cut=fields.frames("cut") if fields.has("cut") else None,
        host_first=fields.integer("host_first") if fields.has("host_first") else None,
        rate=fields.rate("rate") if fields.has("rate") else None,
        mode=fields.choice("mode", Mode, Mode.SOURCE),
        host=Host(**host.texts(Host)) if host else Host(),
        timecode=fields.text("timecode", ""),
        reel=fields.text("reel", ""),
        colour=Colour(**colour.texts(Colour)) if colour else Colour(),
        premultiplied=fields.flag("premultiplied"),
        matte=fields.text("matte", ""),
        original=fields.text("original", ""),
        rendered=fields.frames("rendered") if fields.has("rendered") else None,
    )
