"""The Lua inside Resolve: old enough for it, and nothing that it reads or says can act."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lupa import lua51, luajit21

from bridge.host_folders import host_folders
from bridge.host_install import Studio, install
from tests.bridge.hosts.lua_resolve import LuaResolve
from tests.bridge.hosts.resolve_double import World
from tests.source_files import ROOT

SCRIPTS = sorted((ROOT / "bridge/hosts/resolve").rglob("*.lua"))
LIBRARY = ROOT / "bridge/hosts/resolve"


def module(name: str, runtime: Any = luajit21.LuaRuntime) -> tuple[LuaResolve, Any]:
    lua = LuaResolve(runtime)
    return lua, lua.module(LIBRARY, f"tokenflow_lua.{name}")


@pytest.mark.parametrize("runtime", [lua51.LuaRuntime, luajit21.LuaRuntime])
def test_every_file_compiles_as_lua_5_1(runtime: Any) -> None:
    assert len(SCRIPTS) == 13
    check = runtime().eval("function(text) return loadstring(text) ~= nil end")
    assert [path.name for path in SCRIPTS if not check(path.read_text("utf-8"))] == []


def test_no_file_runs_what_it_read() -> None:
    for path in (LIBRARY / "tokenflow_lua").iterdir():
        text = path.read_text("utf-8")
        assert not any(word in text for word in ("load(", "loadstring", "loadfile", "dofile"))


JSON = st.recursive(
    st.booleans() | st.integers(-(2**50), 2**50) | st.floats(-1e9, 1e9) | st.text(),
    lambda inner: st.lists(inner, min_size=1) | st.dictionaries(st.text(min_size=1), inner),
    max_leaves=12,
)


@settings(max_examples=50, deadline=None)
@given(JSON)
def test_json_goes_both_ways(value: Any) -> None:
    written = PASSAGE.write(LUA.to_lua(value))
    assert json.loads(written) == value
    for text in (json.dumps(value), json.dumps(value, ensure_ascii=False, indent=1)):
        assert json.loads(PASSAGE.write(PASSAGE.read(text))) == value


LUA, PASSAGE = module("json")


@pytest.mark.parametrize("text", [
    "", "os.exit()", '{"a": os.exit()}', "{a: 1}", "[1,]", "[1 2]", '"a', '"a\nb"', "01", "+1",
    "1e", "{}{}", "nul", '"\\x"', '"\\ud800"', '"\\ud800\\u0041"', '{"a" 1}', "[" * 200 + "]" * 200,
    '{"a": 1', "[[[", "return 1", "-", "--1", "NaN", "0x10",
])  # fmt: skip
def test_what_is_no_json_is_refused(text: str) -> None:
    with pytest.raises(luajit21.LuaError, match="no JSON"):
        PASSAGE.read(text)


NAMES = [
    "plain",
    "it's",
    '"quoted"',
    "$HOME `id` $(id)",
    "a\\b",
    "-rf",
    "a;b&c|d>e",
    "雪 [x] {y}",
    "%d#",
]


@pytest.mark.parametrize("name", NAMES)
def test_a_shell_sees_a_word_and_nothing_else(name: str) -> None:
    quoted = module("studio")[1].quoted(name, False)
    done = subprocess.run(
        f"printf %s {quoted}", shell=True, capture_output=True, text=True, check=True
    )
    assert done.stdout == name


def test_windows_quotes_what_can_be_quoted() -> None:
    studio = module("studio")[1]
    assert studio.quoted(r"C:\a b&c", True) == r'"C:\a b&c"'
    for name in ('a"b', "%PATH%", "a\nb"):
        with pytest.raises(luajit21.LuaError):
            studio.quoted(name, True)


def test_the_lines_for_a_shell_of_windows(tmp_path: Path) -> None:
    (tmp_path / "asked").mkdir()
    note = {
        "command": [r"C:\Program Files\py.exe", "-m", "tokenflow_studio"],
        "exchange": r"D:\x y",
    }
    (tmp_path / "studio.json").write_text(json.dumps(note))
    lua = luajit21.LuaRuntime(unpack_returned_tuples=True)
    lines: list[str] = []

    def execute(line: str) -> int:
        lines.append(line)
        return 0

    shared = lua.globals()
    shared.package.config = "\\\n;\n?\n!\n-\n"
    shared.os.execute = execute
    lua.execute(f"package.path = [[{LIBRARY}/?.lua;]] .. package.path")
    studio = lua.eval('require("tokenflow_lua.studio")')
    studio.library = str(tmp_path)
    studio.open_window(r"D:\x y\sh010")
    folder = studio.new_render_folder()
    with pytest.raises(luajit21.LuaError):  # nothing answered
        studio.ask(lua.table_from(["shot", "inspect", 'a "b" & %c%']))
    opening, making, asking = lines
    unset = "".join(
        f'set "{name}=" & '
        for name in (
            "PYTHONHOME", "PYTHONPATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "QT_PLUGIN_PATH",
        )
    ).strip()  # fmt: skip
    program = r'"C:\Program Files\py.exe" "-m" "tokenflow_studio"'
    assert opening.strip() == rf'{unset} start "" /b {program} "D:\x y\sh010" > NUL 2>&1'
    assert folder.startswith("D:\\x y\\.rendered\\")
    assert making == f'mkdir "{folder}"'
    assert asking.strip().startswith(f'{unset} {program} "--arguments" "')
    assert asking.endswith("< NUL")
    assert "%" not in asking
    assert "& %c%" not in asking
    assert not list((tmp_path / "asked").iterdir())


def test_a_damaged_note_is_said(tmp_path: Path) -> None:
    folders = host_folders("resolve", "linux", {"HOME": str(tmp_path)})
    studio = Studio((sys.executable, "-m", "tokenflow_studio"), tmp_path / "exchange")
    scripts = install(folders, studio)
    world = World()
    assert "Select a video clip" in LuaResolve().run(
        scripts / "Send to TokenFlow.lua", world.resolve
    )
    (folders.library / "studio.json").write_text("os.exit()")
    lua = LuaResolve()
    asked = lua.module(folders.library, "tokenflow_lua.studio")
    asked.library = str(folders.library)
    with pytest.raises(luajit21.LuaError):
        asked.open_window("/package")


@pytest.mark.real_process
def test_the_studio_answers_through_a_real_shell(tmp_path: Path) -> None:
    home = tmp_path / "it's $HOME"
    folders = host_folders("resolve", "linux", {"HOME": str(home)})
    install(folders, Studio((sys.executable, "-m", "tokenflow_studio"), tmp_path / "exchange"))
    lua = luajit21.LuaRuntime(unpack_returned_tuples=True)
    ask = lua.eval("""function(library)
        package.path = library .. "/?.lua;" .. package.path
        local studio = require("tokenflow_lua.studio")
        studio.library = library
        local done, problem = pcall(studio.ask, { "shot", "inspect", "/none/'$(id)'.exr" })
        return done, problem.said, studio.new_render_folder()
    end""")
    done, said, folder = ask(str(folders.library))
    assert not done
    assert "/none/'$(id)'.exr" in said
    assert Path(folder).is_dir()
    assert not list((folders.library / "asked").iterdir())
