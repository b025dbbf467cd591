"""How the viewer shows pictures, without touching them: channel, exposure, gamma, guides."""

import dataclasses
from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QObject, Signal, Slot

_MOST_STOPS = 8.0
_DIAGONAL = 45.0  # degrees
_LEAST_GAMMA, _MOST_GAMMA = 0.2, 5.0


class Channel(StrEnum):
    """What of the colour is shown; a single channel is shown as grey."""

    ALL = "RGB"
    RED = "R"
    GREEN = "G"
    BLUE = "B"


class Guide(StrEnum):
    """Lines over the picture."""

    SAFE = "safe areas"
    CENTRE = "centre"
    THIRDS = "thirds"


class Print(StrEnum):
    """What the viewer writes over the picture beside the names of both sides."""

    PLACE = "frame and timecode"
    VALUES = "values under the pointer"


class MaskStyle(StrEnum):
    """How a ratio mask covers what lies outside it."""

    LINES = "lines"
    HALF = "half"
    FULL = "full"


GAINS = (1, 2, 4, 8, 16, 32)  # of the difference
MASKS = (0.0, 1.85, 2.39, 16 / 9, 4 / 3, 1.0)  # width by height; 0 is none


@dataclass(frozen=True, slots=True)
class Grade:
    """exposure: stops, in linear light; gamma: above 1 lifts the middle tones."""

    channel: Channel = Channel.ALL
    exposure: float = 0.0
    gamma: float = 1.0

    @property
    def label(self) -> str:
        """What differs from the picture itself; empty while nothing does."""
        parts = [self.channel.value] if self.channel is not Channel.ALL else []
        if self.exposure:
            parts.append(f"{self.exposure:+.2f} EV")
        if self.gamma != 1.0:
            parts.append(f"γ {self.gamma:.2f}")
        return "   ".join(parts)


NEUTRAL = Grade()


class Viewing(QObject):
    """Holds the viewer's settings. `changed()` follows every change of any of them.

    Nothing here reaches a take: it is light on the table, not paint.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._grade = NEUTRAL
        self._guides: frozenset[Guide] = frozenset()
        self._prints = frozenset(Print)
        self._gain = GAINS[0]
        self._wipe_angle = 0.0
        self._swapped = False
        self._mask = 0.0
        self._mask_style = MaskStyle.HALF

    @property
    def grade(self) -> Grade:
        """Channel, exposure and gamma."""
        return self._grade

    @property
    def guides(self) -> frozenset[Guide]:
        """The lines that are drawn."""
        return self._guides

    @property
    def gain(self) -> int:
        """What the difference is multiplied by."""
        return self._gain

    @property
    def wipe_angle(self) -> float:
        """How the wipe's edge lies, in degrees from -45 to 135: at 0 it is upright with the edit at
        its right, at 90 level with the edit under it."""
        return self._wipe_angle

    @property
    def level_wipe(self) -> bool:
        """Whether the edge lies nearer to level than to upright."""
        return self._wipe_angle > _DIAGONAL

    @property
    def swapped(self) -> bool:
        """Whether the edit stands left or above, where both sides are seen."""
        return self._swapped

    @property
    def mask(self) -> float:
        """The ratio that is masked, width by height; 0 is none."""
        return self._mask

    @property
    def mask_style(self) -> MaskStyle:
        """How the mask covers."""
        return self._mask_style

    @Slot()
    def next_mask(self) -> None:
        """The next ratio, and none after the last."""
        self._mask = MASKS[(MASKS.index(self._mask) + 1) % len(MASKS)]
        self.changed.emit()

    @Slot()
    def next_mask_style(self) -> None:
        """Lines, half or full."""
        styles = list(MaskStyle)
        self._mask_style = styles[(styles.index(self._mask_style) + 1) % len(styles)]
        self.changed.emit()

    @property
    def prints(self) -> frozenset[Print]:
        """What is written over the picture."""
        return self._prints

    @Slot()
    def reset(self) -> None:
        """Show the picture as it is."""
        self._set(NEUTRAL)

    def toggle_channel(self, channel: Channel) -> None:
        """Show that channel alone, or all again."""
        shown = Channel.ALL if self._grade.channel is channel else channel
        self._set(dataclasses.replace(self._grade, channel=shown))

    def set_exposure(self, stops: float) -> None:
        """Brighter or darker by that many stops."""
        stops = min(max(round(stops, 2), -_MOST_STOPS), _MOST_STOPS)
        self._set(dataclasses.replace(self._grade, exposure=stops))

    def add_exposure(self, stops: float) -> None:
        """Brighter or darker than now."""
        self.set_exposure(self._grade.exposure + stops)

    def set_gamma(self, gamma: float) -> None:
        """Lift or lower the middle tones."""
        gamma = min(max(round(gamma, 2), _LEAST_GAMMA), _MOST_GAMMA)
        self._set(dataclasses.replace(self._grade, gamma=gamma))

    def toggle_guide(self, guide: Guide) -> None:
        """Draw those lines, or not."""
        self._guides = self._guides ^ {guide}
        self.changed.emit()

    @Slot()
    def toggle_hud(self) -> None:
        """Write nothing over the picture, or everything."""
        self._prints = frozenset() if self._prints else frozenset(Print)
        self.changed.emit()

    def toggle_print(self, kind: Print) -> None:
        """Write that, or not."""
        self._prints = self._prints ^ {kind}
        self.changed.emit()

    def set_gain(self, gain: int) -> None:
        """Multiply the difference by one of GAINS."""
        if gain != self._gain and gain in GAINS:
            self._gain = gain
            self.changed.emit()

    @Slot()
    def next_gain(self) -> None:
        """The next gain, and 1 after the last."""
        self.set_gain(GAINS[(GAINS.index(self._gain) + 1) % len(GAINS)])

    @Slot()
    def turn_wipe(self) -> None:
        """Lay the wipe's edge level, or set it upright."""
        self.set_wipe_angle(0.0 if self.level_wipe else 90.0)

    def set_wipe_angle(self, degrees: float) -> None:
        """Turn the wipe's edge; beyond a diagonal, the sides would change places."""
        degrees = min(max(degrees, -_DIAGONAL), 90 + _DIAGONAL)
        if degrees != self._wipe_angle:
            self._wipe_angle = degrees
            self.changed.emit()

    @Slot()
    def swap_places(self) -> None:
        """Let source and edit change places where both are seen."""
        self._swapped = not self._swapped
        self.changed.emit()

    def _set(self, grade: Grade) -> None:
        if grade != self._grade:
            self._grade = grade
            self.changed.emit()
