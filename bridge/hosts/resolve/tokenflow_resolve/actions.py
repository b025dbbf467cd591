"""The commands of the menu; what happened stands in Resolve's console (Workspace > Console)."""

from . import studio
from .desk import Desk
from .returning import bring_back as bring_item_back
from .sending import send as send_item
from .studio import StudioError


def send(resolve, as_seen):
    """Send the chosen clip and open the studio with it."""
    _said(lambda desk: _sent(desk, as_seen), resolve)


def bring_back(resolve):
    """Bring the newest version of the chosen clip back."""
    _said(lambda desk: bring_item_back(desk, desk.chosen()), resolve)


def _sent(desk, as_seen):
    package = send_item(desk, desk.chosen(), as_seen)
    studio.open_window(package)
    return f"Sent to TokenFlow Studio: {package}"


def _said(action, resolve):
    try:
        desk = Desk(resolve)
        if not desk.is_studio:
            raise StudioError(
                "Python scripts need DaVinci Resolve Studio: use the Lua scripts of this menu."
            )
        print(f"TokenFlow: {action(desk)}")  # noqa: T201 - the console is what a script has
    except StudioError as error:
        print(f"TokenFlow: {error}")  # noqa: T201
