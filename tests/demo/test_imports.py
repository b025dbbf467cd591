"""Scenes and the built-in clip need no torch: bench and window can use them anywhere."""

import subprocess
import sys


def test_scenes_do_not_import_torch() -> None:
    code = (
        "import sys, tokenflow_studio.demo.builtin, tokenflow_studio.demo.train;"
        "sys.exit('torch' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
