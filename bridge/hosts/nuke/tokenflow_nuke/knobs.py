"""Knobs of Read and Write nodes: read as they count, set so that nothing is ever evaluated."""

from .studio import StudioError

_MOVIES = (".mov", ".mp4", ".m4v", ".mxf", ".avi", ".mkv")


def text_of(node, name):
    """A knob's value as text, "" where the node has no such knob."""
    knob = node.knob(name)
    return "" if knob is None else str(knob.value())


def number_of(node, name):
    """A knob's value as a whole number."""
    return int(node.knob(name).value())


def pattern_of(node):
    """The file of a Read with its frame number as %04d; its Tcl is worked out by Nuke itself."""
    found = node.knob("file").getEvaluatedValue()
    if not found:
        raise StudioError(f"{node.name()} names no file: choose one first.")
    return found


def before_first(path):
    """How far Nuke's numbers of a file's frames lie above ours: of movies, ours begin with 0."""
    return 1 if path.lower().endswith(_MOVIES) else 0


def set_file(node, path):
    """Set a node's file to exactly `path`: Tcl signs are escaped, and the result is read back.

    Raises StudioError where Nuke would make something else of it.
    """
    knob = node.knob("file")
    knob.setValue(escaped(path))
    if knob.getEvaluatedValue() != path:
        raise StudioError(f"Nuke cannot hold the path {path}: choose a plainer one.")


def escaped(text):
    """Text in which Tcl finds nothing to act on."""
    for sign in ("\\", "[", "]", "$", "{", "}", '"'):
        text = text.replace(sign, "\\" + sign)
    return text


def copy_values(source, target, names):
    """Give the target the source's values; gives the names of those that it did not take."""
    refused = []
    for name in names:
        before, after = source.knob(name), target.knob(name)
        if before is None or after is None:
            continue
        try:
            after.setValue(before.value())
        except (ValueError, TypeError):
            refused.append(name)
            continue
        if after.value() != before.value():
            refused.append(name)
    return refused
