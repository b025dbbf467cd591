"""The parts of the model before training: a working codec, a tokenizer, a denoiser."""

import torch

from tokenflow_studio.demo.training.attention import PlainAttention
from tokenflow_studio.demo.training.autoencoder import build_autoencoder, held_out_psnr
from tokenflow_studio.demo.training.network import build_scheduler, build_unet
from tokenflow_studio.demo.training.text import MAX_LENGTH, build_tokenizer, token_ids

CAPTIONS = [["a red ball on grass", "a golden cube on snow"], ["a watercolor of a red cube"]]


def test_autoencoder_starts_as_a_working_codec() -> None:
    assert held_out_psnr(build_autoencoder(), 8) > 18


def test_tokenizer_has_the_same_symbols_each_time_and_reads_anything() -> None:
    first, second = build_tokenizer(CAPTIONS), build_tokenizer(CAPTIONS)
    assert first.get_vocab().keys() == second.get_vocab().keys()
    assert first.tokenize("a red ball") == ["a</w>", "red</w>", "ball</w>"]
    ids = token_ids(first, ["a zebra, 12 % Ünder 雪", "", "red " * 100])
    assert ids.shape == (3, MAX_LENGTH)
    assert int(ids.max()) < len(first)


def test_denoiser_attends_at_full_resolution() -> None:
    unet = build_unet().eval()
    sites = [name for name, _ in unet.named_modules() if name.endswith("attn1")]
    assert any(name.startswith("down_blocks.0") for name in sites)
    assert any(name.startswith("up_blocks.2") for name in sites)
    assert 10e6 < sum(p.numel() for p in unet.parameters()) < 13e6
    assert build_scheduler().config["prediction_type"] == "v_prediction"


def test_plain_attention_equals_the_fused_one() -> None:
    unet = build_unet().eval()
    torch.nn.init.normal_(unet.conv_out.weight)
    inputs = torch.randn(2, 8, 16, 16), torch.tensor([5, 900]), torch.randn(2, 32, 128)
    with torch.no_grad():
        fused = unet(*inputs).sample
        unet.set_attn_processor(PlainAttention())
        assert torch.allclose(unet(*inputs).sample, fused, atol=1e-4)
