"""`measure` on clips whose measures are known."""

import json
from pathlib import Path

import numpy as np
import pytest

from tokenflow_studio.bench.flickering import flickering, scene
from tokenflow_studio.cli import main
from tokenflow_studio.media.clips import open_clip
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


def measured(
    capsys: pytest.CaptureFixture[str], source: str, edit: str, *options: str
) -> dict[str, float]:
    assert main(["measure", source, edit, "--json", *options]) == 0
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
    assert noise < found["interpolation_error"] < 2 * noise
    assert "psnr_outside" not in found
    assert "prompt_match" not in found


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
    assert [line.split()[-1] for line in lines] == ["1", "-", "-", "-", "-", "equal", "1.0000"]


def test_clips_that_do_not_belong_together(
    clips: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["measure", clips["short"], clips["source"]]) == 2
    assert "equal length" in capsys.readouterr().err


def test_outside_a_matte_an_edit_is_its_source(
    clips: dict[str, str], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    left = np.zeros((48, 64, 3), np.float32)
    left[:, :40] = 1
    write_png(tmp_path / "m.png", left)
    with open_clip(clips["source"]) as source, open_clip(clips["edit"]) as edit:
        frames = [(source.read(n), edit.read(n)) for n in source.info.frames]
    mixed = write_frames(tmp_path, "mixed", [np.where(left, b, a) for a, b in frames])
    matte = ("--matte", str(tmp_path / "m.png"))
    found = measured(capsys, clips["source"], mixed, *matte)
    assert found["psnr"] < 45
    assert (found["psnr_outside"], found["ssim_outside"]) == (None, 1)
    turned = measured(capsys, clips["source"], mixed, *matte, "--matte-invert")
    assert turned["psnr_outside"] == pytest.approx(36.1, abs=0.5)
    assert turned["ssim_outside"] < found["ssim"] < 1


def test_any_clip_model_scores_an_edit_in_the_worker(
    clips: dict[str, str], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    from tests.clip_model import write_clip_model
    from tokenflow_studio.engine.scorer import load_scorer

    folder = write_clip_model(tmp_path / "scorer")
    options = ("-p", "a (red:1.2) ball", "--scorer", str(folder))
    found = measured(capsys, clips["source"], clips["edit"], *options)
    with open_clip(clips["edit"]) as edit:
        frames = [edit.read(n) for n in edit.info.frames]
    expected = load_scorer(folder, "cpu").score(frames, "a red ball")
    assert found["prompt_match"] == pytest.approx(expected.prompt_match, abs=1e-4)
    assert found["frame_consistency"] == pytest.approx(expected.frame_consistency, abs=1e-4)
    assert main(["measure", clips["source"], clips["edit"], "--scorer", str(tmp_path / "no")]) == 2
    assert "no scorer in" in capsys.readouterr().err
