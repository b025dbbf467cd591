"""The log window and the diagnostics: what happened, without leaving the program."""

from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from tokenflow_studio.core.logs import Weight
from tokenflow_studio.core.paths import log_folder
from tokenflow_studio.ui.main_window import MainWindow
from tokenflow_studio.ui.panels.log_window import LogWindow

HEAD = "2026-11-25 10:00:00,000"


@pytest.fixture(autouse=True)
def logs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Logs of this test alone."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    folder = log_folder()
    assert tmp_path in folder.parents
    folder.mkdir(parents=True)
    (folder / "window.log").write_text(
        f"{HEAD} INFO a: opened\n{HEAD} WARNING a: slow\n{HEAD} ERROR a: broke\nTraceback\n"
    )
    (folder / "worker.log").write_text(f"{HEAD} 77 INFO b: job starts\n")
    return folder


@pytest.fixture
def log(qtbot: QtBot, window: MainWindow) -> LogWindow:
    window.actions_by_id["help.log"].trigger()
    shown = window.side.log
    assert shown is not None
    qtbot.waitUntil(lambda: "opened" in shown.text.toPlainText())
    return shown


def test_entries_by_weight(log: LogWindow) -> None:
    assert not log.isModal()
    assert log.text.isReadOnly()
    log.level.setCurrentIndex(log.level.findData(Weight.WARNING))
    assert "opened" not in log.text.toPlainText()
    assert log.text.toPlainText().endswith("ERROR a: broke\nTraceback")
    log.level.setCurrentIndex(log.level.findData(Weight.ERROR))
    assert "slow" not in log.text.toPlainText()
    assert log.empty.text() == "1 entry"


def test_the_workers_log(qtbot: QtBot, log: LogWindow) -> None:
    log.log.setCurrentIndex(log.log.findData("worker.log"))
    qtbot.waitUntil(lambda: "job starts" in log.text.toPlainText())
    log.log.setCurrentIndex(log.log.findData("crash.log"))
    qtbot.waitUntil(lambda: log.empty.text() == "Nothing of this kind.")


def test_it_follows_the_file_while_it_is_asked_to(qtbot: QtBot, log: LogWindow, logs: Path) -> None:
    with (logs / "window.log").open("a") as file:
        file.write(f"{HEAD} INFO a: closed\n")
    qtbot.waitUntil(lambda: "closed" in log.text.toPlainText(), timeout=5000)
    log.follow.setChecked(False)
    assert not log._timer.isActive()
    log.follow.setChecked(True)
    assert log._timer.isActive()
    log.hide()
    assert not log._timer.isActive()


def test_diagnostics_name_what_matters_and_no_home(
    qtbot: QtBot, log: LogWindow, window: MainWindow, logs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(logs.parents[2]))
    window.studio.settings.set(autosave=17)
    lines = "".join(f"{HEAD} INFO a: line {number}\n" for number in range(500))
    (logs / "window.log").write_text(lines)
    QGuiApplication.clipboard().clear()
    log.copy.click()
    qtbot.waitUntil(lambda: QGuiApplication.clipboard().text() != "")
    text = QGuiApplication.clipboard().text()
    for part in ("TokenFlow Studio", "Python 3", "torch 2.", "Qt 6", "Worker: stopped",
                 '"autosave": 17', "line 499", "line 300", "job starts", "logs: ~/"):  # fmt: skip
        assert part in text, part
    assert "line 299" not in text
    assert str(logs.parents[2]) not in text
    assert "clipboard" in window.studio.notices.status


def test_a_mishap_leads_to_the_log(qtbot: QtBot, window: MainWindow) -> None:
    window.side.report_mishap("Something went wrong that should not have (KeyError): see the log.")
    assert window.notice.remedy.text() == "Open log"
    window.notice.remedy.click()
    assert window.side.log is not None
    assert window.side.log.isVisible()
