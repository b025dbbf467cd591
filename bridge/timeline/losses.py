"""What a timeline holds and shots do not: a sentence for each kind."""

from collections.abc import Iterator
from typing import Any

import opentimelineio as otio


def losses_of(clip: otio.schema.Clip) -> Iterator[str]:
    """What is lost of one clip, its speed apart."""
    above = list(_above(clip))
    by_final_cut = clip.metadata.get("fcp_xml", {}).get("enabled")
    if by_final_cut == "FALSE" or not all(item.enabled for item in (clip, *above)):
        yield "It is switched off in the timeline."
    retimes = otio.schema.TimeEffect
    if any(isinstance(effect, retimes) for item in above for effect in item.effects):
        yield "The compound clip around it is retimed: its place is that at 100 %."
    effects = [effect for item in (clip, *above) for effect in item.effects]
    looks = [effect for effect in effects if not isinstance(effect, retimes)]
    names = dict.fromkeys(look.effect_name or look.name or "without name" for look in looks)
    if names:
        yield f"Effects are not taken over ({', '.join(names)})."
    others = [key for key in clip.media_references() if key != clip.active_media_reference_key]
    if others:
        yield f"Other media of it is not taken over ({', '.join(others)})."
    if "cdl" in clip.metadata:
        yield "Its colour decision (ASC CDL) is not taken over."
    comments = clip.metadata.get("cmx_3600", {}).get("comments", ())
    if comments:
        yield f"Comments are not taken over ({'; '.join(comments)})."


def losses_of_whole(
    whole: otio.schema.Timeline, video: list[Any], audio: list[Any]
) -> Iterator[str]:
    """What is lost of the timeline and its tracks."""
    if not any(track.find_clips() for track in video):
        yield "There is no video in it."
    if audio:
        yield f"Sound is not taken over ({_count(audio, 'audio track')})."
    dissolves = [c for track in video for c in track if isinstance(c, otio.schema.Transition)]
    if dissolves:
        yield (
            f"Transitions are not taken over ({len(dissolves)}): "
            "the shots beside them include the frames that they show."
        )
    items = [whole.tracks, *whole.tracks.find_children(descended_from_type=otio.core.Item)]
    markers = [marker for item in items for marker in item.markers]
    if markers:
        yield f"Markers are not taken over ({len(markers)})."


def _above(clip: otio.schema.Clip) -> Iterator[Any]:
    """What the clip lies in, from the inside out."""
    item = clip.parent()
    while item is not None:
        yield item
        item = item.parent()


def _count(things: list[Any], noun: str) -> str:
    return f"1 {noun}" if len(things) == 1 else f"{len(things)} {noun}s"
