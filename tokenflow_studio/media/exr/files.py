"""OpenEXR files under limits: what is refused before any pixel is decoded, and all of the rest."""

import io
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import OpenEXR
from numpy.typing import NDArray

from tokenflow_studio.core.errors import BadInput
from tokenflow_studio.media.decoding.process import ask
from tokenflow_studio.media.exr.headers import (
    DEEP,
    LONG_NAMES,
    MULTI_PART,
    Attribute,
    Header,
    Headers,
    channels,
    lossless,
    pack_headers,
    parse_headers,
    read_headers,
    text,
    window,
)

Pixels = NDArray[Any]
Part = Mapping[str, Pixels]

MAX_SIDE = 32768
MAX_CHANNELS = 64
_MAX_DISPLAY = 2**30  # bytes of a float RGB frame; 8K needs 400 MB
_MAX_DATA = 2**31  # bytes of all channels of all parts
_THREADS = 2  # as fast as the disk reads; all cores would starve the model and the window


@dataclass(frozen=True, slots=True)
class ExrFile:
    """Headers as bytes, and for each part its channels (h, w) in their stored type."""

    headers: Headers
    parts: tuple[Part, ...]


def read_checked_headers(path: Path) -> Headers:
    """The headers of a file that can be read. Raises BadInput for deep, mad and huge ones."""
    headers = read_headers(path)
    kinds = {text(part, "type") for part in headers.parts}
    if headers.flags & DEEP or any(kind.startswith("deep") for kind in kinds):
        raise BadInput(f"{path} is a deep EXR, which is not supported: flatten it first.")
    size = 0
    try:
        for part in headers.parts:
            size += _checked_size(part, path)
    except (KeyError, ValueError, struct.error) as error:
        raise BadInput(f"{path} is damaged (its header): copy or render it again.") from error
    if size > _MAX_DATA:
        raise BadInput(
            f"{path} is too large ({size / 2**30:.1f} GiB of pixels): leave out channels or parts."
        )
    return headers


def _checked_size(part: Header, path: Path) -> int:
    """Bytes of all pixels of a part."""
    found = channels(part)
    if not found:
        raise ValueError("no channels")
    if len(found) > MAX_CHANNELS:
        raise BadInput(
            f"{path} is too large ({len(found)} channels, at most {MAX_CHANNELS} are read): "
            "leave some out."
        )
    for name in ("displayWindow", "dataWindow"):
        place = window(part, name)
        if not (0 < place.width <= MAX_SIDE and 0 < place.height <= MAX_SIDE):
            raise BadInput(
                f"{path} claims {place.width}x{place.height} pixels, which is too large: check it."
            )
    display, data = window(part, "displayWindow"), window(part, "dataWindow")
    if display.width * display.height * 12 > _MAX_DISPLAY:
        raise BadInput(
            f"{path} claims {display.width}x{display.height} pixels, which is too large: check it."
        )
    samples = data.width * data.height
    return sum(samples * c.size // (c.x_sampling * c.y_sampling) for c in found)


def read_exr(path: Path) -> ExrFile:
    """All parts and channels of a file. Raises BadInput for damage, and as the headers do."""
    return ask(str(path), "exr", path)


def decode_exr(path: Path) -> ExrFile:
    """What `read_exr` gives, decoded in this process."""
    headers = read_checked_headers(path)
    try:
        parts = _pixels(str(path))
    except UnicodeDecodeError:
        parts = _pixels(io.BytesIO(_ascii(path.read_bytes(), headers)))
    except (RuntimeError, ValueError, TypeError, MemoryError) as error:
        raise damaged(path, error) from error
    if len(parts) != len(headers.parts):
        raise BadInput(f"{path} is damaged (parts are missing): copy or render it again.")
    return ExrFile(headers, parts)


def damaged(path: Path, error: Exception) -> BadInput:
    """The sentence for what the library says, which may be several lines."""
    lines = str(error).strip().splitlines() or ["it cannot be decoded"]
    reason = lines[-1].replace(str(path), "").replace('""', "").rstrip(". ")
    return BadInput(f"{path} is damaged ({reason[:120]}): copy or render it again.")


def _pixels(source: str | io.BytesIO) -> tuple[Part, ...]:
    file = OpenEXR.File(source, separate_channels=True, num_threads=_THREADS)
    return tuple(
        {name: channel.pixels for name, channel in part.channels.items()} for part in file.parts
    )


def _ascii(content: bytes, headers: Headers) -> bytes:
    """The file with headers that the binding can read: text of the same length in ASCII."""
    parts = tuple(
        {
            name: replace(
                item, value=item.value.decode("ascii", "replace").encode("ascii", "replace")
            )
            if item.kind == "string" and name not in ("name", "type", "view")
            else item
            for name, item in part.items()
        }
        for part in headers.parts
    )
    return pack_headers(replace(headers, parts=parts)) + content[headers.end :]


def write_exr_file(path: Path, headers: Headers, parts: Sequence[Part]) -> None:
    """Write channels under headers that are kept byte by byte.

    What describes the pixels is set anew: compression (lossless), channels, chunk count, one
    level of tiles. Raises OSError where the disk does.
    """
    file = OpenEXR.File(
        [_library_part(header, part) for header, part in zip(headers.parts, parts, strict=True)],
        num_threads=_THREADS,
    )
    stream = io.BytesIO()
    file.write(stream)
    written = stream.getbuffer()
    with path.open("wb") as output:
        output.writelines(_under(headers, written))


def _library_part(header: Header, part: Part) -> OpenEXR.Part:
    """A part with the attributes that decide how pixels are laid out."""
    data, display = window(header, "dataWindow"), window(header, "displayWindow")
    tiles = header.get("tiles")
    described: dict[str, object] = {
        "compression": OpenEXR.Compression(lossless(header).value[0]),
        "type": OpenEXR.scanlineimage if tiles is None else OpenEXR.tiledimage,
        "lineOrder": OpenEXR.LineOrder(header["lineOrder"].value[0]),
    }
    for name, place in (("dataWindow", data), ("displayWindow", display)):
        corners = (place.x, place.y), (place.right - 1, place.bottom - 1)
        described[name] = tuple(np.array(corner, np.int32) for corner in corners)
    if tiles is not None:
        size = OpenEXR.TileDescription()
        size.xSize, size.ySize = struct.unpack_from("<2I", tiles.value)
        described["tiles"] = size
    if "name" in header:
        described["name"] = text(header, "name")
    return OpenEXR.Part(described, {name: OpenEXR.Channel(part[name]) for name in part})


def _under(headers: Headers, written: memoryview) -> list[bytes | memoryview]:
    """The written file in pieces, the given headers in front and the chunk offsets moved."""
    own = parse_headers(bytes(written[: 2**20]))
    offsets = _offsets(written, own.end)
    parts = tuple(
        _merged(header, library, bool(own.flags & MULTI_PART))
        for header, library in zip(headers.parts, own.parts, strict=True)
    )
    flags = own.flags | headers.flags & LONG_NAMES
    front = pack_headers(Headers(flags, parts, 0))
    moved = offsets + np.uint64(len(front)) - np.uint64(own.end)
    return [front, moved.tobytes(), written[own.end + offsets.nbytes :]]


def _offsets(written: memoryview, start: int) -> NDArray[np.uint64]:
    """The chunk offsets: they end where the first chunk begins."""
    end, place = len(written), start
    while place < end:
        end = min(end, int.from_bytes(written[place : place + 8], "little"))
        place += 8
    return np.frombuffer(written[start:end], "<u8")


def _merged(header: Header, library: Header, multi_part: bool) -> dict[str, Attribute]:
    """The plate's attributes, with those of the written file where they describe its pixels."""
    merged = dict(header)
    names = {channel.name for channel in channels(header)}
    same = names == {channel.name for channel in channels(library)}
    described = {"compression", "chunkCount", "tiles"} | (set() if same else {"channels"})
    if multi_part:
        described |= {"name", "type"}
    merged |= {name: library[name] for name in described if name in library}
    if not multi_part:
        merged.pop("chunkCount", None)
    return merged
