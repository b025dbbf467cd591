"""What a take with approved keyframes promises the eye, with the built-in model and clip."""

import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from tests.jobs.conftest import Runner
from tokenflow_studio.core.approval import with_approved
from tokenflow_studio.core.frames import FrameRange
from tokenflow_studio.core.job import JobKind, JobOrder
from tokenflow_studio.core.paths import resource
from tokenflow_studio.core.request import EditRequest
from tokenflow_studio.media.curves import Image
from tokenflow_studio.post.measure import psnr

pytestmark = pytest.mark.skipif(
    not resource("demo", "model", "unet").is_dir(), reason="the demo model is not there"
)
LEAST_PSNR = 35.0  # dB, of an approved keyframe against its preview
MOST_WARP_ERROR = 1.1  # of a take without approved keyframes


@pytest.mark.parametrize(
    ("last", "steps", "size"),
    [
        (8, 3, (64, 64)),
        pytest.param(23, 10, None, marks=[pytest.mark.slow, pytest.mark.timeout(1500)]),
    ],
)
def test_approved_keyframes_are_kept_and_the_frames_between_flow_on(
    job: Runner, last: int, steps: int, size: tuple[int, int] | None
) -> None:
    request = EditRequest(
        clip=str(resource("demo", "clip.mp4")),
        frames=FrameRange(0, last),
        prompt=json.loads(resource("demo", "prompts.json").read_bytes())[0]["prompt"],
        source_prompt=json.loads(resource("demo", "clip.json").read_bytes())["caption"],
        steps=steps,
        inversion_steps=steps,
        size=size,
        keyframe_interval=4 if last < 16 else 8,
        device="cpu",
    )
    plain = _run(job, request)
    preview = _run(job, request, JobKind.KEYFRAMES)
    request = with_approved(request, preview)
    take = _run(job, request)
    assert len(request.approved) >= 2
    for frame, _ in request.approved:
        assert psnr(_picture(take, frame), _picture(preview, frame)) >= LEAST_PSNR
    assert _warp_error(take) <= MOST_WARP_ERROR * _warp_error(plain)


def _run(job: Runner, request: EditRequest, kind: JobKind = JobKind.EDIT) -> Path:
    return Path(job.run(JobOrder(request=request, kind=kind)).folder)


def _picture(folder: Path, frame: int) -> Image:
    return np.float32(cv2.imread(str(folder / "frames" / f"{frame:04d}.png"))) / 255


def _warp_error(take: Path) -> float:
    return json.loads((take / "report.json").read_bytes())["measures"]["warp_error"]
