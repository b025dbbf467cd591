"""What a run needs of the device's memory, in words, before it is started."""

import math
from dataclasses import dataclass

from tokenflow_studio.core.memory import needed_memory
from tokenflow_studio.core.request import IDENTITY
from tokenflow_studio.ui.state.model_facts import ModelFacts
from tokenflow_studio.ui.state.recipe import Recipe
from tokenflow_studio.ui.state.system import SystemView, WorkerState, memory_text

_NATIVE = (512, 512)  # of models that do not say
_ADVICE = "work at a smaller size, or with fewer keyframes"


@dataclass(frozen=True, slots=True)
class MemoryNeed:
    """text: empty while nothing can be said; kind: of the label, `alarm` where it cannot fit and
    `warning` where it does not fit now."""

    text: str = ""
    kind: str = "small"


def memory_need(recipe: Recipe, facts: ModelFacts, keyframes: int, view: SystemView) -> MemoryNeed:
    """What a preview or a take by this recipe needs, against what the device has.

    Until the device is known, the figure is that of a processor, which is the larger one.
    """
    if facts.shape is None or recipe.technique == IDENTITY or not keyframes:
        return MemoryNeed()
    pixels = math.prod(recipe.size or facts.native_size or _NATIVE)
    guidance = facts.guidance if recipe.guidance is None else recipe.guidance
    branches = 1 if guidance == 1 else 2
    need = needed_memory(facts.shape, _kind(view.device), pixels, keyframes, branches)
    text = f"about {memory_text(need)} of memory"
    if not view.total:
        return MemoryNeed(f"Needs {text}")
    if need > view.total:
        has = f"{memory_text(view.total)} is all there is"
        return MemoryNeed(f"Needs {text}, {has}: {_ADVICE}.", "alarm")
    if need > view.free and view.worker is not WorkerState.BUSY:
        free = f"{memory_text(view.free)} is free now"
        return MemoryNeed(f"Needs {text}, {free}: close other programs, or {_ADVICE}.", "warning")
    return MemoryNeed(f"Needs {text}, {memory_text(view.free)} is free")


def _kind(device: str) -> str:
    if not device or device.startswith("CPU"):
        return "cpu"
    return "mps" if device.startswith("Apple") else "cuda"
