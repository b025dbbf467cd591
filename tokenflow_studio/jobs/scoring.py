"""How well pictures fit a text, by a CLIP model in a folder."""

from collections.abc import Iterator
from pathlib import Path

from tokenflow_studio.core.errors import BadInput
from tokenflow_studio.core.paths import resource
from tokenflow_studio.core.prompt import parse_prompt
from tokenflow_studio.engine.scorer import Scores, load_scorer
from tokenflow_studio.jobs.delivery import pictures
from tokenflow_studio.jobs.takes import Take
from tokenflow_studio.media.clips import open_clip

_DEVICE = "cpu"  # a job on the GPU keeps its room


def prompt_scores(take: Take, frames: tuple[int, ...], prompt: str) -> dict[str, float]:
    """prompt_match and frame_consistency of a take's frames; nothing without a scorer.

    Raises BadInput for a scorer that is damaged.
    """
    folder = resource("demo", "scorer")
    if not folder.is_dir():
        return {}
    scores = load_scorer(folder, _DEVICE).score(pictures(take, frames), parse_prompt(prompt).text)
    found = {
        "prompt_match": scores.prompt_match,
        "frame_consistency": scores.frame_consistency,
    }
    return {name: round(value, 4) for name, value in found.items() if value is not None}


def score_clip(spec: str, prompt: str, scorer: str) -> Iterator[tuple[int, Scores]]:
    """How many frames a clip has, and the scores of those so far; at last of all.

    scorer: folder of a CLIP model, empty for the one beside the demo model. Raises BadInput.
    """
    folder = Path(scorer) if scorer else resource("demo", "scorer")
    if not folder.is_dir():
        raise BadInput(
            f"There is no scorer in {folder}: give the folder of a CLIP model with --scorer."
        )
    model = load_scorer(folder, _DEVICE)
    with open_clip(spec) as clip:
        frames = map(clip.read, clip.info.frames)
        for scores in model.running(frames, parse_prompt(prompt).text):
            yield len(clip.info.frames), scores
