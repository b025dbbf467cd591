"""What prompts do, measured on a tiny model: all of it once, then from what lies there."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.clip_model import write_clip_model
from tokenflow_studio.bench import prompts
from tokenflow_studio.bench.held_out import ASKED, asked_edits
from tokenflow_studio.bench.place import Place, opened
from tokenflow_studio.bench.prompts import PromptPlan, measure_prompts
from tokenflow_studio.bench.shares import Share
from tokenflow_studio.core.models import resolve_model
from tokenflow_studio.core.request import EditRequest
from tokenflow_studio.demo.scenes.scene import Scene


@pytest.fixture
def told() -> list[Any]:
    """Every event and every record."""
    return []


@pytest.fixture
def place(tiny_model: Path, tmp_path: Path, told: list[Any]) -> Iterator[Place]:
    model = resolve_model(str(tiny_model))
    with opened(tmp_path, "prompts", model, lambda _, e: told.append(e), told.append) as place:
        yield place


@pytest.mark.slow
def test_all_is_measured_once_and_another_scorer_only_looks_again(
    place: Place,
    tiny_model: Path,
    tmp_path: Path,
    told: list[Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    scorer = write_clip_model(tmp_path / "scorer")
    monkeypatch.setattr(prompts, "resource", lambda *_: scorer)
    template = EditRequest(clip="-", prompt="-", model=str(tiny_model), device="cpu", size=(32, 32))
    plan = PromptPlan(captions=3, edits=2, frames=1, restored=1, steps=2)
    painted, edited, restored = measure_prompts(place, template, plan)
    names = [str(row[0]) for row in painted.rows]
    assert names == ["shape", "material", "ground", "time", "style"]
    assert all(row[4] == 3 for row in painted.rows)
    rows = {str(row[0]): row for row in edited.rows}
    assert (rows["asked: all"][4], rows["kept: all"][4]) == (2, 6)
    assert rows["asked: time"][1] is None
    assert rows["kept: time"][4] == 2
    assert len(restored.rows) == 3
    assert len(list(place.folder.glob("painted/*/picture.*.png"))) == 3
    assert "text to image" in painted.text().lower()

    told.clear()
    assert measure_prompts(place, template, plan) == (painted, edited, restored)
    assert told == []


def test_an_asked_edit_changes_one_attribute_of_a_photo_in_daylight() -> None:
    edits = asked_edits(40)
    assert {edit.attribute for edit in edits} == set(ASKED)
    for edit in edits:
        before, after = edit.shows(edit.pair.scene), edit.shows(edit.pair.edited)
        assert {n for n in before if before[n] != after[n]} == {edit.attribute}
        assert (edit.pair.scene.style, edit.pair.scene.time) == ("photo", "day")
        assert _geometry(edit.pair.scene) == _geometry(edit.pair.edited)
        assert edit.pair.prompt != edit.pair.source_prompt


def _geometry(scene: Scene) -> tuple[object, ...]:
    return scene.seed, scene.shape, scene.camera, scene.size, scene.heading, scene.yaw, scene.roll


def test_few_cases_say_little() -> None:
    assert Share.of([True] * 9 + [False]).interval == pytest.approx((0.596, 0.982), abs=1e-3)
    assert Share(180, 200).interval == pytest.approx((0.851, 0.934), abs=1e-3)
    low, high = Share(0, 5).interval
    assert (low, high) == (0.0, pytest.approx(0.434, abs=1e-3))
