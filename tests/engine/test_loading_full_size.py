"""Stable Diffusion 2.1 in its real size, from a single checkpoint to an edited clip on the CPU."""

import resource
import sys
from pathlib import Path

import pytest
import torch
from torch import Tensor

from tests.engine.real_sizes import original, write_large
from tokenflow_studio.engine.inversion import Capture, Inversion, Latents
from tokenflow_studio.engine.loading import describe, load_model
from tokenflow_studio.engine.model import DiffusionModel
from tokenflow_studio.engine.network import Network, opened
from tokenflow_studio.engine.plan import KeyframePlan, Matching
from tokenflow_studio.engine.sampler import EditStep, Guidance, RecordedSource
from tokenflow_studio.engine.schedule import ddim_step
from tokenflow_studio.engine.techniques.pnp import PnP

FRAMES, STEPS, SIZE = 4, 3, 256
LIMIT = 40  # keyframes that attend to each other

Records = dict[int, dict[int, dict[str, Tensor]]]
"""What the inversion captured, by timestep and frame."""


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_sd21_inverts_and_edits_four_frames_within_8_gb(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    generator = torch.Generator().manual_seed(0)
    path = tmp_path / "v2-1_768-random.safetensors"
    write_large(path, original("sd2"), lambda name, shape: drawn(name, shape, generator))
    model = load_model(str(path), device="cpu", dtype="bfloat16")
    path.unlink()
    assert model.schedule.prediction == "v_prediction"
    assert model.settings.native_size == (768, 768)
    clean = model.encode(torch.rand((FRAMES, 3, SIZE, SIZE), generator=generator))
    plan = KeyframePlan(FRAMES, interval=2)
    with opened(model.unet, model.settings.feature_sites) as network:
        noise, records = invert(model, network, plan, clean)
        edited = edit(model, network, plan, noise, records)
    assert edited.shape == (FRAMES, 4, SIZE // 8, SIZE // 8)
    assert edited.isfinite().all()
    assert model.decode(edited[:1]).shape == (1, 3, SIZE, SIZE)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    with capsys.disabled():
        sys.stdout.write(f"\n{describe(model)}\npeak memory {peak:.1f} GiB\n")
    assert peak < 8


def drawn(name: str, shape: torch.Size, generator: torch.Generator) -> Tensor:
    """Random weights that keep the size of what flows through them."""
    if len(shape) < 2:
        return torch.ones(shape) if name.endswith("weight") else torch.zeros(shape)
    return torch.randn(shape, generator=generator) / shape[1:].numel() ** 0.5


def invert(
    model: DiffusionModel, network: Network, plan: KeyframePlan, clean: Tensor
) -> tuple[Tensor, Records]:
    """The latents of all frames at the noisy end, and the source's records on the way."""
    timesteps = model.schedule.timesteps(STEPS)
    inversion = Inversion(network, model.schedule, model.embed(""), rows=2)
    records: Records = {}
    x, t_from = clean, -1
    for t in reversed(timesteps):
        step = timesteps.index(t)
        sites = frozenset(model.settings.attention_sites)
        capture = Capture(PnP().injection(step, STEPS), sites, LIMIT)
        after = torch.empty_like(x)
        records[t] = {}
        parts = inversion.capture(at(x), Matching.of(plan.at(step)), t_from, t, capture)
        for part in parts:
            after[list(part.frames)] = part.latents
            records[t] |= {f: dict(r) for f, r in zip(part.frames, part.records, strict=True)}
        x, t_from = after, t
    return x, records


def edit(
    model: DiffusionModel, network: Network, plan: KeyframePlan, noise: Tensor, records: Records
) -> Tensor:
    """The edit's clean latents."""
    timesteps = model.schedule.timesteps(STEPS)
    guidance = Guidance(torch.cat([model.embed(""), model.embed("a marble statue")]), 7.5)
    x = noise
    for step, t in enumerate(timesteps):
        later = timesteps[step + 1] if step + 1 < STEPS else -1
        alpha, to_alpha = model.schedule.alpha(t), model.schedule.alpha(later)
        running = EditStep(
            network=network,
            t=t,
            x=at(x),
            plan=plan.at(step),
            source=RecordedSource(records[t].__getitem__),
            injection=PnP().injection(step, STEPS),
            guidance=guidance,
            attention_sites=frozenset(model.settings.attention_sites),
            rows=2,
            limit=LIMIT,
        )
        after = torch.empty_like(x)
        for frames, output in running.run():
            part = x[list(frames)]
            epsilon = model.schedule.epsilon(output, part, alpha)
            after[list(frames)] = ddim_step(part, epsilon, alpha, to_alpha)
        x = after
    return x


def at(latents: Tensor) -> Latents:
    return lambda frames: latents[list(frames)]
