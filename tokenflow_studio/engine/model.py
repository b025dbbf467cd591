"""A latent diffusion model, ready to use: what the method needs of it, read from its own files."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from diffusers import AutoencoderKL, AutoencoderTiny, UNet2DConditionModel
from torch import Tensor
from transformers import CLIPTextModel, CLIPTokenizer

from tokenflow_studio.core.errors import BadInput
from tokenflow_studio.engine.network import attention_sites
from tokenflow_studio.engine.schedule import Schedule


@dataclass(frozen=True, slots=True)
class Settings:
    """What works well with a model: its `tokenflow.json`, else the paper's values.

    native_size: (width, height) in pixels; pnp_attention, pnp_features: shares of the steps;
    attention_sites: transformer blocks, feature_sites: resnets of the UNet by name.
    """

    native_size: tuple[int, int]
    attention_sites: tuple[str, ...]
    feature_sites: tuple[str, ...]
    guidance: float = 7.5
    pnp_attention: float = 0.5
    pnp_features: float = 0.8
    steps: int = 50
    inversion_steps: int = 50
    name: str = ""


def read_settings(folder: Path | None, unet: UNet2DConditionModel, scale: int) -> Settings:
    """Join `tokenflow.json`, if the folder has one, with what follows from the UNet.

    The paper injects queries and keys in all decoder layers but the very first, and features of
    the second resnet of the second decoder level (Tumanyan et al., appendix). scale: pixels per
    latent position.
    """
    given: dict[str, Any] = {}
    if folder is not None and (folder / "tokenflow.json").is_file():
        given = _read_json(folder / "tokenflow.json")
    sample = unet.config["sample_size"]
    height, width = sample if isinstance(sample, list | tuple) else (sample, sample)
    sites = attention_sites(unet)
    decoder = [site for site in sites if site.startswith("up_blocks.")]
    prefixes = tuple(given.pop("attention_sites", decoder[1:]))
    sites = tuple(site for site in sites if site.startswith(prefixes))
    defaults: dict[str, Any] = {
        "native_size": (width * scale, height * scale),
        "feature_sites": _paper_features(unet),
    }
    lists = {k: tuple(v) if isinstance(v, list) else v for k, v in given.items()}
    try:
        return Settings(**{**defaults, **lists, "attention_sites": sites})
    except TypeError as error:
        raise BadInput(f"{folder}/tokenflow.json holds something unknown: {error}.") from error


def _paper_features(unet: UNet2DConditionModel) -> tuple[str, ...]:
    levels = unet.up_blocks
    level = min(1, len(levels) - 1)
    resnet = min(1, len(levels[level].resnets) - 1)  # pyright: ignore[reportArgumentType]
    return (f"up_blocks.{level}.resnets.{resnet}",)


def _read_json(path: Path) -> dict[str, Any]:
    try:
        value = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise BadInput(f"{path} cannot be read as JSON ({error}).") from error
    if not isinstance(value, dict):
        raise BadInput(f"{path} holds no JSON object.")
    return value


@dataclass(frozen=True, slots=True)
class DiffusionModel:
    """The parts of a text-to-image model and its identity.

    fingerprint: hash of weights and configuration; part of every cache key.
    """

    unet: UNet2DConditionModel
    vae: AutoencoderKL | AutoencoderTiny
    text_encoder: CLIPTextModel
    tokenizer: CLIPTokenizer
    schedule: Schedule
    settings: Settings
    fingerprint: str
    notices: tuple[str, ...] = field(default=())

    @property
    def device(self) -> torch.device:
        return self.unet.device

    @property
    def scale(self) -> int:
        """Pixels per latent position, along each side."""
        return latent_scale(self.vae)

    @property
    def multiple(self) -> int:
        """Working sizes are padded to multiples of this many pixels."""
        return self.scale * 2 ** (len(self.unet.config["block_out_channels"]) - 1)

    @torch.inference_mode()
    def encode(self, images: Tensor) -> Tensor:
        """Images (N, 3, H, W), 0 to 1, to latents (N, C, h, w) in fp32."""
        pixels = (images * 2 - 1).to(self.vae.device, self.vae.dtype)
        encoded = self.vae.encode(pixels)
        if isinstance(self.vae, AutoencoderTiny):
            latents = encoded.latents  # pyright: ignore[reportAttributeAccessIssue]
        else:
            latents = encoded.latent_dist.mode()  # pyright: ignore[reportAttributeAccessIssue]
        return (latents.float() - self._shift) * self.vae.config["scaling_factor"]

    @torch.inference_mode()
    def decode(self, latents: Tensor) -> Tensor:
        """Latents (N, C, h, w) to images (N, 3, H, W), 0 to 1, in fp32."""
        latents = latents / self.vae.config["scaling_factor"] + self._shift
        decoded = self.vae.decode(latents.to(self.vae.device, self.vae.dtype), return_dict=False)[0]
        return (decoded.float() / 2 + 0.5).clamp(0, 1)

    @torch.inference_mode()
    def embed(self, prompt: str) -> Tensor:
        """The text encoder's last hidden state (1, L, D) of a prompt."""
        ids = self.tokenizer(
            prompt,
            padding="max_length",
            max_length=self.tokenizer.model_max_length,
            truncation=True,
            return_tensors="pt",
        ).input_ids
        return self.text_encoder(ids.to(self.text_encoder.device)).last_hidden_state

    def token_count(self, prompt: str) -> tuple[int, int]:
        """Tokens of the prompt and how many the model reads, start and end marks included."""
        return len(self.tokenizer(prompt).input_ids), self.tokenizer.model_max_length

    @property
    def _shift(self) -> float:
        return self.vae.config.get("shift_factor") or 0.0


def latent_scale(vae: AutoencoderKL | AutoencoderTiny) -> int:
    """Pixels per latent position: 2 for every level of the autoencoder but one."""
    levels = vae.config.get("block_out_channels") or vae.config["encoder_block_out_channels"]
    return 2 ** (len(levels) - 1)
