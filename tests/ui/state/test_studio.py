"""Commands and answers, without a window."""

from pathlib import Path

from pytestqt.qtbot import QtBot

from tests.ui.scripted import ScriptedWorker
from tokenflow_studio.ui.state.studio import Studio
from tokenflow_studio.ui.state.takes import TakeState


def _open(qtbot: QtBot, studio: Studio, spec: str) -> None:
    studio.open(spec)
    qtbot.waitUntil(lambda: studio.session.clip is not None)


def _finish(qtbot: QtBot, studio: Studio) -> None:
    qtbot.waitUntil(lambda: not studio.job.view.busy)


def test_the_demo_clip_brings_its_caption_and_prompts(qtbot: QtBot, studio: Studio) -> None:
    with qtbot.waitSignal(studio.suggestions_changed) as told:
        studio.open_demo()
    assert len(told.args[0]) > 1
    assert studio.recipe.value.source_prompt
    assert not studio.recipe.undo.canUndo()


def test_earlier_takes_of_a_clip_are_there_again(qtbot: QtBot, studio: Studio, clip: str) -> None:
    _open(qtbot, studio, clip)
    studio.recipe.set(prompt="a paper cut")
    studio.propagate()
    _finish(qtbot, studio)
    take = studio.takes.current
    assert take.version == 1
    Path(take.folder, "request.json").write_text(take.request.to_json())
    Path(take.folder, "report.json").write_text('{"state": "done"}')
    studio.open(clip)
    qtbot.waitUntil(lambda: [t.state for t in studio.takes.all] == [TakeState.DONE])
    studio.show_take(studio.takes.all[0])
    qtbot.waitUntil(lambda: studio.display.edit is not None)
    studio.recipe.set(prompt="something else")
    studio.restore(studio.takes.all[0])
    assert studio.recipe.value.prompt == "a paper cut"


def test_the_range_goes_into_the_request(
    qtbot: QtBot, studio: Studio, worker: ScriptedWorker, clip: str
) -> None:
    _open(qtbot, studio, clip)
    studio.recipe.set(prompt="a paper cut")
    studio.session.set_playhead(1005)
    studio.session.mark_in()
    studio.propagate()
    _finish(qtbot, studio)
    assert str(worker.orders[0].request.frames) == "1005-1020"
    assert studio.takes.finished_frames(studio.takes.current) == set(range(1005, 1021))


def test_a_job_that_fails_before_its_first_frame_leaves_no_take(
    qtbot: QtBot, studio: Studio, worker: ScriptedWorker, clip: str
) -> None:
    _open(qtbot, studio, clip)
    studio.session.set_playhead(1020)
    studio.session.mark_in()
    worker.failure, worker.exit_code = "There is no model 'x': choose another.", 2
    studio.recipe.set(prompt="a paper cut")
    studio.propagate()
    _finish(qtbot, studio)
    assert studio.takes.all == ()
    assert studio.notices.notice.action == ""


def test_export_refuses_files_that_exist(
    qtbot: QtBot, studio: Studio, clip: str, tmp_path: Path
) -> None:
    _open(qtbot, studio, clip)
    studio.export(studio.planned_export(str(tmp_path / "a.####.png")))
    assert "no finished take" in studio.notices.notice.text
    studio.recipe.set(prompt="a paper cut")
    studio.propagate()
    _finish(qtbot, studio)
    (tmp_path / "a.1007.png").write_bytes(b"mine")
    studio.export(studio.planned_export(str(tmp_path / "a.####.png")))
    qtbot.waitUntil(lambda: studio.notices.notice is not None)
    assert "a.1007.png is there already" in studio.notices.notice.text
    assert len(list(tmp_path.glob("*.png"))) == 1
    assert (tmp_path / "a.1007.png").read_bytes() == b"mine"


def test_export_as_movie_exr_and_folder(
    qtbot: QtBot, studio: Studio, clip: str, tmp_path: Path
) -> None:
    _open(qtbot, studio, clip)
    studio.recipe.set(prompt="a paper cut")
    studio.propagate()
    _finish(qtbot, studio)
    for output in ("a.mp4", "b.####.exr", "folder"):
        studio.notices.say("")
        studio.export(studio.planned_export(str(tmp_path / output)))
        qtbot.waitUntil(lambda: studio.notices.status.startswith("Exported to"))
    assert (tmp_path / "a.mp4").stat().st_size > 0
    assert len(list(tmp_path.glob("b.*.exr"))) == 20
    assert len(list((tmp_path / "folder").glob("*.png"))) == 20


def test_a_job_cancelled_before_it_began_leaves_nothing(
    qtbot: QtBot, studio: Studio, worker: ScriptedWorker, clip: str
) -> None:
    _open(qtbot, studio, clip)
    worker.hold = True
    studio.recipe.set(prompt="a paper cut")
    studio.propagate()
    studio.cancel()
    _finish(qtbot, studio)
    assert all(take.state is TakeState.CANCELLED for take in studio.takes.all)
