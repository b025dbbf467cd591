"""Writing single images: PNG for looking at, EXR for compositing. Equal images, equal bytes."""

import errno
import shutil
import zlib
from fractions import Fraction
from pathlib import Path

import numpy as np
import OpenImageIO as oiio  # noqa: N813 - as its own documentation writes it
from numpy.typing import NDArray

from tokenflow_studio.core.errors import JobFailed
from tokenflow_studio.core.files import replacing, write_atomically
from tokenflow_studio.media.curves import Image, decode_srgb
from tokenflow_studio.media.timecode import packed

_RECIPE = "TokenFlow Studio"  # keyword of the text that says how a picture was made
_IHDR_END = 33  # signature (8 bytes), then length, name, 13 bytes and checksum of IHDR


def to_bytes(image: Image) -> NDArray[np.uint8]:
    """0..1 to 0..255, rounded to the nearest; any shape, values outside are clipped."""
    return (np.clip(image, 0.0, 1.0) * 255.0 + 0.5).astype(np.uint8)


def write_png(
    path: Path,
    image: Image,
    alpha: NDArray[np.float32] | None = None,
    *,
    deep: bool = False,
    recipe: str = "",
) -> None:
    """Write (H, W, 3) display-referred 0..1 as 8-bit or (`deep`) 16-bit PNG, tagged sRGB.

    alpha: (H, W) 0..1, by which the colour is not multiplied; recipe: how it was made, as text in
    the file. Raises as `core.files.replacing` does.
    """
    pixels = image if alpha is None else np.dstack([image, alpha])
    write_atomically(path, png_bytes(_to_words(pixels) if deep else to_bytes(pixels), recipe))


def _to_words(image: Image) -> NDArray[np.uint16]:
    return np.rint(np.clip(image, 0.0, 1.0) * np.float32(65535)).astype(np.uint16)


def png_bytes(pixels: NDArray[np.uint8] | NDArray[np.uint16], recipe: str = "") -> bytes:
    """The PNG file of (H, W, 3) RGB or (H, W, 4) RGBA pixels, with a text on how it was made."""
    import cv2  # here: of those who write EXR or read clips, few write PNG

    ordered = pixels[..., [2, 1, 0, 3][: pixels.shape[-1]]]
    done, encoded = cv2.imencode(".png", np.ascontiguousarray(ordered))
    if not done:
        raise JobFailed(f"A PNG of shape {pixels.shape} could not be encoded.")
    png = encoded.tobytes()
    added = _chunk(b"sRGB", b"\x00")  # rendering intent: perceptual
    if recipe:
        # Neither compressed nor in a language (PNG specification, 11.3.3.4).
        added += _chunk(b"iTXt", _RECIPE.encode() + b"\x00" * 5 + recipe.encode())
    return png[:_IHDR_END] + added + png[_IHDR_END:]


def _chunk(kind: bytes, content: bytes) -> bytes:
    checksum = zlib.crc32(kind + content)
    return len(content).to_bytes(4, "big") + kind + content + checksum.to_bytes(4, "big")


def write_exr(
    path: Path,
    image: Image,
    *,
    scene_linear: bool = True,
    timecode: str | None = None,
    rate: Fraction | None = None,
    pixel_aspect: float = 1.0,
) -> None:
    """Write (H, W, 3) display-referred sRGB as half-float EXR, losslessly compressed (zip).

    scene_linear: undo the sRGB curve, as compositing expects; else the values are kept and tagged
    as sRGB. timecode: "hh:mm:ss:ff" of this frame. Raises as `core.files.replacing` does.
    """
    write_light(
        path,
        decode_srgb(image) if scene_linear else image,
        space="lin_rec709_scene" if scene_linear else "srgb_rec709_display",
        timecode=timecode,
        rate=rate,
        pixel_aspect=pixel_aspect,
    )


def write_light(
    path: Path,
    colour: Image,
    alpha: NDArray[np.float32] | None = None,
    *,
    space: str,
    timecode: str | None = None,
    rate: Fraction | None = None,
    pixel_aspect: float = 1.0,
    recipe: str = "",
) -> None:
    """Write (H, W, 3) of a colour space as it is, as half-float EXR, losslessly compressed (zip).

    alpha: (H, W), by which the colour is multiplied already; recipe: how it was made, as an
    attribute. Raises as `core.files.replacing` does.
    """
    pixels = colour if alpha is None else np.dstack([colour, alpha])
    spec = half_exr(pixels, space, timecode, rate, pixel_aspect)
    if recipe:
        spec.attribute("tokenflow:recipe", recipe)
    with replacing(path) as temporary:
        _store(temporary, spec, np.ascontiguousarray(pixels, np.float32))


def half_exr(
    pixels: Image, space: str, timecode: str | None, rate: Fraction | None, pixel_aspect: float
) -> oiio.ImageSpec:
    """The header of a half-float EXR for pixels (H, W, C), with what the clip says of the frame."""
    height, width, channels = pixels.shape
    spec = oiio.ImageSpec(width, height, channels, oiio.HALF)
    spec.attribute("compression", "zip")
    spec.attribute("DateTime", "")  # else the time of writing makes equal images differ
    spec.attribute("oiio:ColorSpace", space)
    spec.attribute("PixelAspectRatio", pixel_aspect)
    if rate is not None:
        value = (rate.numerator, rate.denominator)
        spec.attribute("framesPerSecond", oiio.TypeRational, value)
    code = packed(timecode) if timecode else None
    if code is not None:
        spec.attribute("smpte:TimeCode", oiio.TypeTimeCode, (code, 0))
    return spec


def _store(path: Path, spec: oiio.ImageSpec, pixels: Image) -> None:
    output = oiio.ImageOutput.create("openexr")
    if output is None:
        raise OSError(oiio.geterror().strip())
    if not (output.open(str(path), spec) and output.write_image(pixels) and output.close()):
        reason = output.geterror().strip() or "OpenEXR gave no reason"
        full = shutil.disk_usage(path.parent).free < pixels.nbytes  # it tells no error numbers
        raise OSError(errno.ENOSPC, reason) if full else OSError(reason)
