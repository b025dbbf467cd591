"""`measure`: what an edit measures against its source."""

import argparse
import dataclasses
from collections.abc import Iterator

from tokenflow_studio.cli.output import print_line, print_result
from tokenflow_studio.cli.pairing import source_offset
from tokenflow_studio.media.clips import Clip, open_clip
from tokenflow_studio.media.curves import Image
from tokenflow_studio.post.comparison import Comparison, compare

_ROWS = (
    ("frames", "frames", ""),
    ("warp_error", "warp error x 10^-3", ".3f"),
    ("warp_error_of_source", "warp error of the source x 10^-3", ".3f"),
    ("flicker_energy", "flicker energy x 10^-3", ".4f"),
    ("psnr", "PSNR to the source, dB", ".2f"),
    ("ssim", "SSIM to the source", ".4f"),
)


def run(options: argparse.Namespace) -> int:
    """Print the measures as a table, or as one JSON object. Raises StudioError."""
    with open_clip(options.source) as source, open_clip(options.edit) as edit:
        offset = source_offset(edit.info, source.info)
        measured = compare(_frames(edit, 0, edit), _frames(source, offset, edit))
    if options.json:
        print_result(0, **dataclasses.asdict(measured))
    else:
        print_line(_table(measured))
    return 0


def _frames(clip: Clip, offset: int, edit: Clip) -> Iterator[Image]:
    for frame in edit.info.frames:
        yield clip.read(frame + offset)


def _table(measured: Comparison) -> str:
    values = dataclasses.asdict(measured)
    cells = [
        (title, "-" if values[name] is None else format(values[name], form))
        for name, title, form in _ROWS
    ]
    left, right = (max(map(len, column)) for column in zip(*cells, strict=True))
    return "\n".join(f"{title:<{left}}  {cell:>{right}}" for title, cell in cells)
