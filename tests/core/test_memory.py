"""The memory that a job needs, told from a model's files."""

import json
import struct
from pathlib import Path

import pytest

from tokenflow_studio.core.memory import KEYFRAME_LIMIT, needed_memory, read_shape
from tokenflow_studio.core.paths import resource

GIB = 2**30


def write_file(path: Path, *shapes: tuple[int, ...]) -> Path:
    """A safetensors file's header; the content is not read."""
    tensors = {str(i): {"dtype": "F16", "shape": shape} for i, shape in enumerate(shapes)}
    header = json.dumps({"__metadata__": {}, **tensors}).encode()
    path.write_bytes(struct.pack("<Q", len(header)) + header)
    return path


@pytest.fixture
def sd(tmp_path: Path) -> Path:
    """A single file with as many parameters as Stable Diffusion 2.1 has."""
    return write_file(tmp_path / "v2-1.safetensors", (1000, 1290, 1000))


def test_the_demo_model_is_read_from_its_folder() -> None:
    shape = read_shape(resource("demo", "model"))
    assert shape is not None
    assert shape.parameters == pytest.approx(12.2e6, rel=0.01)
    assert (shape.channels, shape.tokens, shape.scale) == (64, 336, 8)


def test_a_single_file_is_of_the_known_architecture(sd: Path) -> None:
    shape = read_shape(sd)
    assert shape is not None
    assert shape.parameters == 1_290_000_000
    # 320 channels five times, 640 at a quarter, 1280 at a sixteenth, and one of 1280 in the middle.
    assert shape.tokens == 5 * 320 + 5 * 640 / 4 + 5 * 1280 / 16 + 1280 / 64


def test_variants_of_the_same_weights_count_once(tmp_path: Path) -> None:
    for part in ("unet", "vae", "text_encoder"):
        (tmp_path / part).mkdir()
        write_file(tmp_path / part / "model.safetensors", (10, 10))
        write_file(tmp_path / part / "model.fp16.safetensors", (10, 10))
    for part in ("unet", "vae"):
        config = resource("models", "sd1", f"{part}.json").read_bytes()
        (tmp_path / part / "config.json").write_bytes(config)
    shape = read_shape(tmp_path)
    assert shape is not None
    assert shape.parameters == 300


@pytest.mark.parametrize("content", [b"", b"not a model at all", b"\xff" * 40])
def test_nothing_is_said_of_what_is_no_model(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x.safetensors").write_bytes(content)
    assert read_shape(tmp_path / "x.safetensors") is None
    assert read_shape(tmp_path) is None
    assert read_shape(tmp_path / "nowhere") is None


def test_memory_grows_with_pixels_and_keyframes_up_to_the_limit(sd: Path) -> None:
    shape = read_shape(sd)
    assert shape is not None
    small = needed_memory(shape, "cuda", 512 * 512, 12)
    assert small < needed_memory(shape, "cuda", 768 * 768, 12)
    assert small < needed_memory(shape, "cuda", 512 * 512, KEYFRAME_LIMIT)
    most = needed_memory(shape, "cuda", 512 * 512, KEYFRAME_LIMIT)
    assert most == needed_memory(shape, "cuda", 512 * 512, 1000)
    assert needed_memory(shape, "cuda", 512 * 512, 12, branches=1) < small
    assert small < needed_memory(shape, "cpu", 512 * 512, 12)  # 32 bits in place of 16


def test_stable_diffusion_at_its_size_fits_8_gb_but_not_4(sd: Path) -> None:
    shape = read_shape(sd)
    assert shape is not None
    assert 4 * GIB < needed_memory(shape, "cuda", 512 * 512, 5) < 8 * GIB
