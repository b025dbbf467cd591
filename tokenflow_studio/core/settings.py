"""The user's settings: one typed value, kept as JSON that people can read and edit.

What a newer version wrote beside them is kept. Environment variables win over the file.
"""

import contextlib
import dataclasses
import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from platformdirs import PlatformDirs

from tokenflow_studio.core.errors import BadInput
from tokenflow_studio.core.files import write_atomically
from tokenflow_studio.core.frames import parse_rate

_SCHEMA = 1
_DIRS = PlatformDirs("tokenflow-studio", appauthor=False)


class PlaceUnit(StrEnum):
    """How a place in the clip is written."""

    TIMECODE = "timecode"
    SECONDS = "seconds"
    FRAMES = "frames"


class RulerUnit(StrEnum):
    """What the timeline's ruler counts."""

    FRAMES = "frames"
    TIMECODE = "timecode"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything that the user can set for the program as a whole.

    cache_folder, takes_folder: "" for the system's own place; frame_cache: MiB of decoded frames
    in the window's memory; cache_limit: GB of the cache on disk, 0 for no limit; welcome: whether
    the first steps are offered while no clip is open; autosave: seconds of unbroken work after
    which it is kept aside at the latest, 0 for never; shortcuts: the command ids whose keys the
    user changed, with those keys; path_roots: the same folder as two machines name it, there and
    here; return_folder: where exchange packages may ask to have versions written beside
    themselves, "" for nowhere; edl_rate: frames per second of the EDL that was opened last, as
    `parse_rate` takes them, "" before the first.
    """

    cache_folder: str = ""
    takes_folder: str = ""
    default_model: str = "demo"
    frame_cache: int = 768
    cache_limit: int = 0
    welcome: bool = True
    thumbnails: bool = True
    place_unit: PlaceUnit = PlaceUnit.TIMECODE
    ruler_unit: RulerUnit = RulerUnit.FRAMES
    autosave: int = 10
    shortcut_preset: str = "resolve"
    shortcuts: tuple[tuple[str, tuple[str, ...]], ...] = ()
    path_roots: tuple[tuple[str, str], ...] = ()
    return_folder: str = ""
    edl_rate: str = ""
    unknown: Mapping[str, Any] = field(default_factory=dict)

    def to_json(self) -> str:
        """The file's text: what is known, and what was kept."""
        values = {name: getattr(self, name) for name in _READERS}
        return json.dumps({**self.unknown, "schema": _SCHEMA, **values}, indent=2, sort_keys=True)


@dataclass(frozen=True, slots=True)
class Loaded:
    """Settings as they were found, and one sentence about what was wrong with the file, or ""."""

    settings: Settings
    notice: str = ""


# Field by variable: what the environment may decide.
VARIABLES: Mapping[str, str] = {
    "cache_folder": "TOKENFLOW_CACHE",
    "takes_folder": "TOKENFLOW_TAKES",
    "default_model": "TOKENFLOW_MODEL",
    "frame_cache": "TOKENFLOW_FRAME_CACHE",
}


def settings_file() -> Path:
    """Where the settings lie. `TOKENFLOW_SETTINGS` moves the file."""
    named = os.environ.get("TOKENFLOW_SETTINGS")
    return Path(named) if named else _DIRS.user_config_path / "settings.json"


def read_settings() -> Settings:
    """The settings of the file, or the defaults where it cannot be used; changes nothing."""
    try:
        return _parse(settings_file().read_bytes())[0]
    except (OSError, ValueError):
        return Settings()


def load_settings() -> Loaded:
    """The settings of the file. One that is damaged is set aside, so that saving loses nothing."""
    path = settings_file()
    try:
        settings, bad = _parse(path.read_bytes())
    except FileNotFoundError:
        return Loaded(Settings())
    except OSError as error:
        return Loaded(
            Settings(), f"{path} cannot be read ({error.strerror}): the defaults are used."
        )
    except ValueError:
        return Loaded(Settings(), f"{path} is damaged: the defaults are used{_set_aside(path)}.")
    if not bad:
        return Loaded(settings)
    return Loaded(
        settings,
        f"{path} holds what cannot be used ({', '.join(bad)}): "
        f"the defaults stand in{_set_aside(path)}.",
    )


def save_settings(settings: Settings) -> None:
    """Write the file whole or not at all. Raises JobFailed or BadInput as `write_atomically`."""
    write_atomically(settings_file(), settings.to_json().encode())


def with_environment(settings: Settings, environment: Mapping[str, str] = os.environ) -> Settings:
    """The settings as they count: what the environment decides stands in place of the file's."""
    values = {}
    for name, variable in VARIABLES.items():
        text = environment.get(variable)
        if text:
            given = int(text) if name == "frame_cache" and text.isdecimal() else text
            with contextlib.suppress(ValueError):  # a variable that cannot be used decides nothing
                values[name] = _READERS[name](given)
    return dataclasses.replace(settings, **values)


def overridden(name: str, environment: Mapping[str, str] = os.environ) -> str:
    """The variable that decides that field now, or ""."""
    variable = VARIABLES.get(name, "")
    return variable if variable and environment.get(variable) else ""


def checked(settings: Settings) -> Settings:
    """The same settings. Raises BadInput for a value that cannot be used, naming its field."""
    for name, read in _READERS.items():
        try:
            read(_plain(getattr(settings, name)))
        except ValueError as error:
            raise BadInput(f"The setting {name} cannot be {getattr(settings, name)!r}.") from error
    return settings


def _parse(text: bytes) -> tuple[Settings, tuple[str, ...]]:
    """The settings, and the names of those that cannot be used. Raises ValueError for no JSON."""
    content = json.loads(text)
    if not isinstance(content, dict):
        raise ValueError("no object")
    values: dict[str, Any] = {}
    bad = []
    for name, read in _READERS.items():
        if name in content:
            try:
                values[name] = read(content[name])
            except ValueError:
                bad.append(name)
    known = {"schema", *_READERS}
    unknown = {name: value for name, value in content.items() if name not in known}
    return Settings(**values, unknown=unknown), tuple(bad)


def _set_aside(path: Path) -> str:
    """Keep a damaged file under another name; the end of a sentence about it."""
    number = 1
    while (kept := path.with_name(f"{path.stem}.damaged-{number}{path.suffix}")).exists():
        number += 1
    try:
        path.rename(kept)
    except OSError:
        return ""
    return f", and the file is kept as {kept.name}"


def _plain(value: Any) -> Any:
    """As JSON would give it back."""
    return json.loads(json.dumps(value))


def _text(value: Any) -> str:
    if not isinstance(value, str) or "\0" in value:
        raise ValueError("no text")
    return value


def _name(value: Any) -> str:
    if not _text(value).strip():
        raise ValueError("empty")
    return value


def _rate(value: Any) -> str:
    try:
        return str(parse_rate(value)) if _text(value) else ""
    except BadInput as error:
        raise ValueError("no rate") from error


def _switch(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError("neither true nor false")
    return value


def _between(low: int, high: int) -> Callable[[Any], int]:
    def read(value: Any) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
            raise ValueError("no number in range")
        return value

    return read


def _keys(value: Any) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return tuple(
        (_name(command), tuple(_name(key) for key in _list(keys)))
        for command, keys in map(_pair, _list(value))
    )


def _roots(value: Any) -> tuple[tuple[str, str], ...]:
    return tuple((_text(there), _text(here)) for there, here in map(_pair, _list(value)))


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise ValueError("no list")
    return value


def _pair(value: Any) -> list[Any]:
    if len(_list(value)) != 2:
        raise ValueError("no pair")
    return value


_READERS: Mapping[str, Callable[[Any], Any]] = {
    "cache_folder": _text,
    "takes_folder": _text,
    "default_model": _name,
    "frame_cache": _between(64, 1 << 20),
    "cache_limit": _between(0, 1 << 20),
    "welcome": _switch,
    "thumbnails": _switch,
    "place_unit": PlaceUnit,
    "ruler_unit": RulerUnit,
    "autosave": _between(0, 24 * 3600),
    "shortcut_preset": _name,
    "shortcuts": _keys,
    "path_roots": _roots,
    "return_folder": _text,
    "edl_rate": _rate,
}
