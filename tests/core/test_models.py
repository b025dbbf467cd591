"""The list of models that the user added."""

import json
from pathlib import Path

import pytest

from tokenflow_studio.core.errors import BadInput
from tokenflow_studio.core.models import (
    ModelKind,
    add_model,
    list_models,
    remove_model,
    resolve_model,
)
from tokenflow_studio.core.paths import models_folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "sd21"
    made.mkdir()
    return made


@pytest.fixture
def checkpoint(tmp_path: Path) -> Path:
    made = tmp_path / "studio.safetensors"
    made.write_bytes(b"weights")
    return made


def test_the_demo_model_is_always_there() -> None:
    [demo] = list_models()
    assert (demo.name, demo.kind) == ("demo", ModelKind.DEMO)
    assert Path(demo.location).parts[-3:] == ("resources", "demo", "model")


def test_what_was_added_is_listed_after_it(folder: Path, checkpoint: Path) -> None:
    add_model(str(folder))
    add_model(str(checkpoint), name="mine", base=str(folder))
    add_model("stabilityai/stable-diffusion-2-1-base")
    assert [(m.name, m.kind) for m in list_models()[1:]] == [
        ("sd21", ModelKind.FOLDER),
        ("mine", ModelKind.FILE),
        ("stable-diffusion-2-1-base", ModelKind.HUB),
    ]
    assert resolve_model("mine").base == str(folder)


def test_adding_the_same_twice_changes_nothing(folder: Path) -> None:
    assert add_model(str(folder)) == add_model(str(folder))
    assert len(list_models()) == 2


def test_a_name_belongs_to_one_model(folder: Path, checkpoint: Path) -> None:
    add_model(str(folder), name="mine")
    with pytest.raises(BadInput, match="is there already"):
        add_model(str(checkpoint), name="mine")
    with pytest.raises(BadInput, match="cannot be the name"):
        add_model(str(checkpoint), name="demo")


def test_removing_leaves_the_files(folder: Path) -> None:
    add_model(str(folder))
    remove_model("sd21")
    assert len(list_models()) == 1
    assert folder.is_dir()
    with pytest.raises(BadInput, match="No model named sd21"):
        remove_model("sd21")
    with pytest.raises(BadInput, match="demo model"):
        remove_model("demo")


def test_paths_and_ids_need_no_list(folder: Path, checkpoint: Path) -> None:
    assert resolve_model(str(folder)).kind is ModelKind.FOLDER
    assert resolve_model(str(checkpoint)).kind is ModelKind.FILE
    assert resolve_model("owner/name").kind is ModelKind.HUB


def test_relative_paths_become_absolute(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder.parent)
    assert resolve_model("sd21").location == str(folder)


@pytest.mark.parametrize("suffix", [".ckpt", ".pt", ".pth", ".bin", ".CKPT"])
def test_pickles_are_refused(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"model{suffix}"
    path.write_bytes(b"\x80\x04.")
    for use in (resolve_model, add_model):
        with pytest.raises(BadInput, match=r"convert it to \.safetensors"):
            use(str(path))


@pytest.mark.parametrize("name", ["", "nothing", "/no/where", "a/b/c", "../x", "a\0b"])
def test_what_is_no_model_is_named(name: str) -> None:
    with pytest.raises(BadInput, match="There is no model"):
        resolve_model(name)


def test_other_files_are_refused(tmp_path: Path, checkpoint: Path) -> None:
    (tmp_path / "notes.txt").touch()
    with pytest.raises(BadInput, match="no model"):
        resolve_model(str(tmp_path / "notes.txt"))
    with pytest.raises(BadInput, match="is no folder"):
        resolve_model(str(checkpoint), base=str(checkpoint))


@pytest.mark.parametrize(
    "content", ["", "[]", "{}", '{"schema": 1, "models": [{"name": "x"}]}', '{"schema": 1}']
)
def test_a_damaged_list_is_named_and_kept(content: str) -> None:
    models_folder().mkdir(parents=True)
    path = models_folder() / "models.json"
    path.write_text(content)
    with pytest.raises(BadInput, match="damaged"):
        list_models()
    assert path.read_text() == content


def test_a_list_of_a_later_version_is_named() -> None:
    models_folder().mkdir(parents=True)
    (models_folder() / "models.json").write_text(json.dumps({"schema": 99, "models": []}))
    with pytest.raises(BadInput, match="another version"):
        list_models()
