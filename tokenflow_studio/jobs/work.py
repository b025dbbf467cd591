"""A request resolved against its clip and its model: every default filled in, nothing left open."""

from dataclasses import dataclass

import torch

from tokenflow_studio.core.errors import BadInput
from tokenflow_studio.core.job import JobKind, JobOrder, Stage
from tokenflow_studio.core.memory import ROWS
from tokenflow_studio.core.request import Consistency, EditRequest
from tokenflow_studio.engine.loading import load_model
from tokenflow_studio.engine.model import DiffusionModel
from tokenflow_studio.engine.plan import KeyframePlan
from tokenflow_studio.engine.sampler import Guidance
from tokenflow_studio.engine.techniques.base import Technique
from tokenflow_studio.engine.techniques.pnp import PnP
from tokenflow_studio.engine.techniques.sdedit import SDEdit
from tokenflow_studio.jobs.shot import Shot, open_shot
from tokenflow_studio.media.clips import Clip
from tokenflow_studio.post.framing import Framing


@dataclass(frozen=True, slots=True)
class Work:
    """What one job does with the model.

    In its stages a frame is its index in `frames`. timesteps: the sampling schedule, descending;
    sampled: those of it that the technique runs through; grid: the ascending inversion timesteps.
    """

    shot: Shot
    model: DiffusionModel
    technique: Technique
    guidance: Guidance
    timesteps: tuple[int, ...]
    sampled: tuple[int, ...]
    grid: tuple[int, ...]
    notices: tuple[str, ...]

    @property
    def request(self) -> EditRequest:
        return self.shot.request

    @property
    def kind(self) -> JobKind:
        return self.shot.kind

    @property
    def clip(self) -> Clip:
        return self.shot.clip

    @property
    def frames(self) -> tuple[int, ...]:
        """File numbers that are edited, ascending."""
        return self.shot.edited

    @property
    def framing(self) -> Framing:
        return self.shot.finisher.framing

    @property
    def rows(self) -> int:
        return ROWS[self.model.device.type]

    def plan(self, cuts: tuple[int, ...], key: str, approved: tuple[int, ...]) -> KeyframePlan:
        """The keyframe plan of all steps; the preview edits all its frames jointly."""
        request = self.request
        if self.kind is JobKind.KEYFRAMES:
            joint = Consistency.JOINT
            return KeyframePlan(len(self.frames), consistency=joint, key=key, approved=approved)
        return KeyframePlan(
            frames=len(self.frames),
            interval=request.keyframe_interval,
            cuts=cuts,
            blend=request.blend,
            consistency=request.consistency,
            key=key,
            approved=approved,
        )

    def frame_keys(self) -> tuple[str, ...]:
        """What each frame's model picture depends on."""
        return self.shot.frame_keys()

    def costs(self) -> dict[Stage, float]:
        """Expected cost of the stages that run the model, in network rows."""
        frames = len(self.frames)
        editing = Stage.KEYFRAMES if self.kind is JobKind.KEYFRAMES else Stage.PROPAGATE
        return {
            Stage.INGEST: 1.0 * frames,
            Stage.INVERT: frames * len(self.grid) * (1.0 + self.request.inversion_iterations),
            editing: frames * len(self.sampled) * 0.9 * self.guidance.text.shape[0],
        }

    def resolved(self) -> dict[str, object]:
        """Every setting as it was used, for the report."""
        preview = self.kind is JobKind.KEYFRAMES
        return self.shot.settings() | {
            "keyframes": list(
                self.frames if preview else (approval.frame for approval in self.request.approved)
            ),
            "steps": len(self.sampled),
            "inversion_steps": len(self.grid),
            "guidance": self.guidance.scale,
            "technique": f"{self.technique}",
            "device": str(self.model.device),
            "dtype": str(self.model.unet.dtype).removeprefix("torch."),
            "model_fingerprint": self.model.fingerprint,
        }


def resolve(
    order: JobOrder, clip: Clip, frames: tuple[int, ...], model: DiffusionModel | None = None
) -> Work:
    """Fill in every default and load the model, unless it is given. Raises BadInput."""
    request = order.request
    if model is None:
        model = load_model(
            request.model, base=request.base, device=request.device, dtype=request.dtype
        )
    settings = model.settings
    shot = open_shot(order, clip, frames, settings.native_size, model.multiple)
    timesteps = model.schedule.timesteps(request.steps or settings.steps)
    technique = _technique(request, model)
    sampled = technique.sampled(timesteps)
    inversion_steps = request.inversion_steps or settings.inversion_steps or len(timesteps)
    grid = model.schedule.grid(inversion_steps, timesteps)
    notices = [*model.notices, *shot.notices]
    if len(grid) != inversion_steps:
        notices.append(
            f"Inversion takes {len(grid)} steps instead of {inversion_steps}, so that it meets "
            f"all {len(timesteps)} sampling steps."
        )
    return Work(
        shot=shot,
        model=model,
        technique=technique,
        guidance=_guidance(request, model),
        timesteps=timesteps,
        sampled=sampled,
        grid=tuple(t for t in grid if t <= sampled[0]),
        notices=tuple(notices),
    )


def _technique(request: EditRequest, model: DiffusionModel) -> Technique:
    settings = model.settings
    match request.technique:
        case "pnp":
            return PnP(
                _given(request.pnp_attention, settings.pnp_attention),
                _given(request.pnp_features, settings.pnp_features),
                request.variation,
                # A seed that draws nothing shall not make another edit of this one.
                request.seed if request.variation else 0,
            )
        case "sdedit":
            return SDEdit(_given(request.strength, SDEdit().strength), request.seed)
    raise BadInput(f"There is no technique '{request.technique}': choose pnp, sdedit or identity.")


def _given(value: float | None, default: float) -> float:
    return default if value is None else value


def _guidance(request: EditRequest, model: DiffusionModel) -> Guidance:
    scale = _given(request.guidance, model.settings.guidance)
    prompt = model.embed(request.prompt)
    if scale == 1:
        return Guidance(prompt)
    return Guidance(torch.cat([model.embed(request.negative_prompt), prompt]), scale)
