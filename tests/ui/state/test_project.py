"""The project's file in the window's state: what is saved comes back, and nothing is lost."""

import json
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.ui.scripted import ScriptedWorker, write_frames
from tokenflow_studio.core.frames import FrameRange
from tokenflow_studio.project.lock import lock_file
from tokenflow_studio.project.recovery import find_recoveries, recovery_folder
from tokenflow_studio.ui.state.marks import MarkState
from tokenflow_studio.ui.state.recipe import Recipe
from tokenflow_studio.ui.state.session import Compare
from tokenflow_studio.ui.state.studio import Studio

MakeStudio = Callable[[], Studio]


@pytest.fixture
def another(qtbot: QtBot) -> Iterator[MakeStudio]:
    """Makes further windows' states."""
    made: list[Studio] = []

    def make() -> Studio:
        made.append(Studio(ScriptedWorker))
        return made[-1]

    yield make
    for studio in made:
        studio.close()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "film.tfproj"


def open_clip(qtbot: QtBot, studio: Studio, spec: str) -> None:
    before = studio.session.clip
    studio.open(spec)
    qtbot.waitUntil(lambda: studio.session.clip not in (None, before))


def save(qtbot: QtBot, studio: Studio, file: Path) -> None:
    studio.project.save_as(str(file))
    qtbot.waitUntil(lambda: studio.project.path == file and not studio.project.modified)


def open_project(qtbot: QtBot, studio: Studio, file: Path) -> None:
    studio.open(str(file))
    qtbot.waitUntil(lambda: studio.project.path == file)
    qtbot.waitUntil(lambda: studio.session.clip is not None or bool(studio.shots.lost))


def finish(qtbot: QtBot, studio: Studio) -> None:
    qtbot.waitUntil(lambda: not studio.job.view.busy)


@pytest.fixture
def second(tmp_path: Path) -> str:
    """Another clip."""
    write_frames(tmp_path / "other", range(1, 9))
    return str(tmp_path / "other" / "####.png")


def test_everything_of_two_shots_comes_back(
    qtbot: QtBot, studio: Studio, another: MakeStudio, clip: str, second: str, file: Path
) -> None:
    open_clip(qtbot, studio, clip)
    studio.recipe.set(prompt="a paper cut", seed=7)
    studio.session.set_range(FrameRange(1003, 1014))
    studio.preview()
    finish(qtbot, studio)
    studio.session.set_playhead(1009)
    studio.session.set_compare(Compare.WIPE)
    open_clip(qtbot, studio, second)
    assert studio.recipe.value.prompt == ""
    studio.recipe.set(prompt="a wood cut", technique="sdedit")
    studio.shots.go_to(studio.shots.all[0].id)
    qtbot.waitUntil(lambda: studio.recipe.value.prompt == "a paper cut")
    save(qtbot, studio, file)

    other = another()
    open_project(qtbot, other, file)
    assert other.recipe.value == Recipe(prompt="a paper cut", seed=7)
    assert (other.session.in_out, other.session.playhead) == (FrameRange(1003, 1014), 1009)
    assert other.session.compare is Compare.WIPE
    assert {mark.state for mark in other.marks.pictured} == {MarkState.PREVIEWED}
    assert not other.project.modified
    other.shots.go_to(other.shots.all[1].id)
    qtbot.waitUntil(lambda: other.recipe.value == Recipe("a wood cut", technique="sdedit"))
    assert not other.project.modified


def test_undo_and_redo_tell_whether_something_is_to_be_saved(
    qtbot: QtBot, studio: Studio, clip: str, file: Path
) -> None:
    open_clip(qtbot, studio, clip)
    assert not studio.project.modified  # to look at a clip is no work
    studio.recipe.set(prompt="a fox")
    assert studio.project.modified
    save(qtbot, studio, file)
    assert studio.history.stack.isClean()
    studio.history.stack.undo()
    assert studio.project.modified
    studio.history.stack.redo()
    assert not studio.project.modified
    studio.session.set_playhead(1005)
    assert not studio.project.modified


def test_undo_goes_to_the_shot_that_it_changes(
    qtbot: QtBot, studio: Studio, clip: str, second: str
) -> None:
    open_clip(qtbot, studio, clip)
    studio.recipe.set(prompt="a fox")
    studio.session.set_range(FrameRange(1002, 1004))
    open_clip(qtbot, studio, second)
    studio.recipe.set(prompt="an owl")
    titles = []
    while studio.history.stack.canUndo():
        titles.append(studio.history.stack.undoText())
        studio.history.stack.undo()
    assert titles == ["Prompt", "Add Shot", "In and Out", "Prompt"]
    qtbot.waitUntil(lambda: studio.session.clip.spec == clip)
    assert len(studio.shots.all) == 1
    assert (studio.recipe.value, studio.session.in_out) == (Recipe(), FrameRange(1001, 1020))
    while studio.history.stack.canRedo():
        studio.history.stack.redo()
    qtbot.waitUntil(lambda: studio.session.clip.spec == second)
    assert studio.recipe.value.prompt == "an owl"
    studio.shots.go_to(studio.shots.all[0].id)
    qtbot.waitUntil(lambda: studio.recipe.value.prompt == "a fox")
    assert studio.session.in_out == FrameRange(1002, 1004)


def test_a_shot_that_was_removed_comes_back_as_it_was(
    qtbot: QtBot, studio: Studio, clip: str, second: str
) -> None:
    open_clip(qtbot, studio, clip)
    open_clip(qtbot, studio, second)
    studio.recipe.set(prompt="an owl")
    studio.shots.remove(studio.shots.all[1].id)
    qtbot.waitUntil(lambda: studio.session.clip.spec == clip)
    studio.shots.remove(studio.shots.all[0].id)
    assert studio.session.clip is None
    studio.history.stack.undo()
    studio.history.stack.undo()
    qtbot.waitUntil(lambda: studio.session.clip is not None)
    qtbot.waitUntil(lambda: studio.session.clip.spec == second)
    assert studio.recipe.value.prompt == "an owl"


def test_what_is_typed_before_a_clip_is_open_is_meant_for_it(qtbot: QtBot, studio: Studio) -> None:
    studio.recipe.set(prompt="a golden ball")
    studio.open_demo()
    qtbot.waitUntil(lambda: studio.session.clip is not None)
    assert studio.recipe.value.prompt == "a golden ball"
    assert studio.recipe.value.source_prompt
    assert studio.project.modified


def test_takes_of_a_project_lie_beside_it_and_are_found_from_there(
    qtbot: QtBot, studio: Studio, worker: ScriptedWorker, another: MakeStudio, clip: str,
    file: Path, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory,
) -> None:  # fmt: skip
    monkeypatch.delenv("TOKENFLOW_TAKES")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path_factory.mktemp("data")))
    open_clip(qtbot, studio, clip)
    studio.recipe.set(prompt="a fox")
    save(qtbot, studio, file)
    studio.propagate()
    finish(qtbot, studio)
    folder = Path(studio.takes.current.folder)
    assert folder == file.with_name("film takes") / "plate" / "v001"
    (folder / "request.json").write_text(worker.orders[0].request.to_json())
    (folder / "report.json").write_text('{"state": "done"}')
    studio.project.save()
    assert not studio.project.modified
    studio.close()
    moved = file.parents[1] / "elsewhere"
    shutil.move(file.parent, moved)  # media, takes and project together
    other = another()
    open_project(qtbot, other, moved / file.name)
    qtbot.waitUntil(lambda: other.takes.current is not None)
    assert other.takes.current.folder == str(moved / "film takes" / "plate" / "v001")


def test_a_project_that_is_open_elsewhere_is_read_only_and_saved_under_another_name(
    qtbot: QtBot, studio: Studio, another: MakeStudio, clip: str, file: Path
) -> None:
    open_clip(qtbot, studio, clip)
    save(qtbot, studio, file)
    before = file.read_bytes()
    other = another()
    open_project(qtbot, other, file)
    assert other.project.read_only
    assert "open in another window" in other.notices.notice.text
    other.recipe.set(prompt="mine")
    with qtbot.waitSignal(other.project.name_wanted):
        other.project.save()
    save(qtbot, other, file.with_name("mine.tfproj"))
    assert not other.project.read_only
    assert file.read_bytes() == before
    other.project.save_as(str(file))
    qtbot.waitUntil(lambda: other.notices.notice is not None)
    assert "choose another name" in other.notices.notice.text
    studio.close()
    assert not lock_file(file).exists()


def test_a_damaged_project_is_one_sentence_and_what_was_open_stays(
    qtbot: QtBot, studio: Studio, clip: str, file: Path
) -> None:
    file.write_text('{"kind": "tokenflow-project", "schema": 1, "shots": [')
    open_clip(qtbot, studio, clip)
    studio.recipe.set(prompt="a fox")
    studio.open(str(file))
    assert studio.project.asking
    studio.project.discard_and_leave()
    qtbot.waitUntil(lambda: studio.notices.notice is not None)
    assert "film.tfproj is no project" in studio.notices.notice.text
    assert studio.recipe.value.prompt == "a fox"
    assert studio.project.modified


def test_a_recipe_that_cannot_be_used_is_told_at_once(
    qtbot: QtBot, studio: Studio, another: MakeStudio, clip: str, file: Path
) -> None:
    open_clip(qtbot, studio, clip)
    save(qtbot, studio, file)
    for field, value in (("seed", -1), ("seed", "x"), ("prompt", 5), ("keyframes", [[]])):
        content = json.loads(file.read_text("utf-8"))
        content["shots"][0]["recipe"][field] = value
        bad = file.with_name("bad.tfproj")
        bad.write_text(json.dumps(content))
        other = another()
        other.open(str(bad))
        qtbot.waitUntil(lambda other=other: other.notices.notice is not None)
        assert "recipe of ####.png is damaged" in other.notices.notice.text
        assert not lock_file(bad).exists()


def test_saving_first_leads_on_to_what_was_asked_for(
    qtbot: QtBot, studio: Studio, clip: str, file: Path
) -> None:
    open_clip(qtbot, studio, clip)
    save(qtbot, studio, file)
    studio.recipe.set(prompt="a fox")
    studio.project.new()
    assert studio.project.asking
    assert studio.session.clip is not None
    studio.project.save_and_leave()
    qtbot.waitUntil(lambda: studio.project.path is None)
    assert studio.session.clip is None
    assert studio.shots.all == ()
    assert json.loads(file.read_text("utf-8"))["shots"][0]["recipe"]["prompt"] == "a fox"
    qtbot.waitUntil(lambda: not lock_file(file).exists())


def test_unsaved_work_is_written_aside_and_offered_after_the_end(
    qtbot: QtBot, studio: Studio, another: MakeStudio, clip: str
) -> None:
    open_clip(qtbot, studio, clip)
    studio.recipe.set(prompt="a fo")
    qtbot.waitUntil(lambda: len(list(recovery_folder().glob("*.json"))) == 1)
    assert find_recoveries() == ()  # its window runs
    studio.recipe.set(prompt="a fox")
    studio.close()

    other = another()
    other.safekeeping.look()
    qtbot.waitUntil(lambda: len(other.safekeeping.found) == 1)
    other.safekeeping.restore()
    qtbot.waitUntil(lambda: other.session.clip is not None)
    assert other.recipe.value.prompt == "a fox"
    assert other.project.modified
    qtbot.waitUntil(lambda: len(list(recovery_folder().glob("*.json"))) == 1)
    other.history.stack.undo()
    assert other.recipe.value.prompt == "a fox"  # what came before is not known any more


def test_work_that_is_saved_or_undone_leaves_nothing_behind(
    qtbot: QtBot, studio: Studio, clip: str, file: Path
) -> None:
    def kept() -> int:
        return len(list(recovery_folder().glob("*.json")))

    open_clip(qtbot, studio, clip)
    studio.recipe.set(prompt="a fox")
    qtbot.waitUntil(lambda: kept() == 1)
    studio.history.stack.undo()
    qtbot.waitUntil(lambda: kept() == 0)
    studio.history.stack.redo()
    qtbot.waitUntil(lambda: kept() == 1)
    save(qtbot, studio, file)
    studio.close()
    assert kept() == 0


def test_recovered_work_belongs_to_its_file_again(
    qtbot: QtBot, studio: Studio, another: MakeStudio, clip: str, file: Path
) -> None:
    open_clip(qtbot, studio, clip)
    save(qtbot, studio, file)
    studio.recipe.set(prompt="a fox")
    studio.close()
    other = another()
    other.safekeeping.look()
    qtbot.waitUntil(lambda: len(other.safekeeping.found) == 1)
    assert other.safekeeping.found[0].path == file
    other.safekeeping.restore()
    qtbot.waitUntil(lambda: other.project.path == file)
    assert other.project.modified
    other.project.save()
    qtbot.waitUntil(lambda: not other.project.modified)
    assert json.loads(file.read_text("utf-8"))["shots"][0]["recipe"]["prompt"] == "a fox"
    qtbot.waitUntil(lambda: find_recoveries() == ())


def test_lost_media_is_found_again_and_the_other_follows(
    qtbot: QtBot, studio: Studio, another: MakeStudio, tmp_path: Path
) -> None:
    for name in ("a", "b"):
        write_frames(tmp_path / "plates" / name, range(1, 6))
    for name in ("a", "b"):
        open_clip(qtbot, studio, str(tmp_path / "plates" / name))
    studio.recipe.set(prompt="an owl")
    file = tmp_path / "projects" / "film.tfproj"
    save(qtbot, studio, file)
    studio.close()
    (tmp_path / "disk2").mkdir()
    os.rename(tmp_path / "plates", tmp_path / "disk2" / "plates")  # noqa: PTH104

    other = another()
    open_project(qtbot, other, file)
    assert str(tmp_path / "plates" / "b") in other.shots.lost
    assert other.recipe.value.prompt == "an owl"
    assert not other.project.modified
    other.relinking.locate_in(str(tmp_path / "disk2" / "plates"))
    qtbot.waitUntil(lambda: other.session.clip is not None)
    assert other.shots.lost == ""
    assert other.recipe.value.prompt == "an owl"
    qtbot.waitUntil(lambda: len(other.relinking.offered) == 1)
    other.relinking.accept()
    clips = [shot.clip for shot in other.shots.all]
    assert clips == [str(tmp_path / "disk2" / "plates" / name / "####.png") for name in "ab"]
    assert other.project.modified
    assert other.history.stack.undoText() == "Relink Media"
