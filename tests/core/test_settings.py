"""Settings: typed, whole or not at all, and never lost."""

import dataclasses
import json
from pathlib import Path

import pytest

from tokenflow_studio.core.errors import BadInput
from tokenflow_studio.core.paths import cache_folder, takes_folder
from tokenflow_studio.core.settings import (
    PlaceUnit,
    RulerUnit,
    Settings,
    checked,
    load_settings,
    overridden,
    read_settings,
    save_settings,
    settings_file,
    with_environment,
)

CHANGED = Settings(
    cache_folder="/fast/cache",
    takes_folder="/shots/takes",
    default_model="sd21",
    frame_cache=2048,
    cache_limit=200,
    welcome=False,
    thumbnails=False,
    place_unit=PlaceUnit.FRAMES,
    ruler_unit=RulerUnit.TIMECODE,
    autosave=0,
    shortcut_preset="rv",
    shortcuts=(("play.toggle", ("Space", "Down")), ("view.hud", ())),
    path_roots=(("/mnt/shows", "P:\\shows"),),
    return_folder="/back",
    edl_rate="24000/1001",
)


def aside() -> list[Path]:
    return sorted(settings_file().parent.glob("*damaged*"))


def test_without_a_file_the_defaults_hold_and_nothing_is_written() -> None:
    loaded = load_settings()
    assert (loaded.settings, loaded.notice) == (Settings(), "")
    assert not settings_file().exists()


def test_what_is_saved_is_what_is_loaded() -> None:
    assert all(
        getattr(CHANGED, f.name) != getattr(Settings(), f.name)
        for f in dataclasses.fields(Settings) if f.name != "unknown"
    )  # fmt: skip
    save_settings(CHANGED)
    loaded = load_settings()
    assert (loaded.settings, loaded.notice) == (CHANGED, "")
    assert isinstance(loaded.settings.place_unit, PlaceUnit)


def test_what_another_version_wrote_is_kept() -> None:
    settings_file().write_text(json.dumps({"schema": 9, "colour_of_bikes": ["red", {"a": 1}]}))
    loaded = load_settings()
    assert loaded.notice == ""
    save_settings(dataclasses.replace(loaded.settings, autosave=30))
    written = json.loads(settings_file().read_text())
    assert written["colour_of_bikes"] == ["red", {"a": 1}]
    assert written["autosave"] == 30


@pytest.mark.parametrize("text", ["", "{", "[]", "\x00\xff", '{"autosave": 1'])
def test_a_damaged_file_is_set_aside_with_one_notice(text: str) -> None:
    settings_file().write_text(text)
    loaded = load_settings()
    assert loaded.settings == Settings()
    assert str(settings_file()) in loaded.notice
    assert [path.read_text() for path in aside()] == [text]
    assert aside()[0].name in loaded.notice
    assert load_settings().notice == ""


def test_a_second_damage_does_not_replace_the_first() -> None:
    for text in ("{", "["):
        settings_file().write_text(text)
        load_settings()
    assert [path.read_text() for path in aside()] == ["{", "["]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("frame_cache", 3), ("frame_cache", "768"), ("frame_cache", True), ("autosave", -1),
        ("thumbnails", 1), ("place_unit", "furlongs"), ("default_model", " "),
        ("shortcuts", {"a": "b"}), ("shortcuts", [["a", "b"]]), ("shortcuts", [["a", [1]]]),
        ("path_roots", [["a"]]), ("path_roots", [["a", None]]), ("cache_folder", None),
    ],
)  # fmt: skip
def test_one_bad_value_costs_that_value_alone(name: str, value: object) -> None:
    text = json.dumps({"shortcut_preset": "nuke", name: value})
    settings_file().write_text(text)
    loaded = load_settings()
    assert loaded.settings == Settings(shortcut_preset="nuke")
    assert name in loaded.notice
    assert [path.read_text() for path in aside()] == [text]


def test_reading_changes_nothing() -> None:
    settings_file().write_text("{")
    assert read_settings() == Settings()
    assert settings_file().read_text() == "{"
    assert aside() == []


def test_the_environment_wins_and_the_file_keeps_its_own() -> None:
    environment = {
        "TOKENFLOW_CACHE": "/other",
        "TOKENFLOW_MODEL": "mine",
        "TOKENFLOW_FRAME_CACHE": "512",
        "TOKENFLOW_TAKES": "",
    }
    counts = with_environment(CHANGED, environment)
    assert (counts.cache_folder, counts.default_model, counts.frame_cache) == (
        "/other", "mine", 512,
    )  # fmt: skip
    assert counts.takes_folder == CHANGED.takes_folder
    assert overridden("cache_folder", environment) == "TOKENFLOW_CACHE"
    assert overridden("takes_folder", environment) == ""
    assert overridden("autosave", environment) == ""


@pytest.mark.parametrize("text", ["much", "0", "-5", "1e3"])
def test_a_variable_that_cannot_be_used_decides_nothing(text: str) -> None:
    assert with_environment(Settings(), {"TOKENFLOW_FRAME_CACHE": text}) == Settings()


def test_the_folders_follow_the_settings_where_no_variable_decides(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    save_settings(CHANGED)
    assert cache_folder() != Path("/fast/cache")
    monkeypatch.delenv("TOKENFLOW_CACHE")
    monkeypatch.delenv("TOKENFLOW_TAKES")
    assert cache_folder() == Path("/fast/cache")
    assert takes_folder() == Path("/shots/takes")


def test_a_value_that_cannot_be_used_is_refused_by_name() -> None:
    assert checked(CHANGED) is CHANGED
    with pytest.raises(BadInput, match="frame_cache"):
        checked(Settings(frame_cache=1))
