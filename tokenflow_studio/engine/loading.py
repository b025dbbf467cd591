"""Load a model by what the user calls it.

Nothing is downloaded unless asked for, and no code that a model brings is ever run.
"""

from pathlib import Path
from threading import Lock

import torch

from tokenflow_studio.core.errors import BadInput
from tokenflow_studio.core.hub import is_hub_id
from tokenflow_studio.core.models import DEMO
from tokenflow_studio.core.paths import resource
from tokenflow_studio.engine.assembly import assemble
from tokenflow_studio.engine.devices import resolve_device, resolve_dtype
from tokenflow_studio.engine.model import DiffusionModel
from tokenflow_studio.engine.model_files.folders import folder_files
from tokenflow_studio.engine.model_files.hub import cached_folder, download_folder
from tokenflow_studio.engine.model_files.parts import ModelFiles
from tokenflow_studio.engine.model_files.prediction import settle_prediction
from tokenflow_studio.engine.model_files.single_file import checkpoint_files
from tokenflow_studio.engine.network import attention_sites

_PICKLES = frozenset({".ckpt", ".pt", ".pth", ".bin", ".pkl"})


def load_model(
    spec: str,
    *,
    base: str | None = None,
    device: str = "auto",
    dtype: str = "auto",
    download: bool = False,
) -> DiffusionModel:
    """The model that `spec` names, frozen and on its device.

    spec: "demo" (the built-in model), a diffusers folder, a `.safetensors` checkpoint of SD 1.x or
    2.x, or a hub id, from the local hub cache or, with `download`, from the network. base: a
    diffusers folder that lends a checkpoint its configurations, its tokenizer and missing parts.
    device: auto, cpu, cuda, cuda:N or mps. dtype: auto, float32, float16 or bfloat16. The latest
    model is kept, so that the next job with it starts at once.

    Raises BadInput for anything that cannot be used as given, JobFailed for a broken network.
    """
    target = resolve_device(device)
    number = resolve_dtype(dtype, target)
    try:
        files = find_model(spec, base, download, half=number is not torch.float32)
        return _latest.get(settle_prediction(files), target, number)
    except OSError as error:
        raise BadInput(f"The model {spec} cannot be read ({error.strerror or error}).") from error


def find_model(
    spec: str, base: str | None = None, download: bool = False, half: bool = False
) -> ModelFiles:
    """The files that `spec` means; see `load_model`. half: download weights in 16 bits."""
    if spec == DEMO:
        folder = resource("demo", "model")
        if not folder.is_dir():
            raise BadInput(f"The demo model is missing in {folder}: install the program again, or "
                           "name another model.")  # fmt: skip
        return folder_files(folder)
    path = _path(spec)
    if path.is_dir():
        return folder_files(path)
    if path.is_file():
        return _checkpoint(path, base)
    if path.exists():
        raise BadInput(f"{path} is neither a folder nor a file.")
    if is_hub_id(spec):
        return folder_files(download_folder(spec, half) if download else cached_folder(spec))
    raise BadInput(f"There is no model {spec}: give a diffusers folder, a .safetensors file or a "
                   "hub id.")  # fmt: skip


def describe_model(spec: str, base: str | None = None) -> str:
    """One short paragraph about a model; loads it, since only that shows that it works."""
    return describe(load_model(spec, base=base, device="cpu"))


def describe(model: DiffusionModel) -> str:
    """What kind of model it is, how large, at which size it works, and where the method acts."""
    width, height = model.settings.native_size
    text = model.unet.config["cross_attention_dim"]
    kind = {768: "SD 1.x", 1024: "SD 2.x"}.get(text, "a kind of its own")
    weights = sum(value.numel() for value in model.unet.parameters()) / 1e6
    own = type(model.vae).__name__
    channels = model.unet.config["in_channels"]
    sites, injected = len(attention_sites(model.unet)), len(model.settings.attention_sites)
    sentences = (
        f"A model of {kind}, with {weights:.1f} million weights in its network, {own} with "
        f"{channels} latent channels at 1/{model.scale} of the size, and {text}-wide text.",
        f"It predicts {model.schedule.prediction} and works at {width}x{height} pixels.",
        f"{sites} self-attention layers share tokens, queries and keys can be injected in "
        f"{injected} of them, features at {', '.join(model.settings.feature_sites)}.",
        *model.notices,
    )
    return " ".join(sentences)


class _LatestModel:
    """Keeps the one model that was asked for last; another one, or changed files, replace it."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._key: object = None
        self._model: DiffusionModel | None = None

    def get(self, files: ModelFiles, device: torch.device, dtype: torch.dtype) -> DiffusionModel:
        key = (files, files.identity(), str(device), dtype)
        with self._lock:
            if self._model is None or self._key != key:
                self._model = None  # two models at once may not fit into memory
                self._model = assemble(files, device, dtype)
                self._key = key
            return self._model


_latest = _LatestModel()


def _path(spec: str) -> Path:
    if not spec.strip() or "\0" in spec:
        raise BadInput("No model was named: give a diffusers folder, a .safetensors file or a "
                       "hub id.")  # fmt: skip
    try:
        return Path(spec).expanduser().absolute()
    except RuntimeError as error:
        raise BadInput(f"There is no model {spec}: {error}.") from error


def _checkpoint(path: Path, base: str | None) -> ModelFiles:
    suffix = path.suffix.lower()
    if suffix in _PICKLES:
        raise BadInput(f"{path} is a pickle, which can run code and is never opened: convert it "
                       "to .safetensors.")  # fmt: skip
    if suffix != ".safetensors":
        raise BadInput(f"{path} is no model: give a diffusers folder or a .safetensors file.")
    if not base:
        return checkpoint_files(path, None)
    folder = _path(base)
    if not folder.is_dir():
        raise BadInput(f"The base {base} is no folder: give a model folder in diffusers format.")
    return checkpoint_files(path, folder_files(folder))
