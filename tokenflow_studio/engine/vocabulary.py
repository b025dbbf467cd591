"""CLIP's tokenizer, built from its vocabulary and merges, never by a class that a file names."""

from pathlib import Path
from typing import Any

from transformers import CLIPTokenizer

from tokenflow_studio.core.errors import BadInput
from tokenflow_studio.engine.configuration import read_object

_SPECIAL = ("unk_token", "bos_token", "eos_token", "pad_token")


def read_tokenizer(folder: Path, length: int) -> CLIPTokenizer:
    """The tokenizer of a diffusers folder: `tokenizer.json`, or `vocab.json` with `merges.txt`.

    length: text tokens that the text encoder reads. Raises BadInput for other kinds.
    """
    settings = folder / "tokenizer_config.json"
    config = read_object(settings) if settings.is_file() else {}
    kind = config.get("tokenizer_class", "CLIPTokenizer")
    if kind not in ("CLIPTokenizer", "CLIPTokenizerFast"):
        raise BadInput(f"{settings} names a {kind}, not supported yet: use an SD 1.x or 2.x model.")
    whole = folder / "tokenizer.json"
    if whole.is_file():
        vocabulary, merges = _from_whole(whole)
    else:
        vocabulary = read_object(folder / "vocab.json")
        merges = _from_text(folder / "merges.txt")
    limit = config.get("model_max_length")
    length = min(length, limit) if isinstance(limit, int) and limit > 2 else length
    return make_tokenizer(vocabulary, merges, length, _special(config), folder)


def make_tokenizer(
    vocabulary: dict[str, Any],
    merges: list[tuple[str, str]],
    length: int,
    special: dict[str, str],
    source: Path,
) -> CLIPTokenizer:
    """special: names of the unknown, start, end and padding tokens where they are not CLIP's."""
    try:
        tokenizer = CLIPTokenizer(
            vocab=vocabulary, merges=merges, model_max_length=length, **special
        )
    except Exception as error:
        raise BadInput(f"{source} holds no usable CLIP vocabulary ({error}).") from error
    if len(tokenizer) != len(vocabulary):
        raise BadInput(f"{source} lacks CLIP's start and end tokens in its vocabulary.")
    return tokenizer


def _from_whole(path: Path) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    model = read_object(path).get("model")
    if not isinstance(model, dict) or not isinstance(model.get("vocab"), dict):
        raise BadInput(f"{path} holds no CLIP vocabulary.")
    merges = [
        tuple(pair.split(" ")) if isinstance(pair, str) else tuple(pair)
        for pair in model.get("merges", [])
    ]
    return model["vocab"], _pairs(merges, path)


def _from_text(path: Path) -> list[tuple[str, str]]:
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"{path} cannot be read ({error}).") from error
    return _pairs([tuple(x.split()) for x in lines if x and not x.startswith("#version")], path)


def _pairs(merges: list[tuple[str, ...]], path: Path) -> list[tuple[str, str]]:
    pairs: list[tuple[str, str]] = []
    for merge in merges:
        if len(merge) != 2:
            raise BadInput(f"{path} holds a merge that is no pair: {merge}.")
        pairs.append((merge[0], merge[1]))
    return pairs


def _special(config: dict[str, Any]) -> dict[str, str]:
    special: dict[str, str] = {}
    for name in _SPECIAL:
        value = config.get(name)
        value = value.get("content") if isinstance(value, dict) else value
        if isinstance(value, str):
            special[name] = value
    return special
