"""Judging, comparing and deleting takes: what is said lies in their folders."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.ui.past import write_take
from tests.ui.scripted import ScriptedWorker
from tokenflow_studio.core.paths import takes_folder
from tokenflow_studio.core.review import Review, Status, read_review
from tokenflow_studio.ui.state.session import Compare
from tokenflow_studio.ui.state.studio import Studio
from tokenflow_studio.ui.state.takes import TakeState, recipe_text


@pytest.fixture
def shelved(qtbot: QtBot, studio: Studio, clip: str) -> Iterator[Studio]:
    """The clip with three takes of earlier days; the second lacks the last five frames."""
    write_take(clip, 1, "a paper cut", range(1001, 1021))
    write_take(clip, 2, "a wood cut", range(1001, 1016))
    write_take(clip, 3, "an oil painting", range(1001, 1021), Review(Status.REJECTED, "dull"))
    _open(qtbot, studio, clip, 3)
    return studio


def _open(qtbot: QtBot, studio: Studio, clip: str, count: int) -> None:
    studio.open(clip)
    qtbot.waitUntil(lambda: len(studio.takes.all) == count)


def _folder(version: int) -> Path:
    return takes_folder() / "plate" / f"v{version:03d}"


def test_a_review_is_written_beside_the_report_and_can_be_undone(
    qtbot: QtBot, shelved: Studio, clip: str
) -> None:
    assert shelved.takes.all[0].review == Review(Status.REJECTED, "dull")
    take = shelved.takes.all[1]
    shelved.shelf.set_status(take, Status.APPROVED)
    shelved.shelf.set_note(shelved.takes.find(take.id), "  grain is right ")
    shelved.shelf.toggle_star(shelved.takes.find(take.id))
    wanted = Review(Status.APPROVED, "grain is right", starred=True)
    assert shelved.takes.find(take.id).review == wanted
    qtbot.waitUntil(lambda: read_review(_folder(2)) == wanted)
    shelved.history.stack.undo()
    assert not shelved.takes.find(take.id).review.starred
    qtbot.waitUntil(lambda: not read_review(_folder(2)).starred)
    shelved.open(clip)
    qtbot.waitUntil(lambda: [t.version for t in shelved.takes.all] == [3, 2, 1])
    assert shelved.takes.all[1].review == Review(Status.APPROVED, "grain is right")


def test_what_was_said_meanwhile_stays(shelved: Studio) -> None:
    take = shelved.takes.all[1]
    shelved.shelf.set_status(take, Status.APPROVED)
    shelved.shelf.toggle_star(take)  # with the take as it was before
    assert shelved.takes.find(take.id).review == Review(Status.APPROVED, "", starred=True)


def test_measures_and_sizes_come_from_the_report_and_the_disk(shelved: Studio) -> None:
    take = shelved.takes.all[0]
    assert (take.warp_error, take.prompt_match, take.seconds) == (2.31, 0.27, 42.5)
    assert "warp error of the source x 10^-3: 1.900" in recipe_text(take)
    assert take.size == sum(p.stat().st_size for p in _folder(3).rglob("*") if p.is_file())


def test_the_disk_is_told(qtbot: QtBot, shelved: Studio) -> None:
    with qtbot.waitSignal(shelved.shelf.disk_changed) as told:
        shelved.shelf.look_at_disk()
    (figures,) = told.args
    assert figures.takes == sum(take.size for take in shelved.takes.all)
    assert figures.free > 0


def test_two_takes_are_compared_frame_by_frame(qtbot: QtBot, shelved: Studio) -> None:
    third, second, _ = shelved.takes.all
    shelved.show_take(third)
    shelved.shelf.compare_with(second)
    assert shelved.session.compare is Compare.WIPE
    shelved.session.set_playhead(1007)
    display = shelved.display
    assert (display.source.key.layer, display.edit.key.layer) == (second.frames, third.frames)
    assert display.source.key.frame == display.edit.key.frame == 1007
    assert (display.source.label, display.edit.label) == ("A · Take 2 · v002", "B · Take 3 · v003")
    qtbot.waitUntil(lambda: display.source.image is not None and not display.source.held)
    shelved.shelf.swap()
    assert (display.source.label, display.edit.label) == ("A · Take 3 · v003", "B · Take 2 · v002")


def test_a_frame_that_the_reference_lacks_shows_the_source_and_says_so(shelved: Studio) -> None:
    shelved.show_take(shelved.takes.all[0])
    shelved.shelf.compare_with(shelved.takes.all[1])
    shelved.session.set_playhead(1018)
    assert shelved.display.source.name == "Source"
    assert "Take 2 · v002 lacks this frame" in shelved.display.source.label
    shelved.shelf.compare_with(None)
    assert shelved.display.source.label == "A · Source"


def test_another_clip_is_compared_with_its_own_source(
    qtbot: QtBot, shelved: Studio, clip: str
) -> None:
    shelved.shelf.compare_with(shelved.takes.all[1])
    _open(qtbot, shelved, clip, 3)
    qtbot.waitUntil(lambda: shelved.takes.reference is None)


def test_a_deleted_take_comes_back_as_it_was(qtbot: QtBot, shelved: Studio) -> None:
    take = shelved.takes.all[1]
    shelved.show_take(take)
    shelved.shelf.delete(take)
    shelved.shelf.delete(take)
    qtbot.waitUntil(lambda: shelved.takes.find(take.id) is None)
    assert not _folder(2).exists()
    notice = shelved.notices.notice
    assert "Take 2 is deleted" in notice.text
    assert notice.action == "take.back"
    shelved.shelf.bring_back()
    qtbot.waitUntil(lambda: shelved.takes.find(take.id) is not None)
    assert shelved.takes.find(take.id) == take
    assert shelved.takes.finished_frames(take) == set(range(1001, 1016))
    assert len(list((_folder(2) / "frames").glob("*.png"))) == 15
    shelved.shelf.bring_back()


def test_a_take_whose_number_was_taken_comes_back_under_the_next(
    qtbot: QtBot, shelved: Studio, clip: str
) -> None:
    take = shelved.takes.all[0]
    shelved.shelf.delete(take)
    qtbot.waitUntil(lambda: shelved.takes.find(take.id) is None)
    other = write_take(clip, 3, "a new one", range(1001, 1003))
    shelved.shelf.bring_back()
    qtbot.waitUntil(lambda: shelved.takes.find(take.id) is not None)
    back = shelved.takes.find(take.id)
    assert (back.version, Path(back.frames)) == (4, _folder(4) / "frames")
    assert len(list((other / "frames").glob("*.png"))) == 2
    qtbot.waitUntil(lambda: shelved.notices.status == "Take 4 is back.")


def test_what_was_deleted_is_gone_when_the_program_ends(qtbot: QtBot, shelved: Studio) -> None:
    take = shelved.takes.all[0]
    shelved.shelf.delete(take)
    qtbot.waitUntil(lambda: shelved.takes.find(take.id) is None)
    shelved.close()
    assert {path.name for path in (takes_folder() / "plate").iterdir()} == {"v001", "v002"}


def test_what_a_killed_program_left_aside_goes_at_the_next_start(
    qtbot: QtBot, studio: Studio, clip: str
) -> None:
    left = write_take(clip, 1, "a paper cut", range(1001, 1003))
    aside = left.parent / ".deleted" / "v001-01234567"
    aside.parent.mkdir()
    left.rename(aside)
    studio.open(clip)
    qtbot.waitUntil(lambda: not aside.exists())


def test_a_take_that_vanished_is_one_sentence(qtbot: QtBot, shelved: Studio) -> None:
    take = shelved.takes.all[0]
    shutil.rmtree(take.home)
    shelved.shelf.delete(take)
    qtbot.waitUntil(lambda: shelved.notices.notice is not None)
    assert "v003 is gone already" in shelved.notices.notice.text


def test_a_take_that_is_being_made_stays(
    qtbot: QtBot, studio: Studio, worker: ScriptedWorker, clip: str
) -> None:
    studio.open(clip)
    qtbot.waitUntil(lambda: studio.session.clip is not None)
    worker.hold = True
    studio.recipe.set(prompt="a paper cut")
    studio.propagate()
    qtbot.waitUntil(lambda: studio.takes.current.count == 19)
    studio.shelf.delete(studio.takes.current)
    assert "being made" in studio.notices.notice.text
    studio.cancel()
    qtbot.waitUntil(lambda: not studio.job.view.busy)
    take = studio.takes.current
    assert take.state is TakeState.CANCELLED
    studio.shelf.delete(take)
    qtbot.waitUntil(lambda: studio.takes.all == ())
    assert not Path(take.home).exists()


def test_a_new_take_under_a_deleted_number_shows_its_own_pictures(
    qtbot: QtBot, shelved: Studio, clip: str
) -> None:
    take = shelved.takes.all[0]
    shelved.show_take(take)
    qtbot.waitUntil(lambda: shelved.display.edit.image is not None)
    key = shelved.display.edit.key
    assert shelved.frames.image(key) is not None
    shelved.shelf.delete(take)
    qtbot.waitUntil(lambda: shelved.takes.find(take.id) is None)
    assert shelved.frames.image(key) is None
