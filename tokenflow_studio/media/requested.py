"""The clip of a request, read as the request says."""

from tokenflow_studio.core.finishing import AlphaMode
from tokenflow_studio.core.request import EditRequest
from tokenflow_studio.media.clips import Clip, open_clip
from tokenflow_studio.media.plates import Wanted


def open_requested(request: EditRequest) -> Clip:
    """The clip, to be closed. Raises BadInput as `open_clip` does."""
    return open_clip(
        request.clip,
        rate=request.rate,
        wanted=wanted_of(request),
        colour=request.colour,
        missing=request.missing,
    )


def wanted_of(request: EditRequest) -> Wanted:
    """What of each file is edited."""
    premultiplied = {AlphaMode.PREMULTIPLIED: True, AlphaMode.STRAIGHT: False}
    return Wanted(
        request.layer or None, request.stereo_view or None, premultiplied.get(request.alpha)
    )
