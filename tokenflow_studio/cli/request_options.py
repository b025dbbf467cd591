"""The options of the command line that become fields of an edit request."""

import argparse
from typing import Any, Protocol

from tokenflow_studio.core.errors import BadInput
from tokenflow_studio.core.finishing import AlphaMode, Fill, Missing, Return
from tokenflow_studio.core.frames import FrameRange, parse_rate
from tokenflow_studio.core.request import Blend

CLIP = (
    "a movie, a pattern (plate.####.exr, plate.%%04d.exr, plate.[1001-1048].exr) or a folder "
    "with one sequence"
)


class _Add(Protocol):
    def __call__(self, *names: str, **settings: Any) -> None: ...


def add_request(parser: argparse.ArgumentParser) -> None:
    """The options that `edit` and `keyframes` share; each `dest` is a field of EditRequest."""
    parser.add_argument("clip", metavar="CLIP", help=f"{CLIP}; or an exchange package")

    def add(*names: str, **settings: Any) -> None:
        parser.add_argument(*names, default=argparse.SUPPRESS, **settings)

    parser.add_argument("-p", "--prompt", default="", metavar="TEXT",
                        help="what the clip should become; needed but for identity")  # fmt: skip
    add("--frames", type=frames, metavar="A-B", help="file numbers, both included; movies from 0")
    parser.add_argument("--model", default="demo", help="demo (the default), a name of the list "
                        "of models, a folder, a .safetensors file or a hub id")  # fmt: skip
    parser.add_argument("--base", default="", metavar="FOLDER",
                        help="diffusers folder for what a single file lacks")  # fmt: skip
    add("--technique", choices=("pnp", "sdedit", "identity"),
        help="default: pnp; identity bypasses the model, to prove a pipeline")  # fmt: skip
    add("--negative", dest="negative_prompt", metavar="TEXT", help="what should not appear")
    add("--source-prompt", metavar="TEXT", help="what the clip shows now")
    add("--seed", type=int, metavar="N", help="of fresh noise; default: 0")
    add("--variation", type=float, metavar="0-1", help="share of fresh noise in PnP; default: 0")
    add("--steps", type=int, metavar="N", help="sampling steps; default: the model's")
    add("--inversion-steps", type=int, metavar="N", help="default: the model's")
    add("--guidance", type=float, metavar="G", help="weight of the prompt; default: the model's")
    add("--keyframe-interval", type=int, metavar="N", help="frames per keyframe; default: 8")
    add("--blend", choices=[blend.value for blend in Blend], type=Blend,
        help="weights between keyframes; default: paper")  # fmt: skip
    add("--pnp-attention", type=float, metavar="0-1", help="share of the steps; default: model's")
    add("--pnp-features", type=float, metavar="0-1", help="share of the steps; default: model's")
    add("--strength", type=float, metavar="0-1", help="how far SDEdit departs from the clip")
    add("--size", type=_size, metavar="WxH|auto", help="pixels that the model works at")
    add("--rate", type=parse_rate, metavar="FPS", help="of a sequence: 24, 23.976, 24000/1001")
    _add_plate(add)
    _add_matte(add)
    _add_finish(add)
    add_device(parser)
    add("--dtype", choices=("auto", "float32", "float16", "bfloat16"), help="default: auto")


def _add_plate(add: _Add) -> None:
    """How the clip is read."""
    add("--missing", choices=[m.value for m in Missing], type=Missing,
        help="for frames that a sequence lacks; default: stop")  # fmt: skip
    add("--colour", metavar="NAME", help="colour space of the clip; default: guessed, and shown")
    add("--view", metavar="NAME", help="of the display, for PNG and movies of scene-linear plates")
    add("--layer", metavar="NAME", help="of an EXR; default: its RGB")
    add("--stereo-view", metavar="NAME", help="of a stereo EXR; default: its hero view")
    add("--alpha", choices=[m.value for m in AlphaMode], type=AlphaMode,
        help="whether colour is multiplied by alpha; default: premultiplied in EXR")  # fmt: skip


def _add_matte(add: _Add) -> None:
    add("--matte", metavar="CLIP", help="where the edit shows: a sequence of the clip's frame "
        "numbers, or one image for all; outside it the clip stays to the bit")  # fmt: skip
    add("--matte-channel", metavar="NAME", help="default: A, else the luminance")
    add("--matte-softness", type=float, metavar="PIXELS", help="width of its edge; default: 0")
    add("--matte-invert", action="store_true", help="the edit shows outside the matte")


def _add_finish(add: _Add) -> None:
    """How the edit goes back onto the plate."""
    add("--return", dest="returns", choices=[r.value for r in Return], type=Return,
        help="restyle, relight or hybrid; default: hybrid for scene-linear plates, else restyle",
    )  # fmt: skip
    add("--detail", type=_detail, metavar="auto|0-1",
        help="share of the plate's own fine detail that stays; default: auto, where the edit "
        "did not change the structure")  # fmt: skip
    add("--fill", choices=[f.value for f in Fill], type=Fill,
        help="plate: the take is as long as the clip, with the plate's own frames outside "
        "--frames; default: none, and plate for a package that holds its plate")  # fmt: skip
    add("--deflicker", type=float, metavar="0-1", help="share of the correction; default: 0")


def add_device(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--device", choices=("auto", "cpu", "cuda", "mps"), default="auto")


def frames(text: str) -> FrameRange:
    """Read '1001-1048'. Raises BadInput."""
    return FrameRange.parse(text)


def _detail(text: str) -> float | None:
    """Read a share; 'auto' is None."""
    if text == "auto":
        return None
    try:
        return float(text)
    except ValueError:
        raise BadInput(f"'{text}' is no share of detail: write it as 0.5, or auto.") from None


def _size(text: str) -> tuple[int, int] | None:
    """Read '512x288'; 'auto' is None."""
    if text == "auto":
        return None
    width, cross, height = text.lower().partition("x")
    if not (cross and width.isdecimal() and height.isdecimal() and int(width) and int(height)):
        raise BadInput(f"'{text}' is no size: write it as 512x288, or auto.")
    return int(width), int(height)
