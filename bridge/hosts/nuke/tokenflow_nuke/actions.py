"""The commands of the menu: what is selected, and one sentence where something does not work."""

import nuke

from . import studio
from .returning import bring_back
from .sending import PACKAGE, send
from .sending import render_and_send as render_and_send_node
from .studio import StudioError


def send_selected():
    """Send every selected Read and open the studio with the last one."""
    _each(nuke.selectedNodes("Read"), "Select a Read first.", send, studio.open_window)


def render_and_send():
    """Render each selected node over the script's range, send it, and open the studio."""
    root = nuke.root()
    first, last = int(root.knob("first_frame").value()), int(root.knob("last_frame").value())
    _each(
        nuke.selectedNodes(),
        "Select a node first.",
        lambda node: render_and_send_node(node, first, last),
        studio.open_window,
    )


def bring_back_selected():
    """Bring the newest version of every selected node that was sent."""
    sent = [node for node in nuke.selectedNodes() if node.knob(PACKAGE) is not None]
    _each(sent, "Select a node that was sent to TokenFlow Studio.", _brought_back, None)


def _brought_back(node):
    _, remark = bring_back(node)
    if remark:
        nuke.message(remark)


def _each(nodes, nothing, action, after):
    """Do the action for each node, `after` with the last one's answer; errors are shown."""
    if not nodes:
        nuke.message(nothing)
        return
    try:
        answers = [action(node) for node in nodes]
        if after is not None:
            after(answers[-1])
    except StudioError as error:
        nuke.message(str(error))
