"""What is known of the source, whatever the prompt: the stages ingest and invert."""

import json
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path

import torch

from tokenflow_studio.core.errors import BadInput
from tokenflow_studio.core.files import write_atomically
from tokenflow_studio.core.job import JobKind, Stage
from tokenflow_studio.core.paths import cache_folder
from tokenflow_studio.engine.inversion import Capture, Inversion, Inverted
from tokenflow_studio.engine.network import Network
from tokenflow_studio.engine.plan import KeyframePlan
from tokenflow_studio.engine.techniques.base import Injection, Technique
from tokenflow_studio.engine.techniques.pnp import PnP
from tokenflow_studio.jobs.keys import VERSION, key_of
from tokenflow_studio.jobs.progress import Progress
from tokenflow_studio.jobs.tables import LATENTS, Table, writing_table
from tokenflow_studio.jobs.work import KEYFRAME_LIMIT, Work
from tokenflow_studio.media.curves import Image
from tokenflow_studio.post.cuts import find_cuts

_ARRIVAL = "arrival"


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
    """The finished inversion: tables in a folder, and the plan that it was captured for."""

    folder: Path
    plan: KeyframePlan
    grid: tuple[int, ...]
    key: str

    def noise(self) -> Table:
        """Latents at the noisiest timestep, where the edit starts."""
        return Table(self.folder / _name("latents", len(self.grid) - 1))

    def source(self, t: int) -> Table:
        """What was captured of the source at sampling timestep t."""
        return Table(self.folder / _name("source", self.grid.index(t)))


def plan_inversion(work: Work, ingested: Ingested) -> InvertedClip:
    """Where the inversion of these frames lies, or will lie; nothing is computed yet."""
    plan = work.plan(ingested.cuts, ingested.key)
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
        asdict(plan),
        work.timesteps,
        [asdict(injection) for injection in _captured(work).values()],
        work.request.exact_source,
        KEYFRAME_LIMIT,
    )
    folder = cache_folder() / "inversion" / trajectory / key
    return InvertedClip(folder, plan, work.grid, key_of(trajectory, key))


def invert(
    work: Work, ingested: Ingested, inverted: InvertedClip, network: Network, progress: Progress
) -> None:
    """Invert every frame and capture what the plan needs, one table per timestep."""
    index_file = inverted.folder / "index.json"
    write_atomically(index_file, json.dumps(ingested.frame_keys).encode())
    inversion = Inversion(
        network,
        work.model.schedule,
        work.model.embed(work.request.source_prompt),
        work.rows,
        work.request.inversion_iterations,
        work.request.exact_source,
    )
    stage = _InvertStage(work, ingested, inverted, inversion, _captured(work))
    progress.enter(Stage.INVERT, len(work.grid))
    for index in range(len(work.grid)):
        done = stage.is_done(index)
        if not done:
            stage.step(index, progress)
        progress.advance(cached=done)


def _captured(work: Work) -> dict[int, Injection]:
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


@dataclass(frozen=True, slots=True)
class _InvertStage:
    work: Work
    ingested: Ingested
    inverted: InvertedClip
    inversion: Inversion
    injections: dict[int, Injection]

    def is_done(self, index: int) -> bool:
        """Whether the tables of this timestep are there."""
        kinds = ("latents", "source") if self.work.grid[index] in self.injections else ("latents",)
        return all((self.inverted.folder / _name(kind, index)).exists() for kind in kinds)

    def step(self, index: int, progress: Progress) -> None:
        """One timestep: its table of latents, and at sampling timesteps that of the source."""
        t, folder = self.work.grid[index], self.inverted.folder
        t_from = self.work.grid[index - 1] if index else -1
        before = self._before(index)
        with ExitStack() as files:
            keep = files.enter_context(writing_table(folder / _name("latents", index)))
            if t in self.injections:
                add = files.enter_context(writing_table(folder / _name("source", index)))
                parts = self._capture(before, index, t_from, t)
            else:
                add = None
                parts = self._plain(before, index, t_from, t)
            for part in parts:
                for row, frame in enumerate(part.frames):
                    keep(frame, self._kept(part, row))
                    if add is not None:
                        add(frame, part.records[row])
                progress.check()

    def _kept(self, part: Inverted, row: int) -> dict[str, torch.Tensor]:
        """What stays of a frame; a preview's frames also keep what saves the take evaluations."""
        kept = {LATENTS: part.latents[row]}
        if self.work.kind is JobKind.KEYFRAMES and self.work.request.inversion_iterations:
            kept[_ARRIVAL] = part.arrivals[row]
        return kept

    def _capture(self, before: Table, index: int, t_from: int, t: int) -> Iterator[Inverted]:
        step = self.inverted.plan.at(self.work.timesteps.index(t))
        sites = frozenset(self.work.model.settings.attention_sites)
        capture = Capture(self.injections[t], sites, KEYFRAME_LIMIT)
        known = self._known(index)

        def arrival(frame: int) -> torch.Tensor | None:
            key = self.ingested.frame_keys[frame]
            if key not in known:
                return None
            table, other = known[key]
            return table.row(other).get(_ARRIVAL)

        return self.inversion.capture(before.latents, step, t_from, t, capture, arrival)

    def _plain(self, before: Table, index: int, t_from: int, t: int) -> Iterator[Inverted]:
        """A timestep between the sampling timesteps: frames inverted before are taken over."""
        known = self._known(index)
        unknown = []
        for frame, key in enumerate(self.ingested.frame_keys):
            if key in known:
                table, other = known[key]
                latents = table.latents([other])
                yield Inverted((frame,), latents, latents)
            else:
                unknown.append(frame)
        yield from self.inversion.step(before.latents, unknown, t_from, t)

    def _known(self, index: int) -> dict[str, tuple[Table, int]]:
        """Frames that another inversion of this trajectory holds, a preview's for example."""
        found: dict[str, tuple[Table, int]] = {}
        for path in sorted(self.inverted.folder.parent.glob("*/index.json")):
            table = path.parent / _name("latents", index)
            if path.parent != self.inverted.folder and table.exists():
                keys: list[str] = json.loads(path.read_bytes())
                found |= {key: (Table(table), frame) for frame, key in enumerate(keys)}
        return found

    def _before(self, index: int) -> Table:
        if index == 0:
            return self.ingested.clean
        return Table(self.inverted.folder / _name("latents", index - 1))


def _name(kind: str, index: int) -> str:
    return f"{kind}-{index:04d}.frames"
