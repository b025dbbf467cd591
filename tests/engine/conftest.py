"""Models on disk, made once; tests that change one copy it first.

Each is a diffusers folder and a single checkpoint with the same weights.
"""

from pathlib import Path

import pytest

from tests.engine.sd_models import write_sd


@pytest.fixture(scope="session")
def sd1(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A small model like SD 1.x."""
    return write_sd(tmp_path_factory.mktemp("sd1"), second=False)


@pytest.fixture(scope="session")
def sd2(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A small model like SD 2.x."""
    return write_sd(tmp_path_factory.mktemp("sd2"), second=True)


@pytest.fixture(params=["sd1", "sd2"])
def sd(request: pytest.FixtureRequest) -> tuple[Path, Path]:
    """Either of them."""
    return request.getfixturevalue(request.param)
