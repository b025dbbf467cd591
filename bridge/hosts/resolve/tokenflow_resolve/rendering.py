"""Rendering one clip to EXR files, with everything that is touched put back."""

import time
from contextlib import contextmanager

from .studio import StudioError

_PRESET = "TokenFlow former settings"
_POLL = 0.5  # seconds
_CODECS = ("RGB half (ZIP)", "RGB half (Zip)", "RGB half", "RGB float (ZIP)")


def render_source(desk, shot, folder):
    """Camera pixels of the shot with its handles, ungraded: by a timeline of this one clip.

    Gives the numbers of the frames.
    """
    first, last = shot.with_handles()
    clip = {
        "mediaPoolItem": shot.media,
        "startFrame": first - shot.first,
        "endFrame": last - shot.first,
    }
    former = desk.timeline
    made = desk.pool.CreateTimelineFromClips(f"TokenFlow {folder.name}", [clip])
    if made is None:
        raise StudioError("Resolve could not make a timeline for the clip.")
    try:
        if not desk.project.SetCurrentTimeline(made):
            raise StudioError("Resolve could not open the timeline of the clip.")
        start = made.GetStartFrame()
        with _deliver_page(desk):
            _render(desk, folder, start, start + last - first, first)
    finally:
        desk.project.SetCurrentTimeline(former)
        desk.pool.DeleteTimelines([made])
    return f"{first}-{last}"


def render_as_seen(desk, item, folder):
    """The clip as the viewer shows it, grade and all; other video tracks are off meanwhile.

    Gives the numbers of the frames.
    """
    first, last = item.GetStart(), item.GetEnd() - 1
    own = item.GetTrackTypeAndIndex()[1]
    with _tracks_off(desk.timeline, own), _deliver_page(desk):
        _render(desk, folder, first, last, 1001)
    return f"1001-{1001 + last - first}"


@contextmanager
def _tracks_off(timeline, own):
    tracks = range(1, timeline.GetTrackCount("video") + 1)
    former = {index: timeline.GetIsTrackEnabled("video", index) for index in tracks}
    try:
        for index in tracks:
            timeline.SetTrackEnable("video", index, index == own)
        yield
    finally:
        for index, enabled in former.items():
            timeline.SetTrackEnable("video", index, enabled)


@contextmanager
def _deliver_page(desk):
    """The Deliver page, its settings kept as a preset of ours for the time being."""
    page = desk.resolve.GetCurrentPage()
    form = desk.project.GetCurrentRenderFormatAndCodec()
    desk.resolve.OpenPage("deliver")
    kept = desk.project.SaveAsNewRenderPreset(_PRESET)
    try:
        yield
    finally:
        if kept:
            desk.project.LoadRenderPreset(_PRESET)
            desk.project.DeleteRenderPreset(_PRESET)
        if form:
            desk.project.SetCurrentRenderFormatAndCodec(form["format"], form["codec"])
        desk.resolve.OpenPage(page)


def _render(desk, folder, mark_in, mark_out, first_number):
    """Every setting that matters is set: what the page held before would stay in force."""
    project = desk.project
    if not project.SetCurrentRenderFormatAndCodec("exr", _codec(project)):
        raise StudioError("This Resolve cannot render EXR.")
    settings = {
        "SelectAllFrames": False,
        "MarkIn": mark_in,
        "MarkOut": mark_out,
        "TargetDir": str(folder),
        "CustomName": "plate.",
        "ExportVideo": True,
        "ExportAudio": False,
        "ExportAlpha": False,
        "ClipStartFrame": first_number,
        "AddFrameHandles": 0,
        "UseFullExtents": False,
        "ExportSubtitle": False,
    }
    if not project.SetRenderSettings(settings):
        raise StudioError("Resolve did not take the render settings.")
    job = project.AddRenderJob()
    if not job:
        raise StudioError("Resolve did not take the render job.")
    try:
        if not project.StartRendering([job], False):
            raise StudioError("Resolve did not start to render.")
        while project.IsRenderingInProgress():
            time.sleep(_POLL)
        status = project.GetRenderJobStatus(job)
        if status.get("JobStatus") != "Complete":
            raise StudioError(f"The render ended as '{status.get('JobStatus')}'.")
    finally:
        project.DeleteRenderJob(job)


def _codec(project):
    """The id behind a lossless EXR codec: names differ between versions, ids are never written."""
    codecs = project.GetRenderCodecs("exr") or {}
    for name in _CODECS:
        if name in codecs:
            return codecs[name]
    raise StudioError(
        f"This Resolve has no lossless EXR codec, only {', '.join(codecs) or 'none'}."
    )
