"""Doubles of host programs that let through what a vendor documents, and nothing else."""

import json
from pathlib import Path
from typing import Any

_API: dict[str, Any] = json.loads(Path(__file__).with_name("resolve_api.json").read_text())


class UndocumentedCall(AssertionError):
    """The script used a name or a number of arguments that the README does not have."""


class Documented:
    """Lets through the calls of one class of the README, and nothing else."""

    def __getattribute__(self, name: str) -> Any:
        if name.startswith("_"):
            return object.__getattribute__(self, name)
        kind = type(self).__name__
        if name not in _API[kind]:
            raise UndocumentedCall(f"{kind}.{name} is not in the README")
        if _API[kind][name] is None:  # a constant
            return object.__getattribute__(self, name)
        call, (least, most) = object.__getattribute__(self, name), _API[kind][name]

        def checked(*arguments: Any) -> Any:
            if not least <= len(arguments) <= most:
                raise UndocumentedCall(f"{kind}.{name} takes {least} to {most} arguments")
            return call(*arguments)

        return checked

    def __dir__(self) -> list[str]:
        return list(_API[type(self).__name__])
