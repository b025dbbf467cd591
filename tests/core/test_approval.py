"""A previewed folder says which keyframes are approved."""

import dataclasses
import json
from pathlib import Path

import pytest

from tokenflow_studio.core.approval import look_of, with_approved
from tokenflow_studio.core.errors import BadInput
from tokenflow_studio.core.frames import FrameRange
from tokenflow_studio.core.request import EditRequest
from tokenflow_studio.core.rolls import Approval, Roll

REQUEST = EditRequest(clip="/clips/a.mp4", prompt="a red ball")


@pytest.fixture
def preview(tmp_path: Path) -> Path:
    (tmp_path / "request.json").write_text(REQUEST.to_json())
    (tmp_path / "report.json").write_text(json.dumps({"settings": {"keyframes": [3, 11, 19]}}))
    (tmp_path / "frames").mkdir()
    for number in (3, 19):
        (tmp_path / "frames" / f"{number:04d}.png").touch()
    return tmp_path


def test_the_frames_left_in_the_folder_are_approved(preview: Path) -> None:
    request = dataclasses.replace(REQUEST, frames=FrameRange(0, 20))
    approved = with_approved(request, preview)
    assert approved.keyframes == (3, 11, 19)
    assert approved.approved == (Approval(3, 0), Approval(19, 0))
    assert approved.rolls == (Roll((3, 11, 19), look=look_of(REQUEST)),)
    assert approved.frames == FrameRange(0, 20)
    assert EditRequest.from_json(approved.to_json()) == approved


def test_another_recipe_is_refused(preview: Path) -> None:
    with pytest.raises(BadInput, match="previewed with prompt 'a red ball', not 'a cube'"):
        with_approved(dataclasses.replace(REQUEST, prompt="a cube"), preview)


def test_a_folder_that_is_no_preview_is_refused(tmp_path: Path, preview: Path) -> None:
    with pytest.raises(BadInput, match="name the folder that 'keyframes' wrote"):
        with_approved(REQUEST, tmp_path / "absent")
    (preview / "report.json").write_text("{}")
    with pytest.raises(BadInput, match="no report of a preview"):
        with_approved(REQUEST, preview)


def test_nothing_approved_is_said(preview: Path) -> None:
    for file in (preview / "frames").iterdir():
        file.unlink()
    with pytest.raises(BadInput, match="holds no keyframe"):
        with_approved(REQUEST, preview)
