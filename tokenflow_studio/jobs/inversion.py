"""The stage invert: every frame's way to noise, and what is captured of the source on it."""

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, nullcontext
from dataclasses import dataclass, replace

import torch

from tokenflow_studio.core.files import write_atomically
from tokenflow_studio.core.job import Stage
from tokenflow_studio.core.memory import KEYFRAME_LIMIT
from tokenflow_studio.engine.attention import Record, is_field, is_tokens
from tokenflow_studio.engine.inversion import Arrival, Capture, Inversion, Inverted, Latents
from tokenflow_studio.engine.network import Network
from tokenflow_studio.engine.plan import Matching
from tokenflow_studio.engine.techniques.base import Injection
from tokenflow_studio.jobs.progress import Progress
from tokenflow_studio.jobs.source import Ingested, InvertedClip, captured, table_name
from tokenflow_studio.jobs.tables import LATENTS, Table, writing_table
from tokenflow_studio.jobs.work import Work

_ARRIVAL = "arrival"


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
    stage = _InvertStage(work, ingested, inverted, inversion, captured(work))
    progress.enter(Stage.INVERT, len(work.grid))
    for index in range(len(work.grid)):
        done = stage.is_done(index)
        if not done:
            stage.step(index, progress)
        progress.advance(cached=done)


@dataclass(frozen=True, slots=True)
class _InvertStage:
    work: Work
    ingested: Ingested
    inverted: InvertedClip
    inversion: Inversion
    injections: dict[int, Injection]

    def is_done(self, index: int) -> bool:
        """Whether the tables of this timestep are there."""
        captured, approved = self.work.grid[index] in self.injections, self.inverted.plan.approved
        extra = captured and bool(approved)
        return self._is_inverted(index) and (
            not extra or self.inverted.approved_path(index).exists()
        )

    def _is_inverted(self, index: int) -> bool:
        kinds = ("latents", "source") if self.work.grid[index] in self.injections else ("latents",)
        return all((self.inverted.folder / table_name(kind, index)).exists() for kind in kinds)

    def step(self, index: int, progress: Progress) -> None:
        """One timestep: its table of latents, and at sampling timesteps those of the source."""
        if self.work.grid[index] not in self.injections:
            self._pass_by(index, progress)
        elif self._is_inverted(index):
            self._match_approved(index, progress)
        else:
            self._capture(index, progress)

    def _pass_by(self, index: int, progress: Progress) -> None:
        """A timestep between the sampling timesteps."""
        with self._writing("latents", index) as keep:
            for part in self._plain(self._before(index), index):
                for row, frame in enumerate(part.frames):
                    keep(frame, {LATENTS: part.latents[row]})
                progress.check()

    def _capture(self, index: int, progress: Progress) -> None:
        """A sampling timestep: the inversion's own calls show what edits need of the source."""
        whole, extra = self._matchings(index)
        with ExitStack() as files:
            keep = files.enter_context(self._writing("latents", index))
            add = files.enter_context(self._writing("source", index))
            add_extra = files.enter_context(self._writing_extra(index))
            for part in self.inversion.capture(
                self._before(index).latents,
                whole | extra,
                self.work.grid[index - 1] if index else -1,
                self.work.grid[index],
                self._wanted(index),
                self._arrival(index),
            ):
                for row, frame in enumerate(part.frames):
                    keep(frame, self._kept(part, row))
                    own, more = _divided(part.records[row], frame, extra)
                    add(frame, own)
                    if frame in extra.targets:
                        add_extra(frame, more)
                progress.check()

    def _match_approved(self, index: int, progress: Progress) -> None:
        """Where all is captured but for other approved keyframes, only those are looked at."""
        _, extra = self._matchings(index)
        wanted = replace(self._wanted(index), every_token=False)
        with self._writing_extra(index) as add:
            for part in self.inversion.revisit(
                self._captured_at(index), extra, self.work.grid[index], wanted
            ):
                for row, frame in enumerate(part.frames):
                    add(frame, _divided(part.records[row], frame, extra)[1])
                progress.check()

    def _matchings(self, index: int) -> tuple[Matching, Matching]:
        """What the plan needs without the approved keyframes, and what it needs beyond that."""
        step = self.work.timesteps.index(self.work.grid[index])
        plan = self.inverted.plan
        whole = Matching.of(replace(plan, approved=()).at(step))
        return whole, Matching.of(plan.at(step)).beyond(whole)

    def _wanted(self, index: int) -> Capture:
        step = self.inverted.plan.at(0)
        return Capture(
            self.injections[self.work.grid[index]],
            frozenset(self.work.model.settings.attention_sites),
            KEYFRAME_LIMIT,
            every_token=not step.propagate,
        )

    def _captured_at(self, index: int) -> Latents:
        """Where the source was captured: see `Inversion.revisit`."""
        request = self.work.request
        if not (request.exact_source or request.inversion_iterations):
            return self._before(index).latents
        table = Table(self.inverted.folder / table_name("latents", index))
        name = LATENTS if request.exact_source else _ARRIVAL
        return lambda frames: torch.stack([table.row(frame)[name] for frame in frames])

    def _kept(self, part: Inverted, row: int) -> dict[str, torch.Tensor]:
        """What stays of a frame: also what saves other captures of it the first evaluations."""
        kept = {LATENTS: part.latents[row]}
        if self.work.request.inversion_iterations:
            kept[_ARRIVAL] = part.arrivals[row]
        return kept

    def _arrival(self, index: int) -> Arrival:
        known = self._known(index)

        def arrival(frame: int) -> torch.Tensor | None:
            key = self.ingested.frame_keys[frame]
            if key not in known:
                return None
            table, other = known[key]
            return table.row(other).get(_ARRIVAL)

        return arrival

    def _writing(self, kind: str, index: int) -> AbstractContextManager[Callable[..., None]]:
        return writing_table(self.inverted.folder / table_name(kind, index))

    def _writing_extra(self, index: int) -> AbstractContextManager[Callable[..., None]]:
        if not self.inverted.plan.approved:
            return nullcontext(lambda frame, row: None)
        return writing_table(self.inverted.approved_path(index))

    def _plain(self, before: Table, index: int) -> Iterator[Inverted]:
        """Frames that were inverted before are taken over."""
        t_from, t = self.work.grid[index - 1] if index else -1, self.work.grid[index]
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
            table = path.parent / table_name("latents", index)
            if path.parent != self.inverted.folder and table.exists():
                keys: list[str] = json.loads(path.read_bytes())
                found |= {key: (Table(table), frame) for frame, key in enumerate(keys)}
        return found

    def _before(self, index: int) -> Table:
        if index == 0:
            return self.ingested.clean
        return Table(self.inverted.folder / table_name("latents", index - 1))


def _divided(
    record: Record, frame: int, extra: Matching
) -> tuple[dict[str, torch.Tensor], dict[str, torch.Tensor]]:
    """A frame's record without the fields that only approved keyframes need, and what those need:
    these fields, and the tokens of the approved keyframes themselves."""
    fields = {k: v for k, v in record.items() if is_field(k, extra.targets.get(frame, ()))}
    tokens = {k: v for k, v in record.items() if is_tokens(k) and frame in extra.keyframes}
    return {k: v for k, v in record.items() if k not in fields}, fields | tokens
