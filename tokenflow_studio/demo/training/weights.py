"""Weights on disk between slices of the training: half precision, in small pieces."""

import json
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

#: No file is larger than this, so that the pieces travel anywhere.
PIECE_BYTES = 15_000_000


def save_pieces(folder: Path, tensors: dict[str, Tensor], progress: dict[str, float]) -> None:
    """Write tensors as fp16 pieces and the progress beside them; the old pieces go last."""
    fresh = folder.with_name(folder.name + ".new")
    fresh.mkdir(parents=True, exist_ok=True)
    piece: dict[str, Tensor] = {}
    size = number = 0
    for name, tensor in tensors.items():
        half = tensor.detach().to("cpu", torch.float16).contiguous()
        if piece and size + half.nbytes > PIECE_BYTES - 100_000:
            save_file(piece, fresh / f"piece-{number:02d}.safetensors")
            piece, size, number = {}, 0, number + 1
        piece[name] = half
        size += half.nbytes
    save_file(piece, fresh / f"piece-{number:02d}.safetensors")
    (fresh / "progress.json").write_text(json.dumps(progress, indent=2))
    if folder.exists():
        old = folder.with_name(folder.name + ".old")
        folder.rename(old)
        fresh.rename(folder)
        for path in old.iterdir():
            path.unlink()
        old.rmdir()
    else:
        fresh.rename(folder)


def load_pieces(folder: Path) -> tuple[dict[str, Tensor], dict[str, float]]:
    """Tensors in fp32 and the progress, as ``save_pieces`` wrote them."""
    tensors: dict[str, Tensor] = {}
    for path in sorted(folder.glob("piece-*.safetensors")):
        tensors |= {name: tensor.float() for name, tensor in load_file(path).items()}
    return tensors, json.loads((folder / "progress.json").read_text())
