"""The rate of a sequence whose frames carry none: assumed, until the user says it."""

from fractions import Fraction

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QComboBox, QWidget

from tokenflow_studio.core.errors import BadInput
from tokenflow_studio.core.frames import parse_rate
from tokenflow_studio.ui.panels.building import restyle
from tokenflow_studio.ui.state.playback import DEFAULT_RATE
from tokenflow_studio.ui.state.session import Session
from tokenflow_studio.ui.state.shots import Shots

_OFFERED = ("23.976", "24", "25", "29.97", "30", "48", "50", "59.94", "60")
_UNIT = " fps"
_ASSUMED = f"{DEFAULT_RATE}{_UNIT} ?"


class RateBox(QComboBox):
    """Hidden for clips that tell their rate. Any rate can be typed; the shot keeps it. Signal:
    `refused(str)` for what is no rate."""

    refused = Signal(str)

    def __init__(self, session: Session, shots: Shots, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("rateBox")
        self.setAccessibleName("Frame rate of the sequence")
        self.setEditable(True)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.addItems([f"{rate}{_UNIT}" for rate in _OFFERED])
        self.setFixedWidth(104)
        self._session = session
        self._shots = shots
        self._shown = ""
        line = self.lineEdit()
        assert line is not None  # it is editable
        line.editingFinished.connect(self._on_typed)
        self.activated.connect(self._on_typed)
        shots.changed.connect(self._show)
        session.clip_changed.connect(self._show)
        self._show()

    @property
    def wanted(self) -> bool:
        """Whether the clip in view does not tell its rate."""
        clip, shot = self._session.clip, self._shots.current
        if clip is None or clip.kind != "sequence" or (shot is not None and shot.origin):
            return False
        return clip.rate is None or (shot is not None and shot.rate is not None)

    @Slot()
    def _show(self, _clip: object = None) -> None:
        clip = self._session.clip
        rate = None if clip is None else clip.rate
        self.setVisible(self.wanted)
        self._shown = _ASSUMED if rate is None else f"{float(rate):.5g}{_UNIT}"
        self.setEditText(self._shown)
        restyle(self, "assumed" if rate is None else "")
        self.setToolTip(
            f"The frames carry no rate: {DEFAULT_RATE} a second are assumed. Choose or type theirs."
            if rate is None
            else "The rate that you gave these frames; the project keeps it."
        )

    @Slot()
    def _on_typed(self, _row: int = 0) -> None:
        text = self.currentText()
        if not self.wanted or text == self._shown:  # which may be rounded
            return
        try:
            self._shots.set_rate(_rate(text))
        except BadInput as error:
            self._show()
            self.refused.emit(str(error))


def _rate(text: str) -> Fraction:
    return parse_rate(text.strip().removesuffix(_UNIT.strip()).strip())
