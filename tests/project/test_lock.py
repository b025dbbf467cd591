"""One window writes a project; what a dead one left behind is taken over."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tokenflow_studio.project.lock import Held, Lock, lock_file, take_lock
from tokenflow_studio.project.owner import Owner, this_process


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "film.tfproj"


def _locked(file: Path) -> Lock:
    lock = take_lock(file)
    assert isinstance(lock, Lock), lock
    return lock


def _write(file: Path, owner: Owner) -> None:
    content = {"token": "other", "user": "anna", **owner.to_fields()}
    lock_file(file).write_text(json.dumps(content))


def test_the_second_window_hears_who_has_it_and_gets_it_afterwards(file: Path) -> None:
    lock = _locked(file)
    held = take_lock(file)
    assert isinstance(held, Held)
    assert f"process {os.getpid()}" in held.reason
    lock.release()
    assert not lock_file(file).exists()
    _locked(file).release()


def test_the_lock_of_a_killed_process_is_taken_over(file: Path) -> None:
    script = (
        "import os, sys; from pathlib import Path; from tokenflow_studio.project.lock import "
        "take_lock; take_lock(Path(sys.argv[1])); os.kill(os.getpid(), 9)"
    )
    subprocess.run([sys.executable, "-c", script, str(file)], check=False)
    assert lock_file(file).exists()
    _locked(file)
    assert isinstance(take_lock(file), Held)
    assert [path.name for path in file.parent.iterdir()] == [lock_file(file).name]


def test_a_number_that_another_process_has_now_is_no_owner(file: Path) -> None:
    me = this_process()
    _write(file, Owner(me.pid, me.host, me.start - 1000))
    _locked(file)


def test_another_machine_holds_it_while_it_gives_signs_of_life(file: Path) -> None:
    _write(file, Owner(1, "far-away", 0.0))
    held = take_lock(file)
    assert isinstance(held, Held)
    assert "anna has it open on far-away" in held.reason
    os.utime(lock_file(file), (0, 0))
    assert _locked(file).refresh()


def test_a_lock_that_was_taken_away_is_noticed_and_left_alone(file: Path) -> None:
    lock = _locked(file)
    _write(file, this_process())
    assert not lock.refresh()
    lock.release()
    assert lock_file(file).exists()


def test_a_file_that_is_no_lock_counts_as_one(file: Path) -> None:
    lock_file(file).write_text("?")
    assert isinstance(take_lock(file), Held)


def test_a_folder_that_cannot_be_written_gives_no_lock(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    held = take_lock(tmp_path / "file" / "film.tfproj")
    assert isinstance(held, Held)
    assert "nothing can be written" in held.reason
