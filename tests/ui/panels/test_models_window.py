"""The window of models: adding, checking, removing, and fetching from a server on this machine."""

import hashlib
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QPushButton
from pytestqt.qtbot import QtBot

from tests.core.model_server import ModelServer, model_file
from tokenflow_studio.ui.main_window import MainWindow
from tokenflow_studio.ui.panels.models_window import ModelsWindow
from tokenflow_studio.ui.state.models import download_folder

CONTENT = model_file()


@pytest.fixture
def server() -> Iterator[ModelServer]:
    """It offers CONTENT."""
    with ModelServer(CONTENT) as made:
        yield made


@pytest.fixture
def models(qtbot: QtBot, window: MainWindow) -> ModelsWindow:
    """The window of models, opened by its command."""
    window.actions_by_id["window.models"].trigger()
    shown = window.side.models
    qtbot.waitUntil(lambda: shown.list.topLevelItemCount() > 0)
    return shown


def names(models: ModelsWindow) -> list[str]:
    """What the list shows."""
    return [models.list.topLevelItem(row).text(0) for row in range(models.list.topLevelItemCount())]


def press(button: QPushButton) -> None:
    assert button.isEnabled(), button.objectName()
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def look(qtbot: QtBot, models: ModelsWindow, address: str) -> None:
    models.address.setText(address)
    press(models.look)
    qtbot.waitUntil(models.fetch.isEnabled)


def test_a_folder_is_added_offered_and_removed(
    qtbot: QtBot, window: MainWindow, models: ModelsWindow, tmp_path: Path
) -> None:
    (tmp_path / "sd21").mkdir()
    press(models.folder)
    dialog = models.findChild(QFileDialog)
    dialog.setDirectory(str(tmp_path))
    dialog.selectFile(str(tmp_path / "sd21"))
    dialog.accept()
    qtbot.waitUntil(lambda: names(models) == ["Demo model", "sd21"])
    qtbot.waitUntil(lambda: window.recipe.settings.model.findText("sd21") >= 0)
    models.list.topLevelItem(1).setSelected(True)
    models.list.topLevelItem(0).setSelected(False)
    press(models.remove)
    qtbot.waitUntil(lambda: names(models) == ["Demo model"])
    assert (tmp_path / "sd21").is_dir()
    qtbot.waitUntil(lambda: window.recipe.settings.model.findText("sd21") < 0)


def test_the_demo_model_is_checked_and_stays(qtbot: QtBot, models: ModelsWindow) -> None:
    assert not models.remove.isEnabled()
    press(models.check)
    qtbot.waitUntil(lambda: models.word.text() == "A model of SD 2.x.")


def test_a_model_is_looked_at_fetched_and_added(
    qtbot: QtBot, window: MainWindow, models: ModelsWindow, server: ModelServer
) -> None:
    look(qtbot, models, server.address())
    assert "300 kB" in models.facts.text()
    assert "licence: openrail" in models.facts.text()
    models.digest.setText(hashlib.sha256(CONTENT).hexdigest())
    press(models.fetch)
    qtbot.waitUntil(lambda: "tiny" in names(models))
    assert (download_folder() / "tiny.safetensors").read_bytes() == CONTENT
    assert hashlib.sha256(CONTENT).hexdigest() in models.word.text()
    assert not models.progress.isVisible()
    qtbot.waitUntil(lambda: window.recipe.settings.model.findText("tiny") >= 0)


def test_a_model_of_the_hub_is_fetched_by_its_id(
    qtbot: QtBot, models: ModelsWindow, server: ModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    weights = ("unet/diffusion_pytorch_model", "vae/diffusion_pytorch_model", "text_encoder/model")
    server.folder = {f"{name}.safetensors": CONTENT for name in weights}
    monkeypatch.setenv("HF_ENDPOINT", server.hub)
    look(qtbot, models, "maker/tiny")
    assert "maker/tiny" in models.facts.text()
    assert "licence: creativeml-openrail-m" in models.facts.text()
    press(models.fetch)
    qtbot.waitUntil(lambda: "tiny" in names(models))
    assert (download_folder() / "tiny" / "unet" / "diffusion_pytorch_model.safetensors").is_file()


def test_a_download_is_stopped_in_sight_and_goes_on_later(
    qtbot: QtBot, models: ModelsWindow, server: ModelServer
) -> None:
    look(qtbot, models, server.address())
    server.hold = threading.Event()
    press(models.fetch)
    qtbot.waitUntil(models.stop.isVisible)
    assert not models.address.isEnabled()
    press(models.stop)
    server.hold.set()
    qtbot.waitUntil(models.fetch.isVisible)
    assert "stopped" in models.word.text()
    server.hold = None
    look(qtbot, models, server.address())
    press(models.fetch)
    qtbot.waitUntil(lambda: "tiny" in names(models))


def test_what_cannot_be_fetched_is_a_sentence(
    qtbot: QtBot, models: ModelsWindow, server: ModelServer
) -> None:
    models.address.setText(server.address("missing.safetensors"))
    press(models.look)
    qtbot.waitUntil(lambda: "404" in models.word.text())
    assert not models.fetch.isEnabled()
    look(qtbot, models, server.address())
    models.address.setText(server.address("other.safetensors"))
    assert not models.fetch.isEnabled()  # that one was not looked at


def test_closing_the_window_ends_a_download(
    qtbot: QtBot, window: MainWindow, models: ModelsWindow, server: ModelServer
) -> None:
    look(qtbot, models, server.address())
    server.hold = threading.Event()
    press(models.fetch)
    qtbot.waitUntil(models.stop.isVisible)
    threading.Timer(0.3, server.hold.set).start()
    window.close()
    assert not (download_folder() / "tiny.safetensors").exists()
