"""From a scenario file to a checked `Scenario`, or to every problem of the file at once, in file order.

>>> scenario = load_scenario("tutorial", ["months=6", "funds.self_governance.budget_per_committee_yuan=80000"])
>>> scenario.months, scenario.fund_under_comparison.budget_per_committee_fen
(6, 8000000)
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError
from ruamel.yaml import YAML

from commsim.i18n import Bilingual, _
from commsim.scenario.borrowing import refuse_other_place, settled
from commsim.scenario.explain import explained, placed
from commsim.scenario.input_method_traps import explained_character, shown_path
from commsim.scenario.marked_yaml import Document, Node, read_yaml
from commsim.scenario.merging import merge, with_override
from commsim.scenario.problems import InvalidFile, Place, Problem
from commsim.scenario.project_kinds import KINDS_KEY, shipped_kinds_as_written
from commsim.scenario.scenario_files import find, folders_of, scenario_files, shipped_folder
from commsim.scenario.schema import Scenario

SCHEMA_FILE = "scenario.schema.json"
SCHEMA_LINE = f"# yaml-language-server: $schema={SCHEMA_FILE}\n"
_NEVER_INHERITED = ("name", "extends")
_LISTED_BY_ID = ("FundSpec", "PlaceSpec", "CommitteeSpec", "MarginSpec", "ProjectKindSpec")
_REMOVE = {
    "enum": [True, "all"],
    "description": "With `extends`: true takes out the inherited item of this id; a first item `remove: all` takes out "
    "all. 用于继承：true 去掉同编号的继承项；首项写 remove: all 则去掉全部继承项。",
}


@dataclass(frozen=True)
class ScenarioListing:
    """A scenario as `commsim scenarios list` shows it."""

    name: str
    title: Bilingual
    description: Bilingual
    path: Path


def load_scenario(
    name_or_path: str | Path, overrides: Sequence[str] = (), folders: Sequence[Path | str] = ()
) -> Scenario:
    """A scenario, complete and checked.

    Arguments: `name_or_path`, a shipped scenario's name or a .yaml file; `overrides`, `dotted.path=value` as `--set`
    takes them; `folders`, searched for names before the shipped ones. Raises InvalidFile with all problems, each with
    file and line.
    """
    source = _resolve(name_or_path, folders)
    root, problems = source.root, list(source.problems)
    for override in overrides:
        try:
            root = with_override(root, override)
        except InvalidFile as error:
            problems += error.problems
    try:
        refuse_other_place(source.root, root)
    except InvalidFile as error:
        problems += error.problems
    try:
        scenario = Scenario.model_validate(root.plain())
    except ValidationError as error:
        problems += _independent(explained(error, root, Scenario), source.problems)
    if problems:
        raise InvalidFile(_in_file_order(problems, source.files))
    return scenario


def validate_scenario(path: str | Path) -> list[Problem]:
    """Every problem of a scenario (a name or a file), in file order; empty where it can be run."""
    try:
        load_scenario(path)
    except InvalidFile as error:
        return list(error.problems)
    return []


def written_at(path: str | Path, location: Sequence[str | int]) -> Place:
    """Where a value of a scenario stands, or the nearest part above it: `("funds", "0", "rule")` → file and line.

    For problems that only show once the scenario is used, such as a rule that no plugin offers. Raises InvalidFile.
    """
    place, _path = placed(_resolve(path, ()).root, location)
    return place


def list_scenarios(folders: Sequence[Path | str] = ()) -> tuple[ScenarioListing, ...]:
    """The scenarios that can be run by name. Bases that only others extend (no funds, no start) are left out."""
    found: dict[str, ScenarioListing] = {}
    cache: dict[Path, _Read] = {}
    for folder in folders_of(folders):
        for path in scenario_files(folder):
            values = _resolve(path, folders, cache).root.plain()
            if path.stem not in found and "funds" in values and "start" in values:
                title, about = values.get("title") or {}, values.get("description") or {}
                words = Bilingual(en=title.get("en", path.stem), zh=title.get("zh", path.stem))
                description = Bilingual(en=about.get("en", ""), zh=about.get("zh", ""))
                found[path.stem] = ScenarioListing(path.stem, words, description, path)
    return tuple(found.values())


def scenario_schema() -> dict[str, Any]:
    """JSON Schema of a scenario file, for editors; what a file may inherit through `extends` is not required."""
    schema = Scenario.model_json_schema(by_alias=True)
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["title"] = "commsim scenario"
    schema.pop("required", None)
    for name in (*_LISTED_BY_ID, "RuleSpec", "PopulationSpec"):
        schema["$defs"][name].pop("required", None)
    for name in _LISTED_BY_ID:
        schema["$defs"][name]["properties"]["remove"] = _REMOVE
    return schema


def schema_text() -> str:
    """`scenario_schema()` as the file that ships beside the scenarios."""
    return json.dumps(scenario_schema(), ensure_ascii=False, indent=2) + "\n"


def dump_resolved(scenario: Scenario) -> str:
    """A scenario as one YAML file without `extends`, which loads to an equal scenario (for `scenarios show` and the
    manifest). Values that equal their default are written too, so that the file says everything."""
    yaml = YAML(typ="safe", pure=True)
    yaml.default_flow_style = False
    yaml.allow_unicode = True
    yaml.width = 2**16
    yaml.sort_base_mapping_type_on_output = False  # type: ignore[assignment]
    yaml.representer.ignore_aliases = lambda data: True
    stream = io.StringIO()
    said = _plain(scenario.model_dump(by_alias=True, exclude_none=True))
    said[KINDS_KEY] = [{"remove": "all"}, *said[KINDS_KEY]]  # what stands here is all: nothing shipped comes back in
    yaml.dump(said, stream)
    return SCHEMA_LINE + stream.getvalue()


def _plain(value: Any) -> Any:
    """`value` in YAML's own types."""
    if isinstance(value, BaseModel):
        return _plain(value.model_dump(by_alias=True, exclude_none=True))
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value.value if isinstance(value, Enum) else value


@dataclass
class _Read:
    """A file with everything that it extends: the merged tree, what is wrong so far, the files, nearest first."""

    root: Node
    problems: list[Problem] = field(default_factory=list)
    files: list[str] = field(default_factory=list)


def _resolve(name_or_path: str | Path, folders: Sequence[Path | str], cache: dict[Path, _Read] | None = None) -> _Read:
    path = find(name_or_path, folders_of(folders))
    read = _with_bases(path, folders, (), {} if cache is None else cache)
    entries = dict(read.root.value)
    entries.pop("extends", None)
    if "name" not in entries:
        entries = {"name": Node(_default_name(path), read.root.place), **entries}
    return _Read(Node(entries, read.root.place), read.problems, read.files)


def _default_name(path: Path) -> str:
    return re.sub(r"[^\w.-]+", "-", path.stem).lstrip("-.") or "scenario"


def _with_bases(path: Path, folders: Sequence[Path | str], below: tuple[Path, ...], cache: dict[Path, _Read]) -> _Read:
    """`path` merged over what it extends, recursively. `below` are the files that extend it already."""
    known = path.resolve()
    if known in cache:
        return cache[known]
    shown = shown_path(path)
    document = _document(known, shown)
    _require_mapping(document.root, document.problems)
    extends = document.root.value.get("extends")
    if extends is None or extends.value is None:
        read = _Read(merge(shipped_kinds_as_written(), document.root), list(document.problems), [shown])
    else:
        base = _base_of(extends, path, folders, (*below, known), cache)
        inherited = {key: node for key, node in base.root.value.items() if key not in _NEVER_INHERITED}
        lower = Node(inherited, base.root.place)
        merged = settled(lower, document.root, merge(lower, document.root))
        read = _Read(merged, [*document.problems, *base.problems], [shown, *base.files])
    cache[known] = read
    return read


def _document(path: Path, shown: str) -> Document:
    """The file as read. Shipped files stand below most others, so each is parsed once until it changes."""
    if path.parent == shipped_folder().resolve():
        return _shipped_document(path, shown, path.stat().st_mtime_ns)
    return read_yaml(path, shown)


@lru_cache(maxsize=32)
def _shipped_document(path: Path, shown: str, changed: int) -> Document:
    return read_yaml(path, shown)


def _base_of(
    extends: Node, path: Path, folders: Sequence[Path | str], chain: tuple[Path, ...], cache: dict[Path, _Read]
) -> _Read:
    place = extends.place
    if not isinstance(extends.value, str) or not extends.value.strip():
        text = _("the name of a scenario or a .yaml file was expected; {value!r} came").format(value=extends.plain())
        raise InvalidFile([Problem(place.file, place.line, "extends", text)])
    base = find(extends.value, folders_of(folders, path.parent), place)
    if base.resolve() in chain:
        names = " → ".join(file.stem for file in (*chain[chain.index(base.resolve()) :], base))
        text = _("the files extend one another in a circle: {names}; take one `extends` out").format(names=names)
        raise InvalidFile([Problem(place.file, place.line, "extends", text)])
    return _with_bases(base, folders, chain, cache)


def _require_mapping(root: Node, problems: Sequence[Problem]) -> None:
    """Raise InvalidFile unless the file holds a mapping."""
    if isinstance(root.value, dict):
        return
    if problems:
        raise InvalidFile(problems)
    if root.value is None:
        text = _("the file is empty; a scenario was expected (see `commsim scenarios show tutorial`)")
    elif isinstance(root.value, list):
        text = _("a list came at the top; name: value lines were expected, without '- ' before them")
    else:
        text = explained_character(str(root.value)) or _("name: value lines were expected; a single value came")
    raise InvalidFile([Problem(root.place.file, root.place.line, "", text)])


def _independent(found: Sequence[Problem], earlier: Sequence[Problem]) -> list[Problem]:
    """What the schema found but for what only follows from a value that could not be read in the first place."""
    unread = [problem.path for problem in earlier if problem.path]
    return [
        problem
        for problem in found
        if not any(path == problem.path or path.startswith(f"{problem.path}.") for path in unread)
    ]


def _in_file_order(problems: Sequence[Problem], files: Sequence[str]) -> list[Problem]:
    """Problems by file (nearest first, `--set` last) and line, each once."""
    rank = {name: position for position, name in enumerate(files)}
    unique = list(dict.fromkeys(problems))
    return sorted(unique, key=lambda problem: (rank.get(problem.file, len(rank)), problem.line))


__all__ = [
    "ScenarioListing",
    "dump_resolved",
    "list_scenarios",
    "load_scenario",
    "scenario_schema",
    "schema_text",
    "validate_scenario",
    "written_at",
]
