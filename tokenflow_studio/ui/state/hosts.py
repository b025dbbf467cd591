"""The hosts that can hold our scripts, as the preferences show them."""

from functools import partial

from PySide6.QtCore import QObject, Signal, Slot

from tokenflow_studio.ui.threads.disk import DiskThread
from tokenflow_studio.ui.threads.hosts import HostRow, install_in, look_at_hosts, remove_from
from tokenflow_studio.ui.wording import host_title

_LOOK, _INSTALL, _REMOVE = "hosts.look", "hosts.install", "hosts.remove"


class Hosts(QObject):
    """`rows` holds them and `said` what was done last, or why it was not.

    Signal: `changed()` for both.
    """

    changed = Signal()

    def __init__(self, disk: DiskThread, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._disk = disk
        self._then = ""
        self.rows: tuple[HostRow, ...] = ()
        self.said = ""
        self.failed = False
        disk.done.connect(self._on_errand)
        disk.failed.connect(self._on_errand_failed)

    @Slot()
    def look(self) -> None:
        """Find out how things stand."""
        self._disk.submit(_LOOK, look_at_hosts)

    def install(self, name: str, to: str = "") -> None:
        """Put our scripts into a host, or into a folder that its NUKE_PATH names."""
        title = host_title(name)
        self._then = (
            f"The scripts for {title} lie in {to}: add {to}/tokenflow_studio to NUKE_PATH."
            if to else f"Installed: {title} shows the commands at its next start."
        )  # fmt: skip
        self._disk.submit(_INSTALL, partial(install_in, name, to))

    def remove(self, name: str) -> None:
        """Take them out again."""
        self._then = f"Removed: {host_title(name)} is as it was before."
        self._disk.submit(_REMOVE, partial(remove_from, name))

    @Slot(str, object)
    def _on_errand(self, name: str, result: object) -> None:
        if name in (_LOOK, _INSTALL, _REMOVE) and isinstance(result, tuple):
            self.rows = result
            if name != _LOOK:
                self._say(self._then, failed=False)
            self.changed.emit()

    @Slot(str, str)
    def _on_errand_failed(self, name: str, sentence: str) -> None:
        if name in (_LOOK, _INSTALL, _REMOVE):
            self._say(sentence, failed=True)
            self.changed.emit()

    def _say(self, text: str, *, failed: bool) -> None:
        self.said, self.failed = text, failed
