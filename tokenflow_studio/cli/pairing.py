"""Which frame of a source belongs to which frame of its edit."""

from tokenflow_studio.core.errors import BadInput
from tokenflow_studio.media.clips import ClipInfo


def source_offset(edit: ClipInfo, source: ClipInfo) -> int:
    """What to add to a frame number of the edit to get the source's.

    Clips of equal length go together from their first frame on; image sequences of a part of the
    source keep its numbers. Raises BadInput where neither tells.
    """
    if len(edit.frames) == len(source.frames):
        return source.frames[0] - edit.frames[0]
    inside = edit.frames[0] in source.frames and edit.frames[-1] in source.frames
    if inside and edit.kind != "movie":
        return 0
    raise BadInput(
        f"{edit.spec} has {len(edit.frames)} frames and {source.spec} has {len(source.frames)}, "
        "so nothing tells which belong together: give clips of equal length."
    )
