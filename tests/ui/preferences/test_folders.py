"""Preferences, Cache & Folders: sizes, another folder, the limit, clearing."""

import os
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.ui.scripted import ScriptedWorker
from tokenflow_studio.core.paths import cache_folder
from tokenflow_studio.core.settings import read_settings
from tokenflow_studio.ui.main_window import MainWindow
from tokenflow_studio.ui.preferences.folders import FoldersPage
from tokenflow_studio.ui.threads.folders import clear_cache, shrink_cache, size_of


def fill(kind: str, name: str, size: int, age: float) -> Path:
    """An entry of the cache that was used `age` seconds ago."""
    folder = cache_folder() / kind / name
    folder.mkdir(parents=True)
    (folder / "data").write_bytes(bytes(size))
    used = 1_700_000_000 - age
    for path in (folder / "data", folder):
        os.utime(path, (used, used))
    return folder


@pytest.fixture
def page(qtbot: QtBot, window: MainWindow) -> FoldersPage:
    """The page, in its window."""
    preferences = window.side.preferences_window()
    preferences.present(preferences.folders)
    return preferences.folders


def test_the_cache_loses_what_was_used_longest_ago() -> None:
    old, new = fill("edit", "a", 1000, 500), fill("inversion", "b", 2000, 10)
    kept = cache_folder() / "mine.txt"
    kept.write_text("not the program's")
    assert shrink_cache(10_000) == 0
    assert shrink_cache(2500) == 1000
    assert (old.exists(), new.exists()) == (False, True)
    assert clear_cache() == 2000
    assert not new.exists()
    assert kept.exists()
    assert size_of(cache_folder()) == len("not the program's")


def test_sizes_are_shown_and_clearing_frees_them(qtbot: QtBot, page: FoldersPage) -> None:
    entry = fill("edit", "a", 5_000_000, 5)
    page._studio.folders.measure()
    qtbot.waitUntil(lambda: page._sizes["Cache"].text().startswith("5.0 MB"))
    QTest.mouseClick(page.clear, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "5.0 MB of the cache were freed" in page.word.text())
    assert not entry.exists()
    qtbot.waitUntil(lambda: page._sizes["Cache"].text().startswith("0 bytes"))


def test_the_cache_stays_while_a_job_works_with_it(
    qtbot: QtBot, opened: MainWindow, worker: ScriptedWorker
) -> None:
    worker.hold = True
    opened.studio.recipe.set(prompt="a paper cut")
    opened.studio.propagate()
    qtbot.waitUntil(lambda: bool(worker.orders))
    entry = fill("edit", "a", 100, 5)
    page = opened.side.preferences_window().folders
    page.clear.click()
    assert "A job works" in page.word.text()
    assert entry.exists()


def test_the_limit_holds_after_the_next_job(qtbot: QtBot, page: FoldersPage) -> None:
    page.limit.setFocus()
    QTest.keyClick(page.limit, Qt.Key.Key_Up)
    assert page._studio.settings.value.cache_limit == 10
    qtbot.waitUntil(lambda: read_settings().cache_limit == 10)


def test_a_folder_is_chosen_and_nonsense_is_not(
    qtbot: QtBot, page: FoldersPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not page.places["Takes"].isEnabled()  # the environment decides in tests
    monkeypatch.delenv("TOKENFLOW_TAKES")
    page._show(page._studio.settings.value)
    field = page.places["Takes"]
    field.setText("somewhere")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert "no whole path" in page.word.text()
    field.setText(str(tmp_path / "elsewhere"))
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert page._studio.settings.value.takes_folder == str(tmp_path / "elsewhere")
    assert page.word.text() == ""
