"""`measure`: what an edit measures against its source."""

import argparse
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from tokenflow_studio.cli.output import print_line, print_result
from tokenflow_studio.cli.pairing import source_offset
from tokenflow_studio.core.errors import BadInput
from tokenflow_studio.core.finishing import Matte
from tokenflow_studio.core.measures import readable
from tokenflow_studio.media.clips import Clip, open_clip
from tokenflow_studio.media.curves import Image
from tokenflow_studio.post.comparison import Comparison, compare
from tokenflow_studio.post.plate.mattes import displayed_mattes
from tokenflow_studio.worker.client import WorkerClient

Measures = dict[str, float | None]


def run(options: argparse.Namespace) -> int:
    """Print the measures as a table, or as one JSON object. Raises StudioError."""
    if options.scorer and not Path(options.scorer).is_dir():
        raise BadInput(f"There is no scorer in {options.scorer}: give the folder of a CLIP model.")
    compared = _compared(options)
    measures: Measures = {"frames": compared.frames, **compared.measures()}
    if options.prompt or options.scorer:
        measures |= _scores(options)
    if options.json:
        print_result(0, **measures)
    else:
        print_line(_table(measures))
    return 0


def _compared(options: argparse.Namespace) -> Comparison:
    matte = Matte(file=options.matte, channel=options.matte_channel, inverted=options.matte_invert)
    with ExitStack() as opened:
        source = opened.enter_context(open_clip(options.source))
        edit = opened.enter_context(open_clip(options.edit))
        offset = source_offset(edit.info, source.info)
        shown = opened.enter_context(displayed_mattes(matte, source))
        numbers = [frame + offset for frame in edit.info.frames]
        mattes = None if shown is None else map(shown, numbers)
        return compare(_frames(edit, edit.info.frames), _frames(source, numbers), mattes)


def _frames(clip: Clip, numbers: range | list[int]) -> Iterator[Image]:
    for number in numbers:
        yield clip.read(number)


def _scores(options: argparse.Namespace) -> Measures:
    """By a CLIP model, which runs in the worker. Raises StudioError."""
    scorer = str(Path(options.scorer).absolute()) if options.scorer else ""
    last = None
    with WorkerClient.launch() as worker:
        moves = sys.stderr.isatty()
        for last in worker.score(str(Path(options.edit).absolute()), options.prompt, scorer):
            if moves:
                sys.stderr.write(f"\rscored {last.done}/{last.total} frames\x1b[K")
        if moves:
            sys.stderr.write("\r\x1b[K")
    if last is None:
        raise BadInput(f"{options.edit} has no frames: choose another clip.")
    return {"prompt_match": last.prompt_match, "frame_consistency": last.frame_consistency}


def _table(measures: Measures) -> str:
    cells = readable(measures)
    left, right = (max(map(len, column)) for column in zip(*cells, strict=True))
    return "\n".join(f"{title:<{left}}  {cell:>{right}}" for title, cell in cells)
