"""Models by hub id: the local cache always, the network only when asked."""

import json
import shutil
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from huggingface_hub import constants

from tokenflow_studio.core.errors import BadInput, JobFailed
from tokenflow_studio.core.hub import chosen_files
from tokenflow_studio.engine.loading import load_model

NAME = "some-organisation/some-model"
COMMIT = "0123456789abcdef0123456789abcdef01234567"


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty hub cache."""
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "hub"))
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
    return tmp_path / "hub"


def point_at(endpoint: str, monkeypatch: pytest.MonkeyPatch) -> None:
    template = endpoint + "/{repo_id}/resolve/{revision}/{filename}"
    monkeypatch.setattr(constants, "ENDPOINT", endpoint)
    monkeypatch.setattr(constants, "HUGGINGFACE_CO_URL_TEMPLATE", template)


class Hub(ThreadingHTTPServer):
    """Serves a folder as the hub serves a model, and remembers what was fetched."""

    def __init__(self, folder: Path) -> None:
        super().__init__(("127.0.0.1", 0), _Request)
        self.folder = folder
        self.fetched: list[str] = []

    @property
    def files(self) -> list[str]:
        files = (file for file in self.folder.rglob("*") if file.is_file())
        return sorted(file.relative_to(self.folder).as_posix() for file in files)


class _Request(BaseHTTPRequestHandler):
    server: Hub

    def do_HEAD(self) -> None:
        self._answer(body=False)

    def do_GET(self) -> None:
        self._answer(body=True)

    def _answer(self, body: bool) -> None:
        path = self.path.split("?")[0]
        if path.startswith(f"/api/models/{NAME}/tree"):
            listed = [
                {
                    "type": "file",
                    "path": name,
                    "oid": name,
                    "size": (self.server.folder / name).stat().st_size,
                }
                for name in self.server.files
            ]
            content = json.dumps(listed).encode()
        elif path.startswith(f"/api/models/{NAME}"):
            siblings = [{"rfilename": name} for name in self.server.files]
            content = json.dumps({"id": NAME, "sha": COMMIT, "siblings": siblings}).encode()
        elif path.startswith(f"/{NAME}/resolve/"):
            name = path.split("/", 5)[5]
            content = (self.server.folder / name).read_bytes()
            self.server.fetched += [name] if body else []
        else:
            self.send_response(404)
            self.send_header("X-Error-Code", "RepoNotFound")
            self.end_headers()
            return
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("X-Repo-Commit", COMMIT)
        self.send_header("ETag", f'"{abs(hash(path))}"')
        self.end_headers()
        if body:
            self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def hub(
    sd1: tuple[Path, Path], tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Hub]:
    folder = shutil.copytree(sd1[0], tmp_path / "served")
    unet = folder / "unet"
    weights = unet / "diffusion_pytorch_model.safetensors"
    shutil.copy(weights, unet / "diffusion_pytorch_model.non_ema.safetensors")
    shutil.copy(weights, unet / "diffusion_pytorch_model.bin")
    (folder / "whole.ckpt").write_bytes(b"pickle")
    (folder / "pipeline.py").write_text("raise SystemExit")
    server = Hub(folder)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    point_at(f"http://127.0.0.1:{server.server_port}", monkeypatch)
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_cached_model_is_found_without_the_network(sd1: tuple[Path, Path], cache: Path) -> None:
    stored = cache / f"models--{NAME.replace('/', '--')}"
    shutil.copytree(sd1[0], stored / "snapshots" / COMMIT)
    (stored / "refs").mkdir()
    (stored / "refs" / "main").write_text(COMMIT)
    assert load_model(NAME).fingerprint == load_model(str(sd1[0])).fingerprint


def test_an_absent_model_is_not_fetched_unasked(hub: Hub) -> None:
    with pytest.raises(BadInput, match="no model of that name was downloaded"):
        load_model(NAME)
    assert hub.fetched == []


def test_a_download_takes_what_is_needed_and_stays(
    hub: Hub, sd1: tuple[Path, Path], capfd: pytest.CaptureFixture[str]
) -> None:
    model = load_model(NAME, device="cpu", download=True)
    assert model.fingerprint == load_model(str(sd1[0]), device="cpu").fingerprint
    kinds = {Path(name).suffix for name in hub.fetched}
    assert kinds <= {".json", ".safetensors"}
    assert not any("non_ema" in name for name in hub.fetched)
    count = len(hub.fetched)
    assert load_model(NAME, device="cpu").fingerprint == model.fingerprint
    assert len(hub.fetched) == count
    assert capfd.readouterr() == ("", "")


def test_a_model_that_the_hub_does_not_know(hub: Hub) -> None:
    with pytest.raises(BadInput, match="The hub has no model other/name"):
        load_model("other/name", download=True)


def test_a_network_that_is_down(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    point_at("http://127.0.0.1:9", monkeypatch)
    with pytest.raises(JobFailed, match=r"could not be downloaded .* try again"):
        load_model(NAME, download=True)


def test_a_download_that_the_environment_forbids(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    with pytest.raises(BadInput, match="HF_HUB_OFFLINE"):
        load_model(NAME, download=True)


def test_of_several_weights_of_a_part_one_is_chosen() -> None:
    names = [
        "unet/diffusion_pytorch_model.safetensors",
        "unet/diffusion_pytorch_model.fp16.safetensors",
        "vae/diffusion_pytorch_model.safetensors",
        "text_encoder/model.fp16.safetensors",
        "text_encoder/pytorch_model.bin",
        "safety_checker/model.safetensors",
        "feature_extractor/preprocessor_config.json",
        "unet/config.json",
        "tokenizer/merges.txt",
        "handler.py",
    ]
    texts = ["unet/config.json", "tokenizer/merges.txt"]
    assert chosen_files(names, half=False) == [*texts, names[0], names[2], names[3]]
    assert chosen_files(names, half=True) == [*texts, names[1], names[2], names[3]]
