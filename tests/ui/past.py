"""Takes of earlier days on disk, as the worker leaves them."""

import json
from pathlib import Path

from tests.ui.scripted import write_frames
from tokenflow_studio.core.paths import takes_folder
from tokenflow_studio.core.request import EditRequest
from tokenflow_studio.core.review import Review, write_review

MEASURES = {"warp_error": 2.31, "warp_error_of_source": 1.9, "prompt_match": 0.27}


def write_take(
    clip: str, version: int, prompt: str, frames: range, review: Review | None = None
) -> Path:
    """A finished take of the clip `plate`; returns its folder."""
    folder = takes_folder() / "plate" / f"v{version:03d}"
    write_frames(folder / "frames", frames, edited=True)
    request = EditRequest(clip=clip, prompt=prompt, seed=version)
    (folder / "request.json").write_text(request.to_json())
    report = {"state": "done", "seconds": {"invert": 30, "propagate": 12.5}, "measures": MEASURES}
    (folder / "report.json").write_text(json.dumps(report))
    if review is not None:
        write_review(folder, review)
    return folder
