"""Opening a network changes nothing that stays; what is captured is what is injected."""

import pytest
import torch
from diffusers import UNet2DConditionModel

from tests.tiny_model import tiny_unet
from tokenflow_studio.engine.attention import JointAttention, OwnTokens
from tokenflow_studio.engine.correspondence import nearest_tokens, normalised
from tokenflow_studio.engine.features import CaptureFeatures
from tokenflow_studio.engine.network import attention_sites, opened

FEATURES = ("up_blocks.1.resnets.1",)


@pytest.fixture
def unet() -> UNet2DConditionModel:
    with torch.random.fork_rng():
        torch.manual_seed(3)
        return tiny_unet().eval()


@pytest.fixture
def call(unet: UNet2DConditionModel) -> tuple:
    generator = torch.Generator().manual_seed(4)
    x = torch.randn(4, 4, 8, 8, generator=generator)
    text = torch.randn(4, 16, 16, generator=generator)
    return x, 500, text


def plain(unet: UNet2DConditionModel, call: tuple) -> torch.Tensor:
    with torch.inference_mode():
        return unet(call[0], call[1], encoder_hidden_states=call[2]).sample


def test_the_network_is_as_before_afterwards(unet: UNet2DConditionModel, call: tuple) -> None:
    before = plain(unet, call)
    processors = dict(unet.attn_processors)
    state = {name: value.clone() for name, value in unet.state_dict().items()}
    attributes = {name: sorted(module.__dict__) for name, module in unet.named_modules()}
    with opened(unet, FEATURES) as network:
        network(*call, OwnTokens(), CaptureFeatures(4))
    with pytest.raises(RuntimeError, match="break"), opened(unet, FEATURES):
        raise RuntimeError("break")
    assert all(unet.attn_processors[name] is value for name, value in processors.items())
    assert all(not module._forward_hooks for module in unet.modules())
    assert {n: sorted(m.__dict__) for n, m in unet.named_modules()} == attributes
    assert all(torch.equal(value, state[name]) for name, value in unet.state_dict().items())
    assert torch.equal(plain(unet, call), before)


def test_ordinary_attention_equals_the_librarys(unet: UNet2DConditionModel, call: tuple) -> None:
    with opened(unet, FEATURES) as network:
        output = network(*call, OwnTokens())
    torch.testing.assert_close(output, plain(unet, call), rtol=1e-4, atol=1e-5)
    assert network.rows == 4


def test_keyframes_that_are_the_same_attend_as_if_alone(
    unet: UNet2DConditionModel, call: tuple
) -> None:
    x, t, text = call
    twice = (x[:1].expand(2, -1, -1, -1), t, text[:1].expand(2, -1, -1))
    with opened(unet) as network:
        joint = network(*twice, JointAttention(branches=1))
        alone = network(*twice, JointAttention(branches=1, joint=False))
    torch.testing.assert_close(joint, alone, rtol=1e-4, atol=1e-5)


def test_different_keyframes_see_each_other(unet: UNet2DConditionModel, call: tuple) -> None:
    with opened(unet) as network:
        joint = network(*call, JointAttention(branches=2))
        alone = network(*call, JointAttention(branches=2, joint=False))
    assert (joint - alone).abs().max() > 1e-3


def test_a_row_does_not_depend_on_its_place_among_equally_many(
    unet: UNet2DConditionModel, call: tuple
) -> None:
    x, t, text = call
    order = [2, 0, 3, 1]
    with opened(unet) as network:
        straight = network(x, t, text, OwnTokens())
        turned = network(x[order], t, text[order], OwnTokens())
    assert torch.equal(turned, straight[order])


def test_sites_are_all_self_attention_layers(unet: UNet2DConditionModel) -> None:
    sites = attention_sites(unet)
    assert len(sites) == len(unet.attn_processors) / 2
    assert "mid_block.attentions.0.transformer_blocks.0" in sites


def test_nearest_tokens_go_by_direction_not_length() -> None:
    keys = torch.tensor([[1.0, 0.0], [0.0, 9.0]])
    queries = torch.tensor([[5.0, 1.0], [0.2, 0.3]])
    assert nearest_tokens(queries, normalised(keys)).tolist() == [0, 1]


def test_matching_in_chunks_equals_matching_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    generator = torch.Generator().manual_seed(5)
    queries, keys = torch.randn(2, 50, 8, generator=generator)
    at_once = nearest_tokens(queries, normalised(keys))
    monkeypatch.setattr("tokenflow_studio.engine.correspondence._SCORES", 64)
    assert torch.equal(nearest_tokens(queries, normalised(keys)), at_once)
