"""The TokenFlow menu of Nuke 13 to 17 (Python 3.7 and up, standard library only)."""

from tokenflow_nuke import actions

import nuke

_menu = nuke.menu("Nuke").addMenu("TokenFlow")
_menu.addCommand("Send selected Reads", actions.send_selected)
_menu.addCommand("Render upstream and send", actions.render_and_send)
_menu.addCommand("Bring back latest version", actions.bring_back_selected)
