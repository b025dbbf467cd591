"""Every version is named, in one place, and none is older than safety asks for."""

import re
import tomllib
from importlib.metadata import packages_distributions, version

import av
import OpenImageIO
import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from tests.source_files import HOST_MODULES, OWN_MODULES, ROOT, foreign_imports, python_files

INSTALLERS = ROOT / "installers"
MINIMUMS = tomllib.loads((INSTALLERS / "min_versions.toml").read_text(encoding="utf-8"))


def _lines(name: str) -> list[str]:
    text = (INSTALLERS / name).read_text(encoding="utf-8")
    stripped = (line.partition("#")[0].strip() for line in text.splitlines())
    return [line for line in stripped if line]


def _requirements(name: str) -> list[Requirement]:
    return [Requirement(line) for line in _lines(name)]


def _pins(name: str) -> set[tuple[str, str]]:
    return {(canonicalize_name(each.name), str(each.specifier)) for each in _requirements(name)}


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt", "requirements.lock"])
def test_every_requirement_is_pinned(name: str) -> None:
    loose = [
        str(each)
        for each in _requirements(name)
        if [part.operator for part in each.specifier] != ["=="] or "*" in str(each.specifier)
    ]
    assert loose == []


def test_torch_is_spelled_exactly() -> None:
    # Any other spelling may fetch another build.
    assert [line for line in _lines("requirements.txt") if "torch" in line] == ["torch==2.13.0"]


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_the_lock_agrees_with_the_requirements(name: str) -> None:
    assert _pins(name) <= _pins("requirements.lock")


def test_what_is_installed_is_what_is_pinned() -> None:
    for name in ("requirements.txt", "requirements-dev.txt"):
        for each in _requirements(name):
            assert each.specifier.contains(version(each.name)), each.name


def test_everything_that_is_imported_is_required() -> None:
    required = {canonicalize_name(each.name) for each in _requirements("requirements.txt")}
    providers = packages_distributions()
    lacking = {
        f"{path.relative_to(ROOT)}: {module}"
        for path in python_files("tokenflow_studio", "bridge")
        for module in foreign_imports(path) - OWN_MODULES - HOST_MODULES
        # Python 3.11 overlooks modules that are a single compiled file: those go by their own name.
        if not required & {canonicalize_name(name) for name in providers.get(module, [module])}
    }
    assert lacking == set()


@pytest.mark.parametrize("package", sorted(MINIMUMS["packages"]))
def test_packages_are_new_enough_to_be_safe(package: str) -> None:
    assert Version(version(package)) >= Version(MINIMUMS["packages"][package])


def test_bundled_openexr_is_new_enough_to_be_safe() -> None:
    libraries = str(OpenImageIO.get_string_attribute("library_list"))
    found = re.search(r"OpenEXR ([\d.]+)", libraries)
    assert found, libraries
    assert Version(found[1]) >= Version(MINIMUMS["bundled"]["OpenEXR"])


def test_bundled_ffmpeg_is_new_enough_to_be_safe() -> None:
    assert Version(av.ffmpeg_version_info) >= Version(MINIMUMS["bundled"]["FFmpeg"])
