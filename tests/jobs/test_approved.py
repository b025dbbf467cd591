"""Approved keyframes are what the take shows, and what keyframes edited later are edited beside."""

import dataclasses
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import pytest

from tests.jobs.conftest import Runner, contents
from tokenflow_studio.core.approval import version_of, with_approved, with_versions
from tokenflow_studio.core.errors import BadInput
from tokenflow_studio.core.frames import FrameRange
from tokenflow_studio.core.job import JobKind, JobOrder
from tokenflow_studio.core.paths import cache_folder
from tokenflow_studio.core.request import Blend, Consistency, EditRequest
from tokenflow_studio.core.rolls import Approval, Roll
from tokenflow_studio.jobs.tables import Table

MakeClip = Callable[[int], Path]


class Approving:
    """Runs takes that approve keyframes of a preview: of frames 1, 5 and 9 where none are named."""

    def __init__(self, job: Runner) -> None:
        self.job = job

    def __call__(self, clip: Path, *frames: int, **options: Any) -> Path:
        keyframes = options.pop("keyframes", (1, 5, 9))
        preview = self.job.order(clip, keyframes=keyframes, **options).request
        order = self.job.order(clip, **options)
        request = with_versions(order.request, {n: version_of(preview, n) for n in frames})
        return Path(self.job.run(dataclasses.replace(order, request=request)).folder)


class Quick(Runner):
    """Few steps, which show all that many show."""

    def order(self, clip: Path, **options: Any) -> JobOrder:
        return super().order(clip, **{"steps": 2, "inversion_steps": 2, **options})


@pytest.fixture
def job(tiny_model: Path) -> Runner:
    return Quick(tiny_model)


@pytest.fixture
def approve(job: Runner) -> Approving:
    return Approving(job)


def frame(folder: Path, number: int) -> bytes:
    """The pixels of one frame."""
    return cv2.imread(str(folder / "frames" / f"{number:04d}.png")).tobytes()


def source_rows(take: Path) -> int:
    """Source rows that the job ran through the network."""
    return json.loads((take / "report.json").read_bytes())["network_rows"]["source"]


def approving(job: Runner, clip: Path, preview: Path, *numbers: int, **options: Any) -> dict:
    """The fields of a request that approves those keyframes of a preview."""
    blank = job.order(clip, **options).request
    for path in (preview / "frames").iterdir():
        if int(path.stem) not in numbers:
            path.unlink()
    request = with_approved(blank, preview)
    fields = ("keyframes", "approved", "rolls")
    return {**options, **{name: getattr(request, name) for name in fields}}


def test_approved_keyframes_come_back_as_they_were_previewed(
    job: Runner, clip: MakeClip, approve: Approving
) -> None:
    movie = clip(12)
    preview = job(movie, kind=JobKind.KEYFRAMES)
    plain = job(movie)
    take = approve(movie, 1, 9)
    for number in (1, 9):
        assert frame(take, number) == frame(preview, number)
    changed = [n for n in (3, 5, 11) if frame(take, n) != frame(plain, n)]
    assert changed  # the others are edited in the light of the approved ones
    kept = contents(take)
    shutil.rmtree(cache_folder())
    shutil.rmtree(take)
    assert contents(approve(movie, 1, 9)) == kept


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"inversion_steps": 4, "inversion_iterations": 1},
        pytest.param({"inversion_steps": 4, "inversion_iterations": 0}, marks=pytest.mark.slow),
        pytest.param({"exact_source": True}, marks=pytest.mark.slow),
        pytest.param({"blend": Blend.PUBLISHED}, marks=pytest.mark.slow),
        pytest.param({"consistency": Consistency.EXTENDED}, marks=pytest.mark.slow),
    ],
)
def test_an_approval_after_a_take_only_looks_for_the_approved_ones(
    job: Runner, clip: MakeClip, approve: Approving, options: dict
) -> None:
    movie = clip(12)
    at_once = approve(movie, 1, 9, **options)
    kept, rows = contents(at_once), source_rows(at_once)
    shutil.rmtree(cache_folder())
    shutil.rmtree(at_once)
    plain = contents(job(movie, **options))
    after = approve(movie, 1, 9, **options)
    assert contents(after) == kept
    assert source_rows(after) <= rows / 2
    assert contents(job(movie, **options)) == plain
    tables = (cache_folder() / "inversion").glob("*/*/latents-0000.frames")
    assert sorted(len(Table(path).frames) for path in tables) == [3, 12]


def test_a_plain_take_after_an_approved_one_runs_no_source_rows(
    job: Runner, clip: MakeClip, approve: Approving
) -> None:
    movie = clip(12)
    plain = job(movie)
    kept = contents(plain)
    shutil.rmtree(cache_folder())
    shutil.rmtree(plain)
    approve(movie, 1, 9)
    assert source_rows(again := job(movie)) == 0
    assert contents(again) == kept


def test_a_rerolled_keyframe_leaves_the_approved_ones_as_they_are(
    job: Runner, clip: MakeClip
) -> None:
    movie = clip(12)
    first = job(movie, kind=JobKind.KEYFRAMES)
    shown = {number: frame(first, number) for number in (1, 5, 9)}
    rerolled = approving(job, movie, first, 1, 9)
    second = job(movie, kind=JobKind.KEYFRAMES, seed=5, variation=0.4, **rerolled)
    assert frame(second, 1) == shown[1]
    assert frame(second, 9) == shown[9]
    assert frame(second, 5) != shown[5]
    wanted = {number: frame(second, number) for number in (1, 5, 9)}

    take = job(movie, **approving(job, movie, second, 1, 5, 9))
    assert {number: frame(take, number) for number in wanted} == wanted
    request = EditRequest.from_json((take / "request.json").read_bytes())
    assert [roll.seed for roll in request.rolls] == [0, 5]
    kept = contents(take)
    shutil.rmtree(cache_folder())
    shutil.rmtree(take)
    order = dataclasses.replace(job.order(movie), request=request)
    assert contents(Path(job.run(order).folder)) == kept


def test_an_added_keyframe_is_edited_beside_the_others(job: Runner, clip: MakeClip) -> None:
    movie = clip(12)
    first = job(movie, kind=JobKind.KEYFRAMES)
    shown = frame(first, 1)
    fields = approving(job, movie, first, 1) | {"keyframes": (1, 7)}
    second = job(movie, kind=JobKind.KEYFRAMES, **fields)
    assert sorted(path.name for path in (second / "frames").iterdir()) == ["0001.png", "0007.png"]
    assert frame(second, 1) == shown
    alone = job(movie, kind=JobKind.KEYFRAMES, keyframes=(7,))
    assert frame(alone, 7) != frame(second, 7)


def test_the_deflicker_leaves_approved_keyframes_as_they_are(
    job: Runner, clip: MakeClip, approve: Approving
) -> None:
    movie = clip(9)
    raw = approve(movie, 1, 5, keyframes=(1, 5))
    steady = approve(movie, 1, 5, keyframes=(1, 5), deflicker=1.0)
    unlike = {n for n in range(9) if frame(raw, n) != frame(steady, n)}
    assert unlike
    assert not unlike & {1, 5}


def test_a_shorter_range_keeps_what_lies_in_it(
    job: Runner, clip: MakeClip, approve: Approving
) -> None:
    movie = clip(12)
    preview = job(movie, kind=JobKind.KEYFRAMES)
    take = approve(movie, 1, 9, frames=FrameRange(0, 7))
    assert frame(take, 1) == frame(preview, 1)
    assert len(list((take / "frames").iterdir())) == 8


def test_a_seed_that_draws_nothing_makes_no_other_edit(job: Runner, clip: MakeClip) -> None:
    movie = clip(5)
    job(movie, seed=1)
    job(movie, seed=2)
    assert len(list((cache_folder() / "edit").iterdir())) == 1


def test_what_no_preview_made_cannot_be_approved(job: Runner, clip: MakeClip) -> None:
    with pytest.raises(BadInput, match="Frame 2 is approved"):
        job.order(clip(9), rolls=(Roll((1,)),), approved=(Approval(2, 0),))


def test_keyframes_of_another_recipe_cannot_be_approved(job: Runner, clip: MakeClip) -> None:
    movie = clip(9)
    preview = job.order(movie, keyframes=(1,), prompt="a cube").request
    order = job.order(movie)
    request = with_versions(order.request, {1: preview})
    with pytest.raises(BadInput, match="another recipe"):
        job.run(dataclasses.replace(order, request=request))
