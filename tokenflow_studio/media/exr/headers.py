"""The headers of an OpenEXR file, as bytes.

The OpenEXR binding loses the user bits of a timecode, reduces rationals and cannot read text that
is not UTF-8, so attributes are taken from the file itself. Layout: openexr.com, "OpenEXR File
Layout".
"""

import struct
from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

from tokenflow_studio.core.errors import BadInput
from tokenflow_studio.media.plates import Window
from tokenflow_studio.media.timecode import packed, unpacked

MAGIC = b"\x76\x2f\x31\x01"
TILED, LONG_NAMES, DEEP, MULTI_PART = 0x200, 0x400, 0x800, 0x1000
_FIRST_READ = 2**16  # most headers are smaller
_MOST = 2**26  # previews and manifests may be large; nothing is larger than this
_LOSSLESS = frozenset({0, 1, 2, 3, 4, 10, 11, 13})  # none, rle, zips, zip, piz, htj2k, zstd
_ZIP = 3


@dataclass(frozen=True, slots=True)
class Attribute:
    """One attribute: the name of its type, and its bytes."""

    kind: str
    value: bytes


Header = Mapping[str, Attribute]


@dataclass(frozen=True, slots=True)
class Channel:
    """One entry of a channel list; code: 0 unsigned integer, 1 half, 2 float."""

    name: str
    code: int
    x_sampling: int
    y_sampling: int

    @property
    def size(self) -> int:
        """Bytes per sample."""
        return 2 if self.code == 1 else 4


@dataclass(frozen=True, slots=True)
class Headers:
    """flags: the version field; parts: one header each; end: where the chunk offsets begin."""

    flags: int
    parts: tuple[Header, ...]
    end: int


def read_headers(path: Path) -> Headers:
    """The headers of a file. Raises BadInput where they are cut off or make no sense."""
    try:
        with path.open("rb") as file:
            content = file.read(_FIRST_READ)
            try:
                return parse_headers(content)
            except (ValueError, struct.error):
                return parse_headers(content + file.read(_MOST))
    except OSError as error:
        raise BadInput(f"{path} cannot be read ({error.strerror}): check its rights.") from error
    except (ValueError, struct.error) as error:
        raise BadInput(f"{path} is damaged (its header): copy or render it again.") from error


def parse_headers(content: bytes) -> Headers:
    """The headers at the start of a file; raises ValueError or struct.error where they break."""
    if content[:4] != MAGIC:
        raise ValueError("no OpenEXR file")
    flags = int.from_bytes(content[4:8], "little")
    parts: list[Header] = []
    place = 8
    while True:
        header, place = _parse_header(content, place)
        if not header:
            break
        parts.append(header)
        if not flags & MULTI_PART:
            break
    if not parts:
        raise ValueError("no header")
    return Headers(flags, tuple(parts), place)


def _parse_header(content: bytes, place: int) -> tuple[dict[str, Attribute], int]:
    header: dict[str, Attribute] = {}
    while content[place : place + 1] != b"\0":
        name, place = _parse_name(content, place)
        kind, place = _parse_name(content, place)
        (size,) = struct.unpack_from("<i", content, place)
        place += 4
        if not 0 <= size <= len(content) - place:
            raise ValueError("an attribute is cut off")
        header[name] = Attribute(kind, content[place : place + size])
        place += size
    return header, place + 1


def _parse_name(content: bytes, place: int) -> tuple[str, int]:
    end = content.index(b"\0", place, place + 257)
    return content[place:end].decode("latin-1"), end + 1


def pack_headers(headers: Headers) -> bytes:
    """The bytes from the start of the file to the chunk offsets."""
    packed = [MAGIC, headers.flags.to_bytes(4, "little")]
    for header in headers.parts:
        for name, attribute in header.items():
            size = len(attribute.value).to_bytes(4, "little")
            names = f"{name}\0{attribute.kind}\0".encode("latin-1")
            packed += [names, size, attribute.value]
        packed.append(b"\0")
    if headers.flags & MULTI_PART:
        packed.append(b"\0")
    return b"".join(packed)


def channels(header: Header) -> tuple[Channel, ...]:
    """The channel list, in the file's order."""
    content, place = header["channels"].value, 0
    found = []
    while content[place : place + 1] not in (b"\0", b""):
        name, place = _parse_name(content, place)
        code, _, x_sampling, y_sampling = struct.unpack_from("<iB3x2i", content, place)
        found.append(Channel(name, code, x_sampling, y_sampling))
        place += 16
    return tuple(found)


def window(header: Header, name: str) -> Window:
    """`dataWindow` or `displayWindow`; width and height may be claimed to be anything."""
    left, top, right, bottom = struct.unpack("<4i", header[name].value)
    return Window(left, top, right - left + 1, bottom - top + 1)


def number(header: Header, name: str, default: float) -> float:
    """A float attribute."""
    found = header.get(name)
    return default if found is None else struct.unpack("<f", found.value)[0]


def text(header: Header, name: str) -> str:
    """A string attribute; "" where there is none."""
    found = header.get(name)
    return "" if found is None else found.value.decode("utf-8", "replace")


def texts(header: Header, name: str) -> tuple[str, ...]:
    """A list of strings; empty where there is none."""
    content = header[name].value if name in header else b""
    found, place = [], 0
    while place + 4 <= len(content):
        size = int.from_bytes(content[place : place + 4], "little")
        found.append(content[place + 4 : place + 4 + size].decode("utf-8", "replace"))
        place += 4 + size
    return tuple(found)


def rate(header: Header) -> Fraction | None:
    """Frames per second; OpenImageIO writes the name with a capital."""
    found = header.get("framesPerSecond") or header.get("FramesPerSecond")
    if found is None or found.kind != "rational":
        return None
    above, below = struct.unpack("<iI", found.value)
    return Fraction(above, below) if above > 0 and below > 0 else None


def timecode(header: Header) -> str | None:
    """The timecode of the frame."""
    found = header.get("timeCode")
    if found is None or found.kind != "timecode":
        return None
    return unpacked(int.from_bytes(found.value[:4], "little"))


def with_timecode(header: Header, code: str | None) -> Header:
    """The header with another timecode, where it has one; None keeps what it has."""
    value = packed(code) if code else None
    found = header.get("timeCode")
    if value is None or found is None:
        return header
    return {
        **header,
        "timeCode": replace(found, value=value.to_bytes(4, "little") + found.value[4:]),
    }


def lossless(header: Header) -> Attribute:
    """The part's own compression where that keeps every bit, else zip."""
    own = header["compression"]
    return own if own.value[0] in _LOSSLESS else Attribute(own.kind, bytes([_ZIP]))
