"""Where plugins are found: built in, installed distributions, single files. Each is opened guarded and by itself."""

from __future__ import annotations

import hashlib
import linecache
import os
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from importlib import metadata
from pathlib import Path
from types import ModuleType
from typing import Any

from commsim.about import PROJECT_NAME, __version__
from commsim.calling.faults import Line, blamed, package_line
from commsim.calling.origins import Origin
from commsim.errors import RuleError
from commsim.i18n import Text, _
from commsim.suggestions import did_you_mean, listed, nearest

LOAD_VARIABLE = "COMMSIM_LOAD_PLUGINS"
BLOCK_VARIABLE = "COMMSIM_BLOCK_PLUGINS"
OPTION = "--no-plugins"
_NOT_LOADED = {
    BLOCK_VARIABLE: _("The rules of these plugins are not loaded, as COMMSIM_BLOCK_PLUGINS names them: {plugins}. "),
    LOAD_VARIABLE: _("The rules of these plugins are not loaded, as COMMSIM_LOAD_PLUGINS lacks them: {plugins}. "),
    OPTION: _("The rules of these plugins are not loaded, because of --no-plugins: {plugins}. "),
}


@dataclass(frozen=True)
class Source:
    """An opened plugin: its origin, the module, and for a single file its text."""

    origin: Origin
    module: Any
    text: str | None = None


def built_in() -> Iterator[Source]:
    """The families of rules that come with commsim, by name of its own entry points (`[project.entry-points]`).

    `COMMSIM_BLOCK_PLUGINS=committees` leaves a family out. Raises RuleError where the installation names none.
    """
    points = _own_points()
    if not points:
        raise RuleError(
            _(
                "this installation of commsim names no rules of its own (entry points of the group {group!r}), so that "
                "there is nothing to choose from. Install it again: pip install -e . in its folder"
            ).format(group=PROJECT_NAME)
        )
    left_out = _own_left_out()
    for point in points:
        if point not in left_out:
            yield Source(Origin("built-in", PROJECT_NAME, __version__), _opened(point).module)


def _own_points() -> list[metadata.EntryPoint]:
    return [point for point in _points() if _is_own(point)]


def _own_left_out() -> list[metadata.EntryPoint]:
    """The families of commsim's own that `COMMSIM_BLOCK_PLUGINS` names."""
    blocked = _names(BLOCK_VARIABLE, _points()) or set()
    return [point for point in _own_points() if point.name in blocked]


def installed() -> Iterator[Source]:
    """Plugins of installed distributions, by name of entry point.

    `COMMSIM_LOAD_PLUGINS=a,b` loads exactly these, `COMMSIM_BLOCK_PLUGINS=a,b` all but these; a name is that of an
    entry point or of a distribution. Raises RuleError for a name that nothing installed has, and where a plugin cannot
    be imported; the text names its distribution.
    """
    for point, kept_out in _choice(True):
        if kept_out is None:
            yield _opened(point)


def not_loaded(distributions: bool) -> Text:
    """Which plugins are left out, and by what, for a message that misses something; empty without any.

    Installed ones, and families of commsim's own. `distributions`: whether installed plugins are loaded at all. None is
    imported to tell.
    """
    text, choice = Text(""), [*((point, BLOCK_VARIABLE) for point in _own_left_out()), *_choice(distributions)]
    for reason, sentence in _NOT_LOADED.items():
        plugins = listed(point.name for point, kept_out in choice if kept_out == reason)
        if plugins:
            text = Text("{before}{sentence}", {"before": text, "sentence": sentence.format(plugins=plugins)})
    return text


def _choice(distributions: bool) -> list[tuple[metadata.EntryPoint, str | None]]:
    """Every installed plugin by name, with what keeps it from being loaded, None where nothing does."""
    found = _points()
    others = [point for point in found if not _is_own(point)]
    if not distributions:
        return [(point, OPTION) for point in others]
    chosen, blocked = _names(LOAD_VARIABLE, found), _names(BLOCK_VARIABLE, found) or set()

    def kept_out(point: metadata.EntryPoint) -> str | None:
        if _called(point) & blocked:
            return BLOCK_VARIABLE
        return None if chosen is None or _called(point) & chosen else LOAD_VARIABLE

    return [(point, kept_out(point)) for point in others]


def _points() -> list[metadata.EntryPoint]:
    """Every installed plugin by name, commsim's own families among them."""
    return sorted(metadata.entry_points(group=PROJECT_NAME), key=lambda point: (point.name, point.value))


def _is_own(point: metadata.EntryPoint) -> bool:
    return point.dist is not None and _canonical(point.dist.name) == PROJECT_NAME


def _called(point: metadata.EntryPoint) -> set[str]:
    """Names by which a plugin can be loaded or blocked: its entry point's, and its distribution's, however spelt."""
    return {point.name} | ({_canonical(point.dist.name)} if point.dist else set())


def _canonical(distribution: str) -> str:
    return re.sub(r"[-_.]+", "-", distribution).lower()


def _names(variable: str, found: Sequence[metadata.EntryPoint]) -> set[str] | None:
    """The plugins that an environment variable lists, None where it is not set. Raises RuleError for an unknown one."""
    value = os.environ.get(variable)
    if value is None:
        return None
    known = set().union(*map(_called, found))
    names = set()
    for name in filter(None, map(str.strip, value.split(","))):
        names.add(name if name in known else _canonical(name))
        if not names <= known:
            raise RuleError(
                _(
                    "{variable} names {name!r}, but no installed distribution offers that. {near}Installed: {known}. "
                    "Correct the name or leave it out"
                ).format(variable=variable, name=name, near=did_you_mean(name, known), known=listed(known) or "–")
            )
    return names


def _opened(point: metadata.EntryPoint) -> Source:
    name, version = (point.dist.name, point.dist.version) if point.dist else (point.name, "?")
    origin = Origin("distribution", name, version, point.value)
    if not point.pattern.match(point.value):
        raise RuleError(
            _(
                "entry point {name!r} of distribution {origin} has to name a module, such as my_package.rules; "
                "{value!r} came. Correct or remove the distribution, or set {variable}={name} to run without it"
            ).format(name=point.name, origin=f"{name} {version}", value=point.value, variable=BLOCK_VARIABLE)
        )

    def tell(_error: BaseException, line: Line | None, said: Text) -> Text:
        return _(
            "plugin {name!r} of distribution {origin} could not be imported{place}: {error}. Upgrade or "
            "remove the distribution, or set {variable}={name} to run without it"
        ).format(
            name=point.name,
            origin=str(origin),
            place=_(", at {file}:{line}").format(file=line[0], line=line[1]) if line else Text(""),
            error=said,
            variable=BLOCK_VARIABLE,
        )

    # Which files a distribution has is not known before, so that any interrupt counts as the user's.
    with blamed(set(), tell, told=_is_interrupt, line=partial(_import_line, point)):
        module = point.load()
    if not isinstance(module, ModuleType):
        raise RuleError(
            _(
                "entry point {name!r} of distribution {origin} has to name a module that holds hook functions; it "
                "names a {kind}. Drop what stands after the colon of the entry point"
            ).format(name=point.name, origin=str(origin), kind=type(module).__name__)
        )
    return Source(origin, module)


def _is_interrupt(error: BaseException) -> bool:
    return isinstance(error, KeyboardInterrupt)


def _import_line(point: metadata.EntryPoint, error: BaseException) -> Line | None:
    """File and line at which importing a plugin failed, if known: the innermost in the package that it names."""
    package = point.module.partition(".")[0]
    if isinstance(error, SyntaxError) and error.filename and error.lineno:
        file = Path(error.filename)
        inside = [*file.parts[:-1], file.stem]
        if package in inside:  # else it is in what the plugin imports, and the line that does so is told
            return "/".join(file.parts[len(inside) - 1 - inside[::-1].index(package) :]), error.lineno
    return package_line(error.__traceback__, package)


def from_file(path: Path) -> Source:
    """A plugin in a single file. Raises RuleError for a file that is missing, not UTF-8 or cannot be imported."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise RuleError(
            _("plugin {file} is not UTF-8 (byte {byte}). Save it as UTF-8").format(file=str(path), byte=error.start)
        ) from error
    except OSError as error:
        raise RuleError(
            _("plugin {file} cannot be read: {reason}. {near}Give the path of a Python file").format(
                file=str(path), reason=error.strerror or str(error), near=_near(path)
            )
        ) from error
    return from_text(path.name, text, shown=str(path))


def from_folder(folder: Path | None) -> Sequence[Path]:
    """Plugin files of a folder such as `plugins/` beside a scenario, by name; those that begin with _ are left out."""
    if folder is None or not folder.is_dir():
        return ()
    return sorted(path for path in folder.glob("*.py") if not path.name.startswith("_"))


def from_text(name: str, text: str, shown: str = "") -> Source:
    """A plugin from the text of a file; this is how single-file rules travel to other processes.

    Arguments: `name` of the file; its `text`; `shown`, the path that messages give (default: the name).
    """
    digest = hashlib.sha256(text.encode()).hexdigest()
    file = shown or name
    origin = Origin("file", name, f"sha256:{digest}", file)
    module = ModuleType(f"commsim_plugin_{digest[:16]}")
    module.__file__ = file
    # Dataclasses, type hints and inspect look a class up through its module and the module's source.
    sys.modules[module.__name__] = module
    linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)
    try:
        with blamed({file}, partial(_import_fault, file), told=_passes_nothing):
            exec(compile(text, file, "exec", dont_inherit=True), module.__dict__)
    except BaseException:
        del sys.modules[module.__name__]
        raise
    return Source(origin, module, text)


def _passes_nothing(_error: BaseException) -> bool:
    """Also what commsim says of a word that the plugin uses while it is imported is told with the plugin's line."""
    return False


def _import_fault(file: str, error: BaseException, line: Line | None, said: Text) -> Text:
    if isinstance(error, SyntaxError) and error.filename == file:
        return _("plugin {file}:{line}: Python cannot read it: {error}. Correct this line").format(
            file=file, line=error.lineno, error=error.msg
        )
    text = _("plugin {place}: importing it failed: {error}. Correct this line")
    if isinstance(error, ImportError):
        text = _("plugin {place}: importing it failed: {error}. Correct this line, or install what it imports")
    return text.format(place=f"{file}:{line[1]}" if line else file, error=said)


def _near(path: Path) -> Text:
    try:
        names = [other.name for other in path.parent.iterdir() if other.suffix == ".py"]
    except OSError:
        return Text("")
    near = nearest(path.name, names)
    return _("Did you mean {near!r}? ").format(near=str(path.parent / near[0])) if near else Text("")
