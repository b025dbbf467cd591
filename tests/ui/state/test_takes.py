"""The list of takes, as Qt's model tester and the panel see it."""

import json
from pathlib import Path

from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from tokenflow_studio.core.paths import takes_folder
from tokenflow_studio.core.request import EditRequest
from tokenflow_studio.ui.state.past_takes import find_past_takes, size_of
from tokenflow_studio.ui.state.takes import Take, TakesModel, TakeState

REQUEST = EditRequest(clip="/clips/fox.mp4", prompt="an owl")


def test_takes_come_newest_first(qtbot: QtBot, qtmodeltester: ModelTester) -> None:
    model = TakesModel()
    qtmodeltester.check(model)
    model.add("a", REQUEST)
    model.add("b", REQUEST)
    model.select("b")
    assert [take.name for take in model.all] == ["Take 2", "Take 1"]
    model.remove("b")
    assert model.current.id == "a"
    assert model.add("c", REQUEST).version == 2
    model.clear()
    assert model.current is None


def test_frames_count_once(qtbot: QtBot) -> None:
    model = TakesModel()
    model.add("a", REQUEST)
    model.add_frames("a", (3, 4), "/takes/fox/v001/frames")
    model.add_frames("a", (4, 5), "/takes/fox/v001/frames")
    take = model.find("a")
    assert (take.count, take.poster) == (3, 3)
    assert model.finished_frames(take) == {3, 4, 5}
    assert not model.has_frame(take, 6)


def _write_take(version: int, state: str, clip: str = REQUEST.clip) -> Path:
    folder = takes_folder() / "fox" / f"v{version:03d}"
    (folder / "frames").mkdir(parents=True)
    (folder / "frames" / "0007.png").write_bytes(b"")
    request = EditRequest(clip=clip, prompt="an owl")
    (folder / "request.json").write_text(request.to_json())
    report = {
        "state": state,
        "seconds": {"invert": 30, "propagate": 12.5},
        "measures": {"warp_error": 2.31, "warp_error_of_source": 1.9},
    }
    (folder / "report.json").write_text(json.dumps(report))
    return folder


def test_finished_takes_of_the_clip_are_found_again() -> None:
    done = _write_take(2, "done")
    _write_take(3, "working")
    _write_take(4, "done", clip="/other/fox.mp4")
    (takes_folder() / "fox" / "v005").mkdir()
    (takes_folder() / "fox" / "v005" / "report.json").write_text("[]")
    (found,) = find_past_takes(REQUEST.clip, "fox")
    assert size_of(done) == sum(path.stat().st_size for path in done.rglob("*.*"))
    assert found.frames == (7,)
    assert found.take == Take(
        id=str(done), version=2, request=REQUEST, state=TakeState.DONE, folder=str(done),
        frames=str(done / "frames"), count=1, poster=7, seconds=42.5,
        warp_error=2.31, size=size_of(done),
        measures=(("warp_error", 2.31), ("warp_error_of_source", 1.9)),
    )  # fmt: skip


def test_no_takes_folder_is_no_trouble() -> None:
    assert find_past_takes("/a.mp4", "a") == ()
