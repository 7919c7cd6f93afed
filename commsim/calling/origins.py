"""Where a rule comes from, so that an error can name it and a result can be repeated with it."""

from __future__ import annotations

import inspect
import sys
from abc import ABC
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal
from weakref import WeakKeyDictionary

from commsim.contracts import Modifier, Rule

Kind = Literal["built-in", "distribution", "file"]


@dataclass(frozen=True)
class Origin:
    """The plugin that brought a rule.

    `kind`: "built-in", "distribution" or "file". `name`: of the distribution or of the file, without folders.
    `version`: the distribution's version, or "sha256:…" of the file's text. `path`: the file as the user gave it, or
    the module; shown in messages and never recorded.
    """

    kind: Kind
    name: str
    version: str
    path: str = ""

    def __str__(self) -> str:
        if self.kind == "file":
            return self.path or self.name
        return f"{self.name} {self.version}" + (f" ({self.path})" if self.path else "")

    def at(self, line: int | None, file: str = "") -> str:
        """A line of this plugin: `file:line`, after which an installed distribution is named too."""
        if line is None:
            return str(self)
        if self.kind == "file":
            return f"{self}:{line}"
        return f"{file}:{line}" + (f" ({self.name} {self.version})" if self.kind == "distribution" else "")

    def of(self, thing: Any) -> str:
        """Where a class or function of this plugin is written, as `at` says it."""
        return self.at(line_of(thing), _file_in_package(thing))

    def record(self) -> dict[str, str]:
        """What a run's manifest says of it: kind, name and version; no path."""
        return {"kind": self.kind, "name": self.name, "version": self.version}


_origins: WeakKeyDictionary[type, Origin] = WeakKeyDictionary()


def remember(rule: type[Rule] | type[Modifier], origin: Origin) -> None:
    """Note where a rule class was loaded from."""
    _origins[rule] = origin


def origin_of(rule: type[Rule] | type[Modifier]) -> Origin | None:
    """The plugin that a rule class was loaded from, None for a class that came with no plugin."""
    return _origins.get(rule)


def where(rule: Rule | type[Rule] | type[Modifier]) -> str:
    """`file:line` of a rule class, as messages give it; of a package, the file from the package on.

    Folders above are left out: a failure that is recorded reads the same in every process and on every machine.
    """
    cls = rule if isinstance(rule, type) else type(rule)
    origin = _origins.get(cls)
    if origin is None:
        return f"{Path(_file_of(cls)).name}:{line_of(cls) or '?'}"
    return replace(origin, path=origin.name if origin.kind == "file" else origin.path).of(cls)


def _file_in_package(thing: Any) -> str:
    """The file of a class or function from its outermost package on: the same text on every machine."""
    module = str(getattr(thing, "__module__", ""))
    return from_package(module, getattr(sys.modules.get(module), "__file__", None) or "")


def from_package(module: str, file: str) -> str:
    """The file of a module from its outermost package on."""
    return module.replace(".", "/") + ("/__init__.py" if Path(file).name == "__init__.py" else ".py")


def line_of(thing: Any) -> int | None:
    """The line where a class or function is defined, None where Python does not tell."""
    code = getattr(inspect.unwrap(thing) if callable(thing) else thing, "__code__", None)
    if code is not None:
        return int(code.co_firstlineno)
    try:
        return inspect.getsourcelines(thing)[1]
    except (OSError, TypeError):
        return None


def files_of(rule: type[Rule] | type[Modifier]) -> set[str]:
    """The files in which a rule or modifier class and its plugin-side parents are written."""
    return {_file_of(cls) for cls in rule.__mro__ if cls not in (Rule, Modifier, ABC, object)}


def _file_of(cls: type) -> str:
    for attribute in vars(cls).values():
        code = getattr(getattr(attribute, "__func__", attribute), "__code__", None)
        if code is not None and code.co_name != "<lambda>" and not code.co_filename.startswith("<string"):
            return str(code.co_filename)
    try:
        return inspect.getsourcefile(cls) or cls.__module__
    except (OSError, TypeError):  # a class of a notebook or of `python -c` has no file
        return cls.__module__
