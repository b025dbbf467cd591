"""Random models of Stable Diffusion's two shapes, small enough to make in a test."""

import json
from pathlib import Path

import torch
from diffusers import AutoencoderKL, PNDMScheduler, UNet2DConditionModel
from tokenizers.pre_tokenizers import ByteLevel
from transformers import CLIPTextConfig, CLIPTextModel, CLIPTokenizer

from tests.engine.original_layout import (
    original_clip,
    original_open_clip,
    original_unet,
    original_vae,
    write_checkpoint,
)

_INDEX = {
    "_class_name": "StableDiffusionPipeline",
    "unet": ["diffusers", "UNet2DConditionModel"],
    "vae": ["diffusers", "AutoencoderKL"],
    "text_encoder": ["transformers", "CLIPTextModel"],
    "tokenizer": ["transformers", "CLIPTokenizer"],
    "scheduler": ["diffusers", "PNDMScheduler"],
    "safety_checker": ["stable_diffusion", "StableDiffusionSafetyChecker"],
}


def write_sd(folder: Path, second: bool) -> tuple[Path, Path]:
    """A diffusers folder and a single checkpoint with the same weights.

    second: like SD 2.x (linear projections, OpenCLIP's text encoder, velocity), else like 1.x.
    """
    with torch.random.fork_rng():
        torch.manual_seed(2 if second else 1)
        unet, vae, tokenizer = _unet(second), _vae(), _tokenizer()
        encoder = _text_encoder(tokenizer, second)
    scheduler = PNDMScheduler(
        beta_start=0.00085,
        beta_end=0.012,
        beta_schedule="scaled_linear",
        steps_offset=1,
        skip_prk_steps=True,
        prediction_type="v_prediction" if second else "epsilon",
    )
    parts = {"unet": unet, "vae": vae, "text_encoder": encoder, "tokenizer": tokenizer}
    model = folder / "model"
    for name, part in {**parts, "scheduler": scheduler}.items():
        part.save_pretrained(model / name)
    (model / "model_index.json").write_text(json.dumps(_INDEX))
    text = original_open_clip(encoder) if second else original_clip(encoder)
    tensors = (original_unet(unet), original_vae(vae), text)
    return model, write_checkpoint(folder / "checkpoint.safetensors", *tensors)


def _unet(second: bool) -> UNet2DConditionModel:
    return UNet2DConditionModel(
        sample_size=8,
        block_out_channels=(16, 24),
        down_block_types=("CrossAttnDownBlock2D", "DownBlock2D"),
        up_block_types=("UpBlock2D", "CrossAttnUpBlock2D"),
        layers_per_block=2,
        attention_head_dim=(2, 4) if second else 2,
        cross_attention_dim=16,
        norm_num_groups=8,
        use_linear_projection=second,
    )


def _vae() -> AutoencoderKL:
    return AutoencoderKL(
        block_out_channels=(8, 16),
        down_block_types=("DownEncoderBlock2D",) * 2,
        up_block_types=("UpDecoderBlock2D",) * 2,
        layers_per_block=1,
        norm_num_groups=4,
        latent_channels=4,
        force_upcast=False,
    )


def _text_encoder(tokenizer: CLIPTokenizer, second: bool) -> CLIPTextModel:
    return CLIPTextModel(
        CLIPTextConfig(
            vocab_size=len(tokenizer),
            hidden_size=16,
            intermediate_size=32,
            num_hidden_layers=2,
            num_attention_heads=2,
            max_position_embeddings=16,
            projection_dim=16,
            hidden_act="gelu" if second else "quick_gelu",
            bos_token_id=tokenizer.bos_token_id,
            eos_token_id=tokenizer.eos_token_id,
            pad_token_id=tokenizer.pad_token_id,
        )
    )


def _tokenizer() -> CLIPTokenizer:
    letters = sorted(ByteLevel.alphabet())
    words = [*letters, *(f"{x}</w>" for x in letters), "ca", "cat</w>"]
    vocabulary = {w: i for i, w in enumerate([*words, "<|startoftext|>", "<|endoftext|>"])}
    merges = [("c", "a"), ("ca", "t</w>")]
    return CLIPTokenizer(vocab=vocabulary, merges=merges, model_max_length=16)
