"""`deflicker`: takes flicker out of a clip and writes it anew."""

import argparse
import contextlib
import sys
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

from tokenflow_studio.cli.output import FrameLines, print_line, print_result
from tokenflow_studio.cli.pairing import source_offset
from tokenflow_studio.core.errors import BadInput
from tokenflow_studio.media.clips import Clip, open_clip
from tokenflow_studio.media.curves import Image
from tokenflow_studio.media.encoding import write_movie
from tokenflow_studio.media.outputs import Output, parse_output
from tokenflow_studio.media.stills import write_exr, write_png
from tokenflow_studio.post.deflicker import deflicker

_RATE = Fraction(24)  # of a movie made from a sequence that tells none, as for edits


def run(options: argparse.Namespace) -> int:
    """Do what the command line asks. Raises StudioError."""
    with contextlib.ExitStack() as opened:
        clip = opened.enter_context(open_clip(options.clip))
        source = opened.enter_context(open_clip(options.source)) if options.source else None
        frames = _range(options, clip)
        output = parse_output(options.output)
        _check_free(output, frames, options.overwrite)
        for footage in filter(None, (clip, source)):
            output.check_apart(footage, frames)
        offset = source_offset(clip.info, source.info) if source else 0
        guide = _read(source, [n + offset for n in frames]) if source else None
        steady = deflicker(_read(clip, frames), amount=options.amount, source=guide)
        _write(output, clip, frames, _told(steady, len(frames), options.json))
        notice = _notice(clip, output)
    if notice and not options.json:
        sys.stderr.write(f"note: {notice}\n")
    if options.json:
        print_result(0, output=output.spec, frames=len(frames), notice=notice)
    else:
        print_line(output.spec)
    return 0


def _range(options: argparse.Namespace, clip: Clip) -> list[int]:
    """The frames to be written. Raises BadInput for a range that leaves the clip."""
    there = clip.info.frames
    if options.frames is None:
        return list(there)
    wanted = list(options.frames)
    if wanted[0] not in there or wanted[-1] not in there:
        raise BadInput(
            f"{clip.info.spec} has no frames {options.frames}: "
            f"it runs from {there[0]} to {there[-1]}."
        )
    return wanted


def _check_free(output: Output, frames: list[int], overwrite: bool) -> None:
    taken = next((output.path(n) for n in frames if output.path(n).exists()), None)
    if taken is not None and not overwrite:
        raise BadInput(f"{taken} already exists: choose another name, or add --overwrite.")


def _read(clip: Clip, frames: list[int]) -> Iterator[Image]:
    for frame in frames:
        yield clip.read(frame)


def _write(output: Output, clip: Clip, frames: list[int], images: Iterator[Image]) -> None:
    info = clip.info
    if output.is_movie:
        write_movie(Path(output.spec), images, info.rate or _RATE)
        return
    for frame, image in zip(frames, images, strict=True):
        if output.is_exr:
            write_exr(
                output.path(frame),
                image,
                scene_linear=info.is_scene_linear,
                timecode=info.timecode_at(frame),
                rate=info.rate,
                pixel_aspect=info.pixel_aspect,
            )
        else:
            write_png(output.path(frame), image)


def _told(images: Iterator[Image], total: int, as_json: bool) -> Iterator[Image]:
    """The images, each with word of how far the work is."""
    progress = FrameLines(as_json)
    for done, image in enumerate(images, start=1):
        yield image
        progress(done, total)


def _notice(clip: Clip, output: Output) -> str:
    if not (clip.clipped and output.is_exr):
        return ""
    return f"{clip.info.name} holds light above 1.0, which is clipped in {output.spec}."
