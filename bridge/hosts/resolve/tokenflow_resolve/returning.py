"""A finished version back into the timeline: above its clip, or in place of an earlier version."""

import re

from . import studio
from .placing import place_above, replace
from .sending import MARK_COLOUR
from .shots import Shot
from .studio import StudioError

BIN = "TokenFlow"
_COPIED = ("IDT", "Input Color Space", "FPS", "Start TC")


def bring_back(desk, item):
    """Bring the newest version of what was sent from `item`.

    Gives one sentence about where it is. What cannot be placed goes into the bin alone.
    """
    package = _package(item)
    shot = studio.ask(["shot", "inspect", package])
    if not shot["versions"]:
        raise StudioError(f"There is no finished version of {item.GetName()} yet.")
    version = shot["versions"][-1]
    earlier = _earlier(desk, item, package)
    imported = _imported(desk, version, package)
    as_seen = shot["mode"] == "as seen"
    refused = _describe(item, imported, shot, as_seen)
    said = _placed(desk, item, imported, shot, earlier, as_seen)
    return f"{said} It did not take over {', '.join(refused)}." if refused else said


def _placed(desk, item, imported, shot, earlier, as_seen):
    first, last = _numbers(shot["frames"])
    if as_seen:
        start = 0
        if item.GetDuration() != last - first + 1:
            return "The clip's length has changed since it was sent: the version is in the bin."
    else:
        source = Shot(desk, item)
        start = source.seen[0] - first
        if source.retimed:
            said = (
                "The clip is retimed: the version is in the bin, for its speed to be set by hand."
            )
            return _marked(item, imported, start, said)
        if start < 0 or source.seen[1] > last:
            said = (
                "The clip was re-cut beyond its handles: the version is in the bin; send it again."
            )
            return _marked(item, imported, start, said)
    if earlier is not None:
        return replace(desk, earlier, imported)
    return place_above(desk, item, imported, start, copy_look=not as_seen)


def _marked(item, imported, start, said):
    """Mark in the bin where the clip begins in the version; gives what is said."""
    name = f"{item.GetName()} begins here"
    if imported.AddMarker(max(0, start), MARK_COLOUR, name, said, 1, item.GetUniqueId()):
        return said
    return f"{said} Resolve did not take a marker there."


def _package(item):
    for marker in (item.GetMarkers() or {}).values():
        if marker.get("name") == "TokenFlow" and marker.get("customData"):
            return marker["customData"]
    raise StudioError(f"{item.GetName()} was not sent to TokenFlow Studio yet.")


def _earlier(desk, item, package):
    """The item that an earlier version of this package made: its media carries our mark."""
    for other in desk.video_items():
        media = other.GetMediaPoolItem()
        if other.GetUniqueId() == item.GetUniqueId() or media is None:
            continue
        if media.GetThirdPartyMetadata("tokenflow_package") == package:
            return other
    return None


def _imported(desk, version, package):
    """The version in our bin; media always lands in the current bin, which is set back."""
    root = desk.pool.GetRootFolder()
    found = [folder for folder in root.GetSubFolderList() or [] if folder.GetName() == BIN]
    folder = found[0] if found else desk.pool.AddSubFolder(root, BIN)
    former = desk.pool.GetCurrentFolder()
    if folder is None or not desk.pool.SetCurrentFolder(folder):
        raise StudioError(f"Resolve could not open the bin {BIN}.")
    try:
        clips = desk.pool.ImportMedia(_import_form(version))
    finally:
        desk.pool.SetCurrentFolder(former)
    if not clips:
        raise StudioError(f"Resolve did not import {version['media']}.")
    clips[0].SetThirdPartyMetadata("tokenflow_package", package)
    clips[0].SetClipColor("Teal")
    return clips[0]


def _import_form(version):
    match = re.match(r"^(.*?)(#+)(\.[A-Za-z0-9]+)$", version["media"])
    if match is None:
        return [version["media"]]
    first, last = _numbers(version["frames"])
    path = f"{match.group(1)}%0{len(match.group(2))}d{match.group(3)}"
    return [{"FilePath": path, "StartIndex": first, "EndIndex": last}]


def _describe(item, imported, shot, as_seen):
    """Give the version its source's colour settings, rate and timecode; names what did not take."""
    media = item.GetMediaPoolItem()
    values = (
        {}
        if as_seen or media is None
        else {
            name: media.GetClipProperty(name) for name in _COPIED if name not in ("FPS", "Start TC")
        }
    )
    values["Start TC"] = shot["timecode"]
    refused = []
    for name, value in values.items():
        if not value or imported.GetClipProperty(name) == value:
            continue
        imported.SetClipProperty(name, value)
        if imported.GetClipProperty(name) != value:
            refused.append(name)
    return refused


def _numbers(frames):
    first, last = frames.split("-")
    return int(first), int(last)
