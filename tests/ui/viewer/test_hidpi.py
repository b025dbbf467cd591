"""A screen with two device pixels to a logical one: pictures stay sharp, to the pixel."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
from PySide6.QtGui import QImage

_SCRIPT = """
import json, sys, time
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
app = QApplication([])
from tokenflow_studio.ui.main_window import build_window
window = build_window()
window.show()
window.studio.viewing.toggle_hud()
window.studio.open(sys.argv[1])
end = time.monotonic() + 60
def look():
    source = window.studio.display.source
    if time.monotonic() > end or (source is not None and source.image is not None):
        window.viewer.actual_size()
        shot = window.viewer.grab().toImage()
        (rect, _), = window.viewer.placed
        shot.copy(rect.toRect()).save(sys.argv[2])
        icon = window.transport.play.icon().pixmap(window.transport.play.iconSize(), 2.0)
        print(json.dumps({"ratio": shot.devicePixelRatio(), "icon": icon.width(),
                          "timeline": window.timeline.grab().toImage().width(),
                          "logical": window.timeline.width()}))
        window.close()
        app.quit()
timer = QTimer(interval=20)
timer.timeout.connect(look)
timer.start()
app.exec()
"""


def test_every_picture_pixel_is_one_device_pixel_at_twice_the_scale(tmp_path: Path) -> None:
    pixels = np.random.default_rng(5).integers(0, 256, (90, 160, 3), dtype=np.uint8)
    source = QImage(pixels.tobytes(), 160, 90, 480, QImage.Format.Format_RGB888)
    path, shot = tmp_path / "noise.png", tmp_path / "shot.png"
    source.save(str(path))
    done = subprocess.run(
        [sys.executable, "-c", _SCRIPT, str(path), str(shot)],
        env={**os.environ, "QT_SCALE_FACTOR": "2", "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True, text=True, timeout=120, check=True,
    )  # fmt: skip
    told = json.loads(done.stdout)
    assert told["ratio"] == 2.0
    assert told["icon"] == 32
    assert told["timeline"] == 2 * told["logical"]
    seen = QImage(str(shot)).convertToFormat(QImage.Format.Format_RGB888)
    rows = [bytes(seen.constScanLine(row))[: 3 * 160] for row in range(90)]
    # The names stand over the picture's upper left corner.
    assert rows[45:] == [pixels[row].tobytes() for row in range(45, 90)]
