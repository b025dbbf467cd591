"""A file of tensors by frame: one per stage step, written whole, every row checked when read.

Layout: the rows one after the other, each a safetensors blob; then the index as JSON, frame to
[offset, bytes, hash]; then the index's length in 8 bytes. safetensors has no checksum of its own.
"""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import safetensors.torch
import torch
from torch import Tensor

from tokenflow_studio.core.errors import DamagedCache
from tokenflow_studio.core.files import replacing

Row = Mapping[str, Tensor]

LATENTS = "latents"
_LENGTH = 8  # bytes of the number at the end


@contextmanager
def writing_table(path: Path) -> Iterator[Callable[[int, Row], None]]:
    """Give a function that adds one frame's row, in any order; at the end the file is whole."""
    index: dict[int, tuple[int, int, str]] = {}
    with replacing(path) as temporary, temporary.open("wb") as file:

        def add(frame: int, row: Row) -> None:
            blob = safetensors.torch.save({k: v.contiguous().cpu() for k, v in row.items()})
            index[frame] = (file.tell(), len(blob), _digest(blob))
            file.write(blob)

        yield add
        text = json.dumps({str(frame): index[frame] for frame in sorted(index)}).encode()
        file.write(text + len(text).to_bytes(_LENGTH, "big"))


class Table:
    """Reads what `writing_table` wrote. Raises DamagedCache where the bytes are not the same."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            with path.open("rb") as file:
                size = file.seek(-_LENGTH, 2)
                length = int.from_bytes(file.read(_LENGTH), "big")
                file.seek(size - length)
                index: dict[str, list] = json.loads(file.read(length))
        except (OSError, ValueError) as error:
            raise self._damaged() from error
        self._index = {int(frame): tuple(entry) for frame, entry in index.items()}

    @property
    def frames(self) -> frozenset[int]:
        return frozenset(self._index)

    def row(self, frame: int) -> dict[str, Tensor]:
        """The tensors of one frame."""
        offset, length, digest = self._index[frame]
        with self.path.open("rb") as file:
            file.seek(offset)
            blob = file.read(length)
        if _digest(blob) != digest:
            raise self._damaged()
        return safetensors.torch.load(blob)

    def latents(self, frames: Sequence[int]) -> Tensor:
        """The latents (frames, C, h, w) of the given frames."""
        return torch.stack([self.row(frame)[LATENTS] for frame in frames])

    def _damaged(self) -> DamagedCache:
        self.path.unlink(missing_ok=True)
        return DamagedCache(f"The cached file {self.path} was damaged and has been removed: "
                            "start the job again.")  # fmt: skip


def _digest(blob: bytes) -> str:
    return hashlib.blake2b(blob, digest_size=16).hexdigest()
