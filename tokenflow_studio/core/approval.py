"""From a previewed folder to the keyframes that a take shall show as they are there."""

import dataclasses
import json
from pathlib import Path
from typing import Any

from tokenflow_studio.core.errors import BadInput
from tokenflow_studio.core.request import EditRequest

_FINISHING = frozenset({
    "view", "matte", "matte_channel", "matte_softness", "matte_invert", "matte_shape",
    "returns", "detail", "fill", "deflicker",
})  # fmt: skip
_FREE = frozenset({"frames", "keyframes", "approved"}) | _FINISHING
"""What a take may choose anew; everything else must be as it was previewed."""


def with_approved(request: EditRequest, folder: Path) -> EditRequest:
    """The request with the keyframes that `folder` holds as approved.

    folder: what the preview wrote; a keyframe is approved while its file is in `frames/`. Raises
    BadInput when the folder is no preview, or one of another recipe.
    """
    previewed = EditRequest.from_json(_read(folder / "request.json"))
    for field in dataclasses.fields(request):
        wanted, had = getattr(request, field.name), getattr(previewed, field.name)
        if field.name not in _FREE and wanted != had:
            raise BadInput(
                f"{folder} was previewed with {field.name.replace('_', ' ')} {had!r}, not "
                f"{wanted!r}: preview again, or use the same."
            )
    keyframes = _keyframes(folder)
    approved = tuple(n for n in keyframes if (folder / "frames" / f"{n:04d}.png").is_file())
    if not approved:
        raise BadInput(f"{folder}/frames holds no keyframe: preview again.")
    return dataclasses.replace(request, keyframes=keyframes, approved=approved)


def _keyframes(folder: Path) -> tuple[int, ...]:
    try:
        report: dict[str, Any] = json.loads(_read(folder / "report.json"))
        return tuple(int(number) for number in report["settings"]["keyframes"])
    except (ValueError, KeyError, TypeError) as error:
        raise BadInput(f"{folder}/report.json is no report of a preview: preview again.") from error


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise BadInput(
            f"{path} cannot be read ({error.strerror}): name the folder that 'keyframes' wrote."
        ) from error
