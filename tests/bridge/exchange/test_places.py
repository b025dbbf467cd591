"""Paths in packages: other machines' spellings are mapped, and none leads where it must not."""

import dataclasses
from pathlib import Path

import pytest

from bridge.exchange.manifest import Footage, ReturnPlace
from bridge.exchange.places import localised, media_spec, return_folder
from tests.bridge.exchange.full_manifest import FULL
from tokenflow_studio.core.errors import BadInput
from tokenflow_studio.core.frames import FrameRange

ROOTS = (
    (r"Z:\show", "/mnt/show"),
    (r"Z:\show\plates", "/fast/plates"),
    (r"\\server\share", "/mnt/share"),
    ("/Volumes/show", "/mnt/show"),
)


def footage(media: str) -> Footage:
    return Footage(media=media, frames=FrameRange(1, 2), host_first=1)


@pytest.mark.parametrize(
    ("path", "here"),
    [
        (r"Z:\show\sh010\a.####.exr", "/mnt/show/sh010/a.####.exr"),
        ("z:/SHOW/sh010/a.exr", "/mnt/show/sh010/a.exr"),
        (r"Z:\show\plates\a.exr", "/fast/plates/a.exr"),
        (r"\\server\share\a b\c.exr", "/mnt/share/a b/c.exr"),
        ("//server/share/c.exr", "/mnt/share/c.exr"),
        ("/Volumes/show/c.exr", "/mnt/show/c.exr"),
        ("/Volumes/shows/c.exr", "/Volumes/shows/c.exr"),
    ],
)
def test_the_longest_root_that_fits_counts(path: str, here: str) -> None:
    assert localised(path, ROOTS) == here


def test_media_lies_in_the_package_or_at_an_absolute_path(tmp_path: Path) -> None:
    assert media_spec(tmp_path, footage("plate/a b.####.exr"), ()) == str(
        tmp_path / "plate/a b.####.exr"
    )
    assert media_spec(tmp_path, footage("/shows/a.mov"), ()) == "/shows/a.mov"
    assert media_spec(tmp_path, footage(r"Z:\show\a.dpx"), ROOTS) == "/mnt/show/a.dpx"


@pytest.mark.parametrize(
    ("media", "said"),
    [
        ("../a.exr", "leads out of the package"),
        ("plate/../../a.exr", "leads out of the package"),
        (r"plate\..\..\a.exr", "leads out of the package"),
        ("/etc/passwd", "no media file"),
        ("plate/run.py", "no media file"),
        (r"Q:\other\a.exr", "path of another system"),
    ],
)
def test_media_elsewhere_is_refused(media: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=said):
        media_spec(tmp_path, footage(media), ROOTS)


def test_a_link_out_of_the_package_is_refused(tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    package = tmp_path / "package"
    package.mkdir()
    (package / "plate").symlink_to(tmp_path / "outside")
    with pytest.raises(BadInput, match="leads out of the package"):
        media_spec(package, footage("plate/a.exr"), ())


def test_a_package_that_is_reached_by_a_link_works(tmp_path: Path) -> None:
    (tmp_path / "package").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "package")
    assert media_spec(tmp_path / "link", footage("a.exr"), ()) == str(tmp_path / "link/a.exr")


def test_versions_go_into_the_package_or_the_folder_of_the_settings(tmp_path: Path) -> None:
    def place(folder: str, allowed: str = "") -> Path:
        manifest = dataclasses.replace(FULL, returns=ReturnPlace(folder=folder))
        return return_folder(tmp_path, manifest, allowed, ROOTS)

    assert place("versions") == tmp_path / "versions"
    assert place(str(tmp_path / "back/x"), str(tmp_path / "back")) == tmp_path / "back/x"
    assert place(r"Z:\show\back", "/mnt/show") == Path("/mnt/show/back")
    for folder, allowed in [
        ("../versions", ""),
        ("/etc", ""),
        ("/mnt/show/../../etc", "/mnt/show"),
        (r"C:\Windows", "/mnt/show"),
    ]:
        with pytest.raises(BadInput):
            place(folder, allowed)
