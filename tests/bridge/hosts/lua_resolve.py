"""The Lua scripts under a real Lua, with the Resolve double on the other side.

Resolve hands Lua tables with methods, counts lists from 1 and leaves out what is None: so does the
passage here. What the scripts hand to a shell runs in this process.
"""

import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

from lupa import luajit21

from tests.bridge.hosts.documented import Documented
from tests.bridge.hosts.here import run_here

_PASSAGE = """
local numbers, tables = {}, {}
local function table_of(number, call)
    tables[number] = setmetatable({}, { __index = function(_, name)
        if name:match("^[A-Z_]+$") then return call(name) end
        return function(_, ...) return call(name, ...) end
    end })
    numbers[tables[number]] = number
end
local function known(number) return tables[number] end
local function number_of(thing) return numbers[thing] end
return table_of, known, number_of
"""


class LuaResolve:
    """A Lua state as Resolve starts it: `printed` is the console, `opened` holds packages."""

    def __init__(self, runtime: Callable[..., Any] = luajit21.LuaRuntime) -> None:
        self._lua = runtime(unpack_returned_tuples=True, register_eval=False)
        self._make, self._table, self._number = self._lua.execute(_PASSAGE)
        self._things: list[Documented] = []
        self.printed: list[str] = []
        self.opened: list[str] = []
        shared = self._lua.globals()
        shared.print = lambda *words: self.printed.append(" ".join(map(str, words)))
        shared.os.execute = self._execute

    def run(self, script: Path, resolve: Documented) -> str:
        """Run a script of the menu; gives what the console says."""
        self.printed.clear()
        shared = self._lua.globals()
        shared.resolve = self.to_lua(resolve)
        self._lua.execute(script.read_text("utf-8"))
        return "\n".join(self.printed).removeprefix("TokenFlow: ").strip()

    def module(self, library: Path, name: str) -> Any:
        """A module of the scripts' library."""
        return self._lua.execute(
            f'package.path = "{library}/?.lua;" .. package.path\nreturn require("{name}")'
        )

    def to_lua(self, value: Any) -> Any:
        """A value of the double as Lua has it."""
        if isinstance(value, Documented):
            return self._thing(value)
        if isinstance(value, list | tuple):
            return self._lua.table_from([self.to_lua(entry) for entry in value])
        if isinstance(value, dict):
            return self._lua.table_from({key: self.to_lua(entry) for key, entry in value.items()})
        return value

    def to_python(self, value: Any) -> Any:
        """A value of a script as the double takes it."""
        if luajit21.lua_type(value) != "table":
            return value
        number = self._number(value)
        if number is not None:
            return self._things[number]
        entries = {key: self.to_python(entry) for key, entry in value.items()}
        return list(entries.values()) if 1 in entries else entries

    def _thing(self, thing: Documented) -> Any:
        """The same table for the same thing, every time."""
        number = next((n for n, known in enumerate(self._things) if known is thing), None)
        if number is None:

            def call(name: str, *arguments: Any) -> Any:
                found = getattr(thing, name)
                given = [self.to_python(argument) for argument in arguments]
                return self.to_lua(found(*given) if callable(found) else found)

            number = len(self._things)
            self._things.append(thing)
            self._make(number, call)
        return self._table(number)

    def _execute(self, line: str) -> int:
        """What the shell would do with the line of a script."""
        words = shlex.split(line)
        if words[:2] == ["mkdir", "-p"]:
            Path(words[2]).mkdir(parents=True)
            return 0
        assert words[0] == "env", line
        while words[1] == "-u":
            del words[1:3]
        command = words[1:]
        if command[-1] == "&":
            self.opened.append(command[3])
            return 0
        said, wrong = command.index(">"), command.index("2>")
        done = run_here(command[:said])
        Path(command[said + 1]).write_text(done.stdout)
        Path(command[wrong + 1]).write_text(done.stderr)
        return 0
