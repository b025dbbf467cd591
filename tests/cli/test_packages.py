"""`edit` on an exchange package: the shot as it was sent, and its take back beside it."""

import json
from pathlib import Path

import pytest

from tests.bridge.worker_here import SessionHere
from tests.jobs.plates import attributes, check_same, write_plates
from tests.media.footage import write_footage
from tokenflow_studio.cli import jobs, main


@pytest.fixture(autouse=True)
def _worker_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "WorkerSession", SessionHere)


@pytest.fixture
def package(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    plate = write_plates(tmp_path, range(1001, 1004))
    sent = ["shot", "send", plate, "-o", str(tmp_path / "exchange"), "--shot", "sh010"]
    assert main([*sent, "--frames", "1002-1003", "--colour", "ACEScg", "--json"]) == 0
    return Path(json.loads(capsys.readouterr().out.splitlines()[-1])["package"])


def edit(package: Path, out: str, *options: str) -> list[str]:
    return ["edit", str(package), "--technique", "identity", "-o", out, "--size", "64x64", *options]


def test_a_shot_goes_through_the_command_line_to_the_bit(
    package: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = str(tmp_path / "out" / "o.####.exr")
    assert main(edit(package, out, "--json")) == 0
    take = json.loads(capsys.readouterr().out.splitlines()[-1])["folder"]
    request = json.loads((Path(take) / "request.json").read_text())
    assert (request["frames"], request["rate"], request["colour"]) == (
        "1002-1003", "24000/1001", "ACEScg",
    )  # fmt: skip
    for name, version in ((out, "v001"), (take, "v002")):
        assert main(["shot", "return", str(package), name, "--json"]) == 0
        returned = json.loads(capsys.readouterr().out.splitlines()[-1])
        assert returned["version"] == version
        for frame in (1002, 1003):
            back = Path(returned["media"].replace("####", str(frame)))
            check_same(tmp_path / f"plate.{frame}.exr", back)


def test_an_edit_of_a_part_is_filled_up_to_all_that_was_sent(
    package: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out" / "o.####.exr"
    assert main(edit(package, str(out), "--frames", "1003-1003")) == 0
    for frame in (1002, 1003):
        check_same(tmp_path / f"plate.{frame}.exr", out.with_name(f"o.{frame}.exr"))
    assert main(["shot", "return", str(package), str(out)]) == 0
    alone = tmp_path / "alone" / "o.####.exr"
    assert main(edit(package, str(alone), "--frames", "1003-1003", "--fill", "none")) == 0
    assert [path.name for path in alone.parent.iterdir()] == ["o.1003.exr"]


def test_media_in_its_place_is_not_filled_up(tmp_path: Path) -> None:
    plate = write_plates(tmp_path, range(1001, 1006))
    sent = ["shot", "send", plate, "-o", str(tmp_path / "exchange"), "--shot", "sh020"]
    assert main([*sent, "--frames", "1002-1003", "--colour", "ACEScg", "--reference"]) == 0
    out = tmp_path / "out" / "o.####.exr"
    assert main(edit(tmp_path / "exchange" / "sh020", str(out))) == 0
    assert sorted(path.name for path in out.parent.iterdir()) == ["o.1002.exr", "o.1003.exr"]


def test_what_is_wrong_with_a_package_is_said_before_any_work(
    package: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = str(tmp_path / "out" / "o.####.exr")
    manifest = package / "shot.json"
    manifest.write_text(manifest.read_text().replace("ACEScg", "Show LogX"))
    assert main(edit(package, out)) == 2
    assert "'Show LogX'" in capsys.readouterr().err
    next((package / "plate").glob("*.1003.exr")).unlink()
    assert main(edit(package, out, "--colour", "ACEScg")) == 2
    assert "frame 1003 is missing" in capsys.readouterr().err


def test_a_take_of_a_movie_gets_the_numbers_of_its_package(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    movie = str(write_footage(tmp_path / "clip.mp4", 6))
    sent = ["shot", "send", movie, "-o", str(tmp_path / "exchange"), "--cut", "2-4", "--reference"]
    assert main(sent) == 0
    package = Path(capsys.readouterr().out.strip())
    out = tmp_path / "out" / "o.####.exr"
    assert main(edit(package, str(out))) == 0
    assert sorted(path.name for path in out.parent.iterdir()) == [
        f"o.{number:04d}.exr" for number in range(999, 1005)
    ]
    assert "framesPerSecond" in attributes(tmp_path / "out" / "o.1001.exr")
    assert main(["shot", "return", str(package), str(out)]) == 0


def test_a_take_of_a_movie_that_keeps_small_pictures_alone_is_not_returned(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    movie = str(write_footage(tmp_path / "clip.mp4", 6))
    assert main(["shot", "send", movie, "-o", str(tmp_path / "exchange"), "--reference"]) == 0
    package = Path(capsys.readouterr().out.strip())
    assert main(edit(package, str(tmp_path / "out.mp4"), "--json")) == 0
    take = json.loads(capsys.readouterr().out.splitlines()[-1])["folder"]
    assert main(["shot", "return", str(package), take]) == 2
    assert "keeps pictures of 8 bits alone" in capsys.readouterr().err
    assert not (package / "versions").exists()
