"""Read nodes as text: those of a script, and one that Nuke pastes as it is.

Knobs and their defaults follow Nuke's Read node as it is saved by versions 13 to 17.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields

from bridge.nuke.tcl import Command, Word, commands, quoted
from tokenflow_studio.core.errors import BadInput

_HEAD = "set cut_paste_input [stack 0]\nversion 13.0 v1\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadNode:
    """A Read node's knobs; the defaults are Nuke's, which a script leaves out.

    file: with %04d or ####; format: "w h x y r t aspect name"; frame_mode, frame: how the frame
    numbers of script and file differ ("expression", "start at", "offset").
    """

    name: str
    file: str
    file_type: str = ""
    format: str = ""
    first: int = 1
    last: int = 1
    origfirst: int = 1
    origlast: int = 1
    before: str = "hold"
    after: str = "hold"
    frame_mode: str = "expression"
    frame: str = ""
    on_error: str = "error"
    colorspace: str = "default"
    raw: bool = False
    premultiplied: bool = False


_KINDS = {field.name: field.type for field in fields(ReadNode)}
_DEFAULTS = {field.name: field.default for field in fields(ReadNode)}
_NEVER_EVALUATED = ("file", "first", "last", "origfirst", "origlast", "frame")


def read_nodes(script: str) -> tuple[ReadNode, ...]:
    """Every Read node of a script, those in groups too.

    Raises BadInput for a node whose file or range is an expression: only Nuke can work it out.
    """
    return tuple(_read_node(block) for block in _blocks(script))


def _blocks(script: str) -> Iterator[str]:
    for command in commands(script):
        if len(command) == 2 and command[0].text == "Read" and command[1].braced:
            yield command[1].text


def _read_node(block: str) -> ReadNode:
    knobs = {command[0].text: command for command in commands(block) if len(command) > 1}
    name = knobs["name"][1].text if "name" in knobs else "Read"
    for knob in _NEVER_EVALUATED:
        if knob in knobs and any(_is_expression(word) for word in knobs[knob][1:]):
            raise BadInput(
                f"The {knob} of the node {name} is an expression, which only Nuke can work out: "
                "send it from Nuke, or give it a plain value."
            )
    if "file" not in knobs:
        raise BadInput(f"The node {name} names no file: choose one in Nuke.")
    values = {knob: _value(knob, knobs[knob]) for knob in _KINDS if knob in knobs}
    return ReadNode(**{"name": name, **values})


def _is_expression(word: Word) -> bool:
    return word.evaluates or (word.braced and word.text.lstrip().startswith("{"))


def _value(knob: str, command: Command) -> str | int | bool:
    text = command[1].text
    if _KINDS[knob] is int:
        try:
            return int(float(text))
        except ValueError as error:
            raise BadInput(f"The {knob} '{text}' of a Read node is no number.") from error
    if _KINDS[knob] is bool:
        return text not in ("false", "0")
    return text


def write_read_node(node: ReadNode) -> str:
    """A snippet that Nuke pastes or imports as this node, selected; nothing in it is evaluated."""
    lines = [f" {knob} {_said(getattr(node, knob))}" for knob in _KINDS if _differs(node, knob)]
    return "\n".join(
        [f"{_HEAD}Read {{", " inputs 0", *lines, " origset true", " selected true", "}", ""]
    )


def _differs(node: ReadNode, knob: str) -> bool:
    return getattr(node, knob) != _DEFAULTS[knob]


def _said(value: str | int | bool) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int) else quoted(value)
