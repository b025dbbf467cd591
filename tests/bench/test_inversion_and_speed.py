"""Inversion and speed with a tiny model: every setting measured, costs as counted."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tokenflow_studio.bench.inversion import InversionPlan, measure_inversion, squared_error
from tokenflow_studio.bench.pairs import PAIRS
from tokenflow_studio.bench.place import Place, opened
from tokenflow_studio.bench.speed import PREVIEW, SECOND, WHOLE, measure_speed
from tokenflow_studio.core.models import resolve_model
from tokenflow_studio.core.request import EditRequest


@pytest.fixture
def told() -> list[Any]:
    """Every event of the worker."""
    return []


@pytest.fixture
def place(tiny_model: Path, tmp_path: Path, told: list[Any]) -> Iterator[Place]:
    model = resolve_model(str(tiny_model))
    with opened(tmp_path, "any", model, lambda _, e: told.append(e), lambda _: None) as place:
        yield place


@pytest.fixture
def template(tiny_model: Path) -> EditRequest:
    return EditRequest(
        clip="-", prompt="-", model=str(tiny_model), device="cpu",
        steps=2, inversion_steps=4, keyframe_interval=4, size=(32, 32),
    )  # fmt: skip


def test_each_setting_and_each_cost(place: Place, template: EditRequest, told: list[Any]) -> None:
    """One worker for both benchmarks: its start takes longer than all that it does here."""
    plan = InversionPlan(pairs=PAIRS[:1], frames=2, sampling=(2,))
    inversion = measure_inversion(place, template, plan)
    assert [row[:4] for row in inversion.rows] == [
        (2, 2, 0, 2), (2, 2, 1, 4), (2, 4, 0, 3), (2, 4, 1, 6),
    ]  # fmt: skip
    assert all(10 < float(row[4] or 0) < 100 for row in inversion.rows)

    speed = measure_speed(place, template, 12)
    rows: dict[str, Any] = {str(row[0]): dict(zip(_names(speed), row, strict=True))
                            for row in speed.rows}  # fmt: skip
    assert list(rows) == [PREVIEW, WHOLE, SECOND]
    assert rows[PREVIEW]["rows of whole"] < 0.35
    assert rows[SECOND]["rows of whole"] < 0.6
    assert rows[SECOND]["invert s"] < rows[WHOLE]["invert s"]
    assert not (place.folder / "takes").exists()

    told.clear()
    assert measure_inversion(place, template, plan) == inversion
    assert measure_speed(place, template, 12) == speed
    assert told == []


def _names(table: Any) -> list[str]:
    return [column.name for column in table.columns]


def test_squared_error() -> None:
    grey = np.full((4, 4, 3), 0.5, np.float32)
    assert squared_error([grey, grey], [grey, grey + 0.2]) == pytest.approx(0.02)
