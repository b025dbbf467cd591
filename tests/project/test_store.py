"""A project file gives back what was put in, and a bad one is one clear sentence."""

import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokenflow_studio.core.errors import BadInput
from tokenflow_studio.project import schema
from tokenflow_studio.project.document import Project, Shot
from tokenflow_studio.project.schema import NewerVersion, from_json, to_json
from tokenflow_studio.project.store import backup_of, is_project, read_project, write_project


@pytest.fixture
def file(tmp_path: Path, project: Project) -> Path:
    path = tmp_path / "film.tfproj"
    write_project(path, project)
    return path


def _change(file: Path, **fields: Any) -> None:
    file.write_text(json.dumps({**json.loads(file.read_text("utf-8")), **fields}), "utf-8")


def test_what_is_saved_comes_back(file: Path, project: Project) -> None:
    assert is_project(str(file))
    opened = read_project(file)
    assert (opened.project, opened.notice) == (project, "")


def test_media_below_or_beside_the_file_moves_with_it(
    file: Path, project: Project, tmp_path: Path
) -> None:
    shot = json.loads(file.read_text("utf-8"))["shots"][0]
    assert shot["clip"] == "plates/wolf.####.exr"
    assert shot["recipe"]["matte"] == "plates/matte.####.png"
    assert shot["takes"] == ["film takes/wolf/v001", "/takes/wolf/v007"]
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    shutil.move(file, elsewhere)
    wolf, sea = read_project(elsewhere / file.name).project.shots
    assert wolf.clip == str(elsewhere / "plates" / "wolf.####.exr")
    assert sea.clip == "/media/sea.mp4"


def test_what_a_later_version_wrote_is_kept(file: Path) -> None:
    content = json.loads(file.read_text("utf-8"))
    content["grade"] = {"lift": 0.1}
    content["shots"][0]["stars"] = 3
    content["shots"][0]["view"]["zoom"] = 2.0
    content["shots"][0]["previews"][0]["note"] = "ü"
    file.write_text(json.dumps(content), "utf-8")
    write_project(file, read_project(file).project)
    assert json.loads(file.read_text("utf-8")) == content


def test_a_newer_version_is_refused_though_there_is_a_backup(file: Path, project: Project) -> None:
    write_project(file, project)
    _change(file, schema=schema.SCHEMA + 1)
    with pytest.raises(NewerVersion, match=r"film\.tfproj has version 2.*: update TokenFlow"):
        read_project(file)


def test_older_versions_are_brought_up_one_by_one(
    file: Path, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = json.loads(file.read_text("utf-8"))
    content["clips"] = content.pop("shots")
    file.write_text(json.dumps(content), "utf-8")

    def name_shots(content: dict[str, Any]) -> dict[str, Any]:
        return {"shots": content.pop("clips"), **content}

    def name_current(content: dict[str, Any]) -> dict[str, Any]:
        assert "clips" not in content
        return {**content, "current": content["shots"][1]["id"]}

    monkeypatch.setattr(schema, "SCHEMA", 3)
    monkeypatch.setattr(schema, "MIGRATIONS", {1: name_shots, 2: name_current})
    opened = read_project(file).project
    assert (opened.shots, opened.current) == (project.shots, "sea")


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "line 1, column 1"),
        ('{"kind": "tokenflow-project", "schema": 1,\n "shots": [', "line 2"),
        ("[" * 100_000, "nested too deeply"),
        ("[]", "does not begin as one"),
        ('{"kind": "tokenflow-project", "schema": "1"}', "its version is '1'"),
        ('{"kind": "tokenflow-project", "schema": 1, "x": NaN}', "NaN is no number"),
        ('{"kind": "tokenflow-project", "schema": 1, "schema": 1}', "stands twice"),
        ('{"kind": "tokenflow-project", "schema": 1, "shots": 5}', "'shots' of the project"),
        ('{"kind": "tokenflow-project", "schema": 1, "shots": [{"id": "a"}]}', "no 'clip'"),
        (
            '{"kind": "tokenflow-project", "schema": 1, "shots": [{"id": "a", "clip": "/a", '
            '"frames": "9-2"}]}',
            "'frames' of a shot",
        ),
        (
            '{"kind": "tokenflow-project", "schema": 1, "shots": [{"id": "a", "clip": "\\u0000"}]}',
            "zero byte",
        ),
        (
            '{"kind": "tokenflow-project", "schema": 1, "shots": [{"id": "a", "clip": "/a"}, '
            '{"id": "a", "clip": "/b"}]}',
            "same id",
        ),
    ],
)  # fmt: skip
def test_a_damaged_file_is_one_sentence(tmp_path: Path, text: str, complaint: str) -> None:
    path = tmp_path / "bad.tfproj"
    path.write_text(text)
    with pytest.raises(BadInput, match=r"bad\.tfproj is no project") as told:
        read_project(path)
    assert complaint in str(told.value)
    assert str(told.value).count("\n") == 0


@pytest.mark.parametrize("name", ["nothing.tfproj", "folder.tfproj"])
def test_what_is_no_file_is_one_sentence(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder.tfproj").mkdir()
    with pytest.raises(BadInput, match=name):
        read_project(tmp_path / name)


def test_a_damaged_file_gives_way_to_the_version_before(file: Path, project: Project) -> None:
    write_project(file, Project())
    file.write_bytes(file.read_bytes()[:20])
    opened = read_project(file)
    assert opened.project == project
    assert "version before it is open" in opened.notice
    write_project(file, opened.project)  # the good backup outlives the damaged file
    assert read_project(backup_of(file)).project == project


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.floats(allow_nan=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)  # fmt: skip


_SHOT = st.fixed_dictionaries(
    {"id": _VALUES, "clip": st.just("/a") | _VALUES},
    optional=dict.fromkeys(("frames", "rate", "recipe", "previews", "takes", "view"), _VALUES),
)


@given(st.dictionaries(st.sampled_from(["shots", "current", "x"]), _VALUES), _SHOT)
def test_no_content_brings_the_reader_down(content: dict[str, Any], shot: dict[str, Any]) -> None:
    for shots in ({}, {"shots": [shot]}):
        text = json.dumps({"kind": schema.KIND, "schema": schema.SCHEMA, **content, **shots})
        try:
            project = from_json(text, Path("/p"))
        except BadInput:
            continue
        assert from_json(to_json(project, Path("/p")), Path("/p")) == project


@given(st.text(alphabet="ab./ #\\~ü\udcff", min_size=1, max_size=12))
def test_every_path_comes_back(name: str) -> None:
    clip = str(Path("/show/shot").joinpath(name))
    project = Project(shots=(Shot(id="a", clip=clip),))
    folder = Path("/show/shot")
    text = to_json(project, folder).encode("utf-8", "backslashreplace")
    (shot,) = from_json(text, folder).shots
    assert Path(shot.clip) == Path(os.path.normpath(clip))
