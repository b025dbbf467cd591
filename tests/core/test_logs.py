"""Reading logs: whole entries, by weight, and nobody's home in them."""

import logging
from pathlib import Path

import pytest

from tokenflow_studio.core.logs import LogEntry, Weight, last_entries, last_lines, without_home

WINDOW = "%(asctime)s %(levelname)s %(name)s: %(message)s"
WORKER = "%(asctime)s %(process)d %(levelname)s %(name)s: %(message)s"


def write(path: Path, form: str) -> None:
    handler = logging.FileHandler(path, encoding="utf-8")
    handler.setFormatter(logging.Formatter(form))
    log = logging.Logger("tests.logs")
    log.addHandler(handler)
    log.info("opened – a clip")
    log.warning("slow")
    try:
        raise KeyError("lost")
    except KeyError:
        log.exception("it broke")
    log.debug("done")
    handler.close()


@pytest.mark.parametrize("form", [WINDOW, WORKER])
def test_an_entry_keeps_its_traceback(tmp_path: Path, form: str) -> None:
    write(tmp_path / "a.log", form)
    entries = last_entries(tmp_path / "a.log")
    assert [e.weight for e in entries] == [Weight.INFO, Weight.WARNING, Weight.ERROR, Weight.DEBUG]
    assert "opened – a clip" in entries[0].text
    assert "Traceback" in entries[2].text
    assert entries[2].text.endswith("KeyError: 'lost'")


def test_only_the_end_is_read_and_no_half_line(tmp_path: Path) -> None:
    lines = [f"2026-11-25 10:00:00,000 INFO a: {n:04d}" for n in range(1000)]
    (tmp_path / "a.log").write_text("\n".join(lines) + "\n")
    entries = last_entries(tmp_path / "a.log", tail=200)
    assert [entry.text for entry in entries] == lines[-len(entries) :]
    assert 0 < len(entries) < 7
    assert last_lines(tmp_path / "a.log", 3) == lines[-3:]


def test_no_file_is_no_entry_and_a_crash_without_heads_is_an_error(tmp_path: Path) -> None:
    assert last_entries(tmp_path / "none.log") == ()
    (tmp_path / "crash.log").write_bytes(b"Fatal Python error: Segmentation fault\n\xff\n")
    [entry] = last_entries(tmp_path / "crash.log")
    assert entry == LogEntry(Weight.ERROR, "Fatal Python error: Segmentation fault\n�")


@pytest.mark.parametrize(
    ("home", "text", "short"),
    [
        ("/home/ann", "open /home/ann/shot.mp4", "open ~/shot.mp4"),
        ("/home/ann", "/home/ann", "~"),
        ("/home/ann", "/home/anna/x and /home/ann-2/y", "/home/anna/x and /home/ann-2/y"),
        ("C:\\Users\\Ann", 'C:\\Users\\Ann\\a "C:\\\\Users\\\\Ann\\\\b"', '~\\a "~\\\\b"'),
        ("C:\\Users\\Ann", "C:/Users/Ann/a", "~/a"),
        ("/", "/home/x", "/home/x"),
    ],
)
def test_the_home_folder_becomes_a_tilde(home: str, text: str, short: str) -> None:
    class Home:
        def __str__(self) -> str:
            return home

    assert without_home(text, Home()) == short  # pyright: ignore[reportArgumentType]
