"""The input space: what the file says, else custom, else what the user names."""

from pathlib import Path

import numpy as np
import pytest

from tests.media.exr.writing import header, noise, write_parts
from tests.media.footage import frame, write_footage
from tokenflow_studio.core.errors import BadInput
from tokenflow_studio.media.clips import open_clip
from tokenflow_studio.media.colour.config import BUILT_IN, config_name
from tokenflow_studio.media.colour.guesses import InputSpace
from tokenflow_studio.media.colour.views import choose_view, displayed, views
from tokenflow_studio.media.stills import write_exr, write_png

AP1 = (0.713, 0.293, 0.165, 0.83, 0.128, 0.044, 0.32168, 0.33767)


def exr(path: Path, **attributes: object) -> Path:
    return write_parts(path, (header(8, 4, **attributes), {n: noise(4, 8) for n in "RGB"}))


def space(path: Path, colour: str | None = None) -> InputSpace:
    with open_clip(str(path), colour=colour) as clip:
        return clip.info.space


@pytest.mark.parametrize(
    ("name", "attributes", "found", "is_guess"),
    [
        ("p.exr", {"chromaticities": AP1}, "ACEScg", False),
        ("p.exr", {"colorInteropID": "lin_ap0_scene"}, "ACES2065-1", False),
        ("p.exr", {"acesImageContainerFlag": 1}, "ACES2065-1", False),
        ("plate_acescg.0001.exr", {}, "ACEScg", False),
        ("plate-raw.0001.exr", {}, "Raw", False),
        ("drawn.0001.exr", {}, "Linear Rec.709 (sRGB)", True),
        ("p.exr", {"colorInteropID": "srgb_rec709_display"}, "sRGB - Display", False),
        ("p.exr", {}, "Linear Rec.709 (sRGB)", True),
        ("p.exr", {"chromaticities": (0.1,) * 8}, "Linear Rec.709 (sRGB)", True),
    ],
)
def test_an_exr_tells_or_is_guessed(
    name: str, attributes: dict[str, object], found: str, is_guess: bool, tmp_path: Path
) -> None:
    guess = space(exr(tmp_path / name, **attributes))
    assert (guess.name, guess.is_guess) == (found, is_guess)
    assert guess.reason


def test_other_kinds_are_a_displays_codes(tmp_path: Path) -> None:
    write_png(tmp_path / "a.png", frame(1))
    write_footage(tmp_path / "a.mp4", 2)
    assert space(tmp_path / "a.png").name == "sRGB - Display"
    movie = space(tmp_path / "a.mp4")
    assert (movie.name, movie.is_guess) == ("Rec.1886 Rec.709 - Display", True)
    write_exr(tmp_path / "display.exr", frame(1), scene_linear=False)
    with open_clip(str(tmp_path / "display.exr")) as clip:
        assert not clip.info.is_scene_linear
        assert clip.read(0) == pytest.approx(frame(1), abs=1e-3)


@pytest.mark.parametrize(
    ("name", "found"),
    [("ACEScg", "ACEScg"), ("acescg", "ACEScg"), ("logc4", "ARRI LogC4"),
     ("lin_rec709", "Linear Rec.709 (sRGB)"), ("scene_linear", "ACEScg")],
)  # fmt: skip
def test_the_user_decides(name: str, found: str, tmp_path: Path) -> None:
    chosen = space(exr(tmp_path / "p.exr", chromaticities=AP1), name)
    assert (chosen.name, chosen.is_guess) == (found, False)


def test_an_unknown_space_is_refused_with_those_that_come_near(tmp_path: Path) -> None:
    exr(tmp_path / "p.exr")
    with pytest.raises(BadInput, match=r"no colour space 'S-Log3'.*S-Log3 S-Gamut3, "):
        open_clip(str(tmp_path / "p.exr"), colour="S-Log3")


def test_light_of_other_primaries_is_shown_right(tmp_path: Path) -> None:
    red = np.zeros((4, 4, 3), np.float32)
    red[..., 0], red[..., 1], red[..., 2] = 0.6131, 0.0702, 0.0206  # Rec. 709 red in ACEScg
    channels = {name: red[..., n] for n, name in enumerate("RGB")}
    write_parts(tmp_path / "red.exr", (header(4, 4, chromaticities=AP1), channels))
    with open_clip(str(tmp_path / "red.exr")) as clip:
        assert clip.read(0)[0, 0] == pytest.approx((1, 0, 0), abs=0.02)


def test_ocio_wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OCIO", "ocio://cg-config-v2.2.0_aces-v1.3_ocio-v2.4")
    assert config_name() == "ocio://cg-config-v2.2.0_aces-v1.3_ocio-v2.4"
    exr(tmp_path / "p.exr")
    with open_clip(str(tmp_path / "p.exr")) as clip:
        assert clip.info.config == config_name()
    with pytest.raises(BadInput, match="no colour space 'ARRI LogC4'"):
        open_clip(str(tmp_path / "p.exr"), colour="ARRI LogC4")  # of the studio config alone
    monkeypatch.setenv("OCIO", str(tmp_path / "nowhere.ocio"))
    with pytest.raises(BadInput, match=r"cannot be used.*OCIO"):
        open_clip(str(tmp_path / "p.exr"))


def test_views_show_light_on_a_display() -> None:
    light = np.float32([[[0, 0, 0], [0.18] * 3, [1] * 3, [16] * 3, [np.nan] * 3]])
    assert str(views(BUILT_IN)[0]) == "sRGB - Display/ACES 1.0 - SDR Video"
    shown = displayed(light, "ACEScg", choose_view(None, BUILT_IN), BUILT_IN)[0, :, 0]
    assert shown[:4] == pytest.approx([0, 0.356, 0.812, 1.0], abs=0.01)
    assert shown[4] == shown[0]
    plain = displayed(light, "ACEScg", choose_view("Un-tone-mapped", BUILT_IN), BUILT_IN)
    assert plain[0, :3, 0] == pytest.approx([0, 0.461, 1.0], abs=0.01)
    video = choose_view("Rec.1886 Rec.709 - Display/ACES 1.0 - SDR Video", BUILT_IN)
    assert video.display == "Rec.1886 Rec.709 - Display"
    with pytest.raises(BadInput, match=r"no view 'Film'.*Un-tone-mapped"):
        choose_view("Film", BUILT_IN)
