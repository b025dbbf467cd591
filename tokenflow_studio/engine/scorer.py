"""How well pictures fit a text, by a CLIP model: the paper's prompt score."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, cast

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor
from transformers import CLIPConfig, CLIPModel, CLIPTokenizer

from tokenflow_studio.core.errors import BadInput
from tokenflow_studio.engine.components import fill
from tokenflow_studio.engine.devices import resolve_device
from tokenflow_studio.engine.model_files import reason
from tokenflow_studio.engine.model_files.checkpoints import content_digest, read_tensors
from tokenflow_studio.engine.model_files.configuration import read_object
from tokenflow_studio.engine.model_files.vocabulary import read_tokenizer

Picture = NDArray[np.float32]

_TOWER = (
    "hidden_size", "intermediate_size", "num_hidden_layers", "num_attention_heads", "hidden_act",
    "layer_norm_eps",
)  # fmt: skip
_TEXT = (*_TOWER, "vocab_size", "max_position_embeddings", "pad_token_id", "bos_token_id",
         "eos_token_id")  # fmt: skip
_VISION = (*_TOWER, "image_size", "patch_size", "num_channels")
_MOST_LAYERS = 100
_ROWS = 8  # pictures of one call
_BILINEAR = 2  # PIL's number; everything else is resampled bicubically


@dataclass(frozen=True, slots=True)
class Scores:
    """prompt_match: mean cosine between the frames and the prompt, None without a prompt;
    frame_consistency: mean cosine between successive frames, None for a single one; frames: how
    many were looked at."""

    frames: int
    prompt_match: float | None
    frame_consistency: float | None


@dataclass(frozen=True, slots=True)
class Preparation:
    """How the image tower wants its pictures: the `preprocessor_config.json`.

    size: (height, width), or one number for the shorter side; crop: (height, width) around the
    middle, or None; mean and deviation: of each channel.
    """

    size: tuple[int, int] | int
    crop: tuple[int, int] | None
    mean: tuple[float, ...]
    deviation: tuple[float, ...]
    mode: str

    def __call__(self, picture: Picture) -> Tensor:
        """A picture (H, W, 3), 0 to 1, as input (3, h, w)."""
        pixels = torch.from_numpy(np.ascontiguousarray(picture)).permute(2, 0, 1)[None].float()
        target = self.size
        if isinstance(target, int):
            height, width = pixels.shape[-2:]
            scale = target / min(height, width)
            target = (max(target, int(height * scale)), max(target, int(width * scale)))
        pixels = F.interpolate(pixels.clamp(0, 1), target, mode=self.mode, antialias=True)
        if self.crop is not None:
            pixels = _cropped(pixels, self.crop)
        mean, deviation = (torch.tensor(v)[:, None, None] for v in (self.mean, self.deviation))
        return (pixels.clamp(0, 1)[0] - mean) / deviation


@dataclass(frozen=True, slots=True)
class Scorer:
    """A CLIP model, ready to score. name: of its folder; fingerprint: hash of its weights."""

    model: CLIPModel
    tokenizer: CLIPTokenizer
    prepare: Preparation
    name: str
    fingerprint: str

    @torch.inference_mode()
    def read(self, text: str) -> Tensor:
        """The text as a direction (D,)."""
        ids = self.tokenizer(
            text,
            padding="max_length",
            max_length=self.tokenizer.model_max_length,
            truncation=True,
            return_tensors="pt",
        ).input_ids
        read = cast(Any, self.model).get_text_features(ids.to(self.model.device))
        return F.normalize(read.pooler_output.float(), dim=-1)[0].cpu()

    @torch.inference_mode()
    def look(self, pictures: Sequence[Picture]) -> Tensor:
        """Pictures (H, W, 3), 0 to 1, as directions (N, D)."""
        batch = torch.stack([self.prepare(picture) for picture in pictures])
        seen = cast(Any, self.model).get_image_features(batch.to(self.model.device))
        return F.normalize(seen.pooler_output.float(), dim=-1).cpu()

    def score(self, frames: Iterable[Picture], prompt: str) -> Scores:
        """The frames of a clip against a prompt, which may be empty; they stream past."""
        last = Scores(0, None, None)
        for last in self.running(frames, prompt):  # noqa: B007 - the last one is all that counts
            pass
        return last

    def running(self, frames: Iterable[Picture], prompt: str) -> Iterator[Scores]:
        """The scores of all frames so far, every few frames; the last ones are the clip's."""
        wanted = self.read(prompt) if prompt.strip() else None
        matches: list[float] = []
        steps: list[float] = []
        before: Tensor | None = None
        done = 0
        for batch in _batches(frames):
            seen = self.look(batch)
            if wanted is not None:
                matches += (seen @ wanted).tolist()
            joined = seen if before is None else torch.cat([before, seen])
            steps += (joined[1:] * joined[:-1]).sum(-1).tolist()
            before = seen[-1:]
            done += len(batch)
            yield Scores(done, _mean(matches), _mean(steps))


def load_scorer(folder: Path, device: str = "auto") -> Scorer:
    """The CLIP model in a folder of transformers' format: configuration, safetensors, tokenizer.

    The latest one is kept while its file stays the same. Raises BadInput for anything else.
    """
    weights = folder / "model.safetensors"
    if not weights.is_file():
        raise BadInput(f"{folder} holds no model.safetensors: give the folder of a CLIP model.")
    return _loaded(folder.absolute(), content_digest(weights), device)


@lru_cache(maxsize=1)
def _loaded(folder: Path, fingerprint: str, device: str) -> Scorer:
    source = folder / "config.json"
    config = read_object(source)
    if config.get("model_type") != "clip":
        raise BadInput(f"{source} describes a {config.get('model_type')}, no CLIP model.")
    model = _model(config, folder, resolve_device(device))
    text = cast(Any, model.config).text_config
    tokenizer = read_tokenizer(folder, text.max_position_embeddings, text.pad_token_id)
    return Scorer(model, tokenizer, _preparation(folder, config), folder.name, fingerprint)


def _model(config: dict[str, Any], folder: Path, device: torch.device) -> CLIPModel:
    source, weights = folder / "config.json", folder / "model.safetensors"
    towers = [config.get(part) or {} for part in ("text_config", "vision_config")]
    for tower in towers:
        layers = tower.get("num_hidden_layers", 1)
        if not isinstance(layers, int) or layers > _MOST_LAYERS:
            raise BadInput(f"{source} asks for {layers} layers, more than any known model.")
    text, vision = (
        {name: tower[name] for name in names if name in tower}
        for tower, names in zip(towers, (_TEXT, _VISION), strict=True)
    )
    try:
        made = cast(Any, CLIPConfig)(
            text_config=text, vision_config=vision, projection_dim=config.get("projection_dim", 512)
        )
        with torch.device("meta"):
            model = CLIPModel(made)
    except Exception as error:
        raise BadInput(f"{source} describes no usable CLIP model ({reason(error)}).") from error
    tensors = read_tensors(weights, lambda name: not name.endswith("position_ids"))
    model = fill(model, tensors, weights, device, torch.float32)
    for tower in (model.text_model, model.vision_model):
        count = tower.embeddings.position_embedding.num_embeddings
        positions = torch.arange(count, device=device)[None]
        tower.embeddings.register_buffer("position_ids", positions, persistent=False)
    return model


def _preparation(folder: Path, config: dict[str, Any]) -> Preparation:
    """What `preprocessor_config.json` says, or the newer `processor_config.json`; else CLIP's."""
    found: dict[str, Any] = {}
    older, newer = folder / "preprocessor_config.json", folder / "processor_config.json"
    if older.is_file():
        found = read_object(older)
    elif newer.is_file():
        found = read_object(newer).get("image_processor") or {}
    side = (config.get("vision_config") or {}).get("image_size", 224)
    crop = found.get("crop_size", side) if found.get("do_center_crop", True) else None
    try:
        return Preparation(
            size=_size(found.get("size", side)),
            crop=None if crop is None else _both(crop),
            mean=_three(found.get("image_mean", (0.48145466, 0.4578275, 0.40821073))),
            deviation=_three(found.get("image_std", (0.26862954, 0.26130258, 0.27577711))),
            mode="bilinear" if found.get("resample") == _BILINEAR else "bicubic",
        )
    except (KeyError, TypeError, ValueError) as error:
        raise BadInput(f"{folder} says nothing usable about its pictures ({error}).") from error


def _size(value: Any) -> tuple[int, int] | int:
    if isinstance(value, dict):
        return int(value["shortest_edge"]) if "shortest_edge" in value else _both(value)
    return int(value)


def _both(value: Any) -> tuple[int, int]:
    if isinstance(value, dict):
        return int(value["height"]), int(value["width"])
    return int(value), int(value)


def _three(value: Any) -> tuple[float, ...]:
    numbers = tuple(float(number) for number in value)
    if len(numbers) != 3:
        raise ValueError(f"{len(numbers)} channels")
    return numbers


def _cropped(pixels: Tensor, size: tuple[int, int]) -> Tensor:
    """(1, 3, H, W) around its middle, with black where it is too small."""
    missing = [max(0, want - have) for want, have in zip(size, pixels.shape[-2:], strict=True)]
    down, right = missing
    pixels = F.pad(pixels, (right // 2, right - right // 2, down // 2, down - down // 2))
    top, left = ((have - want) // 2 for have, want in zip(pixels.shape[-2:], size, strict=True))
    return pixels[..., top : top + size[0], left : left + size[1]]


def _batches(frames: Iterable[Picture]) -> Iterable[list[Picture]]:
    waiting: list[Picture] = []
    for frame in frames:
        waiting.append(frame)
        if len(waiting) == _ROWS:
            yield waiting
            waiting = []
    if waiting:
        yield waiting


def _mean(values: list[float]) -> float | None:
    return float(np.mean(values)) if values else None
