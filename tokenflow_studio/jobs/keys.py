"""Cache keys: what a result depends on, as one hash."""

import hashlib
import json
import os
from functools import lru_cache
from pathlib import Path

VERSION = 4
"""Part of every cache key: raise it when the same request gives other pixels."""


def key_of(*parts: object) -> str:
    """The cache key of anything with a faithful JSON form."""
    text = json.dumps(parts, sort_keys=True, default=str)
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def content_key(path: Path) -> str:
    """What a file holds."""
    status = path.stat()
    return _hash(os.fspath(path), status.st_size, status.st_mtime_ns)


@lru_cache(maxsize=4096)
def _hash(path: str, _size: int, _mtime: int) -> str:
    """The hash of a file's bytes, remembered while size and time stay."""
    with Path(path).open("rb") as file:
        return hashlib.file_digest(file, "blake2b").hexdigest()[:32]
