"""The scorer: a small CLIP that says how well a picture fits a text, trained on its own renders."""

import logging
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional
from transformers import CLIPConfig, CLIPImageProcessor, CLIPModel, CLIPTokenizer

from tokenflow_studio.demo.scenes import Scene, sample_scene

from .attributes import ATTRIBUTES, Attribute
from .compute import autocast, cosine_rate
from .pictures import HELD_OUT_SEED, SCORER_SEED, load_captions, open_shards, render_seeds
from .text import MAX_LENGTH, token_ids
from .views import IMAGE_SIZE, random_views, shrink, to_input

log = logging.getLogger(__name__)

_PATCH = 16
_ZOOMED = 0.7  # share of closer views at the start; it falls to none at the end


@dataclass(frozen=True, slots=True)
class ScorerPlan:
    """How to train the scorer."""

    seconds: float = 600.0
    batch: int = 48
    rate: float = 1e-3
    seed: int = 5


def build_scorer(tokenizer: CLIPTokenizer) -> CLIPModel:
    """An untrained CLIP of about 2 M parameters."""
    torch.manual_seed(6)
    text = {
        "vocab_size": len(tokenizer),
        "hidden_size": 96,
        "intermediate_size": 384,
        "num_hidden_layers": 2,
        "num_attention_heads": 3,
        "max_position_embeddings": MAX_LENGTH,
        "bos_token_id": tokenizer.bos_token_id,
        "eos_token_id": tokenizer.eos_token_id,
        "pad_token_id": tokenizer.pad_token_id,
    }
    vision = {
        "hidden_size": 192,
        "intermediate_size": 576,
        "num_hidden_layers": 5,
        "num_attention_heads": 6,
        "image_size": IMAGE_SIZE,
        "patch_size": _PATCH,
    }
    config = CLIPConfig(text_config=text, vision_config=vision, projection_dim=96)
    # The fused kernel's backward pass is slow on a CPU.
    config._attn_implementation = "eager"
    return CLIPModel(config)


def build_processor() -> CLIPImageProcessor:
    """Pictures to what the image tower reads: 128 x 128, -1 to 1."""
    side = {"height": IMAGE_SIZE, "width": IMAGE_SIZE}
    return CLIPImageProcessor(
        size=side, crop_size=side, do_center_crop=False, image_mean=[0.5] * 3, image_std=[0.5] * 3
    )


def train_scorer(work: Path, target: Path, plan: ScorerPlan) -> None:
    """Train on the pictures in ``work/scorer`` and write ``target`` in fp16."""
    tokenizer = CLIPTokenizer.from_pretrained(work / "tokenizer")
    folder = work / "scorer"
    pictures = np.concatenate(open_shards(folder))
    captions = load_captions(folder)
    scenes = [sample_scene(SCORER_SEED + n) for n in range(len(pictures))]
    model, rng = build_scorer(tokenizer), np.random.default_rng(plan.seed)
    start_patches(model, pictures[:1000])
    optimiser = torch.optim.AdamW(model.parameters(), plan.rate, weight_decay=0.05, fused=True)
    began, step = time.monotonic(), 0
    while (share := (time.monotonic() - began) / plan.seconds) < 1:
        for group in optimiser.param_groups:
            group["lr"] = plan.rate * cosine_rate(share, step, warm_up=100)
        rows = rng.integers(len(pictures), size=plan.batch)
        words = [str(rng.choice(captions[row])) for row in rows]
        chosen = [scenes[row] for row in rows]
        seen = random_views(pictures[rows], rng, _ZOOMED * (1 - share))
        loss = _loss(model, tokenizer, seen, words, chosen, rng)
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        step += 1
        if step % 100 == 0:
            log.info("%3.0f %% step %d loss %.3f", 100 * share, step, loss.item())
    log.info("held out: %s", held_out_agreement(model, tokenizer))
    model.half().save_pretrained(target)
    tokenizer.save_pretrained(target)
    build_processor().save_pretrained(target)


@torch.no_grad()
def start_patches(model: CLIPModel, pictures: np.ndarray) -> None:
    """Let the patch embedding begin as the whitened principal components of the pictures' patches.

    pictures (N, 256, 256, 3) uint8. A random start needs hours to find such filters.
    """
    patches = functional.unfold(to_input(shrink(pictures)), _PATCH, stride=_PATCH)
    rows = patches.transpose(1, 2).flatten(0, 1)
    variances, directions = torch.linalg.eigh(torch.cov(rows.T))
    weight = model.vision_model.embeddings.patch_embedding.weight
    count = len(weight)
    scale = (variances[-count:] + 1e-3).rsqrt()
    weight.copy_((directions[:, -count:] * scale).T.reshape(weight.shape))


def _loss(
    model: CLIPModel,
    tokenizer: CLIPTokenizer,
    pictures: Tensor,
    captions: list[str],
    scenes: list[Scene],
    rng: np.random.Generator,
) -> Tensor:
    """CLIP's contrastive loss on whole captions, and on the words for each attribute alone."""
    texts = [attribute.wordings(rng) for attribute in ATTRIBUTES]
    sizes = [len(captions), *[len(words) for words in texts]]
    ids = token_ids(tokenizer, captions + [word for words in texts for word in words])
    with autocast("cpu"):
        seen = _seen(model, pictures).float()
        read = _read(model, ids).float()
    seen, read = functional.normalize(seen, dim=-1), functional.normalize(read, dim=-1)
    logits = model.logit_scale.exp().clamp(max=100) * seen @ read.T
    whole, *parts = logits.split(sizes, dim=1)
    # Captions that say the same must not count as wrong for each other.
    same = torch.tensor([[a == b for b in captions] for a in captions]).float()
    matches = same / same.sum(1, keepdim=True)
    loss = 0.5 * (_soft_entropy(whole, matches) + _soft_entropy(whole.T, matches))
    for attribute, part in zip(ATTRIBUTES, parts, strict=True):
        loss = loss + functional.cross_entropy(part, _answers(attribute, scenes))
    return loss


def _seen(model: CLIPModel, pictures: Tensor) -> Tensor:
    return cast(Any, model).get_image_features(pictures).pooler_output


def _read(model: CLIPModel, ids: Tensor) -> Tensor:
    return cast(Any, model).get_text_features(ids).pooler_output


def _soft_entropy(logits: Tensor, wanted: Tensor) -> Tensor:
    return -(wanted * logits.log_softmax(dim=1)).sum(1).mean()


def _answers(attribute: Attribute, scenes: list[Scene]) -> Tensor:
    return torch.tensor([attribute.choices.index(attribute.of(scene)) for scene in scenes])


@torch.no_grad()
def named_attributes(
    model: CLIPModel, tokenizer: CLIPTokenizer, pictures: np.ndarray
) -> list[list[str]]:
    """For each attribute, the choice that fits each picture (N, 256, 256, 3) best."""
    batch = to_input(shrink(pictures))
    seen = torch.cat([_seen(model, part) for part in batch.split(50)])
    found = []
    for attribute in ATTRIBUTES:
        read = _read(model, token_ids(tokenizer, attribute.plain()))
        best = (seen @ functional.normalize(read, dim=-1).T).argmax(1)
        found.append([attribute.choices[n] for n in best.tolist()])
    return found


def held_out_agreement(
    model: CLIPModel, tokenizer: CLIPTokenizer, count: int = 200
) -> dict[str, float]:
    """Share of held-out renders whose attribute the scorer names rightly."""
    seeds = range(HELD_OUT_SEED, HELD_OUT_SEED + count)
    named = named_attributes(model, tokenizer, render_seeds(seeds)[0])
    scenes = [sample_scene(seed) for seed in seeds]
    return {
        attribute.name: float(
            np.mean([a == attribute.of(s) for a, s in zip(names, scenes, strict=True)])
        )
        for attribute, names in zip(ATTRIBUTES, named, strict=True)
    }
