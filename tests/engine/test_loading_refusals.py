"""Whatever cannot be loaded is refused in one sentence, and nothing of it runs."""

import json
import pickle
import shutil
import struct
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from tokenflow_studio.core.errors import BadInput
from tokenflow_studio.engine.loading import load_model

Pair = tuple[Path, Path]
FLOAT8 = torch.float8_e4m3fn


def refuse(spec: object, words: str, base: object = "", **options: str) -> None:
    with pytest.raises(BadInput, match=words) as caught:
        load_model(str(spec), base=str(base), **options)
    assert str(caught.value).count("\n") == 0
    assert str(caught.value).endswith(".")


@pytest.fixture
def folder(sd1: Pair, tmp_path: Path) -> Path:
    return shutil.copytree(sd1[0], tmp_path / "model")


def change(path: Path, **values: object) -> None:
    path.write_text(json.dumps({**json.loads(path.read_text()), **values}))


@pytest.mark.parametrize(
    ("spec", "words"),
    [
        ("", "No model was named"),
        ("nothing-here", "There is no model nothing-here"),
        ("nothing/here.safetensors/deep", "There is no model"),
        ("some-organisation/some-model", "no model of that name was downloaded"),
        ("x" * 5000, "There is no model|cannot be read"),
        ("a\0b", "No model was named"),
        ("/dev/zero", "neither a folder nor a file"),
    ],
)
def test_names_that_mean_nothing(spec: str, words: str) -> None:
    refuse(spec, words)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"device": "tpu"}, "Unknown device 'tpu'"),
        ({"device": "cpu:1"}, "Unknown device"),
        ({"device": "cuda:99"}, "has no device"),
        ({"dtype": "int8"}, "Unknown dtype"),
    ],
)
def test_unknown_devices_and_formats(sd1: Pair, options: dict[str, str], words: str) -> None:
    refuse(sd1[0], words, **options)


def test_a_missing_demo_model(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("tokenflow_studio.engine.loading.resource", tmp_path.joinpath)
    refuse("demo", "The demo model is missing")


class Canary:
    """Unpickling it leaves a file behind."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, tuple[Path]]:
        return Path.touch, (self.path,)


@pytest.mark.parametrize("suffix", [".ckpt", ".pt", ".bin", ".safetensors"])
def test_a_pickle_is_never_opened(tmp_path: Path, suffix: str) -> None:
    (tmp_path / f"model{suffix}").write_bytes(pickle.dumps(Canary(tmp_path / "canary")))
    words = "no safetensors file" if suffix == ".safetensors" else "convert it to .safetensors"
    refuse(tmp_path / f"model{suffix}", words)
    assert not (tmp_path / "canary").exists()


def test_a_folder_of_pickles(folder: Path) -> None:
    weights = folder / "unet" / "diffusion_pytorch_model.safetensors"
    weights.rename(weights.with_suffix(".bin"))
    refuse(folder, "convert them to .safetensors")


def test_folders_that_are_no_model(tmp_path: Path, folder: Path) -> None:
    refuse(tmp_path, "no model_index.json")
    refuse(folder / "unet", "give the folder above")
    shutil.rmtree(folder / "tokenizer")
    refuse(folder, "tokenizer is missing")
    shutil.rmtree(folder / "vae")
    refuse(folder, "no complete model")


@pytest.mark.parametrize(
    "key",
    ["auto_map", "custom_pipelines", "_attn_implementation_internal", "trust_remote_code"],
)
@pytest.mark.parametrize(
    "file", ["model_index.json", "text_encoder/config.json", "tokenizer/tokenizer_config.json"]
)
def test_a_configuration_that_asks_for_code(folder: Path, file: str, key: str) -> None:
    change(folder / file, nested=[{key: "evil.py"}])
    refuse(folder, f"asks for code of its own \\('{key}'\\)")


@pytest.mark.parametrize(
    ("file", "values", "words"),
    [
        ("model_index.json", {"unet": ["mine", "MyNet"]}, "unknown class MyNet"),
        ("model_index.json", {"_class_name": ["pipeline", "Mine"]}, "pipeline of its own"),
        ("model_index.json", {"text_encoder_2": ["t", "C"]}, "not supported yet"),
        ("model_index.json", {"_class_name": "StableDiffusionXLPipeline"}, "not supported yet"),
        ("model_index.json", {"transformer": ["d", "Flux"]}, "use an SD 1.x or 2.x model"),
        ("model_index.json", {"vae": None}, "names no vae"),
        ("unet/config.json", {"_class_name": "UNet3D"}, "describes a UNet3D"),
        ("unet/config.json", {"addition_embed_type": "text_time"}, "SDXL-like"),
        ("unet/config.json", {"num_class_embeds": 7}, "num_class_embeds"),
        ("unet/config.json", {"in_channels": 9}, "9 input channels"),
        ("unet/config.json", {"cross_attention_dim": 32}, "do not belong together"),
        ("unet/config.json", {"block_out_channels": [16, 32]}, "with shape"),
        ("unet/config.json", {"block_out_channels": "wide"}, "no usable UNet2DConditionModel"),
        ("unet/config.json", {"layers_per_block": 10**9}, "too many layers"),
        ("unet/config.json", {"layers_per_block": 3}, "lacks tensor"),
        ("unet/config.json", {"layers_per_block": 1}, "holds the unknown tensor"),
        ("vae/config.json", {"_class_name": "AutoencoderOobleck"}, "AutoencoderOobleck"),
        ("text_encoder/config.json", {"architectures": ["T5EncoderModel"]}, "T5EncoderModel"),
        ("text_encoder/config.json", {"hidden_act": "shell"}, "no usable text encoder"),
        ("text_encoder/config.json", {"vocab_size": 5}, "more tokens than"),
        ("tokenizer/tokenizer_config.json", {"tokenizer_class": "T5Tokenizer"}, "T5Tokenizer"),
        ("tokenizer/tokenizer.json", {"model": {"type": "Unigram"}}, "no CLIP vocabulary"),
        ("tokenizer/tokenizer.json", {"model": {"vocab": {"a": "b"}}}, "no usable CLIP"),
        ("scheduler/scheduler_config.json", {"_class_name": "FlowMatch"}, "FlowMatch"),
        ("scheduler/scheduler_config.json", {"beta_schedule": "odd"}, "no usable noise schedule"),
        ("scheduler/scheduler_config.json", {"num_train_timesteps": 10**12}, "impossible number"),
        ("scheduler/scheduler_config.json", {"prediction_type": "flow"}, "cannot invert"),
    ],
)
def test_a_configuration_of_something_else(
    folder: Path, file: str, values: dict[str, object], words: str
) -> None:
    change(folder / file, **values)
    refuse(folder, words)


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b"\xff\xfe", b"[" * 100_000, b'{"a":' * 100_000]
)
def test_a_configuration_that_is_no_json_object(folder: Path, content: bytes) -> None:
    (folder / "unet" / "config.json").write_bytes(content)
    refuse(folder, "cannot be read as JSON|holds no JSON object")


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"native_size": [0, 64]}, "native_size"),
        ({"guidance": "much"}, "guidance"),
        ({"pnp_features": 2}, "pnp_features"),
        ({"steps": True}, "steps"),
        ({"feature_sites": ["up_blocks.9.resnets.0"]}, "which this model lacks"),
        ({"sites": []}, "something unknown: 'sites'"),
        ({"prediction_type": "flow"}, "predicts 'flow'"),
    ],
)
def test_settings_that_cannot_be_used(folder: Path, values: dict[str, object], words: str) -> None:
    (folder / "tokenflow.json").write_text(json.dumps(values))
    refuse(folder, words)


def header(fields: object, data: bytes = b"") -> bytes:
    text = json.dumps(fields).encode()
    return struct.pack("<Q", len(text)) + text + data


def tensor(start: int, end: int, shape: list[int]) -> dict[str, object]:
    return {"dtype": "F32", "shape": shape, "data_offsets": [start, end]}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b"PK\x03\x04 no safetensors at all", "no safetensors file"),
        (struct.pack("<Q", 1 << 62) + b"{}", "no safetensors file"),
        (struct.pack("<Q", 5000) + b"{}", "cut short"),
        (header({"a": tensor(0, 4, [1])}), "damaged or cut short"),
        (header({"a": tensor(0, 4, [7])}, bytes(4)), "damaged or cut short"),
        (header({"a": tensor(0, 4, [1]), "b": tensor(0, 4, [1])}, bytes(4)), "damaged"),
        (header(["a"]), "no safetensors file"),
        (header({"a": 7}), "damaged"),
    ],
)
def test_files_that_only_pretend_to_be_safetensors(
    tmp_path: Path, folder: Path, content: bytes, words: str
) -> None:
    (tmp_path / "model.safetensors").write_bytes(content)
    refuse(tmp_path / "model.safetensors", words)
    (folder / "vae" / "diffusion_pytorch_model.safetensors").write_bytes(content)
    refuse(folder, words)


def test_a_checkpoint_cut_short(sd1: Pair, tmp_path: Path) -> None:
    short = tmp_path / "model.safetensors"
    short.write_bytes(sd1[1].read_bytes()[:-1000])
    refuse(short, "damaged or cut short", base=sd1[0])


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 1e6])
def test_weights_that_are_not_finite(folder: Path, value: float) -> None:
    path = folder / "unet" / "diffusion_pytorch_model.safetensors"
    tensors = load_file(path)
    tensors["conv_in.bias"][3] = value
    save_file(tensors, path)
    refuse(folder, "'conv_in.bias' holds values that are not finite", dtype="float16")


def test_weights_in_eight_bits(folder: Path) -> None:
    path = folder / "unet" / "diffusion_pytorch_model.safetensors"
    save_file({name: value.to(FLOAT8) for name, value in load_file(path).items()}, path)
    refuse(folder, "use a model in 16 or 32 bits")


UNET = "model.diffusion_model."
ENTRY = f"{UNET}input_blocks.0.0.weight"
TEXT = f"{UNET}input_blocks.1.1.transformer_blocks.0.attn2.to_k.weight"


@pytest.mark.parametrize(
    ("shapes", "words"),
    [
        ({"lora_unet_down.lora_up.weight": (1,)}, "is a LoRA"),
        ({"control_model.input_hint_block.0.weight": (1,)}, "is a ControlNet"),
        ({"double_blocks.0.img_attn.qkv.weight": (1,)}, "a Flux model, not supported yet"),
        ({f"{UNET}joint_blocks.0.x.weight": (1,)}, "an SD 3 model, not supported yet"),
        ({ENTRY: (8, 4, 3, 3), TEXT: (8, 2048)}, "SDXL-like model, not supported yet"),
        ({ENTRY: (8, 9, 3, 3), TEXT: (8, 768)}, "inpainting"),
        ({ENTRY: (8, 4, 3, 3), TEXT: (8, 16)}, "neither SD 1.x nor 2.x"),
        ({ENTRY: (8, 4, 3, 3), TEXT: (8, 768)}, "holds no autoencoder"),
        ({"down_blocks.0.resnets.0.conv1.weight": (1,)}, "give the whole folder"),
        ({"first_stage_model.decoder.conv_in.weight": (1,)}, "no Stable Diffusion network"),
    ],
)
def test_checkpoints_of_something_else(
    tmp_path: Path, shapes: dict[str, tuple[int, ...]], words: str
) -> None:
    path = tmp_path / "model.safetensors"
    save_file({name: torch.zeros(shape) for name, shape in shapes.items()}, path)
    refuse(path, words)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        (f"{UNET}input_blocks.1.0.in_layers.2.weight", "lacks tensor|no complete SD"),
        ("first_stage_model.decoder.conv_out.bias", "lacks tensor"),
        (f"{UNET}time_embed.0.weight", "with shape"),
    ],
)
def test_a_checkpoint_with_a_tensor_missing_or_misshapen(
    sd1: Pair, tmp_path: Path, name: str, words: str
) -> None:
    tensors = load_file(sd1[1])
    if words == "with shape":
        tensors[name] = tensors[name][:-1].clone()
    else:
        del tensors[name]
    save_file(tensors, tmp_path / "model.safetensors")
    refuse(tmp_path / "model.safetensors", words, base=sd1[0])


def test_a_base_that_does_not_fit(sd1: Pair, tmp_path: Path, tiny_model: Path) -> None:
    refuse(sd1[1], "is no folder", base=tmp_path / "none")
    refuse(sd1[1], r"shape|tensor|another base", base=tiny_model)
