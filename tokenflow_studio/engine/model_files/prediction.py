"""What a checkpoint's network predicts: noise (epsilon) or velocity (v_prediction).

SD 1.x and 2.x files do not have to say it, and the same tensors serve both. So it is taken from
whatever speaks first: the `tokenflow.json`, the file's header, the base, the file's name; and at
last from the network itself.
"""

import dataclasses
import re
from functools import lru_cache
from pathlib import Path

import torch
from diffusers import UNet2DConditionModel

from tokenflow_studio.core.paths import resource
from tokenflow_studio.engine.components import fill, make_unet
from tokenflow_studio.engine.model_files.checkpoints import read_metadata
from tokenflow_studio.engine.model_files.configuration import read_object
from tokenflow_studio.engine.model_files.parts import ModelFiles, Part
from tokenflow_studio.engine.model_files.single_file import original_tensors

EPSILON, VELOCITY = "epsilon", "v_prediction"
_WORDS = {EPSILON: "noise (epsilon)", VELOCITY: "velocity (v-prediction)"}
_VELOCITY_NAME = re.compile(r"v[-_ ]?pred|768", re.IGNORECASE)
_EPSILON_NAME = re.compile(r"eps|512|base", re.IGNORECASE)


def settle_prediction(files: ModelFiles) -> ModelFiles:
    """Fill in what the network predicts, where the scheduler's configuration cannot know."""
    given = read_object(files.settings).get("prediction_type") if files.settings else None
    if isinstance(given, str):
        return _with(files, given)
    if not files.unet.original:
        return files
    written = _written(read_metadata(files.unet.weights))
    if written is not None:
        return _with(files, written)
    if files.unet.config != resource("models", "sd2", "unet.json"):
        return files
    name = files.unet.weights.name
    if _VELOCITY_NAME.search(name) or _EPSILON_NAME.search(name):
        kind = VELOCITY if _VELOCITY_NAME.search(name) else EPSILON
        return _with(files, kind, f"{name} is taken to predict {_WORDS[kind]}, as its name says.")
    stat = files.unet.weights.stat()
    kind = _probed(files.unet, stat.st_size, stat.st_mtime_ns)
    return _with(files, kind, f"{name} does not say what it predicts; a trial says {_WORDS[kind]}. "
                 "If pictures come out as noise, set prediction_type in a tokenflow.json beside "
                 "it.")  # fmt: skip


def probe(unet: UNet2DConditionModel) -> str:
    """Show the network pure noise at the last timestep and see what it makes of it.

    There epsilon is nearly the input itself, while velocity is nearly minus the picture that the
    network imagines, and unrelated to the input.
    """
    generator = torch.Generator("cpu").manual_seed(0)
    shape = (1, unet.config["in_channels"], 32, 32)
    noise = torch.randn(shape, generator=generator).to(unet.device, unet.dtype)
    text = noise.new_zeros((1, 77, unet.config["cross_attention_dim"]))
    with torch.inference_mode():
        output = unet(noise, 999, encoder_hidden_states=text, return_dict=False)[0]
    pair = torch.stack([noise.flatten(), output.flatten()]).float()
    return EPSILON if float(torch.corrcoef(pair)[0, 1]) > 0.5 else VELOCITY


@lru_cache(maxsize=8)
def _probed(part: Part, size: int, modified: int) -> str:
    unet = make_unet(read_object(part.config), part.config)
    tensors = original_tensors(part.weights, unet)
    return probe(fill(unet, tensors, part.weights, torch.device("cpu"), torch.float32))


def _written(metadata: dict[str, str]) -> str | None:
    """What the header says, in the terms of the Stability model specification."""
    kind = metadata.get("modelspec.prediction_type", "").lower()
    architecture = metadata.get("modelspec.architecture", "").lower()
    if kind in ("v", "v_prediction", "v-prediction") or architecture.endswith("-v2-768-v"):
        return VELOCITY
    if kind == "epsilon" or architecture.endswith("-v2-512"):
        return EPSILON
    return None


def _with(files: ModelFiles, prediction: str, *notices: str) -> ModelFiles:
    unet = files.unet
    if prediction == VELOCITY and unet.config == resource("models", "sd2", "unet.json"):
        # The 2.x models that predict velocity work at 768 pixels, with scores in 32 bits.
        unet = dataclasses.replace(unet, config=Path(unet.config.parent, "unet-768.json"))
    return dataclasses.replace(
        files, unet=unet, prediction=prediction, notices=(*files.notices, *notices)
    )
