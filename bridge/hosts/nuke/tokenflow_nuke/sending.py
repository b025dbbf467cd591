"""Reads to the studio: as they lie on disk, or rendered first."""

import nuke

from . import studio
from .facts import facts_of, facts_of_script
from .knobs import pattern_of, set_file
from .studio import StudioError

PACKAGE = "tokenflow_package"


def send(read):
    """Send a Read's files; gives the package's folder and remembers it on the node."""
    facts = facts_of(read)
    return _sent(read, pattern_of(read), facts, "--reference")


def render_and_send(node, first, last):
    """Render what a node shows as EXR and send that; gives the package's folder."""
    folder = studio.new_render_folder()
    path = folder.as_posix() + "/plate.%04d.exr"
    _render(node, path, first, last)
    facts = facts_of_script(node)
    facts.update(frames=f"{first}-{last}", host_first=first, premultiplied=True)
    package = _sent(node, path, facts, "--move")
    folder.rmdir()
    return package


def _sent(node, spec, facts, passage):
    package = studio.send_shot(spec, node.name(), facts, passage)
    remember(node, package)
    return package


def remember(node, package):
    """Keep the package's folder on the node, so that versions find their way back.

    A String_Knob is never evaluated, so the path stands in it as it is.
    """
    if node.knob(PACKAGE) is None:
        node.addKnob(nuke.String_Knob(PACKAGE, "TokenFlow package"))
        node.knob(PACKAGE).setVisible(False)
    node.knob(PACKAGE).setValue(package)


def _render(node, path, first, last):
    """Through a Write of its own, at full size: a root in proxy mode would render proxies."""
    root = nuke.root()
    proxy = root.knob("proxy").value()
    write = nuke.nodes.Write()
    try:
        root.knob("proxy").setValue(False)
        write.setInput(0, node)
        write.knob("file_type").setValue("exr")  # the knobs below come with it
        set_file(write, path)
        write.knob("channels").setValue("all")
        write.knob("datatype").setValue("16 bit half")
        write.knob("compression").setValue(_compression(write))
        write.knob("metadata").setValue("all metadata")
        write.knob("raw").setValue(True)
        nuke.execute(write, first, last, 1)
    except RuntimeError as error:
        raise StudioError(f"{node.name()} could not be rendered: {error}") from error
    finally:
        root.knob("proxy").setValue(proxy)
        nuke.delete(write)


def _compression(write):
    """The lossless one by its beginning: what follows differs between versions."""
    found = [value for value in write.knob("compression").values() if value.startswith("Zip (1 ")]
    return found[0] if found else "none"
