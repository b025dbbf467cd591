"""What a package settles of an edit; a colour space that is missing here is asked for."""

import dataclasses
from pathlib import Path

import pytest

from bridge.exchange.facts import Facts
from bridge.exchange.manifest import Colour
from bridge.exchange.orders import colour_of, open_here, request_fields
from bridge.exchange.sending import send
from tests.bridge.exchange.full_manifest import FULL
from tokenflow_studio.core.errors import BadInput
from tokenflow_studio.core.finishing import AlphaMode
from tokenflow_studio.core.frames import FrameRange
from tokenflow_studio.core.request import EditRequest
from tokenflow_studio.core.settings import Settings, save_settings


def test_a_package_settles_media_range_rate_colour_and_alpha(plate: str, tmp_path: Path) -> None:
    facts = Facts(
        frames=FrameRange(1002, 1007), cut=FrameRange(1003, 1006), matte=plate,
        colour=Colour(file="acescg"), premultiplied=False,
    )  # fmt: skip
    package = send(plate, tmp_path / "exchange", "sh010", facts)
    request = EditRequest(prompt="snow", **request_fields(package))
    assert (request.clip, request.matte) == (package.clip, package.matte)
    assert (request.frames, str(request.rate)) == (FrameRange(1002, 1007), "24000/1001")
    assert (request.colour, request.alpha) == ("ACEScg", AlphaMode.STRAIGHT)


def test_a_space_that_is_missing_here_is_asked_for(plate: str, tmp_path: Path) -> None:
    colour = Colour(file="Show LogX", config="/show/config.ocio")
    package = send(plate, tmp_path / "exchange", "sh010", Facts(colour=colour))
    with pytest.raises(BadInput) as caught:
        request_fields(package)
    said = str(caught.value)
    assert "'Show LogX' of /show/config.ocio" in said
    assert "--colour" in said
    assert "\n" not in said
    assert request_fields(package, "ACEScg")["colour"] == "ACEScg"


def test_a_host_that_does_not_say_leaves_the_guess() -> None:
    assert colour_of(dataclasses.replace(FULL, colour=Colour())) is None


def test_the_settings_say_where_versions_may_go(plate: str, tmp_path: Path) -> None:
    package = send(plate, tmp_path / "exchange", "sh010", Facts())
    text = (package.folder / "shot.json").read_text()
    (package.folder / "shot.json").write_text(text.replace('"versions"', '"/mnt/show/back"'))
    with pytest.raises(BadInput, match="neither in the package nor in the return folder"):
        open_here(package.folder)
    save_settings(Settings(return_folder="/mnt/show"))
    assert open_here(package.folder).returns == Path("/mnt/show/back")
