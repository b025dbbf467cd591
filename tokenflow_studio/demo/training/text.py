"""The tokenizer, built from the captions, and the text encoder."""

import json
from collections.abc import Iterable
from itertools import chain
from typing import Any, cast

import torch
from tokenizers import Regex, Tokenizer, normalizers, pre_tokenizers
from tokenizers.models import BPE
from tokenizers.pre_tokenizers import ByteLevel
from tokenizers.trainers import BpeTrainer
from transformers import CLIPTextConfig, CLIPTextModel, CLIPTokenizer

MAX_LENGTH = 32
TEXT_WIDTH = 128
_START, _END = "<|startoftext|>", "<|endoftext|>"
#: How CLIP splits text before byte-pair encoding.
_WORDS = r"'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+"


def build_tokenizer(captions: Iterable[list[str]], entries: int = 900) -> CLIPTokenizer:
    """A CLIP tokenizer whose byte pairs come from ``captions``.

    The library may number pairs that occur equally often either way: keep what was built.
    """
    model = Tokenizer(BPE(end_of_word_suffix="</w>", continuing_subword_prefix=""))
    model.normalizer = normalizers.Sequence([normalizers.NFC(), normalizers.Lowercase()])
    model.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(_WORDS), behavior="removed", invert=True),
            ByteLevel(add_prefix_space=False),
        ]
    )
    alphabet = sorted(ByteLevel.alphabet())
    trainer = BpeTrainer(
        vocab_size=entries,
        show_progress=False,
        end_of_word_suffix="</w>",
        initial_alphabet=alphabet,
    )
    model.train_from_iterator(chain.from_iterable(captions), trainer)
    merges = [tuple(pair) for pair in _merges(model)]
    symbols = [*alphabet, *[a + "</w>" for a in alphabet]]
    symbols += [first + second for first, second in merges]
    symbols = [*list(dict.fromkeys(symbols)), _START, _END]
    vocabulary = {symbol: number for number, symbol in enumerate(symbols)}
    return CLIPTokenizer(vocab=vocabulary, merges=cast(Any, merges), model_max_length=MAX_LENGTH)


def _merges(model: Tokenizer) -> list[list[str]]:
    found = json.loads(model.to_str())["model"]["merges"]
    return [pair.split(" ") if isinstance(pair, str) else pair for pair in found]


def build_text_encoder(tokenizer: CLIPTokenizer) -> CLIPTextModel:
    """An untrained text encoder, two layers of width ``TEXT_WIDTH``."""
    torch.manual_seed(2)
    return CLIPTextModel(
        CLIPTextConfig(
            vocab_size=len(tokenizer),
            hidden_size=TEXT_WIDTH,
            intermediate_size=4 * TEXT_WIDTH,
            num_hidden_layers=2,
            num_attention_heads=4,
            max_position_embeddings=MAX_LENGTH,
            projection_dim=TEXT_WIDTH,
            bos_token_id=cast(int, tokenizer.bos_token_id),
            eos_token_id=cast(int, tokenizer.eos_token_id),
            pad_token_id=cast(int, tokenizer.pad_token_id),
        )
    )


def token_ids(tokenizer: CLIPTokenizer, captions: list[str]) -> torch.Tensor:
    """Token numbers (B, MAX_LENGTH) of captions, padded as the pipeline does it."""
    return tokenizer(
        captions, padding="max_length", max_length=MAX_LENGTH, truncation=True, return_tensors="pt"
    ).input_ids
