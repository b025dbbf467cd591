"""The options of `shot` and `hosts`."""

import argparse
from collections.abc import Callable
from typing import Any

from bridge.host_folders import HOSTS
from tokenflow_studio.cli.request_options import CLIP, frames
from tokenflow_studio.core.errors import BadInput
from tokenflow_studio.core.frames import parse_rate

_PACKAGE = "the folder of an exchange package"


def add_shot(actions: Any, command: Callable[..., argparse.ArgumentParser]) -> None:
    """The actions of `shot`; `command` makes the parser of one."""
    _add_send(command(actions, "send", "make an exchange package from a clip"))
    inspect = command(actions, "inspect", "what a package, or a clip that a host names, holds")
    inspect.add_argument("package", metavar="PACKAGE", help=f"{_PACKAGE}, or a clip")
    back = command(actions, "return", "bring a finished clip into a package as its next version")
    back.add_argument("package", metavar="PACKAGE", help=_PACKAGE)
    back.add_argument(
        "clip", metavar="CLIP", help=f"the finished frames: {CLIP}; or a take's folder"
    )
    shots = command(actions, "list", "the shots of a timeline: name, media, range, rate")
    shots.add_argument("timeline", metavar="TIMELINE", help="an .otio, .edl, .xml or .fcpxml file")
    shots.add_argument("--rate", type=parse_rate, metavar="FPS",
                       help="of an EDL, which does not tell it")  # fmt: skip


def _add_send(send: argparse.ArgumentParser) -> None:
    send.add_argument("clip", metavar="CLIP", help=CLIP)
    send.add_argument("-o", "--output", required=True, metavar="FOLDER",
                      help="the exchange folder; the package becomes a folder in it")  # fmt: skip
    send.add_argument("--shot", default="", metavar="NAME", help="default: the clip's name")
    send.add_argument("--frames", type=frames, metavar="A-B",
                      help="file numbers to send, handles included; default: all")  # fmt: skip
    send.add_argument("--cut", type=frames, metavar="A-B",
                      help="those of them between the handles; default: all")  # fmt: skip
    send.add_argument("--rate", type=parse_rate, metavar="FPS",
                      help="of a sequence that does not tell it")  # fmt: skip
    send.add_argument("--matte", default="", metavar="CLIP", help="in the same forms")
    send.add_argument("--reel", default="", metavar="NAME")
    send.add_argument("--colour", default="", metavar="NAME", help="colour space of the files")
    send.add_argument("--facts", default="", metavar="FILE",
                      help="JSON with what a host knows; options go before it")  # fmt: skip
    send.add_argument("--format", choices=("exr", "png"),
                      help="write the frames as half-float EXR, or as PNG of 16 bits; default: "
                      "files as they are, movies as EXR")  # fmt: skip
    way = send.add_mutually_exclusive_group()
    way.add_argument("--reference", action="store_true",
                     help="leave the files where they are; default: copy them")  # fmt: skip
    way.add_argument("--move", action="store_true",
                     help="move files that were rendered for this package alone")  # fmt: skip


def add_hosts(actions: Any, command: Callable[..., argparse.ArgumentParser]) -> None:
    """The actions of `hosts`; `command` makes the parser of one."""
    command(actions, "list", "which hosts are here, and which have our scripts")
    for name, summary in (
        ("install", "put our scripts into hosts; without names, into all that are here"),
        ("remove", "take out exactly what was put there"),
    ):
        action = command(actions, name, summary)
        # Not `choices`, which argparse holds against the empty list as well.
        action.add_argument("hosts", nargs="*", type=_host, metavar="HOST",
                            help=" or ".join(HOSTS))  # fmt: skip
        action.add_argument("--to", default="", metavar="FOLDER",
                            help="of nuke: a folder for NUKE_PATH in place of ~/.nuke")  # fmt: skip


def _host(name: str) -> str:
    """One of the hosts. Raises BadInput."""
    if name not in HOSTS:
        raise BadInput(f"'{name}' is no host that we know: there are {', '.join(HOSTS)}.")
    return name
