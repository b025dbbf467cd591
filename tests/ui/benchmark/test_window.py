"""The benchmark of the window: it measures real windows, and says what is kept and what is not."""

from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from tokenflow_studio.cli import main
from tokenflow_studio.ui.benchmark import window as bench
from tokenflow_studio.ui.benchmark.figures import Figure
from tokenflow_studio.ui.benchmark.footage import draw_sequence
from tokenflow_studio.ui.benchmark.watching import Heartbeat, wait


def test_a_figure_says_whether_its_limit_holds() -> None:
    most = Figure("start", 1.2, "s", 1.5)
    least = Figure("scrubbing", 20, "/s", 60, at_least=True)
    assert (most.asked, most.verdict) == ("<= 1.5 s", "holds")
    assert (least.asked, least.verdict) == (">= 60 /s", "MISSED")
    assert Figure("memory", 3, "MB").verdict == ""
    assert Figure.from_line(least.to_line()) == least


def test_the_footage_is_as_long_and_as_large_as_it_says(tmp_path: Path) -> None:
    folder = Path(draw_sequence(tmp_path / "plate", 30))
    files = sorted(folder.iterdir())
    assert [file.name for file in files] == [f"{number:05d}.png" for number in range(30)]
    image = QImage(str(files[29]))
    assert (image.width(), image.height()) == (1920, 1080)
    assert len({file.stat().st_ino for file in files}) == 8


def test_a_blocked_loop_shows_as_a_gap(qtbot: QtBot, window: object) -> None:
    import time

    heart = Heartbeat(window)  # pyright: ignore[reportArgumentType]
    heart.start()
    QTimer.singleShot(20, lambda: time.sleep(0.15))
    wait(0.4)
    heart.stop()
    assert max(heart.gaps) >= 0.15
    assert max(heart.work) < max(heart.gaps)


def test_a_real_window_is_started_and_timed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(bench, "_STARTS", 1)
    assert main(["bench", "window", "--only", "start"]) == 0
    table = capsys.readouterr().out
    assert "start to first paint" in table
    assert "<= 1.5 s" in table


@pytest.mark.slow
@pytest.mark.timeout(1800)  # 10,000 frames and a job beside playback, on any machine
def test_every_figure_is_measured() -> None:
    names = [figure.name for figure in bench.measure_window()]
    for part in ("first frame", "scrubbing", "playback beside a job", "memory of 10,000"):
        assert any(part in name for name in names), part


def test_another_measurement_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", "window", "--only", "smell"]) == 2
    assert "smell" in capsys.readouterr().err
