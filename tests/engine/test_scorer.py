"""The scorer beside transformers' own CLIP, and folders that are none."""

import json
import shutil
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest
import torch
from transformers import CLIPModel, CLIPTokenizer
from transformers.models.clip.image_processing_pil_clip import CLIPImageProcessorPil

from tests.clip_model import write_clip_model
from tokenflow_studio.core.errors import BadInput
from tokenflow_studio.engine.scorer import load_scorer


@pytest.fixture(scope="module", params=[False, True], ids=["square", "shortest edge"])
def folder(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Path:
    return write_clip_model(tmp_path_factory.mktemp("clip"), request.param)


def frames(count: int, height: int = 60, width: int = 90) -> list[np.ndarray]:
    draw = np.random.default_rng(8)
    return [draw.random((height, width, 3), np.float32) for _ in range(count)]


def test_scores_are_those_of_transformers(folder: Path) -> None:
    pictures = frames(3)
    scores = load_scorer(folder, "cpu").score(iter(pictures), "a red ball")
    model = cast(Any, CLIPModel.from_pretrained(folder, local_files_only=True)).eval()
    process = CLIPImageProcessorPil.from_pretrained(folder)
    eight_bit = [(p * 255 + 0.5).astype(np.uint8) for p in pictures]
    pixels = torch.from_numpy(np.stack(process(eight_bit, return_tensors="np")["pixel_values"]))
    ids = CLIPTokenizer.from_pretrained(folder)(
        "a red ball", padding="max_length", max_length=16, return_tensors="pt"
    ).input_ids
    with torch.no_grad():
        seen = model.get_image_features(pixels).pooler_output
        read = model.get_text_features(ids).pooler_output
    match = torch.cosine_similarity(seen, read).mean()
    steps = torch.cosine_similarity(seen[1:], seen[:-1]).mean()
    assert scores.prompt_match == pytest.approx(float(match), abs=2e-3)
    assert scores.frame_consistency == pytest.approx(float(steps), abs=2e-3)


def test_frames_stream_in_batches(folder: Path) -> None:
    scorer = load_scorer(folder, "cpu")
    pictures = frames(11, 40, 40)
    scores = scorer.score(iter(pictures), "")
    seen = torch.cat([scorer.look([picture]) for picture in pictures])
    assert scores.prompt_match is None
    assert scores.frame_consistency == pytest.approx(
        float((seen[1:] * seen[:-1]).sum(-1).mean()), abs=1e-5
    )
    assert scorer.score(iter(pictures[:1]), "").frame_consistency is None


def test_what_is_no_clip_model_is_told(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="holds no model"):
        load_scorer(tmp_path)
    other = tmp_path / "other"
    shutil.copytree(folder, other)
    config = json.loads((folder / "config.json").read_text())
    (other / "config.json").write_text(json.dumps(config | {"model_type": "siglip"}))
    with pytest.raises(BadInput, match="siglip, no CLIP model"):
        load_scorer(other)
    (other / "config.json").write_text(json.dumps(config | {"projection_dim": 4}))
    with pytest.raises(BadInput, match="is expected"):
        load_scorer(other)
    (other / "config.json").write_text(json.dumps(config | {"auto_map": {"a": "b.C"}}))
    with pytest.raises(BadInput, match="code of its own"):
        load_scorer(other)
