"""A timeline item to the studio: its own file where that can be read, else rendered."""

from . import studio
from .rendering import render_as_seen, render_source
from .shots import Shot
from .studio import StudioError

MARK_COLOUR = "Lavender"


def send(desk, item, as_seen):
    """Send an item; gives the package's folder, which a marker on the item remembers.

    Raises StudioError, and then nothing was changed.
    """
    if as_seen:
        package = _rendered_as_seen(desk, item)
    else:
        shot = Shot(desk, item)
        package = _source(desk, item, shot)
    _remember(item, package)
    return package


def _source(desk, item, shot):
    facts = shot.facts(desk)
    facts["mode"] = "source"
    try:
        studio.ask(["shot", "inspect", shot.spec])
    except StudioError:  # a camera's own format, or one that only Resolve reads
        folder = studio.new_render_folder()
        facts["rendered"] = render_source(desk, shot, folder)
        return studio.send_shot(str(folder), item.GetName(), facts, "--move")
    return studio.send_shot(shot.spec, item.GetName(), facts, "--reference")


def _rendered_as_seen(desk, item):
    folder = studio.new_render_folder()
    facts = {
        "rendered": render_as_seen(desk, item, folder),
        "mode": "as seen",
        "rate": desk.rate(),
        "host_first": item.GetStart(),
        "host": {
            "name": "resolve",
            "version": desk.resolve.GetVersionString(),
            "item": item.GetUniqueId(),
            "project": desk.project.GetName(),
        },
    }
    return studio.send_shot(str(folder), item.GetName(), facts, "--move")


def _remember(item, package):
    """Mark the item; an earlier mark of ours makes room, since one frame holds one marker."""
    for frame, marker in (item.GetMarkers() or {}).items():
        if marker.get("name") == "TokenFlow":
            item.DeleteMarkerAtFrame(frame)
    frame = int(item.GetLeftOffset())
    if not item.AddMarker(frame, MARK_COLOUR, "TokenFlow", "sent to TokenFlow Studio", 1, package):
        raise StudioError(f"{package} was made, but Resolve did not take the marker on the clip.")
