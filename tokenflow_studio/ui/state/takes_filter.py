"""Which takes the list shows: by words, by star, by status."""

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QSortFilterProxyModel

from tokenflow_studio.core.review import Status
from tokenflow_studio.ui.state.takes import TAKE_ROLE, Take, TakesModel


class TakesFilter(QSortFilterProxyModel):
    """The takes that fit, in the same order."""

    def __init__(self, takes: TakesModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._words: tuple[str, ...] = ()
        self._starred = False
        self._status: Status | None = None
        self.setSourceModel(takes)

    @property
    def active(self) -> bool:
        """Whether anything is asked for."""
        return bool(self._words or self._starred or self._status)

    def set_text(self, text: str) -> None:
        """Only takes whose prompt, note or name has all of these words, as parts of words too."""
        self._change("_words", tuple(text.casefold().split()))

    def set_starred(self, starred: bool) -> None:
        """Only favourites."""
        self._change("_starred", starred)

    def set_status(self, status: Status | None) -> None:
        """Only takes of that status; None for all."""
        self._change("_status", status)

    def filterAcceptsRow(
        self, source_row: int, source_parent: QModelIndex | QPersistentModelIndex
    ) -> bool:
        take = self.sourceModel().index(source_row, 0, source_parent).data(TAKE_ROLE)
        if not isinstance(take, Take):
            return False
        if self._starred and not take.review.starred:
            return False
        if self._status is not None and take.review.status is not self._status:
            return False
        text = f"{take.name} {take.request.prompt} {take.review.note}".casefold()
        return all(word in text for word in self._words)

    def _change(self, name: str, value: object) -> None:
        if getattr(self, name) != value:
            self.beginFilterChange()
            setattr(self, name, value)
            self.endFilterChange(QSortFilterProxyModel.Direction.Rows)
