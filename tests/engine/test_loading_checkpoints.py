"""Single checkpoints of Stable Diffusion's real sizes, with the configurations that come along."""

import json
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file
from torch import nn
from transformers import CLIPTextModel

from tests.engine.original_layout import Tensors, write_checkpoint
from tests.engine.real_sizes import original, shipped, write_large
from tests.engine.sd_models import write_sd
from tokenflow_studio.engine.components import text_tensors
from tokenflow_studio.engine.loading import find_model, load_model
from tokenflow_studio.engine.model_files import single_file
from tokenflow_studio.engine.model_files.parts import ModelFiles
from tokenflow_studio.engine.model_files.prediction import probe, settle_prediction
from tokenflow_studio.engine.model_files.vocabulary import read_tokenizer

WEIGHTS = {
    "sd1": (859_520_964, 83_653_863, 123_060_480),
    "sd2": (865_910_724, 83_653_863, 340_387_840),
}


@pytest.mark.parametrize("family", ["sd1", "sd2"])
def test_shipped_configurations_are_the_real_architectures(family: str) -> None:
    sizes = [sum(value.numel() for value in module.parameters()) for module in shipped(family)]
    assert tuple(sizes) == WEIGHTS[family]


@pytest.mark.parametrize("family", ["sd1", "sd2"])
def test_every_tensor_of_a_real_checkpoint_finds_its_place(
    family: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    tensors = original(family)

    def read(path: Path, prefix: str) -> Tensors:
        return {name: value for name, value in tensors.items() if name.startswith(prefix)}

    monkeypatch.setattr(single_file, "_read", read)
    for module in shipped(family):
        converted = single_file.original_tensors(Path(), module)
        if isinstance(module, CLIPTextModel):
            converted = text_tensors(converted)
        assert shapes(converted) == shapes(module.state_dict())


def shapes(tensors: Tensors) -> dict[str, torch.Size]:
    return {name: value.shape for name, value in tensors.items()}


@pytest.mark.parametrize(
    ("family", "name", "metadata", "settings", "prediction", "notice"),
    [
        ("sd1", "v1-5-pruned", {}, {}, None, ""),
        ("sd1", "mine", {"modelspec.prediction_type": "v"}, {}, "v_prediction", ""),
        ("sd2", "v2-1_768-ema-pruned", {}, {}, "v_prediction", "as its name says"),
        ("sd2", "v2-1_512-ema-pruned", {}, {}, "epsilon", "as its name says"),
        ("sd2", "mine-v_pred", {}, {}, "v_prediction", "as its name says"),
        (
            "sd2",
            "m",
            {"modelspec.architecture": "stable-diffusion-v2-768-v"},
            {},
            "v_prediction",
            "",
        ),
        ("sd2", "m768", {"modelspec.prediction_type": "epsilon"}, {}, "epsilon", ""),
        ("sd2", "m768", {}, {"prediction_type": "epsilon"}, "epsilon", ""),
    ],
)
def test_what_a_checkpoint_predicts_is_taken_from_whatever_says_it(
    tmp_path: Path,
    family: str,
    name: str,
    metadata: dict[str, str],
    settings: dict[str, str],
    prediction: str | None,
    notice: str,
) -> None:
    path = write_large(tmp_path / f"{name}.safetensors", original(family), metadata=metadata)
    if settings:
        path.with_suffix(".tokenflow.json").write_text(json.dumps(settings))
    files = settle_prediction(find_model(str(path)))
    assert files.prediction == prediction
    assert notice in "".join(files.notices)
    assert bool(notice) == bool(files.notices)
    large = family == "sd2" and prediction == "v_prediction"
    assert files.unet.config.name == ("unet-768.json" if large else "unet.json")


class Predictor(nn.Module):
    """A network that answers pure noise as a trained one does, in either way."""

    def __init__(self, share: float) -> None:
        super().__init__()
        self.config = {"in_channels": 4, "cross_attention_dim": 8}
        self.device, self.dtype = torch.device("cpu"), torch.float32
        self.share = share

    def forward(self, x: torch.Tensor, *_: object, **__: object) -> tuple[torch.Tensor]:
        return (self.share * x - torch.linspace(-1, 1, 32),)


@pytest.mark.parametrize(("share", "kind"), [(1.0, "epsilon"), (0.07, "v_prediction")])
def test_a_trial_tells_noise_from_velocity(share: float, kind: str) -> None:
    assert probe(Predictor(share)) == kind  # pyright: ignore[reportArgumentType]


def test_a_trial_knows_the_stand_in_model(shared: Path) -> None:
    assert probe(load_model(str(shared / "models" / "standin")).unet) == "v_prediction"


def test_a_checkpoint_that_does_not_say_is_tried_and_the_user_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, checkpoint = write_sd(tmp_path, second=True)
    own = find_model(str(checkpoint), base=str(folder))
    monkeypatch.setattr(
        "tokenflow_studio.engine.model_files.prediction.resource",
        lambda *_: own.unet.config,  # the small configuration stands for the shipped one
    )
    files = settle_prediction(own)
    assert files.prediction == "v_prediction"
    assert "checkpoint.safetensors does not say what it predicts" in files.notices[0]


@pytest.fixture(scope="module")
def clip_files(tmp_path_factory: pytest.TempPathFactory) -> ModelFiles:
    path = tmp_path_factory.mktemp("clip") / "v1.safetensors"
    return find_model(str(write_large(path, original("sd1"))))


@pytest.mark.parametrize(
    ("prompt", "ids"),
    [
        ("a photo of a cat", [320, 1125, 539, 320, 2368]),
        ("A  Photo\nof a CAT", [320, 1125, 539, 320, 2368]),
        ("hello world!", [3306, 1002, 256]),
        ("", []),
    ],
)
def test_clip_tokens(clip_files: ModelFiles, prompt: str, ids: list[int]) -> None:
    tokenizer = read_tokenizer(clip_files.tokenizer, 77, 49407)
    assert len(tokenizer) == 49408
    assert tokenizer(prompt).input_ids == [49406, *ids, 49407]
    padded = tokenizer(prompt, padding="max_length").input_ids
    assert padded == [49406, *ids] + [49407] * (76 - len(ids))


def test_sd2_pads_with_its_own_token(clip_files: ModelFiles) -> None:
    padded = read_tokenizer(clip_files.tokenizer, 77, 0)("a cat", padding="max_length").input_ids
    assert padded == [49406, 320, 2368, 49407] + [0] * 73


def test_settings_lie_beside_a_checkpoint(sd1: tuple[Path, Path], tmp_path: Path) -> None:
    path = write_checkpoint(tmp_path / "mine.safetensors", load_file(sd1[1]))
    (tmp_path / "tokenflow.json").write_text('{"guidance": 3}')
    assert load_model(str(path), base=str(sd1[0])).settings.guidance == 3
    (tmp_path / "mine.tokenflow.json").write_text('{"guidance": 4}')
    assert load_model(str(path), base=str(sd1[0])).settings.guidance == 4
