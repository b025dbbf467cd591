"""Every way to name a model gives the same model, silently, offline and frozen."""

import json
import shutil
import socket
from pathlib import Path

import pytest
import torch
from diffusers import StableDiffusionPipeline
from safetensors.torch import load_file, save_file
from torch import nn

from tokenflow_studio.engine.loading import describe_model, load_model
from tokenflow_studio.engine.model import DiffusionModel

Pair = tuple[Path, Path]


def modules(model: DiffusionModel) -> tuple[nn.Module, ...]:
    return model.unet, model.vae, model.text_encoder


def same_weights(one: DiffusionModel, other: DiffusionModel) -> bool:
    return all(
        a.state_dict().keys() == b.state_dict().keys()
        and all(torch.equal(value, b.state_dict()[key]) for key, value in a.state_dict().items())
        for a, b in zip(modules(one), modules(other), strict=True)
    )


def run(model: DiffusionModel) -> torch.Tensor:
    """The network's output for an encoded picture and a prompt, decoded."""
    image = torch.rand((1, 3, 16, 16), generator=torch.Generator().manual_seed(0))
    latents = model.encode(image)
    with torch.inference_mode():
        latents = latents.to(model.unet.dtype)
        output = model.unet(latents, 500, model.embed("a cat"), return_dict=False)[0]
    return model.decode(output.float())


def test_a_single_file_is_the_folder_bit_for_bit(sd: Pair) -> None:
    folder, checkpoint = sd
    expected = load_model(str(folder), device="cpu")
    model = load_model(str(checkpoint), base=str(folder), device="cpu")
    assert same_weights(model, expected)
    assert torch.equal(run(model), run(expected))
    assert model.schedule == expected.schedule
    assert model.settings == expected.settings


@pytest.mark.filterwarnings("ignore::FutureWarning", "ignore::DeprecationWarning")
def test_weights_and_prompts_are_those_of_the_diffusers_pipeline(sd: Pair) -> None:
    model = load_model(str(sd[0]), device="cpu")
    pipeline = StableDiffusionPipeline.from_pretrained(
        sd[0], local_files_only=True, safety_checker=None, low_cpu_mem_usage=False
    )
    text, _ = pipeline.encode_prompt("a cat, and Ünïcode", "cpu", 1, False)
    assert torch.equal(model.embed("a cat, and Ünïcode"), text)
    for own, other in zip(
        modules(model), (pipeline.unet, pipeline.vae, pipeline.text_encoder), strict=True
    ):
        assert all(torch.equal(own.state_dict()[k], v) for k, v in other.state_dict().items())


def test_loading_is_silent_and_touches_no_network(
    sd: Pair, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    load_model(str(sd[1]), base=str(sd[0]), device="cpu")
    assert capfd.readouterr() == ("", "")


def test_a_loaded_model_is_frozen_and_wholly_in_the_asked_precision(sd: Pair) -> None:
    model = load_model(str(sd[0]), device="cpu", dtype="bfloat16")
    for module in modules(model):
        assert not module.training
        assert {value.dtype for value in module.parameters()} == {torch.bfloat16}
        assert not any(value.requires_grad for value in module.parameters())
    assert run(model).isfinite().all()


def test_an_autoencoder_that_asks_for_it_keeps_32_bits(sd: Pair, tmp_path: Path) -> None:
    folder = shutil.copytree(sd[0], tmp_path / "model")
    change(folder / "vae" / "config.json", force_upcast=True)
    model = load_model(str(folder), device="cpu", dtype="bfloat16")
    assert model.vae.dtype == torch.float32
    assert model.unet.dtype == torch.bfloat16


def test_half_precision_variants_are_found(sd: Pair, tmp_path: Path) -> None:
    folder = shutil.copytree(sd[0], tmp_path / "model")
    for weights in folder.glob("*/*.safetensors"):
        weights.rename(weights.with_suffix(".fp16.safetensors"))
    assert same_weights(load_model(str(folder)), load_model(str(sd[0])))


def test_an_autoencoder_with_early_names_is_the_same(sd: Pair, tmp_path: Path) -> None:
    folder = shutil.copytree(sd[0], tmp_path / "model")
    path = folder / "vae" / "diffusion_pytorch_model.safetensors"
    early = {"to_q": "query", "to_k": "key", "to_v": "value", "to_out.0": "proj_attn"}
    tensors = load_file(path)
    for new, old in early.items():
        tensors = {name.replace(f".{new}.", f".{old}."): tensors[name] for name in tensors}
    assert any(".proj_attn." in name for name in tensors)
    save_file(tensors, path)
    assert same_weights(load_model(str(folder)), load_model(str(sd[0])))


def test_a_text_encoder_with_early_names_is_the_same(sd: Pair, tmp_path: Path) -> None:
    folder = shutil.copytree(sd[0], tmp_path / "model")
    path = folder / "text_encoder" / "model.safetensors"
    tensors = {f"text_model.{name}": value for name, value in load_file(path).items()}
    positions = {"text_model.embeddings.position_ids": torch.arange(16)[None]}
    save_file(tensors | positions, path)
    assert same_weights(load_model(str(folder)), load_model(str(sd[0])))


def test_vocabulary_and_merges_as_two_files_give_the_same_tokens(sd: Pair, tmp_path: Path) -> None:
    folder = shutil.copytree(sd[0], tmp_path / "model")
    whole = folder / "tokenizer" / "tokenizer.json"
    model = json.loads(whole.read_text())["model"]
    whole.unlink()
    (folder / "tokenizer" / "vocab.json").write_text(json.dumps(model["vocab"]))
    lines = ["#version: 0.2", *(" ".join(pair) for pair in model["merges"])]
    (folder / "tokenizer" / "merges.txt").write_text("\n".join(lines) + "\n")
    expected = load_model(str(sd[0])).tokenizer("A cat's Ünïcode 12").input_ids
    assert load_model(str(folder)).tokenizer("A cat's Ünïcode 12").input_ids == expected


def test_the_latest_model_is_kept_until_a_file_changes(sd: Pair, tmp_path: Path) -> None:
    folder = shutil.copytree(sd[0], tmp_path / "model")
    first = load_model(str(folder), device="cpu")
    assert load_model(str(folder), device="cpu", dtype="float32") is first
    (folder / "tokenflow.json").write_text('{"guidance": 3}')
    second = load_model(str(folder), device="cpu")
    assert second.settings.guidance == 3
    assert second.fingerprint != first.fingerprint


def test_the_fingerprint_knows_contents_not_places(sd: Pair, tmp_path: Path) -> None:
    folder = shutil.copytree(sd[0], tmp_path / "elsewhere")
    here = load_model(str(sd[0])).fingerprint
    assert load_model(str(folder)).fingerprint == here
    assert load_model(str(folder), dtype="bfloat16").fingerprint != here
    change(folder / "scheduler" / "scheduler_config.json", beta_end=0.02)
    assert load_model(str(folder)).fingerprint != here


def test_parts_that_a_checkpoint_lacks_come_from_the_base(sd: Pair, tmp_path: Path) -> None:
    tensors = {k: v for k, v in load_file(sd[1]).items() if not k.startswith("first_stage")}
    save_file(tensors, tmp_path / "no-vae.safetensors")
    model = load_model(str(tmp_path / "no-vae.safetensors"), base=str(sd[0]))
    assert same_weights(model, load_model(str(sd[0])))
    assert "no-vae.safetensors holds no autoencoder" in model.notices[0]


def test_a_description_says_what_matters(sd: Pair) -> None:
    text = describe_model(str(sd[0]))
    assert "AutoencoderKL with 4 latent channels" in text
    assert "16x16 pixels" in text
    assert "up_blocks.1.resnets.1" in text


def test_the_stand_in_model_loads(shared: Path) -> None:
    model = load_model(str(shared / "models" / "standin"), device="cpu")
    assert model.schedule.prediction == "v_prediction"
    assert model.settings.native_size == (256, 256)
    assert model.embed("a red ball on grass").shape == (1, 32, 128)


def change(path: Path, **values: object) -> None:
    path.write_text(json.dumps({**json.loads(path.read_text()), **values}))
