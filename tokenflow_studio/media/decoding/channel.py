"""Messages between two processes; large arrays go through memory that both of them see."""

import io
import mmap
import os
import pickle
import struct
import tempfile
import weakref
from collections.abc import Sequence
from typing import IO, Any

import numpy as np

_LENGTH = struct.Struct("<Q")
_LARGE = 1 << 16  # bytes: below it, copying through the pipe is as quick
_ALIGNED = 64
# What a message may be made of: a process that a file has taken over can send nothing else.
_PLAIN = {
    ("builtins", "range"),
    ("builtins", "slice"),
    ("builtins", "bytearray"),
    ("fractions", "Fraction"),
    ("numpy", "dtype"),
    ("numpy", "ndarray"),
    ("numpy._core.multiarray", "_reconstruct"),
    ("numpy._core.multiarray", "scalar"),
    ("numpy._core.numeric", "_frombuffer"),
    ("tokenflow_studio.media.raster_decoder", "rebuilt_spec"),
}
_ROOMS = ("tokenflow_studio.media.", "pathlib")  # classes alone


class SharedBlock:
    """Memory that grows; POSIX only. The file that it lies in has no name."""

    def __init__(self, descriptor: int | None = None) -> None:
        """descriptor: of a block that another process made."""
        self.descriptor = _unnamed_file() if descriptor is None else descriptor
        self.is_free = True
        self._map: mmap.mmap | None = None

    def put(self, buffers: list[memoryview]) -> list[tuple[int, int]]:
        """Copy buffers in; gives their places and sizes."""
        places, end = [], 0
        for buffer in buffers:
            places.append((end, buffer.nbytes))
            end += -(-buffer.nbytes // _ALIGNED) * _ALIGNED
        if end > os.fstat(self.descriptor).st_size:
            os.ftruncate(self.descriptor, end)
        mapped = self._mapped(end)
        for (place, size), buffer in zip(places, buffers, strict=True):
            np.copyto(_bytes(mapped, place, size), np.frombuffer(buffer, np.uint8))
        return places

    def look(self, places: list[tuple[int, int]]) -> list[np.ndarray]:
        """What lies at those places, not copied: the block is free when nothing of it is held."""
        end = max(place + size for place, size in places)
        if not 0 < end <= os.fstat(self.descriptor).st_size:
            raise EOFError("a message lies outside its memory")
        whole = _bytes(self._mapped(end), 0, end)
        self.is_free = False
        weakref.finalize(whole, self._freed).atexit = False
        return [whole[place : place + size] for place, size in places]

    def close(self) -> None:
        """Give the memory back, once nothing of it is held."""
        self._map = None
        os.close(self.descriptor)

    def _freed(self) -> None:
        self.is_free = True

    def _mapped(self, size: int) -> mmap.mmap:
        if self._map is None or len(self._map) < size:
            self._map = mmap.mmap(self.descriptor, os.fstat(self.descriptor).st_size)
        return self._map


def _bytes(mapped: mmap.mmap, place: int, size: int) -> np.ndarray:
    return np.frombuffer(mapped, np.uint8, size, place)


def _unnamed_file() -> int:
    if hasattr(os, "memfd_create"):
        return os.memfd_create("tokenflow-studio-frames")
    with tempfile.TemporaryFile() as file:
        return os.dup(file.fileno())


class Channel:
    """One end of a conversation over two pipes."""

    def __init__(
        self, reading: IO[bytes], writing: IO[bytes], blocks: Sequence[SharedBlock]
    ) -> None:
        """blocks: the same at both ends, for large arrays; without one they go through the pipe."""
        self._reading, self._writing, self._blocks = reading, writing, blocks

    def free_block(self) -> int | None:
        """One that nothing is held of, for the other end to answer in."""
        return next((n for n, block in enumerate(self._blocks) if block.is_free), None)

    def send(self, message: object, number: int | None = None) -> None:
        """Large arrays go into the block of that number. Raises OSError where nobody is there."""
        buffers: list[memoryview] = []

        def is_small(buffer: pickle.PickleBuffer) -> bool:
            view = buffer.raw()
            if number is None or view.nbytes < _LARGE:
                return True
            buffers.append(view)
            return False

        body = pickle.dumps(message, protocol=5, buffer_callback=is_small)
        places = self._blocks[number].put(buffers) if number is not None and buffers else []
        head = pickle.dumps((number, places))
        for part in (head, body):
            self._writing.write(_LENGTH.pack(len(part)) + part)
        self._writing.flush()

    def receive(self) -> Any:
        """The next message. Raises EOFError where the other end is gone or sends nonsense."""
        try:
            number, places = _Plain(io.BytesIO(self._part())).load()
            buffers = self._blocks[number].look(places) if places else []
            return _Plain(io.BytesIO(self._part()), buffers=buffers).load()
        except EOFError:
            raise
        except Exception as error:  # whatever nonsense does while it is unpacked
            raise EOFError(str(error)) from error

    def _part(self) -> bytes:
        (length,) = _LENGTH.unpack(self._exactly(_LENGTH.size))
        return self._exactly(length)

    def _exactly(self, length: int) -> bytes:
        found = self._reading.read(length)
        if len(found) < length:
            raise EOFError("the pipe has ended")
        return found


class _Plain(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        if (module, name) in _PLAIN:
            return super().find_class(module, name)
        if module.startswith(_ROOMS) and "." not in name:
            found = super().find_class(module, name)
            if isinstance(found, type) and found.__module__ == module:
                return found
        raise pickle.UnpicklingError(f"{module}.{name} is nothing that a decoder may send")
