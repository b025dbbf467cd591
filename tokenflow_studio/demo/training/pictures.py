"""The training pictures: scenes rendered to arrays on disk, each with several captions."""

import json
import logging
from pathlib import Path

import cv2
import numpy as np

from tokenflow_studio.demo.scenes import caption, render_frame, sample_scene

log = logging.getLogger(__name__)

SHARD = 1000
CAPTIONS_PER_PICTURE = 12
#: Scenes from this seed on are never trained on; the scorer has its own range.
SCORER_SEED = 500_000
HELD_OUT_SEED = 1_000_000


def render_shards(folder: Path, count: int, part: int, parts: int, first_seed: int = 0) -> None:
    """Render ``count`` pictures into shards; this process does every ``parts``-th shard."""
    folder.mkdir(parents=True, exist_ok=True)
    cv2.setNumThreads(1)
    for shard in range(part, -(-count // SHARD), parts):
        target = folder / f"pictures-{shard:03d}.npy"
        if target.exists():
            continue
        seeds = range(first_seed + shard * SHARD, first_seed + min((shard + 1) * SHARD, count))
        pictures, captions = render_seeds(seeds)
        (folder / f"captions-{shard:03d}.json").write_text(json.dumps(captions))
        partial = folder / f"partial-{part}.npy"
        np.save(partial, pictures)
        partial.rename(target)
        log.info("shard %d: %d pictures", shard, len(pictures))


def render_seeds(seeds: range) -> tuple[np.ndarray, list[list[str]]]:
    """Pictures (N, 256, 256, 3) uint8 of scenes at a random moment, and their captions."""
    pictures, captions = [], []
    for seed in seeds:
        rng, scene = _chance(seed), sample_scene(seed)
        pictures.append(render_frame(scene, _moment(rng)))
        captions.append([caption(scene, rng) for _ in range(CAPTIONS_PER_PICTURE)])
    return np.stack(pictures), captions


def moment_of(seed: int) -> float:
    """The time in frames at which `render_seeds` shows a scene."""
    return _moment(_chance(seed))


def _chance(seed: int) -> np.random.Generator:
    return np.random.default_rng((seed, 7002))


def _moment(rng: np.random.Generator) -> float:
    """Drawn first; the captions follow."""
    return float(rng.uniform(0, 24))


def load_captions(folder: Path) -> list[list[str]]:
    """The captions of every picture, in the order of the shards."""
    found: list[list[str]] = []
    for path in sorted(folder.glob("captions-*.json")):
        found += json.loads(path.read_text())
    return found


def open_shards(folder: Path) -> list[np.ndarray]:
    """The picture shards, mapped from disk."""
    return [np.load(path, mmap_mode="r") for path in sorted(folder.glob("pictures-*.npy"))]
