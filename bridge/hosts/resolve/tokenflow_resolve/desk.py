"""What is open in Resolve, and the clip that is meant."""

from .studio import StudioError

_RATES = {"23.976": "24000/1001", "23.98": "24000/1001", "29.97": "30000/1001",
          "29.97 DF": "30000/1001", "47.952": "48000/1001", "59.94": "60000/1001",
          "59.94 DF": "60000/1001"}  # fmt: skip


class Desk:
    """The current project and timeline. Resolve answers with None and False; here that is said."""

    def __init__(self, resolve):
        self.resolve = resolve
        self.project = _there(
            resolve.GetProjectManager().GetCurrentProject(), "Open a project first."
        )
        self.timeline = _there(self.project.GetCurrentTimeline(), "Open a timeline first.")
        self.pool = self.project.GetMediaPool()

    @property
    def is_studio(self):
        """Whether it is the paid edition, told by its name: a call that it lacks blocks others."""
        return "Studio" in self.resolve.GetProductName()

    def chosen(self):
        """The selected clip, else the one under the playhead."""
        # hasattr() says yes to everything on Resolve's objects.
        selected = (
            self.timeline.GetSelectedClips() if can(self.timeline, "GetSelectedClips") else []
        )
        videos = [item for item in selected or [] if item.GetTrackTypeAndIndex()[0] == "video"]
        if len(videos) > 1:
            raise StudioError("Select one video clip, not several.")
        item = videos[0] if videos else self.timeline.GetCurrentVideoItem()
        return _there(item, "Select a video clip, or put the playhead on one.")

    def video_items(self):
        """Every clip of the video tracks, from the lowest track up."""
        for index in range(1, self.timeline.GetTrackCount("video") + 1):
            yield from self.timeline.GetItemListInTrack("video", index) or []

    def rate(self):
        """The timeline's frames per second, as the studio writes it."""
        return exact_rate(self.timeline.GetSetting("timelineFrameRate"))


def exact_rate(said):
    """`23.976` means 24000/1001; whole rates stay as they are."""
    text = str(said).strip()
    if text in _RATES:
        return _RATES[text]
    try:
        return f"{float(text.split()[0]):g}"
    except (ValueError, IndexError):
        raise StudioError(f"Resolve gives the frame rate '{said}', which is no number.") from None


def can(thing, name):
    """Whether Resolve's object has that call."""
    return name in dir(thing)


def _there(thing, otherwise):
    if thing is None:
        raise StudioError(otherwise)
    return thing
