"""Placing a version on the timeline. Every answer of Resolve is read back."""

from contextlib import contextmanager

from .studio import StudioError


def place_above(desk, item, media, start, copy_look):
    """On a new track directly above the clip's own, so that titles stay on top.

    start: index of the version's first frame to show. Gives one sentence.
    """
    own = item.GetTrackTypeAndIndex()[1]
    before = desk.timeline.GetTrackCount("video")
    desk.timeline.AddTrack("video", {"index": own + 1})
    if desk.timeline.GetTrackCount("video") != before + 1:
        raise StudioError("Resolve did not add a track: the version is in the bin.")
    with _edit_page(desk):
        placed = _appended(desk, item, media, start, own + 1)
        if placed is None:
            desk.timeline.DeleteTrack("video", own + 1)
            raise StudioError("Resolve did not place the version: it is in the bin.")
    lost = _copy_look(item, placed) if copy_look else []
    above = f"The version lies on track {own + 1}, above its clip."
    return f"{above} Set by hand: {', '.join(lost)}." if lost else above


def _appended(desk, item, media, start, track):
    """Append; whether the end frame counts differs between versions, so the length is read back."""
    wanted = item.GetDuration()
    for end in (start + wanted, start + wanted - 1):  # the end left out, the end included
        form = {
            "mediaPoolItem": media,
            "startFrame": start,
            "endFrame": end,
            "mediaType": 1,
            "trackIndex": track,
            "recordFrame": item.GetStart(),
        }
        placed = (desk.pool.AppendToTimeline([form]) or [None])[0]
        if placed is None or placed.GetDuration() is None:
            return None  # something lies there already, and it wins
        if placed.GetDuration() == wanted and placed.GetStart() == item.GetStart():
            return placed
        desk.timeline.DeleteClips([placed], False)
    return None


def _copy_look(item, placed):
    """Grade and transform of the clip; gives the names of what did not take."""
    lost = [] if item.CopyGrades([placed]) else ["grade"]
    for name, value in (item.GetProperty() or {}).items():
        if placed.GetProperty(name) != value:
            placed.SetProperty(name, value)
            if placed.GetProperty(name) != value:
                lost.append(name)
    return lost


def replace(desk, earlier, media):
    """Show the new version where the earlier one is, with its cut; gives one sentence."""
    track = earlier.GetTrackTypeAndIndex()[1]
    former = earlier.GetStart(), earlier.GetDuration(), int(earlier.GetLeftOffset())
    with _edit_page(desk):
        above = desk.timeline.GetTrackCount("video") + 1
        desk.timeline.AddTrack("video", {"index": above})
        placed = _appended(desk, earlier, media, former[2], above)
        lost = _copy_look(earlier, placed) if placed is not None else []
        if placed is None:
            desk.timeline.DeleteTrack("video", above)
            raise StudioError("Resolve did not place the version: it is in the bin.")
        desk.timeline.DeleteClips([earlier], False)
        moved = _appended(desk, placed, media, former[2], track)
        if moved is None:
            return f"The new version lies on track {above}, the earlier one was removed."
        lost += _copy_look(placed, moved)
        desk.timeline.DeleteClips([placed], False)
        desk.timeline.DeleteTrack("video", above)
    said = f"The new version took the earlier one's place on track {track}."
    return f"{said} Set by hand: {', '.join(sorted(set(lost)))}." if lost else said


@contextmanager
def _edit_page(desk):
    """Clips can be deleted on the Edit page alone."""
    page = desk.resolve.GetCurrentPage()
    desk.resolve.OpenPage("edit")
    try:
        yield
    finally:
        desk.resolve.OpenPage(page)
