"""Scripts inside hosts keep to the oldest Python that they promise."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.source_files import ROOT


@pytest.mark.parametrize(
    ("host", "version"), [("nuke", "3.7"), ("resolve", "3.6"), ("shared", "3.6")]
)
def test_the_oldest_python_of_a_host_can_run_its_scripts(host: str, version: str) -> None:
    """Syntax and standard library alike."""
    vermin = Path(sys.executable).with_name("vermin")
    folder = ROOT / "bridge/hosts" / host
    done = subprocess.run(
        [vermin, f"-t={version}-", "--no-tips", "--eval-annotations", folder],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout
    assert "Minimum required versions" in done.stdout
