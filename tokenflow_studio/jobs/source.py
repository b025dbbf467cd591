"""What is known of the source, whatever the prompt: the stages ingest and invert."""

import json
from collections.abc import Callable, Collection, Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import torch

from tokenflow_studio.core.errors import BadInput
from tokenflow_studio.core.files import write_atomically
from tokenflow_studio.core.job import JobKind, Stage
from tokenflow_studio.core.memory import KEYFRAME_LIMIT
from tokenflow_studio.core.paths import cache_folder
from tokenflow_studio.engine.plan import KeyframePlan
from tokenflow_studio.engine.techniques.base import Injection, Technique
from tokenflow_studio.engine.techniques.pnp import PnP
from tokenflow_studio.jobs.keys import VERSION, key_of
from tokenflow_studio.jobs.progress import Progress
from tokenflow_studio.jobs.tables import LATENTS, Table, writing_table
from tokenflow_studio.jobs.work import Work
from tokenflow_studio.media.curves import Image
from tokenflow_studio.post.cuts import find_cuts


@dataclass(frozen=True, slots=True)
class Ingested:
    """The clip as the model sees it: a table of clean latents, and where it cuts.

    frame_keys: what each frame depends on; key: the same of all frames together.
    """

    clean: Table
    cuts: tuple[int, ...]
    frame_keys: tuple[str, ...]
    key: str


def ingest(work: Work, progress: Progress) -> Ingested:
    """Read, scale and encode every frame; find the cuts. Raises BadInput for damaged frames."""
    keys = work.frame_keys()
    key = key_of(VERSION, keys, work.model.fingerprint)
    folder = cache_folder() / "ingest" / key
    progress.enter(Stage.INGEST, len(work.frames))
    if not (folder / "cuts.json").exists():
        with writing_table(folder / "clean.frames") as add:

            def pictures() -> Iterator[Image]:
                for index, frame in enumerate(work.frames):
                    picture = work.shot.proxy(frame)
                    add(index, {LATENTS: _encoded(work, frame, picture)})
                    progress.advance()
                    yield picture

            cuts = find_cuts(pictures())
        # Frames of a preview lie far apart: every step between them may look like a cut.
        cuts = () if work.kind is JobKind.KEYFRAMES else cuts
        write_atomically(folder / "cuts.json", json.dumps(cuts).encode())
    cuts = tuple(json.loads((folder / "cuts.json").read_bytes()))
    return Ingested(Table(folder / "clean.frames"), cuts, keys, key)


def _encoded(work: Work, frame: int, picture: Image) -> torch.Tensor:
    pixels = torch.from_numpy(work.framing.padded(picture)).permute(2, 0, 1)[None]
    latents = work.model.encode(pixels)[0].cpu()
    if not torch.isfinite(latents).all():
        raise BadInput(f"Frame {frame} of {work.clip.info.spec} gives the model no finite picture.")
    return latents


@dataclass(frozen=True, slots=True)
class InvertedClip:
    """The finished inversion: tables in a folder, and the plan that it was captured for.

    What the plan needs beyond the same plan without approved keyframes lies apart, so that another
    approval leaves the rest as it is.
    """

    folder: Path
    plan: KeyframePlan
    grid: tuple[int, ...]
    key: str

    def noise(self) -> Table:
        """Latents at the noisiest timestep, where the edit starts."""
        return Table(self.folder / table_name("latents", len(self.grid) - 1))

    def source(self, t: int) -> Callable[[int], dict[str, torch.Tensor]]:
        """What was captured of each frame of the source at sampling timestep t."""
        index = self.grid.index(t)
        whole = Table(self.folder / table_name("source", index))
        extra = Table(self.approved_path(index)) if self.plan.approved else None

        def record(frame: int) -> dict[str, torch.Tensor]:
            more = extra.row(frame) if extra and frame in extra.frames else {}
            return whole.row(frame) | more

        return record

    def approved_path(self, index: int) -> Path:
        """The table of what the approved keyframes need beyond the rest."""
        return self.folder / f"approved-{key_of(self.plan.approved)}" / table_name("source", index)


def plan_inversion(work: Work, ingested: Ingested, approved: Collection[int]) -> InvertedClip:
    """Where the inversion of these frames lies, or will lie; nothing is computed yet.

    approved: frames whose edit is given.
    """
    plan = work.plan(ingested.cuts, ingested.key, tuple(sorted(approved)))
    trajectory = key_of(
        VERSION,
        work.model.fingerprint,
        work.request.source_prompt,
        work.grid,
        work.request.inversion_iterations,
        work.rows,
    )
    key = key_of(
        ingested.frame_keys,
        asdict(replace(plan, approved=())),
        work.timesteps,
        [asdict(injection) for injection in captured(work).values()],
        work.request.exact_source,
        KEYFRAME_LIMIT,
    )
    folder = cache_folder() / "inversion" / trajectory / key
    return InvertedClip(folder, plan, work.grid, key_of(trajectory, key))


def captured(work: Work) -> dict[int, Injection]:
    """What is captured at each sampled timestep.

    At least what the model's default shares inject, so that trying a lower share costs nothing.
    """
    technique: Technique = work.technique
    if isinstance(technique, PnP):
        settings = work.model.settings
        technique = PnP(
            max(technique.attention, settings.pnp_attention),
            max(technique.features, settings.pnp_features),
        )
    count = len(work.sampled)
    return {t: technique.injection(step, count) for step, t in enumerate(work.sampled)}


def table_name(kind: str, index: int) -> str:
    return f"{kind}-{index:04d}.frames"
