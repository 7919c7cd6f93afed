"""YAML 1.2 in which every value knows the file and line it was written at.

Built on ruamel.yaml's composer: YAML 1.2 (so `NO` stays a word), no tags, no aliases, no duplicate keys. What editors
and input methods slip into Chinese files is caught here and in `commsim.scenario.input_method_traps` and explained.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, ScalarNode, SequenceNode

from commsim.i18n import Text, _
from commsim.scenario.characters import forbidden_character, raw_control_lines
from commsim.scenario.input_method_traps import (
    decoded,
    explained_character,
    explained_lines,
    full_width_colon,
    shown_path,
)
from commsim.scenario.problems import InvalidFile, Place, Problem

Key: TypeAlias = str | int
Path_: TypeAlias = tuple[Key, ...]

_TAG = "tag:yaml.org,2002:"
_TAGS = frozenset(_TAG + kind for kind in ("null", "bool", "int", "float", "str", "timestamp"))
_LEADING_ZERO = re.compile(r"[-+]?0[0-9]+")
_PLAIN_NUMBER = re.compile(r"[-+]?(?:0|[1-9][0-9]*|(?=\.?[0-9])[0-9]*\.?[0-9]*(?:[eE][-+]?[0-9]+)?)")
_SWALLOWED = re.compile(r"，\s*[A-Za-z_]\w*\s*：")
_NO_FINITE = re.compile(r"[-+]?\.(?:inf|nan)", re.IGNORECASE)


LARGEST_FILE = 2_000_000
"""Bytes of a YAML file that is read; a district of 276 committees listed by hand takes a twentieth of it."""


@dataclass(frozen=True)
class Node:
    """A value with its place. `value` is a scalar, a dict of Nodes or a list of Nodes; in a mapping the place is that
    of the key, since that is where people look."""

    value: Any
    place: Place

    def plain(self) -> Any:
        """The value without places: dicts, lists and scalars."""
        if isinstance(self.value, dict):
            return {key: node.plain() for key, node in self.value.items()}
        if isinstance(self.value, list):
            return [node.plain() for node in self.value]
        return self.value


@dataclass(frozen=True)
class Document:
    """A file that was read: its `root` and what is wrong with it although it could be read."""

    root: Node
    problems: tuple[Problem, ...]


def read_yaml(path: Path, shown: str | None = None) -> Document:
    """Read a YAML file with places.

    Arguments: `path`; `shown`, how the file is named to the user. Raises InvalidFile where it cannot be read at all
    (missing, not UTF-8, not YAML); what can be told beside other problems is in `Document.problems`.
    """
    name = shown_path(path) if shown is None else shown
    try:
        with path.open("rb") as file:
            raw = file.read(LARGEST_FILE + 1)
    except OSError as error:
        text = _("the file cannot be read ({reason}); check the name and that you may open it").format(
            reason=error.strerror or type(error).__name__
        )
        raise InvalidFile([Problem(name, 0, "", text)]) from error
    if len(raw) > LARGEST_FILE:
        text = _(
            "the file is larger than {most} MB, which no scenario or experiment is; check that it is the right one"
        )
        raise InvalidFile([Problem(name, 0, "", text.format(most=LARGEST_FILE // 10**6))])
    return read_text(decoded(raw, name), name)


def read_text(text: str, name: str) -> Document:
    """Read YAML from a string; `name` stands for the file in messages. Raises InvalidFile as `read_yaml` does."""
    controls = raw_control_lines(text, name)
    if controls:
        raise InvalidFile(controls)
    yaml = YAML(typ="safe", pure=True)
    try:
        composed = yaml.compose(text)
    except MarkedYAMLError as error:
        raise InvalidFile(_syntax_problems(text, name, error)) from error
    except (YAMLError, ValueError, RecursionError) as error:
        raise InvalidFile([Problem(name, _line_of(error, text), "", _unreadable(error))]) from error
    reader = _Reader(name, yaml)
    if composed is None:
        return Document(Node(None, Place(name, 1)), ())
    root = reader.node(composed, (), Place(name, composed.start_mark.line + 1))
    if isinstance(root.value, str):
        reader.problems += explained_lines(text, name)
    return Document(root, tuple(reader.problems))


def dotted(path: Path_) -> str:
    """A path as it is shown and as `--set` takes it: `funds.self_governance.rule`."""
    return ".".join(str(part) for part in path)


class _Reader:
    """Turns composed nodes into Nodes and collects what is wrong on the way."""

    def __init__(self, name: str, yaml: YAML) -> None:
        self.name = name
        self.constructor = yaml.constructor
        self.problems: list[Problem] = []
        self.seen: set[int] = set()

    def node(self, composed: Any, path: Path_, place: Place) -> Node:
        """`composed` as a Node at `place`."""
        if id(composed) in self.seen:
            self.problem(place, path, _("aliases (*name) are not taken here; write the value out, or use `extends`"))
            return Node(None, place)
        self.seen.add(id(composed))
        if isinstance(composed, MappingNode):
            return Node(self.mapping(composed, path), place)
        if isinstance(composed, SequenceNode):
            items = [self.item(item, path, index) for index, item in enumerate(composed.value)]
            return Node(items, place)
        return Node(self.scalar(composed, path, place), place)

    def item(self, composed: Any, path: Path_, index: int) -> Node:
        return self.node(composed, (*path, index), Place(self.name, composed.start_mark.line + 1))

    def mapping(self, composed: MappingNode, path: Path_) -> dict[Key, Node]:
        entries: dict[Key, Node] = {}
        for key_node, value_node in composed.value:
            place = Place(self.name, key_node.start_mark.line + 1)
            key = self.key(key_node, path, place)
            if key is None:
                continue
            if key in entries:
                text = _("{key!r} stands here a second time (first in line {line}); keep one of the two")
                self.problem(place, (*path, key), text.format(key=key, line=entries[key].place.line))
                continue
            if composed.flow_style and value_node.value and _swallows(value_node):
                self.problem(place, (*path, key), full_width_colon())
            entries[key] = self.node(value_node, (*path, key), place)
        return entries

    def key(self, composed: Any, path: Path_, place: Place) -> Key | None:
        key = self.scalar(composed, path, place) if isinstance(composed, ScalarNode) else None
        if isinstance(key, bool) or not isinstance(key, str | int):
            self.problem(place, path, _("a name was expected before the colon; put it in quotes if it is one"))
            return None
        trap = explained_character(key) if isinstance(key, str) else None
        if trap is not None:
            self.problem(place, (*path, key), trap)
            return None
        return key

    def scalar(self, composed: ScalarNode, path: Path_, place: Place) -> Any:
        tag = str(composed.tag)
        if tag not in _TAGS:
            text = _("tags such as {tag} are not taken here; write a plain value")
            self.problem(place, path, text.format(tag=tag.replace(_TAG, "!!")))
            return None
        kind = tag.removeprefix(_TAG)
        if kind in {"str", "timestamp"}:
            return self.words(str(composed.value), path, place)
        if kind == "int" and composed.style is None and _LEADING_ZERO.fullmatch(composed.value):
            text = _("{value} begins with a zero that a number would lose; put a code in quotes: '{value}'")
            self.problem(place, path, text.format(value=composed.value))
            return composed.value
        if kind in {"int", "float"} and _surprises(composed.value):
            text = _(
                "{value} is a spelling of numbers that is easily read as another number; write it in plain digits, "
                "such as 12 or 0.5, or in quotes if it is a word"
            )
            self.problem(place, path, text.format(value=composed.value))
            return composed.value
        try:
            return self.constructor.construct_object(composed)
        except (YAMLError, ValueError) as error:
            self.problem(place, path, _unreadable(error))
            return None

    def words(self, text: str, path: Path_, place: Place) -> str:
        try:
            text.encode("utf-8")
        except UnicodeEncodeError:
            self.problem(
                place, path, _("half a character came (a lone surrogate such as \\ud800); write the character itself")
            )
            return ""
        trap = forbidden_character(text, path)
        if trap is not None:
            self.problem(place, path, trap)
        return text

    def problem(self, place: Place, path: Path_, text: Text) -> None:
        self.problems.append(Problem(place.file, place.line, dotted(path), text))


def _swallows(composed: Any) -> bool:
    """Whether an unquoted value in braces holds what was meant as the next key: `{en: A，zh：甲}`."""
    return isinstance(composed, ScalarNode) and composed.style is None and bool(_SWALLOWED.search(composed.value))


def _surprises(written: str) -> bool:
    """Whether a number is written with underscores, in base 2, 8, 16 or 60: forms that YAML turns into others."""
    return not _PLAIN_NUMBER.fullmatch(written) and not _NO_FINITE.fullmatch(written)


def _syntax_problems(text: str, name: str, error: MarkedYAMLError) -> list[Problem]:
    """The traps in the text if there are any, since they explain the error better than YAML does; else the error."""
    mark = error.problem_mark or error.context_mark
    line = mark.line + 1 if mark is not None else 1
    explained = explained_lines(text, name)
    if explained:
        return explained
    return [Problem(name, line, "", _unreadable(error))]


def _unreadable(error: Exception) -> Text:
    if isinstance(error, RecursionError):
        return _("the file is nested too deeply; take brackets out")
    reason = getattr(error, "problem", None) or getattr(error, "reason", None) or str(error).splitlines()[0]
    return _(
        "this is not YAML ({reason}); check the colon, the indent and the quotes here and in the line above"
    ).format(reason=reason)


def _line_of(error: Exception, text: str) -> int:
    position = getattr(error, "position", None)
    return text.count("\n", 0, position) + 1 if isinstance(position, int) else 1
