"""Weights on disk: safetensors only, read with care and copied into memory."""

import hashlib
import os
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

from safetensors import SafetensorError, safe_open
from torch import Tensor

from tokenflow_studio.core.errors import BadInput

_LARGEST_HEADER = 100_000_000  # bytes, the format's own limit
_MOST_TENSORS = 8192
_DTYPES = frozenset({"F64", "F32", "F16", "BF16", "I64", "I32"})

Shapes = dict[str, tuple[int, ...]]


def read_shapes(path: Path) -> Shapes:
    """Name and shape of every tensor in a safetensors file, without reading the tensors.

    Raises BadInput for a file that is damaged, cut short or stored in an unknown number format.
    """
    _check_header(path)
    shapes: Shapes = {}
    try:
        with safe_open(path, framework="pt") as file:
            names = file.keys()
            if len(names) > _MOST_TENSORS:
                raise BadInput(f"{path} holds {len(names)} tensors, more than any known model.")
            for name in names:
                tensor = file.get_slice(name)
                if tensor.get_dtype() not in _DTYPES:
                    raise BadInput(f"{path} stores '{name}' as {tensor.get_dtype()}: use a model "
                                   "in 16 or 32 bits.")  # fmt: skip
                shapes[name] = tuple(tensor.get_shape())
    except (OSError, SafetensorError) as error:
        raise BadInput(f"{path} is damaged or cut short ({error}): copy or download it "
                       "again.") from error  # fmt: skip
    return shapes


def read_metadata(path: Path) -> dict[str, str]:
    """What the file's header says about itself; only after `read_shapes` found it sound."""
    with safe_open(path, framework="pt") as file:
        return dict(file.metadata() or {})


def read_tensors(
    path: Path, wanted: Callable[[str], bool] = lambda name: True
) -> dict[str, Tensor]:
    """The wanted tensors of a safetensors file, on the CPU in their stored precision.

    They are copies: a file that changes later changes nothing here. Raises as `read_shapes`.
    """
    tensors: dict[str, Tensor] = {}
    names = [name for name in read_shapes(path) if wanted(name)]
    try:
        with safe_open(path, framework="pt") as file:
            for name in names:
                tensors[name] = file.get_tensor(name).clone()
    except (OSError, SafetensorError) as error:
        raise BadInput(f"{path} cannot be read ({error}).") from error
    return tensors


def content_digest(path: Path) -> str:
    """A hash of the file's content; computed once per process while size and time stay."""
    stat = path.stat()
    return _digest(path, stat.st_size, stat.st_mtime_ns)


@lru_cache(maxsize=64)
def _digest(path: Path, size: int, modified: int) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=16)).hexdigest()


def _check_header(path: Path) -> None:
    """Refuse what only pretends to be safetensors before any library trusts its header."""
    try:
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            length = int.from_bytes(file.read(8), "little")
            opening = file.read(1)
    except OSError as error:
        raise BadInput(f"{path} cannot be opened ({error.strerror or error}).") from error
    if size == 0:
        raise BadInput(f"{path} is empty.")
    if opening != b"{" or length > _LARGEST_HEADER:
        raise BadInput(f"{path} is no safetensors file.")
    if 8 + length > size:
        raise BadInput(f"{path} is cut short: copy or download it again.")
