"""The finished model as a folder for ``StableDiffusionPipeline.from_pretrained``."""

import json
import shutil
from pathlib import Path
from typing import Any, cast

import torch
from diffusers import AutoencoderTiny, StableDiffusionPipeline
from transformers import CLIPTokenizer

from tokenflow_studio.demo.training.diffusion import Learner
from tokenflow_studio.demo.training.network import LATENT_SIZE, build_scheduler
from tokenflow_studio.demo.training.weights import load_pieces, save_pieces

#: Where the parts lay on the machine that trained.
_MACHINE_PATHS = ("_name_or_path", "name_or_path")
#: What the editor should do with this model where the user says nothing.
EDIT_SETTINGS = {
    "name": "demo",
    "native_size": [8 * LATENT_SIZE, 8 * LATENT_SIZE],
    "steps": 25,
    "guidance": 3.0,
    "pnp_attention": 0.9,
    "pnp_features": 0.8,
    "attention_sites": ["up_blocks"],
    "feature_sites": ["up_blocks.0.resnets.1", "up_blocks.1.resnets.0", "up_blocks.1.resnets.1"],
}


def build_pipeline(work: Path) -> StableDiffusionPipeline:
    """The pipeline from the averaged weights in ``work``, in fp32."""
    tokenizer = CLIPTokenizer.from_pretrained(work / "tokenizer")
    learner = Learner(tokenizer)
    learner.load_state_dict(load_pieces(work / "diffusion")[0])
    pipeline = cast(Any, StableDiffusionPipeline)
    return pipeline(
        vae=AutoencoderTiny.from_pretrained(work / "autoencoder"),
        text_encoder=learner.text_encoder,
        tokenizer=tokenizer,
        unet=learner.unet,
        scheduler=build_scheduler(),
        safety_checker=None,
        feature_extractor=None,
        requires_safety_checker=False,
    )


def export_model(work: Path, target: Path) -> None:
    """Write the model in fp16 to ``target``, replacing what is there."""
    fresh = target.with_name(target.name + ".new")
    shutil.rmtree(fresh, ignore_errors=True)
    build_pipeline(work).to(torch.float16).save_pretrained(fresh, safe_serialization=True)
    # An fp16 text encoder beside fp32 parts would fail: transformers keeps the stored type.
    _edit_json(fresh / "text_encoder" / "config.json", dtype="float32")
    _edit_json(fresh / "unet" / "config.json")
    # AutoencoderTiny writes a key that it does not read back, and warns about it.
    _edit_json(fresh / "vae" / "config.json", drop=(*_MACHINE_PATHS, "block_out_channels"))
    _edit_json(fresh / "tokenizer" / "tokenizer_config.json")
    _edit_json(fresh / "model_index.json")
    (fresh / "tokenflow.json").write_text(json.dumps(EDIT_SETTINGS, indent=2) + "\n")
    shutil.rmtree(target, ignore_errors=True)
    for path in fresh.rglob("*.safetensors"):
        path.chmod(0o644)
    fresh.rename(target)


def import_model(model: Path, work: Path) -> None:
    """Fill ``work`` with the parts of an exported model, so that its training can go on anywhere.

    The denoiser's time starts anew: the next slices are a training of their own, which begins at
    these weights. What is there already is replaced, pictures and latents aside.
    """
    pipeline: Any = StableDiffusionPipeline.from_pretrained(model, local_files_only=True)
    work.mkdir(parents=True, exist_ok=True)
    pipeline.tokenizer.save_pretrained(work / "tokenizer")
    for part in ("encoder", "autoencoder"):
        pipeline.vae.save_pretrained(work / part)
    parts = {"unet": pipeline.unet, "text_encoder": pipeline.text_encoder}
    tensors = {
        f"{name}.{k}": v for name, part in parts.items() for k, v in part.state_dict().items()
    }
    save_pieces(work / "diffusion", tensors, {})


def _edit_json(path: Path, drop: tuple[str, ...] = _MACHINE_PATHS, **changes: str) -> None:
    values = {k: v for k, v in json.loads(path.read_text()).items() if k not in drop}
    path.write_text(json.dumps(values | changes, indent=2, sort_keys=True) + "\n")
