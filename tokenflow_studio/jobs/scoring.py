"""How well a take shows what was asked for, where a CLIP model lies beside the demo model."""

from tokenflow_studio.core.paths import resource
from tokenflow_studio.core.prompt import parse_prompt
from tokenflow_studio.jobs.delivery import pictures
from tokenflow_studio.jobs.shot import Shot
from tokenflow_studio.jobs.takes import Take


def prompt_scores(shot: Shot, take: Take) -> dict[str, float]:
    """prompt_match and frame_consistency of the edited frames; nothing without a scorer.

    Raises BadInput for a scorer that is damaged.
    """
    folder = resource("demo", "scorer")
    if not folder.is_dir():
        return {}
    # Here, since a job without a scorer need not load what it is made of.
    from tokenflow_studio.engine.scorer import load_scorer

    prompt = parse_prompt(shot.request.prompt).text
    scores = load_scorer(folder, "cpu").score(pictures(take, shot.edited), prompt)
    found = {
        "prompt_match": scores.prompt_match,
        "frame_consistency": scores.frame_consistency,
    }
    return {name: round(value, 4) for name, value in found.items() if value is not None}
