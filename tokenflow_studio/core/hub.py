"""Models of the Hugging Face hub by their id, owner/name: which of their files are needed, and what
a model offers before anything of it is fetched."""

import json
import os
import re
import urllib.parse
from typing import Any

from tokenflow_studio.core.downloads import Offer, read_text
from tokenflow_studio.core.errors import BadInput

_ID = re.compile(r"[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*", re.ASCII)
_HUB = "https://huggingface.co"
_WEIGHTS = {
    "unet": "diffusion_pytorch_model",
    "vae": "diffusion_pytorch_model",
    "text_encoder": "model",
}
_TEXTS = re.compile(
    r"model_index\.json|tokenflow\.json|(unet|vae|text_encoder)/config\.json"
    r"|scheduler/scheduler_config\.json|tokenizer/[\w.-]+\.(json|txt)"
)


def is_hub_id(spec: str) -> bool:
    """Whether this reads like owner/name."""
    return _ID.fullmatch(spec) is not None


def chosen_files(names: list[str], half: bool) -> list[str]:
    """Of a model's file names those that are needed: of several weights of a part, one.

    Only JSON, the tokenizer's texts and safetensors. half: in 16 bits where the model offers them.
    """
    chosen = [name for name in names if _TEXTS.fullmatch(name)]
    for part, stem in _WEIGHTS.items():
        plain, small = f"{part}/{stem}.safetensors", f"{part}/{stem}.fp16.safetensors"
        order = (small, plain) if half else (plain, small)
        chosen += [name for name in order if name in names][:1]
    return chosen


def look_at_model(name: str) -> Offer:
    """What the hub has under an id: a folder of files of one revision, with 16-bit weights where
    there are any. Raises BadInput for what is no model that can be used, JobFailed when the network
    fails."""
    hub = os.environ.get("HF_ENDPOINT", _HUB).rstrip("/")
    try:
        found = json.loads(read_text(f"{hub}/api/models/{name}?blobs=true"))
        files = {file["rfilename"]: file for file in found["siblings"]}
        place = f"{hub}/{name}/resolve/{urllib.parse.quote(found['sha'])}"
        wanted = chosen_files(list(files), half=True)
        parts = tuple(_part(place, path, files[path], found["sha"]) for path in wanted)
        licence = (found.get("cardData") or {}).get("license")
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadInput(f"The hub's answer about {name} cannot be read ({error}): check the "
                       "id.") from error  # fmt: skip
    weights = {path.split("/")[0] for path in wanted if path.endswith(".safetensors")}
    if weights != _WEIGHTS.keys():
        raise BadInput(
            f"{name} holds no model in diffusers' layout with .safetensors weights: choose another."
        )
    return Offer(
        address=name,
        name=name.split("/")[1],
        size=sum(part.size for part in parts),
        licence=licence if isinstance(licence, str) else "",
        title=name,
        resumes=True,
        parts=parts,
    )


def _part(place: str, path: str, file: dict[str, Any], revision: str) -> Offer:
    return Offer(
        address=f"{place}/{urllib.parse.quote(path)}",
        name=path,
        size=int(file["size"]),
        mark=revision,
        resumes=True,
        digest=(file.get("lfs") or {}).get("sha256", ""),
    )
