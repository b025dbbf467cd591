"""The scorer: a small CLIP that says how well a picture fits a text, trained on its own renders."""

import copy
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

from tokenflow_studio.demo.recognition import Recogniser
from tokenflow_studio.demo.scenes import Scene, sample_scene
from tokenflow_studio.engine.scorer import load_scorer

from .attributes import ATTRIBUTES, answers
from .compute import autocast, cosine_rate
from .patches import PatchLesson, look, object_masks
from .pictures import (
    HELD_OUT_SEED,
    SCORER_SEED,
    SHARD,
    load_captions,
    moment_of,
    open_shards,
    render_seeds,
)
from .text import MAX_LENGTH, token_ids
from .views import IMAGE_SIZE, PATCH, random_views, shrink, to_input

log = logging.getLogger(__name__)

_WIDTH = 192  # of the image tower
_ZOOMED = 0.5  # share of closer views at the start; it falls to none at the end


@dataclass(frozen=True, slots=True)
class ScorerPlan:
    """How to train the scorer. seconds: of the processor, so that a busy machine trains as well."""

    seconds: float = 1200.0
    save_seconds: float = 300.0
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
        "hidden_size": _WIDTH,
        "intermediate_size": 576,
        "num_hidden_layers": 5,
        "num_attention_heads": 6,
        "image_size": IMAGE_SIZE,
        "patch_size": PATCH,
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


def train_scorer(work: Path, target: Path, plan: ScorerPlan, begin: Path | None = None) -> None:
    """Train on the pictures in ``work/scorer`` and write ``target`` in fp16, also on the way.

    begin: the folder of a scorer to go on from, None to start from nothing.
    """
    tokenizer = CLIPTokenizer.from_pretrained(work / "tokenizer")
    lessons, rng = _Lessons.load(work / "scorer"), np.random.default_rng(plan.seed)
    if begin is None:
        model = build_scorer(tokenizer)
        start_patches(model, lessons.shards[0][:1000])
    else:
        model = CLIPModel.from_pretrained(
            begin, dtype=torch.float32, attn_implementation="eager", local_files_only=True
        )
    patches = PatchLesson(_WIDTH)
    parameters = [*model.parameters(), *patches.parameters()]
    optimiser = torch.optim.AdamW(parameters, plan.rate, weight_decay=0.05, fused=True)
    began, step, saved = time.process_time(), 0, 0.0
    while (spent := time.process_time() - began) < plan.seconds:
        share = spent / plan.seconds
        for group in optimiser.param_groups:
            group["lr"] = plan.rate * cosine_rate(share, step, warm_up=100)
        loss = _loss(model, patches, tokenizer, lessons.draw(rng, plan.batch, share), rng)
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(parameters, 1.0)
        optimiser.step()
        step += 1
        if step % 50 == 0:
            log.info("%3.0f %% step %d loss %.3f", 100 * share, step, loss.item())
        if spent - saved > plan.save_seconds:
            saved = spent
            save_scorer(model, tokenizer, target)
    save_scorer(model, tokenizer, target)
    log.info("held out: %s", held_out_agreement(target))


@dataclass(frozen=True, slots=True)
class _Batch:
    """Views (B, 3, H, W), the object's shares of their patches (B, N), captions and scenes."""

    views: Tensor
    shares: Tensor
    captions: list[str]
    scenes: list[Scene]


@dataclass(frozen=True, slots=True)
class _Lessons:
    """All pictures in their shards, with their captions, scenes and objects (N, 64, 64)."""

    shards: list[np.ndarray]
    captions: list[list[str]]
    scenes: list[Scene]
    masks: np.ndarray

    @classmethod
    def load(cls, folder: Path) -> "_Lessons":
        captions = load_captions(folder)
        seeds = range(SCORER_SEED, SCORER_SEED + len(captions))
        scenes = [sample_scene(seed) for seed in seeds]
        masks = object_masks(scenes, [moment_of(seed) for seed in seeds])
        return cls(open_shards(folder), captions, scenes, masks)

    def draw(self, rng: np.random.Generator, count: int, share: float) -> _Batch:
        """A batch after this share of the time."""
        rows = rng.integers(len(self.scenes), size=count).tolist()
        pictures = np.stack([self.shards[row // SHARD][row % SHARD] for row in rows])
        views, shares = random_views(pictures, self.masks[rows], rng, _ZOOMED * (1 - share))
        return _Batch(
            views,
            shares,
            [str(rng.choice(self.captions[row])) for row in rows],
            [self.scenes[row] for row in rows],
        )


def save_scorer(model: CLIPModel, tokenizer: CLIPTokenizer, target: Path) -> None:
    """Write the folder of a CLIP model, in fp16."""
    copy.deepcopy(model).half().save_pretrained(target)
    tokenizer.save_pretrained(target)
    build_processor().save_pretrained(target)


@torch.no_grad()
def start_patches(model: CLIPModel, pictures: np.ndarray) -> None:
    """Let the patch embedding begin as the whitened principal components of the pictures' patches.

    pictures (N, 256, 256, 3) uint8. A random start needs hours to find such filters.
    """
    patches = functional.unfold(to_input(shrink(pictures)), PATCH, stride=PATCH)
    rows = patches.transpose(1, 2).flatten(0, 1)
    variances, directions = torch.linalg.eigh(torch.cov(rows.T))
    weight = model.vision_model.embeddings.patch_embedding.weight
    count = len(weight)
    scale = (variances[-count:] + 1e-3).rsqrt()
    weight.copy_((directions[:, -count:] * scale).T.reshape(weight.shape))


def _loss(
    model: CLIPModel,
    patches: PatchLesson,
    tokenizer: CLIPTokenizer,
    batch: _Batch,
    rng: np.random.Generator,
) -> Tensor:
    """CLIP's contrastive loss on whole captions, on the words for each attribute alone, and the
    lesson on patches."""
    texts = [attribute.wordings(rng) for attribute in ATTRIBUTES]
    sizes = [len(batch.captions), *[len(words) for words in texts]]
    ids = token_ids(tokenizer, batch.captions + [word for words in texts for word in words])
    with autocast("cpu"):
        seen, tokens = look(model, batch.views)
        read = _read(model, ids).float()
    loss = patches(tokens.float(), batch.shares, batch.scenes)
    seen, read = functional.normalize(seen.float(), dim=-1), functional.normalize(read, dim=-1)
    logits = model.logit_scale.exp().clamp(max=100) * seen @ read.T
    whole, *parts = logits.split(sizes, dim=1)
    # Captions that say the same must not count as wrong for each other.
    same = torch.tensor([[a == b for b in batch.captions] for a in batch.captions]).float()
    matches = same / same.sum(1, keepdim=True)
    loss = loss + 0.5 * (_soft_entropy(whole, matches) + _soft_entropy(whole.T, matches))
    for attribute, part in zip(ATTRIBUTES, parts, strict=True):
        loss = loss + functional.cross_entropy(part, answers(attribute, batch.scenes))
    return loss


def _read(model: CLIPModel, ids: Tensor) -> Tensor:
    return cast(Any, model).get_text_features(ids).pooler_output


def _soft_entropy(logits: Tensor, wanted: Tensor) -> Tensor:
    return -(wanted * logits.log_softmax(dim=1)).sum(1).mean()


def held_out_agreement(folder: Path, count: int = 200) -> dict[str, float]:
    """Share of held-out renders whose attribute the scorer in ``folder`` names rightly."""
    recognise = Recogniser.of(load_scorer(folder, "cpu"))
    seeds = range(HELD_OUT_SEED, HELD_OUT_SEED + count)
    pictures = render_seeds(seeds)[0].astype(np.float32) / np.float32(255)
    looks = [recognise([picture]) for picture in pictures]
    scenes = [sample_scene(seed) for seed in seeds]
    return {
        a.name: float(
            np.mean([seen[a.name] == a.of(s) for seen, s in zip(looks, scenes, strict=True)])
        )
        for a in ATTRIBUTES
    }
