"""A whole job, in this process, with a tiny model."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import av
import cv2
import OpenImageIO as oiio  # noqa: N813 - as its own documentation writes it
import pytest

from tests.jobs.conftest import Runner, contents
from tokenflow_studio.core.errors import BadInput, Cancelled
from tokenflow_studio.core.files import _HOST
from tokenflow_studio.core.frames import FrameRange
from tokenflow_studio.core.job import EventKind, JobKind, Stage
from tokenflow_studio.core.paths import cache_folder
from tokenflow_studio.core.request import Blend, Consistency, EditRequest
from tokenflow_studio.engine.network import Network

MakeClip = Callable[[int], Path]


def report(take: Path) -> dict:
    return json.loads((take / "report.json").read_text("utf-8"))


@pytest.mark.parametrize("frames", [1, 2, 9])
def test_every_frame_comes_back_at_the_clips_own_size(
    job: Runner, clip: MakeClip, frames: int
) -> None:
    take = job(clip(frames))
    files = sorted((take / "frames").iterdir())
    assert [file.name for file in files] == [f"{n:04d}.png" for n in range(frames)]
    assert all(cv2.imread(str(file)).shape == (28, 40, 3) for file in files)
    assert (take / "contact_sheet.png").is_file()
    with av.open(take / "side_by_side.mp4") as movie:
        assert sum(1 for _ in movie.decode(video=0)) == frames
    assert EditRequest.from_json((take / "request.json").read_bytes()).prompt == "a red ball"
    assert report(take)["state"] == "done"


def test_a_second_prompt_runs_no_source_rows_and_equals_a_run_from_an_empty_cache(
    job: Runner, clip: MakeClip
) -> None:
    movie = clip(9)
    first = job(movie, prompt="a red ball")
    assert report(first)["network_rows"]["source"] > 0
    second = job(movie, prompt="a blue cube")
    assert report(second)["network_rows"]["source"] == 0
    assert report(second)["network_rows"]["edit"] > 0
    assert second != first
    kept = contents(second)
    shutil.rmtree(cache_folder())
    shutil.rmtree(second)
    assert contents(job(movie, prompt="a blue cube")) == kept


def test_the_same_request_is_the_same_take_and_runs_nothing_again(
    job: Runner, clip: MakeClip, monkeypatch: pytest.MonkeyPatch
) -> None:
    movie = clip(5)
    first = job(movie)
    told = report(first)

    def no_call(*_arguments: object) -> None:
        raise AssertionError("the network ran again")

    monkeypatch.setattr(Network, "__call__", no_call)
    assert job(movie) == first
    assert report(first) == told


def test_takes_of_a_project_lie_where_the_order_says(
    job: Runner, clip: MakeClip, tmp_path: Path
) -> None:
    folder = job(clip(4), steps=2, takes=str(tmp_path / "film takes"), least_version=3)
    assert folder == tmp_path / "film takes" / "clip4" / "v003"
    again = job(clip(4), steps=2, seed=1, technique="sdedit", takes=str(folder.parents[1]))
    assert again.name == "v004"


def test_a_take_tells_how_it_was_made(job: Runner, clip: MakeClip) -> None:
    take = job(clip(5))
    told = report(take)
    assert told["measures"]["warp_error"] > 0
    assert told["measures"]["warp_error_of_source"] > 0
    assert set(told["seconds"]) == set(Stage) - {Stage.KEYFRAMES, Stage.DEFLICKER}
    assert told["settings"]["steps"] == 4
    assert "propagate" in (take / "log.txt").read_text("utf-8")


def test_what_killed_workers_left_half_written_goes(job: Runner, clip: MakeClip) -> None:
    movie = clip(3)
    take = job(movie)
    orphan = take / "frames" / f"0001.png.{_HOST}-999999999-0123abcd.tmp"
    orphan.write_bytes(b"half")
    assert job(movie) == take
    assert not orphan.exists()


def test_what_a_preview_computed_serves_the_take_and_changes_no_bit_of_it(
    job: Runner, clip: MakeClip
) -> None:
    movie = clip(16)
    alone = job(movie)
    rows, kept = report(alone)["network_rows"]["source"], contents(alone)
    shutil.rmtree(cache_folder())
    shutil.rmtree(alone)
    job(movie, kind=JobKind.KEYFRAMES)
    after = job(movie)
    assert report(after)["network_rows"]["source"] < rows
    assert contents(after) == kept


def test_a_preview_saves_the_take_evaluations_where_every_step_is_captured(
    job: Runner, clip: MakeClip
) -> None:
    # Every frame is a keyframe: else it is the plan's chance how full the calls get.
    movie, steps = clip(8), {"steps": 4, "inversion_steps": 4, "keyframe_interval": 1}
    alone = job(movie, **steps)
    rows, kept = report(alone)["network_rows"]["source"], contents(alone)
    shutil.rmtree(cache_folder())
    shutil.rmtree(alone)
    job(movie, kind=JobKind.KEYFRAMES, **steps)
    after = job(movie, **steps)
    assert report(after)["network_rows"]["source"] < rows
    assert contents(after) == kept


def test_the_preview_shows_the_middle_of_each_interval(job: Runner, clip: MakeClip) -> None:
    folder = job(clip(10), kind=JobKind.KEYFRAMES)
    assert sorted(p.name for p in (folder / "frames").iterdir()) == [
        "0001.png",
        "0005.png",
        "0008.png",
    ]
    assert {e.stage for e in job.events if e.stage} == set(Stage) - {
        Stage.PROPAGATE,
        Stage.DEFLICKER,
    }
    moved = job(clip(10), kind=JobKind.KEYFRAMES, keyframes=(0, 9))
    assert sorted(p.name for p in (moved / "frames").iterdir()) == ["0000.png", "0009.png"]


def test_the_preview_costs_a_fraction_of_the_take(job: Runner, clip: MakeClip) -> None:
    movie = clip(40)
    preview = report(job(movie, kind=JobKind.KEYFRAMES, keyframe_interval=8))["network_rows"]
    shutil.rmtree(cache_folder())
    take = report(job(movie, keyframe_interval=8))["network_rows"]
    assert sum(preview.values()) <= 0.25 * sum(take.values())


def test_a_cancelled_job_stops_within_a_step_and_goes_on_later(job: Runner, clip: MakeClip) -> None:
    movie = clip(9)
    whole = job(movie)
    kept = contents(whole)
    shutil.rmtree(cache_folder())
    shutil.rmtree(whole)
    calls = iter(range(10_000))
    with pytest.raises(Cancelled):
        job.run(job.order(movie), lambda: next(calls) > 30)
    steps = [e for e in job.events if e.kind is EventKind.PROGRESS]
    assert steps[-1].stage is not Stage.WRITE
    assert contents(job(movie)) == kept


@pytest.mark.parametrize("blend", [Blend.LINEAR, Blend.PUBLISHED])
def test_other_blends_run(job: Runner, clip: MakeClip, blend: Blend) -> None:
    movie = clip(9)
    default, other = job(movie), job(movie, blend=blend)
    assert contents(default) != contents(other)


@pytest.mark.parametrize("consistency", list(Consistency))
def test_ablations_are_settings_of_the_same_engine(
    job: Runner, clip: MakeClip, consistency: Consistency
) -> None:
    take = job(clip(9), consistency=consistency)
    assert len(list((take / "frames").iterdir())) == 9


def test_sdedit_starts_from_noise_by_seed(job: Runner, clip: MakeClip) -> None:
    movie = clip(4)
    one = job(movie, technique="sdedit", strength=0.5, seed=1)
    two = job(movie, technique="sdedit", strength=0.5, seed=2)
    assert contents(one) != contents(two)
    assert report(one)["settings"]["steps"] == 2


def test_exact_source_is_another_way_to_capture(job: Runner, clip: MakeClip) -> None:
    movie = clip(5)
    captured = job(movie)
    shutil.rmtree(cache_folder())
    exact = job(movie, exact_source=True)
    assert report(exact)["network_rows"]["source"] > report(captured)["network_rows"]["source"]
    assert len(contents(exact)) == len(contents(captured))


def test_frames_keep_their_numbers(job: Runner, clip: MakeClip, tmp_path: Path) -> None:
    movie = clip(9)
    job(movie, frames=FrameRange(3, 6), output=str(tmp_path / "out" / "a.####.png"))
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == [
        f"a.{n:04d}.png" for n in (3, 4, 5, 6)
    ]
    job(
        movie,
        frames=FrameRange(3, 6),
        start_frame=1001,
        output=str(tmp_path / "b.####.exr"),
    )
    assert len(list(tmp_path.glob("b.100[1-4].exr"))) == 4


def test_a_movie_keeps_rate_and_frame_count(job: Runner, clip: MakeClip, tmp_path: Path) -> None:
    job(clip(9), output=str(tmp_path / "out.mp4"))
    with av.open(tmp_path / "out.mp4") as movie:
        assert movie.streams.video[0].average_rate == 24
        assert sum(1 for _ in movie.decode(video=0)) == 9


def test_files_of_another_request_are_not_replaced(
    job: Runner, clip: MakeClip, tmp_path: Path
) -> None:
    movie, output = clip(4), str(tmp_path / "out.####.png")
    job(movie, output=output)
    (tmp_path / "out.0002.png").unlink()
    job(movie, output=output)  # the same request completes its own files
    assert (tmp_path / "out.0002.png").is_file()
    with pytest.raises(BadInput, match="already exists"):
        job(movie, output=output, prompt="another")
    job(movie, output=output, prompt="another", overwrite=True)


def test_a_damaged_cache_file_is_made_again(job: Runner, clip: MakeClip) -> None:
    movie = clip(5)
    take = job(movie)
    kept = contents(take)
    shutil.rmtree(take)
    shutil.rmtree(cache_folder() / "edit")
    for table in (cache_folder() / "inversion").rglob("source-*.frames"):
        content = bytearray(table.read_bytes())
        content[len(content) // 3] ^= 1
        table.write_bytes(content)
        break
    assert contents(job(movie)) == kept


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"frames": FrameRange(5, 20)}, "has no frame 20"),
        ({"technique": "magic"}, "magic"),
        ({"steps": 1000, "inversion_steps": 1000, "size": (9000, 10)}, "9000"),
        ({"kind": JobKind.KEYFRAMES, "keyframes": (99,)}, "99"),
    ],
)
def test_what_cannot_be_done_is_said(
    job: Runner, clip: MakeClip, options: dict, words: str
) -> None:
    with pytest.raises(BadInput, match=words):
        job(clip(9), **options)


def test_movies_and_exr_files_say_how_they_were_made(
    job: Runner, clip: MakeClip, tmp_path: Path
) -> None:
    movie, short = clip(2), {"steps": 2, "inversion_steps": 2, "seed": 5}
    job(movie, output=str(tmp_path / "a.mp4"), **short)
    job(movie, output=str(tmp_path / "a.####.exr"), **short)
    with av.open(tmp_path / "a.mp4") as made:
        in_movie = made.metadata["comment"]
    spec = oiio.ImageInput.open(str(tmp_path / "a.0001.exr")).spec()
    assert spec.get_string_attribute("tokenflow:recipe") == in_movie
    assert json.loads(in_movie).items() >= {"prompt": "a red ball", **short}.items()
