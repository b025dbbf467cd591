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
from tokenflow_studio.media.outputs import Output, parse_output
from tokenflow_studio.post.plate.steady import steadied_plates
from tokenflow_studio.post.plate.writing import (
    Finished,
    Rendition,
    lost_sound,
    write_as_image,
    write_as_movie,
)

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
        behind = opened.enter_context(open_clip(options.clip))
        steady = steadied_plates(clip, behind, frames, options.amount, source, offset)
        rendition = Rendition(behind, frames, clip.info.rate or _RATE, options.view)
        _write(rendition, output, _told(steady, len(frames), options.json))
        notice = lost_sound(Path(output.spec), rendition) if output.is_movie else ""
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


def _write(rendition: Rendition, output: Output, frames: Iterator[Finished]) -> None:
    if output.is_movie:
        write_as_movie(Path(output.spec), frames, rendition)
        return
    for finished in frames:
        write_as_image(output.path(finished.frame), finished, rendition)


def _told(frames: Iterator[Finished], total: int, as_json: bool) -> Iterator[Finished]:
    """The frames, each with word of how far the work is."""
    progress = FrameLines(as_json)
    for done, finished in enumerate(frames, start=1):
        yield finished
        progress(done, total)
