"""A finished version as a Read beside its source."""

import nuke

from . import studio
from .knobs import before_first, copy_values, set_file, text_of
from .sending import PACKAGE, remember
from .studio import StudioError

# What a Read of the version takes from the source's: how it is read, and what lies beyond its end.
_LIKE_SOURCE = ("colorspace", "raw", "premultiplied", "on_error", "before", "after",
                "frame_mode", "frame", "auto_alpha")  # fmt: skip


def bring_back(source):
    """Make a Read of the newest version of what was sent from `source`, or set the one there.

    Gives the Read and a sentence about what it could not take over, or "". Raises StudioError.
    """
    package = text_of(source, PACKAGE)
    if not package:
        raise StudioError(f"{source.name()} was not sent to TokenFlow Studio yet.")
    shot = studio.ask(["shot", "inspect", package])
    versions = shot["versions"]
    if not versions:
        raise StudioError(f"There is no finished version of {source.name()} yet.")
    newest = versions[-1]
    with nuke.Undo("TokenFlow bring back"):
        read = _former(package, source) or _new_read(source, package)
        _show(read, newest)
        refused = copy_values(source, read, _LIKE_SOURCE) if source.Class() == "Read" else []
        if before_first(shot["clip"]):  # versions of a movie bear other numbers than the movie
            read.knob("frame_mode").setValue("start at")
            read.knob("frame").setValue(str(shot["host_first"]))
    if refused:
        return read, f"{read.name()} did not take over {', '.join(refused)}."
    return read, ""


def _former(package, source):
    """The Read that an earlier version of this package made."""
    for node in nuke.allNodes("Read"):
        if node is not source and text_of(node, PACKAGE) == package and _is_ours(node):
            return node
    return None


def _is_ours(node):
    return node.name().startswith("TF_")


def _new_read(source, package):
    read = nuke.nodes.Read()
    read.setName("TF_" + source.name())
    read.setXYpos(source.xpos() + 110, source.ypos())
    remember(read, package)
    return read


def _show(read, version):
    """Set file and range; a Read holds outside of its range, so the range is all that was sent."""
    path = version["media"].replace("####", "%04d")
    set_file(read, path)
    first, last = [int(number) + before_first(path) for number in version["frames"].split("-")]
    for name, value in (("first", first), ("last", last), ("origfirst", first), ("origlast", last)):
        read.knob(name).setValue(value)
    read.knob("origset").setValue(True)
    read.knob("label").setValue(version["version"])
