"""The project as JSON, version by version. What this version does not know is kept."""

import json
from collections.abc import Callable, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any, NoReturn, TypeVar

from tokenflow_studio.core.errors import BadInput
from tokenflow_studio.core.frames import FrameRange
from tokenflow_studio.project import locations
from tokenflow_studio.project.document import Fields, Origin, Preview, Project, Shot, View

KIND = "tokenflow-project"
SCHEMA = 1

Migration = Callable[[dict[str, Any]], dict[str, Any]]
MIGRATIONS: Mapping[int, Migration] = {}
"""By the version that they start from: each one makes the next version of a file's content."""

_PATHS = frozenset({"matte"})
"""Fields of a recipe that name media."""

_T = TypeVar("_T")


class NewerVersion(BadInput):
    """The file was written by a later version of the program."""


def to_json(project: Project, folder: Path | None) -> str:
    """The file's text. folder: where the file lies; None keeps all paths absolute."""
    content = {
        **project.unknown,
        "kind": KIND,
        "schema": SCHEMA,
        "current": project.current,
        "shots": [_shot_fields(shot, folder) for shot in project.shots],
    }
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"


def from_json(text: str | bytes, folder: Path | None) -> Project:
    """Read what `to_json` wrote, or an earlier version of the program.

    Raises NewerVersion for a later one and BadInput for anything else; the message begins with
    what is wrong, so that the caller names the file before it.
    """
    try:
        content = json.loads(text, object_pairs_hook=_without_twins, parse_constant=_no_constant)
        return _Reader(folder).project(_migrated(content))
    except json.JSONDecodeError as error:
        raise BadInput(
            f"is no project ({error.msg} in line {error.lineno}, column {error.colno})."
        ) from error
    except RecursionError as error:
        raise BadInput("is no project (it is nested too deeply).") from error
    except ValueError as error:
        raise BadInput(f"is no project that can be read ({error}).") from error


def _migrated(content: Any) -> dict[str, Any]:
    if not isinstance(content, dict) or content.get("kind") != KIND:
        raise ValueError("it does not begin as one")
    version = content.get("schema")
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise ValueError(f"its version is {version!r}")
    if version > SCHEMA:
        raise NewerVersion(
            f"has version {version}, this program reads up to version {SCHEMA}: "
            "update TokenFlow Studio."
        )
    while version < SCHEMA:
        content = MIGRATIONS[version](content)
        version += 1
    return content


def _shot_fields(shot: Shot, folder: Path | None) -> dict[str, Any]:
    recipe = {
        name: locations.written(value, folder) if name in _PATHS else value
        for name, value in shot.recipe.items()
    }
    previews = [
        {
            **preview.unknown,
            "request": dict(preview.request),
            "folder": locations.written(preview.folder, folder),
            "frames": list(preview.frames),
        }
        for preview in shot.previews
    ]
    view = {
        **shot.view.unknown,
        "playhead": shot.view.playhead,
        "compare": shot.view.compare,
        **({"display": shot.view.display} if shot.view.display else {}),
        "take": locations.written(shot.view.take, folder),
    }
    name = {"name": shot.name} if shot.name else {}
    origin = {} if shot.origin is None else {"origin": _origin_fields(shot.origin, folder)}
    return {
        **shot.unknown,
        **origin,
        **name,
        "id": shot.id,
        "clip": locations.written(shot.clip, folder),
        "frames": None if shot.frames is None else str(shot.frames),
        "rate": None if shot.rate is None else str(shot.rate),
        "recipe": recipe,
        "previews": previews,
        "takes": [locations.written(take, folder) for take in shot.takes],
        "view": view,
    }


def _origin_fields(origin: Origin, folder: Path | None) -> dict[str, Any]:
    return {
        **origin.unknown,
        "package": locations.written(origin.package, folder),
        "shot": origin.shot,
        "host": origin.host,
        "project": origin.project,
        "frames": None if origin.frames is None else str(origin.frames),
        "cut": None if origin.cut is None else str(origin.cut),
        "timecode": origin.timecode,
        "mode": origin.mode,
    }


class _Reader:
    """Turns JSON values into the document's; ValueError names the place of what cannot be."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder

    def project(self, content: dict[str, Any]) -> Project:
        rest = _Rest(content, "the project")
        rest.drop("kind", "schema")
        project = Project(
            current=rest.take("current", _text, ""),
            shots=rest.take("shots", _each(self._shot), ()),
            unknown=rest.left,
        )
        ids = [shot.id for shot in project.shots]
        if len(set(ids)) < len(ids):
            raise ValueError("two shots have the same id")
        return project

    def _shot(self, value: object) -> Shot:
        rest = _Rest(value, "a shot")
        return Shot(
            id=rest.take("id", _named),
            clip=rest.take("clip", self._needed_path),
            frames=rest.take("frames", _optional(_frames), None),
            rate=rest.take("rate", _optional(_rate), None),
            name=rest.take("name", _text, ""),
            recipe=rest.take("recipe", self._recipe, {}),
            previews=rest.take("previews", _each(self._preview), ()),
            takes=rest.take("takes", _each(self._needed_path), ()),
            view=rest.take("view", self._view, View()),
            origin=rest.take("origin", _optional(self._origin), None),
            unknown=rest.left,
        )

    def _recipe(self, value: object) -> Fields:
        fields = _fields(value)
        return {
            name: self._path(field) if name in _PATHS else field for name, field in fields.items()
        }

    def _preview(self, value: object) -> Preview:
        rest = _Rest(value, "a preview")
        return Preview(
            request=rest.take("request", _fields),
            folder=rest.take("folder", self._needed_path),
            frames=rest.take("frames", _each(_whole)),
            unknown=rest.left,
        )

    def _view(self, value: object) -> View:
        rest = _Rest(value, "a view")
        return View(
            playhead=rest.take("playhead", _optional(_whole), None),
            compare=rest.take("compare", _text, ""),
            display=rest.take("display", _text, ""),
            take=rest.take("take", self._path, ""),
            unknown=rest.left,
        )

    def _origin(self, value: object) -> Origin:
        rest = _Rest(value, "an origin")
        return Origin(
            package=rest.take("package", self._needed_path),
            shot=rest.take("shot", _text, ""),
            host=rest.take("host", _text, ""),
            project=rest.take("project", _text, ""),
            frames=rest.take("frames", _optional(_frames), None),
            cut=rest.take("cut", _optional(_frames), None),
            timecode=rest.take("timecode", _text, ""),
            mode=rest.take("mode", _text, ""),
            unknown=rest.left,
        )

    def _path(self, value: object) -> str:
        return locations.found(_text(value), self._folder)

    def _needed_path(self, value: object) -> str:
        return locations.found(_named(value), self._folder)


class _Rest:
    """The fields of an object that nobody has taken yet."""

    def __init__(self, value: object, name: str) -> None:
        self.left = dict(_fields(value, name))
        self._name = name

    def drop(self, *names: str) -> None:
        for name in names:
            self.left.pop(name, None)

    def take(self, name: str, read: Callable[[object], _T], default: Any = ...) -> _T:
        if name not in self.left:
            if default is ...:
                raise ValueError(f"{self._name} has no '{name}'")
            return default
        try:
            return read(self.left.pop(name))
        except (ValueError, BadInput) as error:
            raise ValueError(f"'{name}' of {self._name}: {error}") from error


def _fields(value: object, name: str = "it") -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ValueError(f"{name} is no object")
    return value


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError(f"{value!r:.40} is no text")
    return value


def _named(value: object) -> str:
    if not _text(value):
        raise ValueError("it is empty")
    return _text(value)


def _whole(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise ValueError(f"{value!r:.40} is no whole number")
    return value


def _frames(value: object) -> FrameRange:
    return FrameRange.parse(_text(value))


def _rate(value: object) -> Fraction:
    try:
        rate = Fraction(_text(value))
    except ZeroDivisionError:
        rate = Fraction(0)
    if not 0 < rate <= 1000:
        raise ValueError(f"{value!r:.40} is no frame rate")
    return rate


def _optional(read: Callable[[object], _T]) -> Callable[[object], _T | None]:
    return lambda value: None if value is None else read(value)


def _each(read: Callable[[object], _T]) -> Callable[[object], tuple[_T, ...]]:
    def read_all(value: object) -> tuple[_T, ...]:
        if not isinstance(value, list):
            raise ValueError("it is no list")
        return tuple(read(item) for item in value)

    return read_all


def _without_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(pairs)
    if len(fields) < len(pairs):
        raise ValueError("a name stands twice in one object")
    return fields


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number")
