"""Fetching a model over HTTP from a server on this machine: looked at, resumed, hashed, refused."""

import hashlib
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.core.model_server import ModelServer, model_file
from tokenflow_studio.core import downloads
from tokenflow_studio.core.downloads import fetch, look_at, size_left
from tokenflow_studio.core.errors import BadInput, Cancelled, JobFailed

CONTENT = model_file()
HASH = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture
def server() -> Iterator[ModelServer]:
    """It offers CONTENT."""
    with ModelServer(CONTENT) as made:
        yield made


def test_size_and_licence_are_told_before_anything_is_fetched(server: ModelServer) -> None:
    offer = look_at(server.address())
    assert (offer.name, offer.size) == ("tiny.safetensors", len(CONTENT))
    assert (offer.licence, offer.title, offer.resumes) == ("openrail", "Tiny", True)
    assert all(wanted.startswith("bytes=") for wanted in server.asked)
    server.parts = False
    assert not look_at(server.address()).resumes
    assert look_at(server.address()).licence == "openrail"


def test_the_file_arrives_whole_and_its_hash_is_told(server: ModelServer, tmp_path: Path) -> None:
    told: list[int] = []
    path, digest = fetch(look_at(server.address()), tmp_path / "files", HASH.upper(), told.append)
    assert path.read_bytes() == CONTENT
    assert digest == HASH
    assert told[-1] == len(CONTENT)
    assert [file.name for file in path.parent.iterdir()] == ["tiny.safetensors"]


def test_a_broken_download_goes_on_where_it_was(server: ModelServer, tmp_path: Path) -> None:
    offer = look_at(server.address())
    server.break_after = 120_000
    with pytest.raises(JobFailed, match="goes on from there"):
        fetch(offer, tmp_path)
    assert not (tmp_path / offer.name).exists()
    there = (tmp_path / f"{offer.name}.part").stat().st_size
    assert there == 120_000
    assert size_left(offer, tmp_path) == len(CONTENT) - there
    path, digest = fetch(offer, tmp_path)
    assert server.asked[-1] == f"bytes={there}-"
    assert digest == HASH
    assert path.read_bytes() == CONTENT


def test_a_file_that_changed_meanwhile_is_fetched_from_its_beginning(
    server: ModelServer, tmp_path: Path
) -> None:
    server.break_after = 120_000
    with pytest.raises(JobFailed):
        fetch(look_at(server.address()), tmp_path)
    server.content, server.mark = model_file(licence="other"), '"two"'
    offer = look_at(server.address())
    assert size_left(offer, tmp_path) == offer.size
    path, _ = fetch(offer, tmp_path)
    assert path.read_bytes() == server.content


def test_a_server_without_parts_still_serves(server: ModelServer, tmp_path: Path) -> None:
    server.parts = False
    offer = look_at(server.address())
    server.break_after = 120_000
    with pytest.raises(JobFailed):
        fetch(offer, tmp_path)
    path, _ = fetch(look_at(server.address()), tmp_path)
    assert path.read_bytes() == CONTENT


def test_a_wrong_hash_leaves_nothing_behind(server: ModelServer, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=HASH):
        fetch(look_at(server.address()), tmp_path, "0" * 64)
    assert not (tmp_path / "tiny.safetensors").exists()
    assert not (tmp_path / "tiny.safetensors.part").exists()


def test_stopping_keeps_what_is_there(server: ModelServer, tmp_path: Path) -> None:
    stop = threading.Event()
    server.hold = threading.Event()
    offer = look_at(server.address())
    server.hold.set()
    stop.set()
    with pytest.raises(Cancelled):
        fetch(offer, tmp_path, stopped=stop.is_set)
    assert not (tmp_path / offer.name).exists()


@pytest.mark.parametrize(
    ("address", "word"),
    [
        ("ftp://somewhere/model.safetensors", "https://"),
        ("model.safetensors", "https://"),
        ("http://127.0.0.1/model.ckpt", "no .safetensors"),
        ("http://127.0.0.1/.safetensors", "no .safetensors"),
    ],
)
def test_other_addresses_are_refused_before_the_network_is_used(address: str, word: str) -> None:
    with pytest.raises(BadInput, match=word):
        look_at(address)


def test_what_only_looks_like_a_model_is_refused(server: ModelServer) -> None:
    server.content = b"<html>please log in</html>"
    with pytest.raises(BadInput, match=r"no \.safetensors file, whatever"):
        look_at(server.address())
    with pytest.raises(BadInput, match="404"):
        look_at(server.address("missing.safetensors"))


def test_a_server_that_is_not_there_is_one_sentence() -> None:
    with ModelServer(CONTENT) as gone:
        address = gone.address()
    with pytest.raises(JobFailed, match="cannot be reached"):
        look_at(address)


def test_a_full_disk_is_told_before_the_first_byte(
    server: ModelServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    offer = look_at(server.address())
    monkeypatch.setattr(downloads, "_SPARE", 1 << 60)
    asked = len(server.asked)
    with pytest.raises(JobFailed, match="free some space"):
        fetch(offer, tmp_path)
    assert len(server.asked) == asked


def test_nothing_is_replaced(server: ModelServer, tmp_path: Path) -> None:
    (tmp_path / "tiny.safetensors").write_bytes(b"mine")
    with pytest.raises(BadInput, match="there already"):
        fetch(look_at(server.address()), tmp_path)
    assert (tmp_path / "tiny.safetensors").read_bytes() == b"mine"
