"""The thread that looks into models for the recipe panel: token counts and the model's values."""

import logging
import threading
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from tokenflow_studio.core.prompt import parse_prompt
from tokenflow_studio.ui.state.model_facts import ModelFacts, read_facts
from tokenflow_studio.ui.threads.vocabulary import Vocabulary

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Counted:
    """tokens: of each text asked for, None where the model's vocabulary cannot be read; room: how
    many of them the model reads."""

    texts: tuple[str, ...]
    tokens: tuple[int, ...] | None
    room: int
    facts: ModelFacts


class TokenCounter(QObject):
    """Answers the newest wish with `counted(Counted)`, sent from the thread."""

    counted = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._wake = threading.Condition()
        self._wish: tuple[str, tuple[str, ...]] | None = None
        self._stopping = False
        self._location = ""
        self._facts = ModelFacts("")
        self._vocabulary: Vocabulary | None = None
        self._thread = threading.Thread(target=self._serve, name="tokens", daemon=True)

    def ask(self, location: str, texts: tuple[str, ...]) -> None:
        """Count these prompts for the model there; an older wish that still waits is dropped."""
        with self._wake:
            self._wish = location, texts
            if not self._stopping and self._thread.ident is None:
                self._thread.start()
            self._wake.notify()

    def close(self) -> None:
        """End the thread."""
        with self._wake:
            self._stopping = True
            self._wake.notify()
        if self._thread.is_alive():
            self._thread.join(timeout=10)

    def _serve(self) -> None:
        while (wish := self._next()) is not None:
            self.counted.emit(self._count(*wish))

    def _next(self) -> tuple[str, tuple[str, ...]] | None:
        with self._wake:
            while self._wish is None and not self._stopping:
                self._wake.wait()
            wish, self._wish = self._wish, None
            return None if self._stopping else wish

    def _count(self, location: str, texts: tuple[str, ...]) -> Counted:
        if location != self._location:
            self._location, self._facts = location, read_facts(location)
            self._vocabulary = _vocabulary(location)
        vocabulary = self._vocabulary
        if vocabulary is None:
            return Counted(texts, None, 0, self._facts)
        tokens = tuple(vocabulary.count(parse_prompt(text).text) for text in texts)
        return Counted(texts, tokens, vocabulary.room, self._facts)


def _vocabulary(location: str) -> Vocabulary | None:
    try:
        return Vocabulary(location)
    except Exception:
        # A damaged model is the worker's to refuse; here it only means that nothing is counted.
        log.warning("no token counts for %s", location, exc_info=True)
        return None
