"""A model as one `.safetensors` file in the layout of the original Stable Diffusion code."""

from pathlib import Path

from diffusers import AutoencoderKL, UNet2DConditionModel
from diffusers.loaders.single_file_utils import (
    convert_ldm_clip_checkpoint,
    convert_ldm_unet_checkpoint,
    convert_ldm_vae_checkpoint,
    convert_open_clip_checkpoint,
)
from torch import nn
from transformers import CLIPTextModel

from tokenflow_studio.core.errors import BadInput
from tokenflow_studio.core.paths import resource
from tokenflow_studio.engine.components import Tensors, text_tensors
from tokenflow_studio.engine.model_files import UNSUPPORTED
from tokenflow_studio.engine.model_files.checkpoints import Shapes, read_shapes, read_tensors
from tokenflow_studio.engine.model_files.parts import ModelFiles, Part

_UNET, _VAE, _TEXT = "model.diffusion_model.", "first_stage_model.", "cond_stage_model."
_OPEN_CLIP = "cond_stage_model.model."
_FAMILIES = {768: "sd1", 1024: "sd2"}
_OTHERS = (
    ("lora", "is a LoRA, an addition to a model, not a model of its own"),
    ("control_model.", "is a ControlNet, not a model of its own"),
    ("double_blocks.", f"holds a Flux model, {UNSUPPORTED}"),
    ("joint_blocks.", f"holds an SD 3 model, {UNSUPPORTED}"),
    ("conditioner.embedders.", f"holds an SDXL model, {UNSUPPORTED}"),
    ("down_blocks.", "is one part of a diffusers model: give the whole folder"),
    ("text_model.", "holds only a text encoder, not a whole model"),
)


def checkpoint_files(path: Path, base: ModelFiles | None) -> ModelFiles:
    """The files of a single checkpoint: it and our own configurations, or those of `base`.

    `base` also lends the parts that the checkpoint lacks. Raises BadInput for what is no SD 1.x or
    2.x checkpoint.
    """
    shapes = read_shapes(path)
    family = _family(path, shapes, base is not None)
    parts: dict[str, Part] = {}
    notices: list[str] = []
    for prefix, name, words in (
        (_UNET, "unet", "network"),
        (_VAE, "vae", "autoencoder"),
        (_TEXT, "text_encoder", "text encoder"),
    ):
        own = any(key.startswith(prefix) for key in shapes)
        lent: Part | None = getattr(base, name) if base else None
        if own:
            config = lent.config if lent else resource("models", family, f"{name}.json")
            parts[name] = Part(config, path, original=True)
        elif lent:
            parts[name] = lent
            notices.append(f"{path.name} holds no {words}: that of the base is used.")
        else:
            raise BadInput(f"{path} holds no {words}: name a model folder that lends it as base.")
    return ModelFiles(
        parts["unet"],
        parts["vae"],
        parts["text_encoder"],
        base.scheduler if base else resource("models", family, "scheduler.json"),
        base.tokenizer if base else resource("models", "clip", "bpe_simple_vocab_16e6.txt.gz"),
        _settings(path) or (base.settings if base else None),
        notices=tuple(notices),
    )


def original_tensors(path: Path, module: nn.Module) -> Tensors:
    """What a checkpoint holds for `module`, under its present names.

    Raises BadInput if the checkpoint is incomplete or made for another class.
    """
    try:
        match module:
            case UNet2DConditionModel():
                return convert_ldm_unet_checkpoint(_read(path, _UNET), dict(module.config))
            case AutoencoderKL():
                return convert_ldm_vae_checkpoint(_read(path, _VAE), dict(module.config))
            case CLIPTextModel():
                return _text_tensors(path, module)
    except (KeyError, AttributeError, IndexError, TypeError) as error:
        raise BadInput(f"{path} is no complete SD 1.x or 2.x checkpoint ({error}).") from error
    raise BadInput(f"{path} holds an AutoencoderKL where the base has a {type(module).__name__}: "
                   "name another base.")  # fmt: skip


def _read(path: Path, prefix: str) -> Tensors:
    return read_tensors(path, lambda name: name.startswith(prefix))


def _text_tensors(path: Path, module: CLIPTextModel) -> Tensors:
    tensors = _read(path, _TEXT)
    if not any(name.startswith(_OPEN_CLIP) for name in tensors):
        return convert_ldm_clip_checkpoint(tensors)
    converted = text_tensors(convert_open_clip_checkpoint(module, tensors, _OPEN_CLIP))
    # SD 2.x reads the last layer but one; the file has them all.
    layers = [f"encoder.layers.{index}." for index in range(module.config.num_hidden_layers)]
    return {
        name: value
        for name, value in converted.items()
        if not name.startswith("encoder.layers.") or name.startswith(tuple(layers))
    }


def _family(path: Path, shapes: Shapes, has_base: bool) -> str:
    """The shipped configuration that fits, "sd1" or "sd2"; with a base, its own must fit."""
    entry = shapes.get(f"{_UNET}input_blocks.0.0.weight")
    if entry is None:
        for mark, words in _OTHERS:
            if any(mark in name for name in shapes):
                raise BadInput(f"{path} {words}.")
        raise BadInput(f"{path} holds no Stable Diffusion network.")
    width = _text_width(shapes)
    if width == 2048 or f"{_UNET}label_emb.0.0.weight" in shapes:
        raise BadInput(f"{path} holds an SDXL-like model, {UNSUPPORTED}.")
    if has_base:
        return ""
    if len(entry) != 4 or entry[1] != 4:
        raise BadInput(
            f"{path} holds a network for inpainting or other extra input, {UNSUPPORTED}."
        )
    if width not in _FAMILIES:
        raise BadInput(f"{path} reads text of width {width}, which is neither SD 1.x nor 2.x: "
                       "name a model folder of its kind as base.")  # fmt: skip
    return _FAMILIES[width]


def _text_width(shapes: Shapes) -> int | None:
    widths = {
        shape[1]
        for name, shape in shapes.items()
        if name.startswith(_UNET) and name.endswith("attn2.to_k.weight") and len(shape) == 2
    }
    return max(widths, default=None)


def _settings(path: Path) -> Path | None:
    """`NAME.tokenflow.json` for this file alone, else `tokenflow.json` for all beside it."""
    for candidate in (path.with_suffix(".tokenflow.json"), path.with_name("tokenflow.json")):
        if candidate.is_file():
            return candidate
    return None
