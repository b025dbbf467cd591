"""The command line: what can be said."""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

import tokenflow_studio
from tokenflow_studio.cli.request_options import CLIP, add_device, add_request, frames
from tokenflow_studio.cli.shot_options import add_hosts, add_shot
from tokenflow_studio.core.errors import BadInput

PROGRAM = "tokenflow-studio"
COMMANDS = (
    "demo", "edit", "keyframes", "models", "deflicker", "measure", "shot", "hosts", "bench",
    "doctor",
)  # fmt: skip

_ALONE = "--new-window"

_EPILOG = "Exit codes: 0 done, 1 failed and may be retried, 2 bad input, 3 cancelled."


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """Read a command line; `command` is None and `clip` set (or None) where the window is meant.

    Options that were not given and follow the edit request's default are absent. Raises BadInput.
    """
    given = list(arguments)
    alone = given[:1] == [_ALONE]
    if alone:
        given = given[1:]
    if given[:1] == ["--"]:
        given = given[1:]
    elif given and (given[0] in COMMANDS or given[0].startswith("-")):
        return build_parser().parse_args(given)
    elif len(given) > 1 or (given and given[0].isalpha() and not Path(given[0]).exists()):
        raise BadInput(
            f"'{given[0]}' is no command (there are {', '.join(COMMANDS)}), "
            f"and the window opens one clip: see {PROGRAM} --help."
        )
    return argparse.Namespace(
        command=None, clip=given[0] if given else None, alone=alone, json=False
    )


def spelled_out(arguments: Sequence[str]) -> Sequence[str]:
    """The command line itself, or that of `--arguments FILE`: a JSON list of words.

    Scripts of hosts call us through a shell, which must not see names that people gave. Raises
    BadInput.
    """
    if len(arguments) != 2 or arguments[0] != "--arguments":
        return arguments
    try:
        words = json.loads(Path(arguments[1]).read_bytes())
    except (OSError, ValueError, RecursionError) as error:
        raise BadInput(f"{arguments[1]} holds no arguments ({error}).") from error
    if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
        raise BadInput(f"{arguments[1]} holds no list of words.")
    return words


def build_parser() -> argparse.ArgumentParser:
    """The whole command line."""
    parser = _Parser(
        prog=PROGRAM,
        description="Edit video by text prompt. Without a command, the window opens.",
        usage=f"{PROGRAM} [{_ALONE}] [CLIP | PROJECT | PACKAGE]\n       {PROGRAM} COMMAND ...",
        epilog=_EPILOG,
    )
    parser.add_argument("--version", action="version", version=tokenflow_studio.__version__)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", prog=PROGRAM)
    _add_demo(commands)
    _add_edit(commands)
    _add_keyframes(commands)
    _add_models(commands)
    _add_deflicker(commands)
    _add_measure(commands)
    _add_exchange(commands)
    _add_bench(commands)
    doctor = _command(commands, "doctor", "what works on this machine and what does not")
    _add_json(doctor)
    return parser


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one sentence, like every other error of the program."""

    def error(self, message: str) -> NoReturn:
        raise BadInput(f"{message[:1].upper()}{message[1:]} (see {self.prog} --help).")


def _command(commands: Any, name: str, summary: str) -> argparse.ArgumentParser:
    return commands.add_parser(
        name, help=summary, description=f"{summary[:1].upper()}{summary[1:]}.", epilog=_EPILOG,
        allow_abbrev=False,
    )  # fmt: skip


def _add_demo(commands: Any) -> None:
    demo = _command(commands, "demo", "the whole job on the built-in clip and model")
    demo.add_argument(
        "-o", "--output", metavar="DIR", default="",
        help="receives frames, side_by_side.mp4, contact_sheet.png, report.json and request.json",
    )  # fmt: skip
    add_device(demo)
    _add_overwrite(demo)
    _add_json(demo)


def _add_edit(commands: Any) -> None:
    edit = _command(commands, "edit", "edit every frame of a clip")
    add_request(edit)
    edit.add_argument(
        "-o", "--output", metavar="OUT", required=True,
        help="a pattern ending in .exr or .png (out/shot.####.png), .mp4 (H.264) or .mov (ProRes)",
    )  # fmt: skip
    edit.add_argument(
        "--start-frame", type=int, metavar="N",
        help="number of the first output file (default: as in the clip; movies count from 0)",
    )  # fmt: skip
    _add_approved(edit)
    _add_overwrite(edit)
    _add_json(edit)


def _add_keyframes(commands: Any) -> None:
    keyframes = _command(commands, "keyframes", "preview: edit the keyframes of a clip only")
    add_request(keyframes)
    keyframes.add_argument(
        "-o", "--output", metavar="DIR", required=True,
        help="receives frames, contact_sheet.png, report.json and request.json",
    )  # fmt: skip
    _add_approved(keyframes)
    _add_overwrite(keyframes)
    _add_json(keyframes)


def _add_models(commands: Any) -> None:
    models = _command(commands, "models", "the models that edits can use")
    actions = models.add_subparsers(dest="action", metavar="ACTION", required=True)
    _add_json(_command(actions, "list", "the models that are known"))
    add = _command(actions, "add", "remember a model under a name")
    add.add_argument(
        "location", metavar="MODEL", help="a diffusers folder, a .safetensors file or a hub id"
    )
    add.add_argument("--name", default="", help="default: the last part of MODEL")
    add.add_argument(
        "--base", default="", metavar="FOLDER",
        help="a diffusers folder that supplies what a single file lacks",
    )  # fmt: skip
    add.add_argument(
        "--download", action="store_true", help="fetch a hub id now; nothing else uses the network"
    )
    _add_json(add)
    remove = _command(actions, "remove", "forget a model; its files stay")
    remove.add_argument("name", metavar="NAME")
    _add_json(remove)
    check = _command(actions, "check", "whether a model can be used")
    check.add_argument("name", metavar="MODEL", help="a name of the list, a path or a hub id")
    check.add_argument("--base", default="", metavar="FOLDER")
    _add_json(check)


def _add_deflicker(commands: Any) -> None:
    steady = _command(commands, "deflicker", "take the flicker out of an edited clip")
    steady.add_argument("clip", metavar="CLIP", help=CLIP)
    steady.add_argument(
        "-o", "--output", metavar="OUT", required=True,
        help="a pattern ending in .exr or .png (out/shot.####.png), or a .mp4 or .mov file",
    )  # fmt: skip
    steady.add_argument(
        "--source", metavar="CLIP", default="",
        help="the clip before the edit, whose motion and light are followed; it works without",
    )  # fmt: skip
    steady.add_argument("--amount", type=float, default=1.0, metavar="0-1",
                        help="share of the correction; default: 1")  # fmt: skip
    steady.add_argument("--frames", type=frames, default=None, metavar="A-B",
                        help="file numbers, both included; movies from 0")  # fmt: skip
    steady.add_argument("--view", metavar="NAME", default=None, help="of the display, for PNG and "
                        "movies of scene-linear plates")  # fmt: skip
    steady.add_argument("--overwrite", action="store_true", help="replace files at the output")
    _add_json(steady)


def _add_measure(commands: Any) -> None:
    measure = _command(
        commands, "measure", "how steady an edit is, how near to its source, how well it fits"
    )
    measure.add_argument("source", metavar="SOURCE", help=CLIP)
    measure.add_argument("edit", metavar="EDIT", help="the edited clip, in the same forms")
    measure.add_argument("-p", "--prompt", metavar="TEXT", default="",
                         help="what the edit should show, and how well it does")  # fmt: skip
    measure.add_argument(
        "--scorer", metavar="FOLDER", default="",
        help="a CLIP model for that, in transformers' layout; default: the small one beside the "
        "demo model, which knows its scenes only",
    )  # fmt: skip
    measure.add_argument("--matte", metavar="CLIP", default="", help="where the edit shows: how "
                         "near it is to the source outside is measured too")  # fmt: skip
    measure.add_argument("--matte-channel", metavar="NAME", default="",
                         help="default: A, else the luminance")  # fmt: skip
    measure.add_argument("--matte-invert", action="store_true",
                         help="the edit shows outside the matte")  # fmt: skip
    _add_json(measure)


def _add_exchange(commands: Any) -> None:
    def command(*names: Any) -> argparse.ArgumentParser:
        action = _command(*names)
        _add_json(action)
        return action

    shot = _command(commands, "shot", "exchange with editing programs")
    add_shot(shot.add_subparsers(dest="action", metavar="ACTION", required=True), command)
    hosts = _command(commands, "hosts", "our scripts inside other programs")
    add_hosts(hosts.add_subparsers(dest="action", metavar="ACTION", required=True), command)


def _add_bench(commands: Any) -> None:
    bench = _command(commands, "bench", "the benchmarks, on drawn clips with known motion")
    kinds = bench.add_subparsers(dest="benchmark", metavar="BENCHMARK", required=True)
    quality = _command(kinds, "quality", "consistency and reconstruction, as in the paper's tables")
    quality.add_argument(
        "--small", action="store_true", help="4 pairs, 16 frames, 25 steps: within half an hour"
    )
    quality.add_argument("--frames", type=_count, metavar="N", help="of each clip; default: 24")
    quality.add_argument("--steps", type=_count, metavar="N", help="default: the model's")
    quality.add_argument("--interval", type=_count, metavar="N", help="of keyframes; default: 8")
    quality.add_argument("--pnp-attention", type=float, metavar="0-1",
                         help="share of the steps; default: the paper's 0.5")  # fmt: skip
    inversion = _command(kinds, "inversion", "reconstruction by inversion steps and iterations")
    inversion.add_argument(
        "--frames", type=_count, default=4, metavar="N", help="of each clip; default: 4"
    )
    speed = _command(kinds, "speed", "a preview and a second prompt against the whole job")
    speed.add_argument("--frames", type=_count, default=40, metavar="N", help="default: 40")
    steady = _command(kinds, "deflicker", "the deflicker against known truth and FFmpeg's filter")
    steady.add_argument("--frames", type=_count, default=24, metavar="N", help="default: 24")
    steady.add_argument("--clip", metavar="CLIP", default="",
                        help="real footage as one more truth; its motion is estimated")  # fmt: skip
    _add_json(steady)
    window = _command(
        kinds, "window", "how quick the window is: start, scrubbing, playback, memory"
    )
    window.add_argument(
        "--only", action="append", metavar="NAME", type=_window_measure,
        help="start, first-frame, scrubbing, playback or memory; may be given again; default: all",
    )  # fmt: skip
    _add_json(window)
    for kind in (quality, inversion, speed):
        kind.add_argument("--model", default="demo", help="as for edit; default: demo")
        kind.add_argument("--base", default="", metavar="FOLDER",
                          help="diffusers folder for what a single file lacks")  # fmt: skip
        kind.add_argument(
            "-o", "--output", metavar="DIR", default="bench",
            help="footage, results and pictures; a stopped run goes on there; default: bench",
        )  # fmt: skip
        add_device(kind)
        _add_json(kind)


def _add_approved(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--approved", metavar="DIR",
        help="folder that 'keyframes' wrote: keyframes left in DIR/frames stay as they are there",
    )  # fmt: skip


def _add_overwrite(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--overwrite", action="store_true", help="replace files of another request at the output"
    )


def _add_json(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--json", action="store_true", help="one JSON object per line on stdout, the result last"
    )


def _window_measure(text: str) -> str:
    names = ("start", "first-frame", "scrubbing", "playback", "memory")
    if text not in names:
        raise BadInput(f"'{text}' is no measurement of the window: give {', '.join(names)}.")
    return text


def _count(text: str) -> int:
    if not (text.isdecimal() and 2 <= int(text) <= 1000):
        raise BadInput(f"'{text}' is no number of frames: give one from 2 to 1000.")
    return int(text)
