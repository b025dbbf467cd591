"""A shot's values as the document keeps them, and as the models of the window want them."""

import dataclasses
import json
import logging
from functools import lru_cache
from typing import TYPE_CHECKING

from tokenflow_studio.core.errors import BadInput
from tokenflow_studio.core.request import EditRequest
from tokenflow_studio.media.timecode import timecode_after, valid_timecode
from tokenflow_studio.project.document import Fields, Origin, Preview, Shot
from tokenflow_studio.ui.state.marks import KeyframeMarks
from tokenflow_studio.ui.state.recipe import Recipe
from tokenflow_studio.ui.threads.decoder import Reading
from tokenflow_studio.ui.threads.naming import clip_name

if TYPE_CHECKING:
    from tokenflow_studio.media.clips import ClipInfo

log = logging.getLogger(__name__)


def title_of(shot: Shot) -> str:
    """What a shot is called on screen: as its timeline or its package does, else as its clip."""
    sent = shot.origin.shot if shot.origin else ""
    return shot.name or sent or clip_name(shot.clip)


def reading_of(shot: Shot | None) -> Reading:
    """How the shot's clip is read; as it says itself where there is no shot."""
    colour = None if shot is None else shot.recipe.get("colour")
    return Reading(shot.rate if shot else None, colour if isinstance(colour, str) else None)


def as_sent(info: "ClipInfo", origin: Origin | None) -> "ClipInfo":
    """The clip with the timecode of its package where its own files hold none."""
    if origin is None or origin.frames is None or info.timecode or info.rate is None:
        return info
    sent = valid_timecode(origin.timecode)  # of the first frame that was sent
    if sent is None:
        return info
    first = timecode_after(sent, info.frames[0] - origin.frames.first, info.rate)
    return dataclasses.replace(info, timecode=first)


def beside_recipe(fields: Fields) -> Fields:
    """Those fields of a shot's recipe that belong to the request, and that no user sets here."""
    names = {field.name for field in dataclasses.fields(EditRequest)}
    names -= {field.name for field in dataclasses.fields(Recipe)}
    return {name: value for name, value in fields.items() if name in names}


def recipe_of(shot: Shot) -> Recipe:
    """The recipe as the panel shows it."""
    try:
        return Recipe.of_fields(shot.recipe)
    except BadInput as error:  # projects with such a recipe are refused when they are opened
        log.warning("%s: %s", shot.clip, error)
        return Recipe()


def previews_of(marks: KeyframeMarks) -> list[Preview]:
    """One for each request and folder."""
    found = []
    for request, pictures in marks.previews.items():
        fields = _fields_of(request)
        for folder in dict.fromkeys(pictures.values()):
            frames = tuple(sorted(frame for frame, at in pictures.items() if at == folder))
            found.append(Preview(request=fields, folder=folder, frames=frames))
    return found


@lru_cache(maxsize=1024)
def _fields_of(request: EditRequest) -> Fields:
    """The request as JSON values. Kept: all previews are written down with every letter typed."""
    return json.loads(request.to_json())


def request_of(preview: Preview, clip: str) -> EditRequest | None:
    """What made a preview, for the clip where it lies now; None if this version cannot tell."""
    try:
        return EditRequest.from_json(json.dumps({**preview.request, "clip": clip}))
    except BadInput as error:
        log.info("a preview of %s is passed over: %s", clip, error)
        return None


def with_fields(request: EditRequest, fields: Fields) -> EditRequest:
    """The request with these JSON values in place of its own. Raises BadInput."""
    if not fields:
        return request
    return EditRequest.from_json(json.dumps({**json.loads(request.to_json()), **fields}))
