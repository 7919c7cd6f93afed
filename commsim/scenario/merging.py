"""How one scenario file extends another, and how `--set` changes a value: on trees that remember file and line.

Mappings merge key by key. Lists whose items all have an `id` (margins, places, committees, funds, kinds of project)
merge by it: an item of a known id changes what is inherited, one of a new id is appended, `{id: …, remove: true}` takes
one out, and a first item `remove: all` takes all out, so that what follows stands alone. Other lists and values
replace. Two mappings that name different `id`s are different things, so the later one replaces the earlier: a new rule
does not inherit the parameters of the old one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from commsim.i18n import Text, _, cut
from commsim.scenario.marked_yaml import Key, Node, read_text
from commsim.scenario.problems import InvalidFile, Place, Problem
from commsim.suggestions import did_you_mean_or_known

RULE_KEY = "rule"
EXTENDS_KEY = "extends"
PARAMETERS_KEY = "parameters"
REMOVE_KEY = "remove"
ALL = "all"


def merge(base: Node, over: Node, key: Key | None = None) -> Node:
    """`over` laid on `base`; what `over` does not say stays, with its own file and line."""
    if key == RULE_KEY:
        base = _as_mapping(base)
    if isinstance(base.value, dict) and isinstance(over.value, dict):
        if _different_things(base.value, over.value):
            return over
        return Node(_merged(base.value, over.value), over.place)
    if isinstance(base.value, list) and isinstance(over.value, list):
        return Node(_merged_lists(base.value, over.value), over.place)
    return over


def _merged_lists(base: list[Node], over: list[Node]) -> list[Node]:
    """Two lists by the ids of their items; where some item has none, what is left of the later list."""
    kept, said = _removed(base, over)
    by_id, changes = _by_id(kept), _by_id(said)
    if not over or by_id is None or changes is None:
        return said
    return list(_merged(by_id, changes).values())


def _removed(base: list[Node], over: list[Node]) -> tuple[list[Node], list[Node]]:
    """`base` without what `over` says to remove, and what `over` says besides. Raises InvalidFile for unknown ids."""
    if over and _orders_all(over[0]):
        return [], over[1:]
    names = [_id_of(item) for item in base]
    orders = [item for item in over if _is_removal(item)]
    for item in orders:
        if _id_of(item) not in names:
            raise _nothing_to_remove(item, names)
    gone = {_id_of(item) for item in orders}
    return [item for item in base if _id_of(item) not in gone], [item for item in over if not _is_removal(item)]


def _orders_all(item: Node) -> bool:
    return isinstance(item.value, dict) and item.plain() == {REMOVE_KEY: ALL}


def _is_removal(item: Node) -> bool:
    return (
        isinstance(item.value, dict) and set(item.value) == {"id", REMOVE_KEY} and item.value[REMOVE_KEY].value is True
    )


def _id_of(item: Node) -> str | None:
    name = item.value["id"].value if isinstance(item.value, dict) and "id" in item.value else None
    return name if isinstance(name, str) else None


def _nothing_to_remove(item: Node, names: list[str | None]) -> InvalidFile:
    name, known = str(_id_of(item)), [known for known in names if known]
    text = _("nothing called {id!r} is inherited here that could be removed. {hint}")
    text = text.format(id=name, hint=did_you_mean_or_known(name, known))
    return InvalidFile([Problem(item.place.file, item.place.line, name, text)])


def _merged(base: Mapping[Key, Node], over: Mapping[Key, Node]) -> dict[Key, Node]:
    merged = dict(base)
    for key, node in over.items():
        merged[key] = merge(base[key], node, key) if key in base else node
    return merged


def _as_mapping(node: Node) -> Node:
    """A rule given by its id alone, as the mapping that it stands for."""
    if isinstance(node.value, str):
        return Node({"id": Node(node.value, node.place)}, node.place)
    return node


def _different_things(base: Mapping[Key, Node], over: Mapping[Key, Node]) -> bool:
    return "id" in base and "id" in over and base["id"].value != over["id"].value


def _by_id(items: list[Node]) -> dict[Key, Node] | None:
    """The items by id; None where one has no id of its own, so that the list can only be replaced."""
    found: dict[Key, Node] = {}
    for item in items:
        name = _id_of(item)
        if name is None or name in found:
            return None
        found[name] = item
    return found


def with_override(root: Node, override: str) -> Node:
    """`root` with one `dotted.path=value` set.

    Items of lists are named by id (`funds.self_governance.…`) or by position from 0; what follows `parameters.` is one
    name. The value is read as YAML. Raises InvalidFile where the override cannot be read or leads nowhere.
    """
    path, sign, written = override.partition("=")
    place = Place(f"--set {cut(override)}", 0)
    if not sign or not path.strip():
        text = _("an override is written path=value, for example funds.self_governance.budget_per_committee_yuan=80000")
        raise InvalidFile([Problem(place.file, 0, "", text)])
    if path.strip().partition(".")[0].strip() == EXTENDS_KEY:
        text = _("`extends` is read from a file only; write a file that extends the other one, and name that file")
        raise InvalidFile([Problem(place.file, 0, EXTENDS_KEY, text)])
    value = _placed(_read_value(written, place), place)
    return _set(root, _steps(path.strip()), value, ())


def _steps(path: str) -> tuple[str, ...]:
    first, _dot, rest = path.partition(".")
    return (first, rest) if first == PARAMETERS_KEY and rest else tuple(path.split("."))


def _read_value(written: str, place: Place) -> Node:
    try:
        document = read_text(written.strip(" \t\r\n"), place.file)
    except InvalidFile as error:
        raise InvalidFile([Problem(place.file, 0, "", problem.text) for problem in error.problems]) from error
    if document.problems:
        raise InvalidFile([Problem(place.file, 0, problem.path, problem.text) for problem in document.problems])
    return document.root


def _placed(node: Node, place: Place) -> Node:
    """The same tree, said to stand at `place`."""
    value: Any = node.value
    if isinstance(value, dict):
        value = {key: _placed(child, place) for key, child in value.items()}
    elif isinstance(value, list):
        value = [_placed(child, place) for child in value]
    return Node(value, place)


def _set(node: Node, steps: tuple[str, ...], value: Node, done: tuple[str, ...]) -> Node:
    """`node` with `value` at `steps` below it; mappings on the way that the file leaves out are made."""
    if not steps:
        return value
    step, rest = steps[0], steps[1:]
    if done and done[-1] == RULE_KEY:
        node = _as_mapping(node)
    if isinstance(node.value, dict):
        key = next((key for key in node.value if str(key) == step), step)
        below = node.value.get(key, Node({}, value.place))
        return Node({**node.value, key: _set(below, rest, value, (*done, step))}, node.place)
    if isinstance(node.value, list):
        index = _item(node.value, step, value.place, done)
        items = list(node.value)
        items[index] = _set(items[index], rest, value, (*done, step))
        return Node(items, node.place)
    raise _nowhere(value.place, done, _("there is nothing below this value; {step!r} came").format(step=step))


def _item(items: list[Node], step: str, place: Place, done: tuple[str, ...]) -> int:
    ids = [str(item.value["id"].value) if isinstance(item.value, dict) and "id" in item.value else "" for item in items]
    if step in ids:
        return ids.index(step)
    if step.isdecimal() and int(step) < len(items):
        return int(step)
    known = [name for name in ids if name] or [str(index) for index in range(len(items))]
    text = _("no item of this list is called {step!r}. {hint}").format(
        step=step, hint=did_you_mean_or_known(step, known)
    )
    raise _nowhere(place, done, text)


def _nowhere(place: Place, done: tuple[str, ...], text: Text) -> InvalidFile:
    return InvalidFile([Problem(place.file, 0, ".".join(done), text)])
