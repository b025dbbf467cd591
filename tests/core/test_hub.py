"""A model of the hub by its id, from a server on this machine that answers like the hub."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.core.model_server import ModelServer, model_file
from tokenflow_studio.core.downloads import fetch, size_left
from tokenflow_studio.core.errors import BadInput, JobFailed
from tokenflow_studio.core.hub import is_hub_id, look_at_model

UNET = "unet/diffusion_pytorch_model"
FILES = {
    "model_index.json": b"{}",
    "unet/config.json": b'{"a": 1}',
    f"{UNET}.safetensors": model_file(200_000),
    f"{UNET}.fp16.safetensors": model_file(100_000),
    "vae/diffusion_pytorch_model.safetensors": model_file(5_000),
    "text_encoder/model.safetensors": model_file(6_000),
    "text_encoder/pytorch_model.bin": b"a pickle",
    "README.md": b"hello",
}
UNWANTED = {"README.md", f"{UNET}.safetensors", "text_encoder/pytorch_model.bin"}
WANTED = sorted(FILES.keys() - UNWANTED)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModelServer]:
    """A hub with one model, maker/tiny."""
    with ModelServer(model_file()) as made:
        made.folder = dict(FILES)
        monkeypatch.setenv("HF_ENDPOINT", made.hub)
        yield made


def test_ids_are_told_from_addresses() -> None:
    assert is_hub_id("maker/tiny-2.1")
    assert not is_hub_id("https://maker/tiny")
    assert not is_hub_id("maker/tiny/unet")
    assert not is_hub_id("../tiny")


def test_size_and_licence_are_told_of_what_would_be_fetched(server: ModelServer) -> None:
    offer = look_at_model("maker/tiny")
    assert (offer.name, offer.title) == ("tiny", "maker/tiny")
    assert offer.licence == "creativeml-openrail-m"
    assert sorted(part.name for part in offer.parts) == WANTED
    assert offer.size == sum(len(FILES[path]) for path in WANTED)


def test_it_arrives_as_a_folder_without_pickles(server: ModelServer, tmp_path: Path) -> None:
    told: list[int] = []
    offer = look_at_model("maker/tiny")
    folder, _ = fetch(offer, tmp_path, tell=told.append)
    found = [path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()]
    assert sorted(found) == WANTED
    assert all((folder / path).read_bytes() == FILES[path] for path in WANTED)
    assert told == sorted(told)
    assert told[-1] == offer.size
    with pytest.raises(BadInput, match="is there already"):
        fetch(offer, tmp_path)


def test_a_break_goes_on_in_the_file_where_it_was(server: ModelServer, tmp_path: Path) -> None:
    server.break_after = 40_000
    offer = look_at_model("maker/tiny")
    with pytest.raises(JobFailed, match="goes on from there"):
        fetch(offer, tmp_path)
    assert not (tmp_path / "tiny").exists()
    assert size_left(offer, tmp_path) <= offer.size - 40_000
    folder, _ = fetch(look_at_model("maker/tiny"), tmp_path)
    assert "bytes=40000-" in server.asked
    assert all((folder / path).read_bytes() == FILES[path] for path in WANTED)


def test_a_file_that_is_not_what_the_hub_says_is_refused(
    server: ModelServer, tmp_path: Path
) -> None:
    server.wrong = "vae/diffusion_pytorch_model.safetensors"
    with pytest.raises(BadInput, match="not what was expected"):
        fetch(look_at_model("maker/tiny"), tmp_path)
    assert not (tmp_path / "tiny").exists()


def test_what_is_no_model_is_told(server: ModelServer) -> None:
    with pytest.raises(BadInput, match="404"):
        look_at_model("maker/nothing")
    del server.folder[f"{UNET}.safetensors"], server.folder[f"{UNET}.fp16.safetensors"]
    with pytest.raises(BadInput, match="no model in diffusers' layout"):
        look_at_model("maker/tiny")
