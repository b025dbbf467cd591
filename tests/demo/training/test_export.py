"""Training goes on from an exported model, wherever it was trained."""

from pathlib import Path

import torch
from safetensors.torch import load_file

from tokenflow_studio.core.paths import resource
from tokenflow_studio.demo.training.export import build_pipeline, import_model


def test_an_imported_model_has_the_weights_it_was_exported_with(tmp_path: Path) -> None:
    model = resource("demo", "model")
    import_model(model, tmp_path)
    pipeline = build_pipeline(tmp_path)
    for name in ("unet", "text_encoder"):
        stored = load_file(next((model / name).glob("*.safetensors")))
        found = getattr(pipeline, name).state_dict()
        assert stored
        assert all(torch.equal(found[key], value.float()) for key, value in stored.items())
    text = "a golden ball on grass"
    assert pipeline.tokenizer(text).input_ids[0] > 0
