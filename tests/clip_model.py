"""A CLIP model of a few thousand random weights, in transformers' own folder format."""

from pathlib import Path

import torch
from tokenizers.pre_tokenizers import ByteLevel
from transformers import CLIPConfig, CLIPModel, CLIPTokenizer
from transformers.models.clip.image_processing_pil_clip import CLIPImageProcessorPil

SIDE = 32


def write_clip_model(folder: Path, shortest_edge: bool = False) -> Path:
    """Write it into `folder`: pictures of 32x32 pixels, bare letters as its vocabulary."""
    letters = sorted(ByteLevel.alphabet())
    words = [*letters, *(f"{letter}</w>" for letter in letters)]
    vocabulary = {w: i for i, w in enumerate([*words, "<|startoftext|>", "<|endoftext|>"])}
    tokenizer = CLIPTokenizer(vocab=vocabulary, merges=[], model_max_length=16)
    tower = {"hidden_size": 16, "intermediate_size": 32, "num_hidden_layers": 1,
             "num_attention_heads": 2}  # fmt: skip
    text = {**tower, "vocab_size": len(tokenizer), "max_position_embeddings": 16,
            "bos_token_id": tokenizer.bos_token_id, "eos_token_id": tokenizer.eos_token_id,
            "pad_token_id": tokenizer.pad_token_id}  # fmt: skip
    vision = {**tower, "image_size": SIDE, "patch_size": 8}
    with torch.random.fork_rng():
        torch.manual_seed(3)
        model = CLIPModel(CLIPConfig(text_config=text, vision_config=vision, projection_dim=8))
    # Untrained weights see all pictures alike: wider ones tell them apart.
    torch.nn.init.normal_(model.vision_model.embeddings.patch_embedding.weight, std=0.5)
    size = {"shortest_edge": SIDE} if shortest_edge else {"height": SIDE, "width": SIDE}
    crop = {"height": SIDE, "width": SIDE}
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    CLIPImageProcessorPil(size=size, crop_size=crop).save_pretrained(folder)
    return folder
