"""CLIP's tokenizer, built from its vocabulary and merges, never by a class that a file names."""

import gzip
from pathlib import Path
from typing import Any, cast

from tokenizers.pre_tokenizers import ByteLevel
from transformers import CLIPTokenizer

from tokenflow_studio.core.errors import BadInput
from tokenflow_studio.engine.model_files import UNSUPPORTED, reason
from tokenflow_studio.engine.model_files.configuration import read_object

Merges = list[tuple[str, str]]

_MERGES = 49152 - 256 - 2  # the packed list is longer than what CLIP was trained with
_SPECIAL = ("unk_token", "bos_token", "eos_token", "pad_token")


def read_tokenizer(path: Path, length: int, padding: int | None) -> CLIPTokenizer:
    """The tokenizer in a diffusers folder (`tokenizer.json`, or `vocab.json` with `merges.txt`).

    path may also be CLIP's own packed list of merges. length: text tokens that the text encoder
    reads; padding: its padding token, where the files do not say. Raises BadInput for other kinds.
    """
    if not path.is_dir():
        vocabulary, merges = _from_packed(path)
        names = list(vocabulary)
        special = {"pad_token": names[padding]} if padding is not None else {}
        return _make(vocabulary, merges, length, special, path)
    settings = path / "tokenizer_config.json"
    config = read_object(settings) if settings.is_file() else {}
    kind = config.get("tokenizer_class", "CLIPTokenizer")
    if kind not in ("CLIPTokenizer", "CLIPTokenizerFast"):
        raise BadInput(f"{settings} names a {kind}, {UNSUPPORTED}.")
    whole = path / "tokenizer.json"
    if whole.is_file():
        vocabulary, merges = _from_whole(whole)
    else:
        vocabulary, merges = read_object(path / "vocab.json"), _from_text(path / "merges.txt")
    limit = config.get("model_max_length")
    length = min(length, limit) if isinstance(limit, int) and limit > 2 else length
    return _make(vocabulary, merges, length, _special(path, config), path)


def _make(
    vocabulary: dict[str, Any],
    merges: Merges,
    length: int,
    special: dict[str, str],
    source: Path,
) -> CLIPTokenizer:
    """special: names of the unknown, start, end and padding tokens where they are not CLIP's."""
    try:
        tokenizer = CLIPTokenizer(
            vocab=vocabulary, merges=cast(Any, merges), model_max_length=length, **special
        )
    except Exception as error:
        raise BadInput(f"{source} holds no usable CLIP vocabulary ({reason(error)}).") from error
    if len(tokenizer) != len(vocabulary):
        raise BadInput(f"{source} lacks CLIP's start and end tokens in its vocabulary.")
    return tokenizer


def _from_packed(path: Path) -> tuple[dict[str, int], Merges]:
    """CLIP's vocabulary follows from its merges: bytes, bytes that end a word, then merges."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        lines = file.read().split("\n")
    letters = sorted(ByteLevel.alphabet())
    merges = _pairs([tuple(line.split()) for line in lines[1 : 1 + _MERGES]], path)
    names = [*letters, *(letter + "</w>" for letter in letters)]
    names += [*("".join(pair) for pair in merges), "<|startoftext|>", "<|endoftext|>"]
    return {name: index for index, name in enumerate(names)}, merges


def _from_whole(path: Path) -> tuple[dict[str, Any], Merges]:
    model = read_object(path).get("model")
    if not isinstance(model, dict) or not isinstance(model.get("vocab"), dict):
        raise BadInput(f"{path} holds no CLIP vocabulary.")
    merges = [
        tuple(pair.split(" ")) if isinstance(pair, str) else tuple(pair)
        for pair in model.get("merges", [])
    ]
    return model["vocab"], _pairs(merges, path)


def _from_text(path: Path) -> Merges:
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"{path} cannot be read ({error}).") from error
    return _pairs([tuple(x.split()) for x in lines if x and not x.startswith("#version")], path)


def _pairs(merges: list[tuple[str, ...]], path: Path) -> Merges:
    pairs: Merges = []
    for merge in merges:
        if len(merge) != 2:
            raise BadInput(f"{path} holds a merge that is no pair: {merge}.")
        pairs.append((merge[0], merge[1]))
    return pairs


def _special(folder: Path, config: dict[str, Any]) -> dict[str, str]:
    """The special tokens' names; early folders list them in a file of their own."""
    early = folder / "special_tokens_map.json"
    given = {**(read_object(early) if early.is_file() else {}), **config}
    special: dict[str, str] = {}
    for name in _SPECIAL:
        value = given.get(name)
        value = value.get("content") if isinstance(value, dict) else value
        if isinstance(value, str):
            special[name] = value
    return special
