"""Fetching a model over HTTP when the user asks for it: looked at before, resumed, hashed.

One file, or a folder of several. Weights are fetched as `.safetensors` only: they hold numbers,
never programs. What was fetched lies in a `.part` beside the target until it is whole, so that a
broken download goes on where it was.
"""

import hashlib
import json
import os
import shutil
import struct
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from http.client import HTTPException, HTTPResponse
from pathlib import Path
from typing import Any

from tokenflow_studio.core.errors import BadInput, Cancelled, JobFailed
from tokenflow_studio.core.files import writing_error

_SUFFIX = ".safetensors"
_TIMEOUT = 30.0  # seconds without a byte
_BLOCK = 1 << 20
_MOST_HEADER = 100 << 20  # bytes, what the format itself allows
_MOST_TEXT = 10 << 20  # bytes of an answer that is read whole
_SPARE = 1 << 30  # bytes of the disk that stay free
_LICENCES = ("modelspec.license", "license", "licence")
_TITLES = ("modelspec.title", "title", "name")


@dataclass(frozen=True, slots=True)
class Offer:
    """A file at an address. size: bytes; licence, title: as the file itself states them, or "";
    mark: what tells one state of the file from another, or ""; resumes: whether a part can be
    asked for; digest: its SHA-256, where the other side tells it; parts: the files of a folder, by
    their paths in it."""

    address: str
    name: str
    size: int
    licence: str = ""
    title: str = ""
    mark: str = ""
    resumes: bool = False
    digest: str = ""
    parts: tuple["Offer", ...] = ()


def look_at(address: str) -> Offer:
    """What lies at an address, from its first bytes. Raises BadInput for what is no model file,
    JobFailed when the network fails."""
    name = _file_name(address)
    with _opened(address, {"Range": "bytes=0-7"}) as answer:
        resumes = answer.status == 206
        size = _whole_size(answer, 0)
        mark = answer.headers.get("ETag") or answer.headers.get("Last-Modified") or ""
        length = _header_length(answer.read(8), name, size)
        texts = {} if resumes else _metadata(answer.read(length), name)
    if resumes:
        with _opened(address, {"Range": f"bytes=8-{7 + length}"}) as answer:
            texts = _metadata(answer.read(length), name)
    licence, title = _first(texts, _LICENCES), _first(texts, _TITLES)
    return Offer(address, name, size, licence, title, mark, resumes)


def fetch(
    offer: Offer,
    folder: Path,
    digest: str = "",
    tell: Callable[[int], None] = lambda _bytes: None,
    stopped: Callable[[], bool] = lambda: False,
) -> tuple[Path, str]:
    """Download into `folder`; returns the file and its SHA-256 in hexadecimal, which a folder of
    files has none of: each of them is checked by its own.

    digest: what that must be; empty for anything. tell: called with the bytes that are there.
    Raises Cancelled once `stopped` says so (the part stays), BadInput for a wrong hash or a file
    of that name that is there already, JobFailed for a full disk and a network that fails.
    """
    if offer.parts:
        return _fetch_folder(offer, folder, tell, stopped), ""
    target = folder / offer.name
    part = target.with_name(target.name + ".part")
    if target.exists():
        raise BadInput(f"{target} is there already: add it as a file, or move it away.")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        start = _resumable(part, offer)
        _check_room(folder, offer.size - start)
        found = _receive(offer, part, start, tell, stopped)
        if digest and found != digest.strip().lower():
            part.unlink()
            raise BadInput(
                f"{offer.name} is not what was expected (its SHA-256 is {found}): it was removed; "
                "check the address and the hash."
            )
        part.replace(target)
        _mark_file(part).unlink(missing_ok=True)
    except OSError as error:
        raise writing_error(target, error) from error
    return target, found


def size_left(offer: Offer, folder: Path) -> int:
    """The bytes that are still to be fetched, after what an earlier download left."""
    part = folder / f"{offer.name}.part"
    if not offer.parts:
        return offer.size - _resumable(part, offer)
    return sum(size_left(file, part) for file in offer.parts if not _is_whole(part, file))


def read_text(address: str) -> bytes:
    """A small answer, whole. Raises as `look_at`."""
    with _opened(address, {}) as answer:
        return answer.read(_MOST_TEXT)


def _fetch_folder(
    offer: Offer, folder: Path, tell: Callable[[int], None], stopped: Callable[[], bool]
) -> Path:
    """The files one after the other, into a folder that gets its name once it is whole."""
    target, half = folder / offer.name, folder / f"{offer.name}.part"
    if target.exists():
        raise BadInput(f"{target} is there already: add it as a folder, or move it away.")
    try:
        half.mkdir(parents=True, exist_ok=True)
        _check_room(folder, size_left(offer, folder))
        done = 0
        for file in offer.parts:
            if not _is_whole(half, file):
                fetch(file, half, file.digest, partial(_tell_beyond, tell, done), stopped)
            done += file.size
        tell(done)
        half.replace(target)
    except OSError as error:
        raise writing_error(target, error) from error
    return target


def _tell_beyond(tell: Callable[[int], None], done: int, there: int) -> None:
    tell(done + there)


def _is_whole(folder: Path, offer: Offer) -> bool:
    return (folder / offer.name).is_file()


def _receive(
    offer: Offer,
    part: Path,
    start: int,
    tell: Callable[[int], None],
    stopped: Callable[[], bool],
) -> str:
    """Append what is missing to the part; gives the hash of the whole."""
    wanted = {"Range": f"bytes={start}-"} if start else {}
    if start and not offer.digest:  # with it, the whole is known to be right in the end
        wanted["If-Range"] = offer.mark
    with _opened(offer.address, wanted) as answer:
        if start and (answer.status != 206 or _whole_size(answer, start) != offer.size):
            start = 0  # another file lies there now: from its beginning
        hashed = _hash_of(part, start)
        _mark_file(part).write_text(offer.mark, encoding="utf-8")
        with part.open("r+b" if start else "wb") as file:
            file.seek(start)
            there = start
            while block := _read(answer, offer.name):
                if stopped():
                    raise Cancelled(f"The download of {offer.name} was stopped; its part is kept.")
                file.write(block)
                hashed.update(block)
                there += len(block)
                tell(there)
            file.truncate()
            file.flush()
            os.fsync(file.fileno())
    if there != offer.size:
        raise JobFailed(
            f"The download of {offer.name} broke off after {there} of {offer.size} bytes: start "
            "it again, it goes on from there."
        )
    return hashed.hexdigest()


def _resumable(part: Path, offer: Offer) -> int:
    """How many bytes of a part belong to this very file."""
    try:
        size = part.stat().st_size
        same = _mark_file(part).read_text("utf-8") == offer.mark
    except OSError:
        return 0
    return size if offer.resumes and offer.mark and same and size < offer.size else 0


def _mark_file(part: Path) -> Path:
    return part.with_name(part.name + ".mark")


def _hash_of(part: Path, size: int) -> Any:
    hashed = hashlib.sha256()
    if size:
        with part.open("rb") as file:
            left = size
            while left and (block := file.read(min(_BLOCK, left))):
                hashed.update(block)
                left -= len(block)
    return hashed


def _opened(address: str, headers: Mapping[str, str]) -> HTTPResponse:
    request = urllib.request.Request(address, headers=dict(headers))
    try:
        return urllib.request.urlopen(request, timeout=_TIMEOUT)
    except urllib.error.HTTPError as error:
        raise BadInput(
            f"{address} answers with {error.code} ({error.reason}): check the address, and "
            "whether the file may be fetched without logging in."
        ) from error
    except (OSError, HTTPException, ValueError) as error:
        reason = getattr(error, "reason", error)
        raise JobFailed(
            f"{address} cannot be reached ({reason}): check the network and try again."
        ) from error


def _read(answer: HTTPResponse, name: str) -> bytes:
    try:
        return answer.read(_BLOCK)
    except (OSError, HTTPException) as error:
        raise JobFailed(
            f"The download of {name} broke off ({error}): start it again, it goes on from there."
        ) from error


def _whole_size(answer: HTTPResponse, start: int) -> int:
    """The size of the whole file, of whose bytes from `start` on this is the answer."""
    whole = answer.headers.get("Content-Range", "").rpartition("/")[2]
    length = answer.headers.get("Content-Length", "")
    if whole.isdecimal():
        return int(whole)
    if answer.status == 200 and length.isdecimal():
        return int(length)
    raise BadInput(f"{answer.url} does not say how large it is (from byte {start}): fetch it in "
                   "a browser and add it as a file.")  # fmt: skip


def _file_name(address: str) -> str:
    parts = urllib.parse.urlsplit(address.strip())
    name = Path(urllib.parse.unquote(parts.path)).name
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise BadInput(f"'{address}' is no address: it must begin with https:// or http://.")
    if Path(name).suffix.lower() != _SUFFIX or name.startswith("."):
        raise BadInput(f"{address} names no {_SUFFIX} file: no other kind is fetched.")
    return name


def _header_length(first: bytes, name: str, size: int) -> int:
    length = struct.unpack("<Q", first)[0] if len(first) == 8 else 0
    if not 2 <= length <= min(_MOST_HEADER, size - 8):
        raise BadInput(f"{name} is no {_SUFFIX} file, whatever its name says: check the address.")
    return length


def _metadata(header: bytes, name: str) -> Mapping[str, Any]:
    try:
        found = json.loads(header)
        texts = found.get("__metadata__") or {}
        return texts if isinstance(texts, dict) else {}
    except (ValueError, AttributeError) as error:
        raise BadInput(f"{name} is damaged where it lies ({error}): ask who offers it.") from error


def _first(texts: Mapping[str, Any], names: tuple[str, ...]) -> str:
    return next((str(texts[name]).strip() for name in names if texts.get(name)), "")


def _check_room(folder: Path, needed: int) -> None:
    free = shutil.disk_usage(folder).free
    if free < needed + _SPARE:
        raise JobFailed(
            f"{folder} has {free / 1e9:.1f} GB left, and the download needs {needed / 1e9:.1f} "
            "GB more: free some space and start again."
        )
