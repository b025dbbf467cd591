"""The stages that depend on the prompt: keyframes (the preview) or propagate (the take)."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path

import torch
from torch import Tensor

from tokenflow_studio.core.job import JobKind, Stage
from tokenflow_studio.core.memory import KEYFRAME_LIMIT
from tokenflow_studio.core.paths import cache_folder
from tokenflow_studio.engine.network import Network
from tokenflow_studio.engine.sampler import EditStep, RecordedSource
from tokenflow_studio.engine.schedule import ddim_step
from tokenflow_studio.jobs.keys import key_of
from tokenflow_studio.jobs.progress import Progress
from tokenflow_studio.jobs.source import Ingested, InvertedClip
from tokenflow_studio.jobs.tables import LATENTS, Table, writing_table
from tokenflow_studio.jobs.work import Work
from tokenflow_studio.media.curves import Image

_HELD_RECORDS = 3 * KEYFRAME_LIMIT  # source records in memory: a group's keyframes and its frames


@dataclass(frozen=True, slots=True)
class Way:
    """The recorded way of an approved keyframe through all steps.

    preview: the edit key of the preview that made it; row: its frame there.
    """

    preview: str
    row: int

    def latents(self, step: int) -> Tensor:
        """Latents (C, h, w) after sampled step `step`."""
        return Table(_table_path(_folder(self.preview), step)).latents([self.row])[0]


Ways = dict[int, Way]
"""The approved keyframes of a job by frame."""


def edit_key(work: Work, inverted: InvertedClip, ways: Ways) -> str:
    """What the edited latents depend on."""
    request = work.request
    return key_of(
        [[frame, asdict(ways[frame])] for frame in sorted(ways)],
        inverted.key,
        request.prompt,
        request.negative_prompt,
        work.guidance.scale,
        [type(work.technique).__name__, asdict(work.technique)],  # pyright: ignore[reportArgumentType]
        work.sampled,
    )


def is_edited(work: Work, key: str) -> bool:
    """Whether every table of a preview's edit is there."""
    steps = len(work.sampled)
    return _steps_done(_folder(key), steps, all_kept=True) == steps


def edit(
    work: Work,
    ingested: Ingested,
    inverted: InvertedClip,
    ways: Ways,
    network: Network,
    progress: Progress,
) -> Table:
    """The edited latents of all frames. Every step's table is a checkpoint.

    Of a take two are kept; of a preview all, since approved keyframes go the same way again.
    """
    folder = _folder(edit_key(work, inverted, ways))
    preview = work.kind is JobKind.KEYFRAMES
    steps = len(work.sampled)
    progress.enter(Stage.KEYFRAMES if preview else Stage.PROPAGATE, steps * len(work.frames))
    done = _steps_done(folder, steps, all_kept=preview)
    progress.advance(done * len(work.frames), cached=True)
    run = _Edit(work, ingested, inverted, ways, network, folder)
    for step in range(done, steps):
        run.step(step, progress)
        if step > 1 and not preview:
            _table_path(folder, step - 2).unlink(missing_ok=True)
    return Table(_table_path(folder, steps - 1))


def _folder(key: str) -> Path:
    return cache_folder() / "edit" / key


def _steps_done(folder: Path, steps: int, *, all_kept: bool) -> int:
    there = [_table_path(folder, step).exists() for step in range(steps)]
    if all_kept:
        return there.index(False) if False in there else steps
    return next((step for step in range(steps, 0, -1) if there[step - 1]), 0)


def _table_path(folder: Path, step: int) -> Path:
    return folder / f"step-{step:04d}.frames"


@dataclass(frozen=True, slots=True)
class _Edit:
    work: Work
    ingested: Ingested
    inverted: InvertedClip
    ways: Ways
    network: Network
    folder: Path

    def step(self, step: int, progress: Progress) -> None:
        """From one table of latents to the next."""
        work = self.work
        t = work.sampled[step]
        later = work.sampled[step + 1] if step + 1 < len(work.sampled) else -1
        alpha, to_alpha = work.model.schedule.alpha(t), work.model.schedule.alpha(later)
        running = self._running(step, t)
        with writing_table(_table_path(self.folder, step)) as keep:
            for frame, way in self.ways.items():
                keep(frame, {LATENTS: way.latents(step)})
            progress.advance(len(self.ways))
            for frames, output in running.run():
                x = running.x(frames)
                epsilon = work.model.schedule.epsilon(output.to(x), x, alpha)
                for frame, latents in zip(
                    frames, ddim_step(x, epsilon, alpha, to_alpha), strict=True
                ):
                    keep(frame, {LATENTS: latents})
                progress.advance(len(frames))

    def _running(self, step: int, t: int) -> EditStep:
        work = self.work
        source, device = self.inverted.source(t), self.network.device

        @lru_cache(maxsize=_HELD_RECORDS)
        def record(frame: int) -> dict[str, Tensor]:
            return {name: tensor.to(device) for name, tensor in source(frame).items()}

        return EditStep(
            network=self.network,
            t=t,
            x=self._start if step == 0 else Table(_table_path(self.folder, step - 1)).latents,
            plan=self.inverted.plan.at(work.timesteps.index(t)),
            source=RecordedSource(record),
            injection=work.technique.injection(step, len(work.sampled)),
            guidance=work.guidance,
            attention_sites=frozenset(work.model.settings.attention_sites),
            rows=work.rows,
            limit=KEYFRAME_LIMIT,
        )

    def _start(self, frames: Sequence[int]) -> Tensor:
        clean = self.ingested.clean.latents(frames)
        noise = self.inverted.noise().latents(frames)
        schedule = self.work.model.schedule
        return self.work.technique.start(clean, noise, schedule, self.work.sampled[0])


def decoded(work: Work, latents: Table, frame: int) -> Image:
    """One frame of latents as the model's picture (h, w, 3), 0 to 1, without padding."""
    width, height = work.framing.picture
    with torch.inference_mode():
        canvas = work.model.decode(latents.latents([frame]))[0].permute(1, 2, 0).cpu()
    return canvas[:height, :width].numpy()
