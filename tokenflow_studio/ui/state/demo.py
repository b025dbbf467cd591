"""The clip that comes with the program: where it is, what it shows, what it could become."""

import json
import logging
from dataclasses import dataclass
from pathlib import Path

from tokenflow_studio.core.paths import resource

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A prompt that suits the clip, and a word or two for its button."""

    title: str
    prompt: str


def demo_clip() -> Path:
    """The movie."""
    return resource("demo", "clip.mp4")


def demo_texts() -> tuple[str, tuple[Suggestion, ...]]:
    """Its source prompt and the prompts that suit it; nothing where the files are damaged."""
    try:
        caption = json.loads(resource("demo", "clip.json").read_text("utf-8"))["caption"]
        prompts = json.loads(resource("demo", "prompts.json").read_text("utf-8"))
        return str(caption), tuple(Suggestion(item["title"], item["prompt"]) for item in prompts)
    except (OSError, ValueError, KeyError, TypeError):
        log.warning("the demo clip has no prompts", exc_info=True)
        return "", ()
