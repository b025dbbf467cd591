"""`measure` on clips whose measures are known."""

import json
from pathlib import Path

import numpy as np
import pytest

from tokenflow_studio.bench.flickering import flickering, scene
from tokenflow_studio.cli import main
from tokenflow_studio.media.stills import write_png


def write_frames(folder: Path, name: str, images: list[np.ndarray]) -> str:
    for n, image in enumerate(images):
        write_png(folder / f"{name}.{n:04d}.png", image)
    return str(folder / f"{name}.####.png")


@pytest.fixture(scope="module")
def clips(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("clips")
    pan = scene("pan", (48, 64), 6)
    return {
        "source": write_frames(folder, "source", pan.truth),
        "edit": write_frames(folder, "edit", flickering(pan.truth, "noise")),
        "short": write_frames(folder, "short", pan.truth[:1]),
    }


def measured(capsys: pytest.CaptureFixture[str], source: str, edit: str) -> dict[str, float]:
    assert main(["measure", source, edit, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_flicker_of_known_strength(
    clips: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    found = measured(capsys, clips["source"], clips["edit"])
    assert found["frames"] == 6
    assert found["psnr"] == pytest.approx(36.1, abs=0.3)
    assert 0.8 < found["ssim"] < 1
    assert found["warp_error"] > found["warp_error_of_source"]
    noise = 1000 * (4 / 255) ** 2  # sampled between pixels it loses up to half its energy
    assert noise < found["flicker_energy"] < 2 * noise


def test_a_clip_against_itself(clips: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    found = measured(capsys, clips["source"], clips["source"])
    assert found["flicker_energy"] == 0
    assert found["psnr"] is None
    assert found["ssim"] == 1


def test_a_single_frame_has_no_motion(
    clips: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["measure", clips["short"], clips["short"]]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len({len(line) for line in lines}) == 1
    assert [line.split()[-1] for line in lines] == ["1", "-", "-", "-", "-", "1.0000"]


def test_clips_that_do_not_belong_together(
    clips: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["measure", clips["short"], clips["source"]]) == 2
    assert "equal length" in capsys.readouterr().err
