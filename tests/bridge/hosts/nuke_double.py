"""A Nuke that knows exactly the documented calls, and behaves as its documentation says.

The file knob evaluates Tcl: text in unescaped brackets is noted as executed. A Write renders real
EXR files, in half size while the root is in proxy mode.
"""

import json
import re
from pathlib import Path
from typing import Any

import numpy as np

from tokenflow_studio.media.stills import write_exr

_API: dict[str, Any] = json.loads(Path(__file__).with_name("nuke_api.json").read_text())
_SIZE = (8, 12)


class UndocumentedCall(AssertionError):
    """The script used a name or a form of arguments that the reference does not have."""


class Documented:
    """Lets through the calls of one class of the reference, and nothing else."""

    _kind = ""

    def __getattribute__(self, name: str) -> Any:
        if name.startswith("_"):
            return object.__getattribute__(self, name)
        table = _API[object.__getattribute__(self, "_kind")]
        if name not in table:
            raise UndocumentedCall(f"{self._kind}.{name} is not in the reference")
        return _counted(f"{self._kind}.{name}", object.__getattribute__(self, name), table[name])


def _counted(title: str, call: Any, limits: list[int]) -> Any:
    def checked(*arguments: Any) -> Any:
        if not limits[0] <= len(arguments) <= limits[1]:
            raise UndocumentedCall(f"{title} takes {limits} arguments, not {len(arguments)}")
        return call(*arguments)

    return checked


class Knob(Documented):
    _kind = "Knob"

    def __init__(self, value: Any) -> None:
        self._value = value
        self._visible = True

    def value(self) -> Any:
        return self._value

    def setValue(self, value: Any) -> None:  # noqa: N802
        self._value = value

    def setVisible(self, visible: bool) -> None:  # noqa: N802
        self._visible = visible


class EnumerationKnob(Knob):
    _kind = "Enumeration_Knob"

    def __init__(self, value: str, choices: list[str]) -> None:
        super().__init__(value)
        self._choices = choices

    def values(self) -> list[str]:
        return self._choices

    def setValue(self, value: str) -> None:  # noqa: N802
        if value not in [choice.split("\t")[0] for choice in self._choices]:
            raise ValueError(f"{value} not found")
        self._value = value


class FileKnob(Knob):
    _kind = "File_Knob"

    def __init__(self, executed: list[str]) -> None:
        super().__init__("")
        self._executed = executed

    def getValue(self) -> str:  # noqa: N802
        return self._value

    def getEvaluatedValue(self) -> str:  # noqa: N802
        found, place = "", 0
        while place < len(self._value):
            character = self._value[place]
            if character == "\\" and place + 1 < len(self._value):
                place += 1
                character = self._value[place]
            elif character in "[$":
                self._executed.append(self._value[place:])
                return found
            found += character
            place += 1
        return re.sub("#+", lambda match: f"%0{len(match[0])}d", found)


class Node(Documented):
    _kind = "Node"

    def __init__(self, script: "Nuke", kind: str, name: str, knobs: dict[str, Knob]) -> None:
        self._script, self._class, self._name, self._knobs = script, kind, name, knobs
        self._metadata: dict[str, Any] = {}
        self._input: Node | None = None
        self._place = (100, 200)

    def name(self) -> str:
        return self._name

    def fullName(self) -> str:  # noqa: N802
        return self._name

    def setName(self, name: str) -> None:  # noqa: N802
        taken = {node._name for node in self._script._nodes}
        self._name = name if name not in taken else f"{name}1"

    def Class(self) -> str:  # noqa: N802
        return self._class

    def knob(self, name: str) -> Knob | None:
        return self._knobs.get(name)

    def addKnob(self, knob: Any) -> None:  # noqa: N802
        self._knobs[knob[0]] = Knob("")

    def metadata(self, key: str, time: int | None = None) -> Any:
        assert time is not None, "what counts is the first frame, not the one in the viewer"
        return self._metadata.get(key)

    def setInput(self, index: int, node: "Node") -> bool:  # noqa: N802
        self._input = node
        return True

    def xpos(self) -> int:
        return self._place[0]

    def ypos(self) -> int:
        return self._place[1]

    def setXYpos(self, x: int, y: int) -> None:  # noqa: N802
        self._place = (x, y)


class Menu(Documented):
    _kind = "Menu"

    def __init__(self) -> None:
        self._commands: dict[str, Any] = {}

    def addMenu(self, name: str) -> "Menu":  # noqa: N802
        return self

    def addCommand(self, name: str, call: Any) -> None:  # noqa: N802
        self._commands[name] = call


class _Undo:
    def __enter__(self) -> None: ...
    def __exit__(self, *_: object) -> None: ...


class _Makers:
    """`nuke.nodes`: makes nodes that are wired to nothing."""

    def __init__(self, script: "Nuke") -> None:
        self._script = script

    def __getattr__(self, kind: str) -> Any:
        if kind not in _API["nodes"]:
            raise UndocumentedCall(f"nuke.nodes.{kind} is not used in these scripts")
        return lambda: self._script._make(kind)


class Nuke(Documented):
    """The module `nuke`, with one script open."""

    _kind = "module"

    def __init__(self) -> None:
        self._nodes: list[Node] = []
        self._selected: list[Node] = []
        self._messages: list[str] = []
        self._executed: list[str] = []
        self._menu = Menu()
        self._spaces = ["default\t", "ACEScg\tACES/ACEScg", "linear"]
        self._root = Node(self, "Root", "/shows/comp.nk", {
            "fps": Knob(24000 / 1001), "first_frame": Knob(90), "last_frame": Knob(93),
            "proxy": Knob(True), "colorManagement": Knob("OCIO"),
            "OCIO_config": Knob("fn-nuke_cg-config-v1.0.0"), "workingSpaceLUT": Knob("ACEScg"),
        })  # fmt: skip

    def __getattribute__(self, name: str) -> Any:
        if name == "NUKE_VERSION_STRING":
            return "15.1v2"
        if name == "nodes":
            return _Makers(self)
        return super().__getattribute__(name)

    def menu(self, name: str) -> Menu:
        return self._menu

    def root(self) -> Node:
        return self._root

    def selectedNodes(self, kind: str = "") -> list[Node]:  # noqa: N802
        return [node for node in self._selected if kind in ("", node._class)]

    def allNodes(self, kind: str = "") -> list[Node]:  # noqa: N802
        return [node for node in self._nodes if kind in ("", node._class)]

    def delete(self, node: Node) -> None:
        self._nodes.remove(node)

    def message(self, text: str) -> None:
        self._messages.append(text)

    def String_Knob(self, name: str, label: str) -> tuple[str, str]:  # noqa: N802
        return name, label

    def Undo(self, name: str) -> _Undo:  # noqa: N802
        return _Undo()

    def execute(self, write: Node, first: int, last: int, step: int) -> None:
        path = write._knobs["file"].getEvaluatedValue()  # pyright: ignore[reportAttributeAccessIssue]
        scale = 2 if self._root._knobs["proxy"]._value else 1
        for number in range(first, last + 1, step):
            pixels = np.full((_SIZE[0] // scale, _SIZE[1] // scale, 3), number / 100, np.float32)
            write_exr(Path(path % number), pixels)

    def _make(self, kind: str, name: str = "") -> Node:
        knobs: dict[str, Knob] = {"file": FileKnob(self._executed)}
        if kind == "Read":
            knobs |= {name: Knob(1) for name in ("first", "last", "origfirst", "origlast")}
            knobs |= {
                name: Knob(False) for name in ("origset", "raw", "premultiplied", "auto_alpha")
            }
            knobs |= {name: Knob("hold") for name in ("before", "after")}
            knobs |= {"frame_mode": Knob("expression"), "frame": Knob(""), "label": Knob("")}
            knobs |= {
                "on_error": EnumerationKnob("error", ["error", "black", "checkerboard"]),
                "colorspace": EnumerationKnob("default", self._spaces),
            }
        else:
            knobs |= {name: Knob("") for name in ("channels", "datatype", "metadata", "raw")}
            knobs["file_type"] = EnumerationKnob("exr", ["exr", "png"])
            knobs["compression"] = EnumerationKnob("none", ["none", "Zip (1 scanline)", "DWAA"])
        node = Node(self, kind, name or f"{kind}{len(self._nodes) + 1}", knobs)
        self._nodes.append(node)
        return node
