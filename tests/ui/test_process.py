"""The window's own process: light, quick, and it leaves cleanly."""

import json
import subprocess
import sys

_SCRIPT = """
import json, sys, time
began = time.process_time()
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
qt = time.process_time() - began
app = QApplication([])
from tokenflow_studio.ui.main_window import build_window
window = build_window()
window.show()
window.grab()
painted = time.process_time()
window.studio.open_demo()
def look():
    if window.studio.session.clip is not None:
        window.close()
        app.quit()
timer = QTimer(interval=20)
timer.timeout.connect(look)
timer.start()
app.exec()
heavy = ("torch", "diffusers", "transformers", "tokenflow_studio.jobs", "tokenflow_studio.engine",
         "tokenflow_studio.worker.server")
found = [name for name in heavy if name in sys.modules]
print(json.dumps({"painted": painted, "qt": qt, "found": found}))
"""
_FIRST_PAINT = 1.5  # seconds of the processor's, since the process began
_SHARE = 10  # of what Qt alone needs: all takes longer where others use the processor's caches


def _start() -> dict:
    done = subprocess.run(
        [sys.executable, "-c", _SCRIPT], capture_output=True, text=True, timeout=60, check=True
    )
    return json.loads(done.stdout)


def test_the_window_s_process_stays_light_and_paints_soon() -> None:
    for _ in range(3):  # a busy machine makes one start dearer, hardly three
        result = _start()
        assert result["found"] == []
        if result["painted"] <= max(_FIRST_PAINT, _SHARE * result["qt"]):
            return
    assert result["painted"] <= _FIRST_PAINT
