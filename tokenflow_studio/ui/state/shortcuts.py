"""Which keys carry out which command: the table, a preset over it, the user's own over both."""

from collections.abc import Iterable, Mapping, Sequence

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QKeySequence

from tokenflow_studio.ui.actions import Command
from tokenflow_studio.ui.key_presets import DEFAULT_PRESET, PRESETS
from tokenflow_studio.ui.state.settings import SettingsModel

_FORM = QKeySequence.SequenceFormat.PortableText
Keys = tuple[str, ...]


class Shortcuts(QObject):
    """The keys of every command. `changed()` follows every change of the settings that count.

    Keys are written as Qt writes them in every language: `Ctrl+Shift+Z`.
    """

    changed = Signal()

    def __init__(
        self, settings: SettingsModel, commands: Sequence[Command], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._settings = settings
        self.commands = tuple(commands)
        self._seen: object = None
        self._preset_keys: Mapping[str, Keys] = {}
        self._keys: Mapping[str, Keys] = {}
        self._conflicts: Mapping[str, tuple[Command, ...]] = {}
        self._rivals: Mapping[str, tuple[tuple[str, Command], ...]] = {}
        self._refresh()
        settings.changed.connect(self._on_settings)

    @property
    def preset(self) -> str:
        """The preset in use; one that this version does not know is the default."""
        name = self._settings.value.shortcut_preset
        return name if name in PRESETS else DEFAULT_PRESET

    def keys(self, command: str) -> Keys:
        """What carries out that command now."""
        return self._keys[command]

    def preset_keys(self, command: str) -> Keys:
        """What the preset gives that command."""
        return self._preset_keys[command]

    def is_changed(self, command: str) -> bool:
        """Whether the user gave that command other keys than the preset's."""
        return self.keys(command) != self.preset_keys(command)

    def conflicts(self) -> Mapping[str, tuple[Command, ...]]:
        """Commands by the key that they share; while they do, the key does nothing."""
        return self._conflicts

    def rivals(self, command: str) -> tuple[tuple[str, Command], ...]:
        """Key and other command, wherever that command's keys belong to another one too."""
        return self._rivals.get(command, ())

    def set_keys(self, command: str, keys: Iterable[str]) -> None:
        """Give a command these keys; empty ones are left out."""
        own = dict(self._settings.stored.shortcuts)
        own[command] = tuple(dict.fromkeys(filter(None, map(normalised, keys))))
        if own[command] == self.preset_keys(command):
            del own[command]
        self._settings.set(shortcuts=tuple(own.items()))

    def settle(self, command: str) -> None:
        """Take that command's keys away from every other one."""
        for key, other in self.rivals(command):
            self.set_keys(other.id, (k for k in self.keys(other.id) if k != key))

    def reset(self, command: str) -> None:
        """Back to the preset's keys."""
        own = {name: keys for name, keys in self._settings.stored.shortcuts if name != command}
        self._settings.set(shortcuts=tuple(own.items()))

    def reset_all(self) -> None:
        """Every command has the preset's keys again."""
        self._settings.set(shortcuts=())

    def set_preset(self, name: str) -> None:
        """Use another preset; what the user changed stays changed."""
        self._settings.set(shortcut_preset=name)

    @Slot(object)
    def _on_settings(self, _settings: object) -> None:
        if self._refresh():
            self.changed.emit()

    def _refresh(self) -> bool:
        """Work the tables out anew where the settings ask for it; whether they did."""
        settings = self._settings.value
        now = (settings.shortcut_preset, settings.shortcuts)
        if now == self._seen:
            return False
        self._seen = now
        self._preset_keys = preset_table(self.commands, self.preset)
        own = dict(settings.shortcuts)
        self._keys = {name: own.get(name, keys) for name, keys in self._preset_keys.items()}
        self._conflicts = _shared(self.commands, self._keys)
        rivals: dict[str, tuple[tuple[str, Command], ...]] = {}
        for key, users in self._conflicts.items():
            for one in users:
                others = tuple((key, other) for other in users if other is not one)
                rivals[one.id] = (*rivals.get(one.id, ()), *others)
        self._rivals = rivals
        return True


def preset_table(commands: Sequence[Command], preset: str) -> Mapping[str, Keys]:
    """The keys of a preset by command. A key that the preset gives away leaves its old owner."""
    given = PRESETS[preset]
    taken = {normalised(key) for keys in given.values() for key in keys}
    table = {}
    for command in commands:
        keys = tuple(map(normalised, given.get(command.id, command.keys)))
        keep = command.id in given
        table[command.id] = tuple(key for key in keys if keep or key not in taken)
    return table


def _shared(
    commands: Sequence[Command], table: Mapping[str, Keys]
) -> Mapping[str, tuple[Command, ...]]:
    users: dict[str, list[Command]] = {}
    for command in commands:
        for key in dict.fromkeys(table[command.id]):
            users.setdefault(key, []).append(command)
    return {key: tuple(found) for key, found in users.items() if len(found) > 1}


def normalised(key: str) -> str:
    """A key sequence in Qt's own spelling; "" for what is none."""
    return QKeySequence(key).toString(_FORM)


def shown(keys: Iterable[str]) -> str:
    """Keys as this system writes them, for people."""
    native = QKeySequence.SequenceFormat.NativeText
    return "  ".join(QKeySequence(key).toString(native) for key in keys)
