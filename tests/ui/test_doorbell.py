"""A later start hands its clip to the window that runs, whatever killed windows have left."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtNetwork import QLocalSocket
from pytestqt.qtbot import QtBot

from tokenflow_studio.ui.doorbell import Call, Doorbell

_RINGING = "import sys; from tokenflow_studio.cli import main; sys.exit(main(sys.argv[1:]))"
_LISTENING = """
from PySide6.QtCore import QCoreApplication
from tokenflow_studio.ui.doorbell import Doorbell
app = QCoreApplication([])
door = Doorbell()
assert door.claim() and door.listen(lambda call: True)
print("listening", flush=True)
app.exec()
"""
posix = pytest.mark.skipif(os.name != "posix", reason="sockets and signals of POSIX")


@pytest.fixture(autouse=True)
def runtime(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for sockets whose path is short enough for one."""
    folder = tmp_path_factory.getbasetemp().parent / f"r{os.getpid()}-{time.monotonic_ns() % 10**9}"
    folder.mkdir(mode=0o700)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(folder))
    return folder


@pytest.fixture
def door(qtbot: QtBot) -> Iterator[Doorbell]:
    made = Doorbell()
    yield made
    made.close()


def heard(qtbot: QtBot, door: Doorbell, words: bytes) -> bytes:
    """What the window answers to these words before it hangs up."""
    stranger = QLocalSocket()
    stranger.connectToServer(door.address)
    stranger.write(words)
    closed = QLocalSocket.LocalSocketState.UnconnectedState
    qtbot.waitUntil(lambda: stranger.state() is closed, timeout=20_000)
    return bytes(stranger.readAll().data())


def words_of(path: str) -> bytes:
    return json.dumps({"path": path, "token": ""}).encode() + b"\n"


def test_the_real_command_hands_its_clip_over_and_ends(
    qtbot: QtBot, door: Doorbell, tmp_path: Path
) -> None:
    calls: list[Call] = []
    assert door.claim()
    assert door.listen(lambda call: calls.append(call) is None)
    for name in ("plate 雪.####.exr", "film.tfproj"):
        later = subprocess.Popen(
            [sys.executable, "-c", _RINGING, name], cwd=tmp_path, stderr=subprocess.PIPE
        )
        try:
            qtbot.waitUntil(lambda: later.poll() is not None, timeout=60_000)  # noqa: B023
        finally:
            later.kill()
            _, said = later.communicate()
        assert (later.returncode, said) == (0, b"")
        assert calls[-1].path == str(tmp_path / name)
    assert len(calls) == 2


def test_nobody_listens_where_no_window_runs(door: Doorbell) -> None:
    assert not door.ring(Call("/a.mp4"), patience=0.2)
    assert not door.listen(lambda call: True), "it was not claimed"


def test_there_is_one_window_and_the_next_one_follows_it(door: Doorbell) -> None:
    second = Doorbell()
    assert door.claim()
    assert not second.claim()
    door.close()
    assert second.claim()
    second.close()


def test_another_folder_of_the_state_has_a_window_of_its_own(
    door: Doorbell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert door.claim()
    monkeypatch.setenv("TOKENFLOW_STATE", str(tmp_path / "other"))
    other = Doorbell()
    assert other.claim()
    other.close()


@posix
def test_a_killed_window_leaves_nothing_in_the_way(qtbot: QtBot, door: Doorbell) -> None:
    killed = subprocess.Popen([sys.executable, "-c", _LISTENING], stdout=subprocess.PIPE)
    try:
        assert killed.stdout is not None
        assert killed.stdout.readline() == b"listening\n"
        assert not door.claim()
        assert door.ring(Call())
    finally:
        killed.send_signal(signal.SIGKILL)
        killed.communicate()
    assert Path(door.address).exists()
    assert not Doorbell().ring(Call(), patience=0.2)
    calls: list[Call] = []
    assert door.claim()
    assert door.listen(lambda call: calls.append(call) is None)
    assert heard(qtbot, door, words_of("/a.mp4")) == b"taken\n"
    assert calls == [Call("/a.mp4")]


@posix
def test_a_window_that_hangs_is_not_waited_for_long(door: Doorbell, runtime: Path) -> None:
    (runtime / Path(door.address).parent.name).mkdir(mode=0o700, exist_ok=True)
    with socket.socket(socket.AF_UNIX) as deaf:
        deaf.bind(door.address)
        deaf.listen()
        began = time.monotonic()
        assert not door.ring(Call("/a.mp4"), patience=0.3)
        assert time.monotonic() - began < 20


def test_a_window_that_closes_takes_nothing(qtbot: QtBot, door: Doorbell) -> None:
    assert door.claim()
    assert door.listen(lambda call: False)
    assert heard(qtbot, door, words_of("/a.mp4")) == b""


@pytest.mark.parametrize(
    "words", [b"\xff\n", b"{}\n", b"[]\n", b'{"path": 1, "token": ""}\n', b"x" * 70_000]
)
def test_noise_is_no_call(qtbot: QtBot, door: Doorbell, words: bytes) -> None:
    calls: list[Call] = []
    assert door.claim()
    assert door.listen(lambda call: calls.append(call) is None)
    assert heard(qtbot, door, words) == b""
    assert calls == []
    assert heard(qtbot, door, words_of("/b.mp4")) == b"taken\n"
    assert calls == [Call("/b.mp4")]


@posix
def test_a_folder_of_somebody_else_is_not_trusted(runtime: Path) -> None:
    place = Path(Doorbell().address).parent
    place.chmod(0o777)
    door = Doorbell()
    assert not door.claim()
    assert not door.ring(Call(), patience=0.1)
    place.rmdir()
    place.symlink_to(runtime)
    assert not Doorbell().claim()
