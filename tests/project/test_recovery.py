"""What a window leaves aside is found by the next one, unless it is still at work."""

import json
import subprocess
import sys
from pathlib import Path

from tokenflow_studio.project.document import Project
from tokenflow_studio.project.recent import Recent, read_recent, write_recent
from tokenflow_studio.project.recovery import (
    drop_recovery,
    find_recoveries,
    new_recovery,
    recovery_folder,
    write_recovery,
)

_CRASH = """
import os
from tokenflow_studio.project.document import Project, Shot
from tokenflow_studio.project.recovery import new_recovery, write_recovery
project = Project(shots=(Shot(id="a", clip="/a.mp4", recipe={"prompt": "a fo"}),))
write_recovery(new_recovery(), project, None)
os.kill(os.getpid(), 9)
"""


def test_a_killed_process_is_recovered_until_that_is_dropped() -> None:
    subprocess.run([sys.executable, "-c", _CRASH], check=False)
    (recovered,) = find_recoveries()
    assert recovered.project.shots[0].recipe == {"prompt": "a fo"}
    assert (recovered.path, recovered.crashed) == (None, True)
    drop_recovery(recovered.file)
    assert find_recoveries() == ()


def test_a_window_that_runs_is_left_alone(project: Project, tmp_path: Path) -> None:
    file = new_recovery()
    write_recovery(file, project, tmp_path / "film.tfproj")
    assert find_recoveries() == ()
    write_recovery(file, project, tmp_path / "film.tfproj", ended=True)
    (recovered,) = find_recoveries()
    assert (recovered.project, recovered.path) == (project, tmp_path / "film.tfproj")
    assert not recovered.crashed


def test_a_damaged_file_hides_no_other(project: Project) -> None:
    assert find_recoveries() == ()
    first, second = new_recovery(), new_recovery()
    write_recovery(first, project, None, ended=True)
    write_recovery(second, project, None, ended=True)
    (recovery_folder() / "broken.json").write_text("{")
    (recovery_folder() / "list.json").write_text("[]")
    content = json.loads(first.read_text("utf-8"))
    first.write_text(json.dumps({**content, "saved": content["saved"] + 9}))
    assert [found.file for found in find_recoveries()] == [first, second]


def test_recent_files_come_latest_first_and_once(tmp_path: Path) -> None:
    assert read_recent() == Recent()
    recent = Recent()
    for number in range(14):
        recent = recent.with_clip(f"/{number}.mp4")
    recent = recent.with_clip("/7.mp4").with_project("/film.tfproj").without("/12.mp4")
    write_recent(recent)
    assert read_recent().clips[:4] == ("/7.mp4", "/13.mp4", "/11.mp4", "/10.mp4")
    assert read_recent().projects == ("/film.tfproj",)
