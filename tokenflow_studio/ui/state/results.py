"""Jumping between what there is of an edit: keyframe preview, take, the take before."""

from PySide6.QtCore import QObject, Slot

from tokenflow_studio.ui.state.marks import KeyframeMarks
from tokenflow_studio.ui.state.session import Compare, Session
from tokenflow_studio.ui.state.takes import Take, TakesModel


class Results(QObject):
    """Remembers which takes were looked at last, and brings them back."""

    def __init__(
        self,
        session: Session,
        takes: TakesModel,
        marks: KeyframeMarks,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._takes = takes
        self._marks = marks
        self._seen: list[str] = []  # ids, the one looked at last at the end
        takes.current_changed.connect(self._on_current)
        session.clip_changed.connect(self._forget)

    @Slot()
    def show_keyframes(self) -> None:
        """The edited keyframes; without a preview, whatever edit there is."""
        if self._marks.pictured:
            self._takes.select("")
        self._session.set_compare(Compare.EDIT)

    @Slot()
    def show_take(self) -> None:
        """The take that was looked at last, or the newest."""
        if self._takes.current is None:
            known = [take for take in map(self._takes.find, reversed(self._seen)) if take]
            wanted = next(iter([*known, *self._takes.all]), None)
            if wanted is not None:
                self._takes.select(wanted.id)
        self._session.set_compare(Compare.EDIT)

    @Slot()
    def show_previous(self) -> None:
        """The take looked at before this one, or the next older; again, and this one is back."""
        wanted = self._previous()
        if wanted is not None:
            self._takes.select(wanted.id)
            self._session.set_compare(Compare.EDIT)

    def _previous(self) -> Take | None:
        now = self._takes.current
        for take_id in reversed(self._seen):
            take = self._takes.find(take_id)
            if take is not None and (now is None or take.id != now.id):
                return take
        older = (
            self._takes.all if now is None else self._takes.all[self._takes.row_of(now.id) + 1 :]
        )
        return older[0] if older else None

    @Slot(object)
    def _on_current(self, take: Take | None) -> None:
        if take is not None:
            self._seen = [seen for seen in self._seen if seen != take.id] + [take.id]

    @Slot(object)
    def _forget(self, _clip: object) -> None:
        self._seen = []
