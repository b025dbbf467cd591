"""The requests of the benchmarks: what is edited, what is only taken apart and put together."""

import dataclasses
from dataclasses import dataclass
from typing import Any

from tokenflow_studio.bench.pairs import Pair
from tokenflow_studio.core.request import Blend, Consistency, EditRequest

#: Nothing guided, nothing injected: the frames come back as they are (the paper's Table 2).
RECONSTRUCTION: dict[str, Any] = {"guidance": 1.0, "pnp_attention": 0.0, "pnp_features": 0.0}

#: One step up to the lowest noise level and down again, which moves a picture by less than half an
#: 8-bit code: what is left is the autoencoder. Holds for schedules that are spaced from the clean
#: end ("leading" or "linspace"), as those of Stable Diffusion are.
AUTOENCODER: dict[str, Any] = {
    **RECONSTRUCTION,
    "consistency": Consistency.PER_FRAME,
    "steps": 1,
    "inversion_steps": 1,
    "inversion_iterations": 0,
}


@dataclass(frozen=True, slots=True)
class Variant:
    """One row of a table: its name, and the settings that make it.

    edits: towards the pair's prompt; else the source prompt is kept.
    """

    name: str
    settings: dict[str, Any]
    edits: bool = True

    def request(self, template: EditRequest, pair: Pair, clip: str) -> EditRequest:
        """The variant's request on the pair's clip; model and device come from the template."""
        return dataclasses.replace(
            template,
            clip=clip,
            prompt=pair.prompt if self.edits else pair.source_prompt,
            source_prompt=pair.source_prompt,
            **self.settings,
        )


AUTOENCODER_ONLY = Variant("autoencoder only", AUTOENCODER, edits=False)
PER_FRAME = Variant("per-frame PnP", {"consistency": Consistency.PER_FRAME})
TOKENFLOW = tuple(Variant(f"TokenFlow, {blend} blend", {"blend": blend}) for blend in Blend)

#: Table 1 of the paper, with its ablations (section 5.3) and every blend plan.
EDITS = (
    PER_FRAME,
    Variant("extended attention only", {"consistency": Consistency.EXTENDED}),
    Variant("fixed keyframes", {"consistency": Consistency.FIXED_KEYFRAMES}),
    *TOKENFLOW,
    Variant("TokenFlow + deflicker", {"deflicker": 1.0}),
)

#: Table 2 of the paper.
RECONSTRUCTIONS = (
    Variant(
        "DDIM inversion", {**RECONSTRUCTION, "consistency": Consistency.PER_FRAME}, edits=False
    ),
    Variant("TokenFlow reconstruction", RECONSTRUCTION, edits=False),
)
