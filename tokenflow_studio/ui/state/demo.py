"""The clip that comes with the program: where it is, what it shows, what it could become."""

import json
import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Slot

from tokenflow_studio.core.paths import resource
from tokenflow_studio.ui.state.recipe import RecipeModel

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


class DemoRun(QObject):
    """The demo by one click: opens the clip, and edits its keyframes once it is there."""

    def __init__(
        self,
        open_clip: Callable[[str], None],
        recipe: RecipeModel,
        preview: Callable[[], None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._open = open_clip
        self._recipe = recipe
        self._preview = preview
        self._wanted = False

    @Slot()
    def run(self) -> None:
        """Begin; `go_on` does the rest."""
        self._wanted = True
        self._open(str(demo_clip()))

    def go_on(self, prompts: tuple[Suggestion, ...]) -> None:
        """A clip came into view, and these prompts suit it: none if it is another one."""
        if self._wanted and prompts:
            self._recipe.set(prompt=prompts[0].prompt)
            self._preview()
        self._wanted = False
