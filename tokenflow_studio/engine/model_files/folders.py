"""A model as a folder in diffusers format."""

from pathlib import Path

from tokenflow_studio.core.errors import BadInput
from tokenflow_studio.engine.model_files import UNSUPPORTED
from tokenflow_studio.engine.model_files.configuration import read_object
from tokenflow_studio.engine.model_files.parts import ModelFiles, Part

_KNOWN = {
    "unet": {"UNet2DConditionModel"},
    "vae": {"AutoencoderKL", "AutoencoderTiny"},
    "text_encoder": {"CLIPTextModel"},
    "tokenizer": {"CLIPTokenizer", "CLIPTokenizerFast"},
}
_PICKLES = frozenset({".bin", ".ckpt", ".pt", ".pth", ".pkl"})
_DIFFUSERS = "diffusion_pytorch_model"


def folder_files(folder: Path) -> ModelFiles:
    """The files of a diffusers folder. Raises BadInput if it holds another kind of model."""
    _check_index(folder)
    settings = folder / "tokenflow.json"
    return ModelFiles(
        _part(folder / "unet", _DIFFUSERS),
        _part(folder / "vae", _DIFFUSERS),
        _part(folder / "text_encoder", "model"),
        _present(folder / "scheduler" / "scheduler_config.json"),
        _present(folder / "tokenizer"),
        settings if settings.is_file() else None,
    )


def _check_index(folder: Path) -> None:
    path = folder / "model_index.json"
    if not path.is_file():
        raise BadInput(_without_index(folder))
    index = read_object(path)
    name = index.get("_class_name")
    if not isinstance(name, str):
        raise BadInput(f"{path} asks for a pipeline of its own ({name}), which is never run.")
    present = {key for key, value in index.items() if value and value != [None, None]}
    if "XL" in name or present & {"text_encoder_2", "transformer", "prior"}:
        raise BadInput(f"{folder} holds a {name}, {UNSUPPORTED}.")
    for part, known in _KNOWN.items():
        entry = index.get(part)
        kind = entry[-1] if isinstance(entry, list) and entry else None
        if kind is None:
            raise BadInput(f"{path} names no {part}: this is no complete model.")
        if kind not in known:
            raise BadInput(f"{path} names the unknown class {kind} as its {part}, {UNSUPPORTED}.")


def _without_index(folder: Path) -> str:
    """What is wrong with a folder that is none in diffusers format."""
    names = sorted(entry.name for entry in folder.iterdir())
    if "config.json" in names:
        return f"{folder} is one part of a model: give the folder above it."
    files = [name for name in names if name.endswith(".safetensors")]
    if files:
        return f"{folder} is no model folder in diffusers format: give its file {files[0]} instead."
    pickles = [name for name in names if Path(name).suffix in _PICKLES]
    if pickles:
        return f"{folder} holds a pickle ({pickles[0]}), never opened: convert it to .safetensors."
    return f"{folder} is no model folder in diffusers format: it has no model_index.json."


def _part(folder: Path, stem: str) -> Part:
    for name in (f"{stem}.safetensors", f"{stem}.fp16.safetensors"):
        if (folder / name).is_file():
            return Part(_present(folder / "config.json"), folder / name)
    if folder.is_dir() and any(file.suffix in _PICKLES for file in folder.iterdir()):
        raise BadInput(f"{folder} holds its weights as a pickle, which is never opened: convert "
                       "them to .safetensors.")  # fmt: skip
    raise BadInput(f"{folder} holds no {stem}.safetensors: this is no complete model.")


def _present(path: Path) -> Path:
    if not path.exists():
        raise BadInput(f"{path} is missing: this is no complete model.")
    return path
