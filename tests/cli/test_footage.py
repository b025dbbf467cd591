"""The commands of the README on real footage, with the built-in model and few steps."""

from pathlib import Path

import av
import numpy as np
import OpenImageIO as oiio  # noqa: N813 - as its own documentation writes it
import pytest

from tokenflow_studio.cli import main
from tokenflow_studio.core.paths import resource

pytestmark = pytest.mark.skipif(
    not resource("demo", "model", "unet").is_dir(), reason="the demo model is not there"
)
PROMPT = "a watercolor painting of a wolf"
QUICK = ["--steps", "2", "--inversion-steps", "2", "--size", "128x128", "--device", "cpu"]


@pytest.fixture(autouse=True)
def _one_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", "1")


def edit(clip: Path, output: Path, *options: str) -> int:
    return main(["edit", str(clip), "-p", PROMPT, "-o", str(output), *QUICK, *options])


@pytest.mark.slow
def test_a_movie_becomes_as_many_pictures_of_its_own_size(shared: Path, tmp_path: Path) -> None:
    assert edit(shared / "clips" / "wolf.mp4", tmp_path / "wolf.####.png") == 0
    files = sorted(tmp_path.glob("wolf.*.png"))
    assert [file.name for file in files] == [f"wolf.{n:04d}.png" for n in range(40)]
    spec = oiio.ImageInput.open(str(files[7])).spec()
    assert (spec.width, spec.height, spec.nchannels) == (512, 512, 3)


@pytest.mark.slow
def test_a_range_is_inclusive(shared: Path, tmp_path: Path) -> None:
    clip = shared / "clips" / "woman-running.mp4"
    assert edit(clip, tmp_path / "run.####.png", "--frames", "0-36") == 0
    assert len(list(tmp_path.glob("run.*.png"))) == 37


@pytest.mark.slow
def test_a_movie_becomes_a_movie_of_the_same_rate_and_length(shared: Path, tmp_path: Path) -> None:
    assert edit(shared / "clips" / "wolf.mp4", tmp_path / "wolf.mp4") == 0
    with av.open(tmp_path / "wolf.mp4") as movie:
        stream = movie.streams.video[0]
        assert stream.average_rate == 20
        assert (stream.width, stream.height) == (512, 512)
        assert sum(1 for _ in movie.decode(video=0)) == 40


@pytest.mark.slow
def test_plates_keep_their_frame_numbers_and_stay_linear(shared: Path, tmp_path: Path) -> None:
    plates = shared / "clips" / "exr" / "beachball.####.exr"
    assert edit(plates, tmp_path / "ball.####.exr", "--frames", "3-4") == 0
    files = sorted(tmp_path.glob("ball.*.exr"))
    assert [file.name for file in files] == [f"ball.{n:04d}.exr" for n in (3, 4)]
    image = oiio.ImageInput.open(str(files[0]))
    spec = image.spec()
    source = oiio.ImageInput.open(str(plates).replace("####", "0003")).spec()
    assert (spec.full_width, spec.full_height) == (2048, 1556)  # the display window
    assert (spec.x, spec.y, spec.width, spec.height) == (
        source.x, source.y, source.width, source.height,
    )  # fmt: skip
    assert np.isfinite(image.read_image()).all()


@pytest.mark.parametrize("frames", ["5", "5-13"])
def test_one_frame_and_nine_frames_work(
    shared: Path, tmp_path: Path, frames: str, capsys: pytest.CaptureFixture[str]
) -> None:
    clip = shared / "clips" / "car-turn.mp4"
    assert edit(clip, tmp_path / "car.####.png", "--frames", frames) == 0
    said = capsys.readouterr().err
    assert "note: This is the small demo model" in said
    assert "'tokenflow-studio models add'" in said
    assert len(list(tmp_path.glob("car.*.png"))) == (1 if frames == "5" else 9)
