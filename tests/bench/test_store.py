"""Results: kept as soon as they are there, found again by all that they depend on."""

import dataclasses
import os
from pathlib import Path

from tokenflow_studio.bench.store import Store, key_of, model_stamp
from tokenflow_studio.core.models import ModelEntry, ModelKind
from tokenflow_studio.core.request import EditRequest

REQUEST = EditRequest(clip="/a/clip.####.png", prompt="a ball")


def test_records_survive_a_torn_line(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "results.jsonl"
    Store(path).put("one", error=1.5)
    with path.open("a") as file:
        file.write('{"key": "two", "err')
    store = Store(path)
    assert store.get("two") is None
    store.put("three", error=2.5)
    store.put("four", error=3.5)
    again = Store(path)
    assert [again.get(key) for key in ("one", "two", "three", "four")] == [
        {"key": "one", "error": 1.5}, None,
        {"key": "three", "error": 2.5}, {"key": "four", "error": 3.5},
    ]  # fmt: skip


def test_a_key_names_all_but_the_place() -> None:
    key = key_of("demo", "clip", REQUEST)
    assert key == key_of("demo", "clip", dataclasses.replace(REQUEST, clip="/b/clip.####.png"))
    others = [
        key_of("demo 2", "clip", REQUEST),
        key_of("demo", "other", REQUEST),
        key_of("demo", "clip", dataclasses.replace(REQUEST, seed=1)),
    ]
    assert len({key, *others}) == 4


def test_a_model_that_was_trained_on_has_another_stamp(tmp_path: Path) -> None:
    weights = tmp_path / "unet" / "weights.safetensors"
    weights.parent.mkdir()
    weights.write_bytes(b"1234")
    model = ModelEntry("mine", str(tmp_path), ModelKind.FOLDER)
    before = model_stamp(model)
    assert before == model_stamp(model)
    os.utime(weights, (1, 1))
    assert model_stamp(model) != before
    assert model_stamp(ModelEntry("hub", "owner/name", ModelKind.HUB)).startswith("hub ")
