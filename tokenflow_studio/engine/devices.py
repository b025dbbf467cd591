"""Where a model computes, and in which precision."""

import torch

from tokenflow_studio.core.errors import BadInput

_DTYPES = {"float32": torch.float32, "float16": torch.float16, "bfloat16": torch.bfloat16}


def resolve_device(name: str) -> torch.device:
    """The device of that name; auto: CUDA, else Apple's GPU, else the CPU.

    Raises BadInput for unknown names and for devices that this machine lacks.
    """
    mps = torch.backends.mps.is_available()
    if name == "auto":
        name = "cuda" if torch.cuda.is_available() else "mps" if mps else "cpu"
    kind, _, index = name.partition(":")
    if kind not in ("cpu", "cuda", "mps") or (
        ":" in name and not (kind == "cuda" and _digits(index))
    ):
        raise BadInput(f"Unknown device '{name}': use auto, cpu, cuda or mps.")
    if (kind == "mps" and not mps) or (
        kind == "cuda" and int(index or 0) >= torch.cuda.device_count()
    ):
        raise BadInput(f"This machine has no device '{name}': use auto or cpu.")
    return torch.device(name)


def resolve_dtype(name: str, device: torch.device) -> torch.dtype:
    """The number format of that name; auto: 16 bits on a GPU, 32 on the CPU."""
    if name == "auto":
        return torch.float32 if device.type == "cpu" else torch.float16
    if name not in _DTYPES:
        raise BadInput(f"Unknown dtype '{name}': use auto, float32, float16 or bfloat16.")
    return _DTYPES[name]


def _digits(text: str) -> bool:
    return text.isascii() and text.isdigit()
