"""Approved keyframes: which preview made each, and what must be the same for it to count."""

import dataclasses
import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tokenflow_studio.core.errors import BadInput
from tokenflow_studio.core.request import EditRequest
from tokenflow_studio.core.rolls import Approval, Roll

_FINISHING = frozenset({
    "view", "matte", "matte_channel", "matte_softness", "matte_invert", "matte_shape",
    "returns", "detail", "fill", "deflicker", "rate",
})  # fmt: skip
_APART = frozenset({"frames", "keyframes", "approved", "rolls", "keyframe_interval", "blend",
                     "consistency"}) | _FINISHING  # fmt: skip
"""What the edit of a keyframe does not depend on."""
_CHOICE = frozenset({"seed", "variation"})
"""What a keyframe may have of its own."""


def look_of(request: EditRequest) -> str:
    """Tells what the edit of its keyframes depends on, beside the clip and the noise.

    Keyframes of the same look may stand beside each other.
    """
    fields = {f.name: (getattr(request, f.name), f.default) for f in _shared()}
    # Without defaults, so that a field of a later version makes no other look of this one.
    chosen = {name: f"{value}" for name, (value, default) in fields.items() if value != default}
    text = json.dumps({**chosen, "clip": ""}, sort_keys=True)
    return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()


def differing(request: EditRequest, other: EditRequest) -> str | None:
    """The first field that keyframes of both requests cannot stand beside each other with."""
    names = (field.name for field in _shared())
    return next((n for n in names if getattr(request, n) != getattr(other, n)), None)


def _shared() -> list[dataclasses.Field[Any]]:
    fields = dataclasses.fields(EditRequest)
    return [field for field in fields if field.name not in _APART | _CHOICE]


def same_choice(request: EditRequest, other: EditRequest) -> bool:
    """Whether both draw the same noise: without a share of it, PnP ignores the seed."""
    if request.technique == "pnp" and not request.variation and not other.variation:
        return True
    return (request.seed, request.variation) == (other.seed, other.variation)


def previews_of(request: EditRequest) -> tuple[EditRequest, ...]:
    """The requests of the previews that the request lists, in the same order."""
    bare, made = _bare(request), list[EditRequest]()
    for roll in request.rolls:
        given = {frame: made[number] for frame, number in roll.given}
        preview = dataclasses.replace(
            bare,
            keyframes=tuple(sorted((*roll.edited, *given))),
            seed=roll.seed,
            variation=roll.variation,
        )
        made.append(with_versions(preview, given))
    return tuple(made)


def version_of(preview: EditRequest, frame: int) -> EditRequest:
    """The preview that edited the frame, of all that the preview's keyframes come from."""
    roll = dict(preview.approved).get(frame)
    if roll is not None:
        return previews_of(preview)[roll]
    return dataclasses.replace(
        _bare(preview),
        keyframes=preview.keyframes,
        approved=preview.approved,
        rolls=preview.rolls,
    )


def _bare(request: EditRequest) -> EditRequest:
    """The request without all that the edit of a keyframe does not depend on."""
    defaults = {f.name: f.default for f in dataclasses.fields(request) if f.name in _APART}
    return dataclasses.replace(request, **defaults)


def with_versions(request: EditRequest, versions: Mapping[int, EditRequest]) -> EditRequest:
    """The request with approved keyframes: by frame, the preview that edited it.

    The previews name their keyframes. Equal versions give equal requests.
    """
    rolls, approved = approving((), (), versions)
    return dataclasses.replace(request, approved=approved, rolls=rolls)


def approving(
    rolls: Sequence[Roll], approved: Sequence[Approval], versions: Mapping[int, EditRequest]
) -> tuple[tuple[Roll, ...], tuple[Approval, ...]]:
    """Rolls and approvals with some keyframes more, or approved in another version."""
    more: list[Approval] = []
    for frame in sorted(versions):
        rolls, place = listing(rolls, versions[frame])
        more.append(Approval(frame, place))
    kept = (approval for approval in approved if approval.frame not in versions)
    return tuple(rolls), tuple(sorted((*kept, *more)))


def listing(rolls: Sequence[Roll], preview: EditRequest) -> tuple[tuple[Roll, ...], int]:
    """The rolls with a preview and what it builds on, where they are missing; and its place."""
    given = dict(preview.approved)
    edited = tuple(frame for frame in preview.keyframes or () if frame not in given)
    last = Roll(edited, preview.approved, preview.seed, preview.variation, look_of(preview))
    listed, places = list(rolls), list[int]()
    for roll in (*preview.rolls, last):
        moved = tuple(Approval(frame, places[number]) for frame, number in roll.given)
        roll = dataclasses.replace(roll, given=moved)
        if roll not in listed:
            listed.append(roll)
        places.append(listed.index(roll))
    return tuple(listed), places[-1]


def in_this_look(
    request: EditRequest, rolls: Sequence[Roll], approved: Sequence[Approval]
) -> EditRequest:
    """The request with those approvals that are of its look and in its range."""
    if not approved:
        return request
    previews = previews_of(dataclasses.replace(request, rolls=tuple(rolls)))
    look = look_of(request)
    versions = {
        frame: previews[roll]
        for frame, roll in approved
        if rolls[roll].look == look and (request.frames is None or frame in request.frames)
    }
    return with_versions(request, versions)


def with_approved(request: EditRequest, folder: Path) -> EditRequest:
    """The request with the keyframes that `folder` holds as approved.

    folder: what the preview wrote; a keyframe is approved while its file is in `frames/`. Raises
    BadInput when the folder is no preview, or one of another recipe.
    """
    preview = EditRequest.from_json(_read(folder / "request.json"))
    name = differing(request, preview)
    if name is not None:
        wanted, had = getattr(request, name), getattr(preview, name)
        raise BadInput(
            f"{folder} was previewed with {name.replace('_', ' ')} {had!r}, not {wanted!r}: "
            "preview again, or use the same."
        )
    keyframes = _keyframes(folder)
    approved = [n for n in keyframes if (folder / "frames" / f"{n:04d}.png").is_file()]
    if not approved:
        raise BadInput(f"{folder}/frames holds no keyframe: preview again.")
    preview = dataclasses.replace(preview, keyframes=keyframes)
    request = dataclasses.replace(request, keyframes=keyframes)
    return with_versions(request, {frame: version_of(preview, frame) for frame in approved})


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
