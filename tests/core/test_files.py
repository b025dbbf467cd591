"""Files appear whole or not at all, whatever happens while they are written."""

import errno
import os
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tokenflow_studio.core import files
from tokenflow_studio.core.errors import BadInput, JobFailed
from tokenflow_studio.core.files import replacing, sweep_temporaries, write_atomically

posix = pytest.mark.skipif(os.name != "posix", reason="umask and signals are POSIX")


def test_a_file_is_written_and_nothing_else_stays(tmp_path: Path) -> None:
    path = tmp_path / "new" / "deeper" / "frame.png"
    write_atomically(path, b"one")
    write_atomically(path, b"two")
    assert path.read_bytes() == b"two"
    assert list(path.parent.iterdir()) == [path]


def test_a_block_that_fails_leaves_the_former_file(tmp_path: Path) -> None:
    path = tmp_path / "take.json"
    path.write_bytes(b"before")

    def write_half() -> None:
        with replacing(path) as temporary:
            temporary.write_bytes(b"half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_half()
    assert path.read_bytes() == b"before"
    assert list(tmp_path.iterdir()) == [path]


def test_the_temporary_file_lies_beside_and_is_named_so(tmp_path: Path) -> None:
    path = tmp_path / "ü" / ("x" * 250 + ".png")
    with replacing(path) as temporary:
        assert temporary.parent == path.parent
        assert temporary.suffix == ".tmp"
        assert not path.exists()
    assert path.exists()


@posix
@pytest.mark.parametrize(("umask", "mode"), [(0o022, 0o644), (0o002, 0o664), (0o077, 0o600)])
def test_the_users_umask_holds(umask: int, mode: int, tmp_path: Path) -> None:
    before = os.umask(umask)
    try:
        write_atomically(tmp_path / "frame.png", b"x")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "frame.png").stat().st_mode) == mode


@pytest.mark.parametrize(
    ("number", "kind", "words"),
    [
        (errno.ENOSPC, JobFailed, "disk is full"),
        (errno.EROFS, BadInput, "read-only"),
        (errno.EACCES, BadInput, "may not write"),
        (errno.EIO, JobFailed, "try again"),
    ],
)
def test_each_failure_is_one_sentence(number, kind, words, tmp_path: Path) -> None:
    path = tmp_path / "frame.png"

    def fail() -> None:
        with replacing(path):
            raise OSError(number, os.strerror(number))

    with pytest.raises(kind, match=words) as caught:
        fail()
    assert str(path) in str(caught.value)
    assert not list(tmp_path.iterdir())


def test_a_folder_below_a_file_is_bad_input(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"x")
    with pytest.raises(BadInput, match="a file, not a folder"):
        write_atomically(tmp_path / "file" / "frame.png", b"x")


WRITER = """
import sys
from pathlib import Path
from tokenflow_studio.core.files import write_atomically
path, letter = Path(sys.argv[1]), 0
while True:
    letter = (letter + 1) % 256
    write_atomically(path, bytes([letter]) * 2_000_000)
    print("written", flush=True)
"""


@posix
def test_a_killed_writer_leaves_a_whole_file(tmp_path: Path) -> None:
    path = tmp_path / "frame.bin"
    for delay in (0.0, 0.003, 0.011):
        with subprocess.Popen(
            [sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE
        ) as writer:
            assert writer.stdout is not None
            writer.stdout.readline()
            time.sleep(delay)
            writer.send_signal(signal.SIGKILL)
        content = path.read_bytes()
        assert len(content) == 2_000_000
        assert content == content[:1] * len(content)
    sweep_temporaries(tmp_path)
    assert list(tmp_path.iterdir()) == [path]


@posix
def test_the_sweep_takes_orphans_only(tmp_path: Path) -> None:
    host = files._HOST
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    orphan = tmp_path / f"frame.{host}-{gone.pid}-0123abcd.tmp"
    ours = tmp_path / f"frame.{host}-{os.getpid()}-0123abcd.tmp"
    elsewhere = tmp_path / "frame.otherhost-1-0123abcd.tmp"
    forgotten = tmp_path / "frame.otherhost-2-0123abcd.tmp"
    foreign = tmp_path / "notes.tmp"
    for path in (orphan, ours, elsewhere, forgotten, foreign):
        path.write_bytes(b"x")
    os.utime(forgotten, (0, 0))
    assert sweep_temporaries(tmp_path) == 2
    assert sorted(tmp_path.iterdir()) == sorted([ours, elsewhere, foreign])


def test_a_folder_that_is_not_there_needs_no_sweep(tmp_path: Path) -> None:
    assert sweep_temporaries(tmp_path / "nowhere") == 0
