"""A model's vocabulary, to count a prompt's tokens as its text encoder will read them.

`tokenizers` alone does it: `transformers` must not come into the window's process.
"""

import gzip
from pathlib import Path
from typing import TYPE_CHECKING

from tokenflow_studio.core.paths import resource
from tokenflow_studio.ui.state.model_facts import model_folder, read_json

if TYPE_CHECKING:
    from tokenizers import Tokenizer

_LENGTH = 77  # CLIP's, where the model's files do not say
_MARKS = 2  # start and end
_MERGES = 49152 - 256 - 2  # the packed list is longer than what CLIP was trained with
_WORDS = r"'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+"  # CLIP's own pattern


class Vocabulary:
    """Counts tokens. room: how many of them the model reads, its two marks not among them."""

    def __init__(self, location: str) -> None:
        folder = model_folder(location)
        self._tokenizer = _read(None if folder is None else folder / "tokenizer")
        self.room = _length(folder) - _MARKS

    def count(self, text: str) -> int:
        """The tokens of a text, without start and end marks."""
        return len(self._tokenizer.encode(text, add_special_tokens=False).ids)


def _length(folder: Path | None) -> int:
    if folder is None:
        return _LENGTH
    encoder = read_json(folder / "text_encoder" / "config.json").get("max_position_embeddings")
    longest = encoder if isinstance(encoder, int) else _LENGTH
    limit = read_json(folder / "tokenizer" / "tokenizer_config.json").get("model_max_length")
    return min(longest, limit) if isinstance(limit, int) and limit > _MARKS else longest


def _read(folder: Path | None) -> "Tokenizer":
    if folder is not None and (folder / "tokenizer.json").is_file():
        model = read_json(folder / "tokenizer.json").get("model", {})
        vocabulary, merges = model["vocab"], [_pair(merge) for merge in model["merges"]]
    elif folder is not None and (folder / "vocab.json").is_file():
        vocabulary = read_json(folder / "vocab.json")
        lines = (folder / "merges.txt").read_text("utf-8").splitlines()
        merges = [_pair(line) for line in lines if line and not line.startswith("#version")]
    else:
        vocabulary, merges = _clip()
    return _build(vocabulary, merges)


def _build(vocabulary: dict[str, int], merges: list[tuple[str, str]]) -> "Tokenizer":
    # Imported here, on the counting thread: the window's start does not wait for it.
    from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers

    tokenizer = Tokenizer(
        models.BPE(
            vocab=vocabulary,
            merges=merges,
            continuing_subword_prefix="",
            end_of_word_suffix="</w>",
            unk_token="<|endoftext|>",
        )
    )
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.NFC(), normalizers.Replace(Regex(r"\s+"), " "), normalizers.Lowercase()]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(_WORDS), behavior="removed", invert=True),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    return tokenizer


def _clip() -> tuple[dict[str, int], list[tuple[str, str]]]:
    """CLIP's vocabulary follows from its merges: bytes, bytes that end a word, then merges."""
    from tokenizers.pre_tokenizers import ByteLevel

    path = resource("models", "clip", "bpe_simple_vocab_16e6.txt.gz")
    with gzip.open(path, "rt", encoding="utf-8") as file:
        lines = file.read().split("\n")
    letters = sorted(ByteLevel.alphabet())
    merges = [_pair(line) for line in lines[1 : 1 + _MERGES]]
    names = [*letters, *(letter + "</w>" for letter in letters)]
    names += [*("".join(pair) for pair in merges), "<|startoftext|>", "<|endoftext|>"]
    return {name: index for index, name in enumerate(names)}, merges


def _pair(merge: str | list[str]) -> tuple[str, str]:
    first, second = merge.split() if isinstance(merge, str) else merge
    return first, second
