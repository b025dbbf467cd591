"""The window comes back where it was, divided as it was."""

from pytestqt.qtbot import QtBot

from tests.ui.scripted import ScriptedWorker
from tokenflow_studio.core.paths import state_folder
from tokenflow_studio.ui.main_window import build_window
from tokenflow_studio.ui.state.studio import Studio


def test_size_and_parts_outlive_the_window(qtbot: QtBot, worker: ScriptedWorker) -> None:
    first = build_window(Studio(lambda: worker))
    qtbot.addWidget(first)
    first.show()
    qtbot.waitExposed(first)
    first.resize(790, 700)  # within the screen of the offscreen platform
    first.split.setSizes([244, 300, 246])
    size, parts = first.size(), first.split.sizes()
    first.close()

    second = build_window(Studio(lambda: worker))
    qtbot.addWidget(second)
    second.show()
    qtbot.waitExposed(second)
    assert second.size() == size
    assert second.split.sizes() == parts
    second.close()


def test_a_damaged_memory_is_no_hindrance(qtbot: QtBot, worker: ScriptedWorker) -> None:
    state_folder().mkdir(parents=True, exist_ok=True)
    (state_folder() / "window.ini").write_text("[window]\nplace=nonsense\nparts=@ByteArray(x)\n")
    window = build_window(Studio(lambda: worker))
    qtbot.addWidget(window)
    window.show()
    qtbot.waitExposed(window)
    assert window.width() == 1600
    window.close()
