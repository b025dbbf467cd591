"""Devices, number formats and learning rates that all parts of the training share."""

import math

import torch


def pick_device(name: str) -> torch.device:
    """``auto`` takes the first accelerator that is present."""
    if name != "auto":
        return torch.device(name)
    if torch.cuda.is_available():
        return torch.device("cuda")
    if torch.backends.mps.is_available():
        return torch.device("mps")
    return torch.device("cpu")


def fast_bfloat16(device_type: str) -> bool:
    """Whether bfloat16 is worth while: on a CPU only where its instructions are there."""
    if device_type == "cuda":
        return torch.cuda.is_bf16_supported()
    if device_type != "cpu":
        return False
    flags = torch.cpu.get_capabilities()
    return bool(flags.get("avx512_bf16") or flags.get("amx_tile"))


def autocast(device_type: str) -> torch.autocast:
    """A bfloat16 context where that is faster, else one that does nothing."""
    return torch.autocast(device_type, torch.bfloat16, enabled=fast_bfloat16(device_type))


def cosine_rate(share: float, step: int, warm_up: int, floor: float = 0.01) -> float:
    """Learning-rate factor: linear warm-up over steps, cosine over the share of the work done."""
    rise = min(1.0, (step + 1) / warm_up)
    return rise * (floor + (1 - floor) * 0.5 * (1 + math.cos(math.pi * min(share, 1.0))))
