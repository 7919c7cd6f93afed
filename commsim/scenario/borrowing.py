"""Which place a scenario is about, and what it borrows from another one.

`place` says whose district it is, and each margin may say the same of its counts. A file that extends another inherits
both as long as they stay true: a file with street-level units of its own is about another place unless it says which,
and counts that replace every inherited year are no longer the other place's.
"""

from __future__ import annotations

from collections.abc import Mapping

from commsim.i18n import Bilingual, Text, _
from commsim.scenario.marked_yaml import Key, Node
from commsim.scenario.problems import InvalidFile, Problem, listing
from commsim.scenario.schema import Scenario

PLACE = "place"
LOCAL_RECORD = Bilingual(en="Jing'an District, Shanghai", zh="上海市静安区")
"""The place that the registry's local evidence is from (docs/evidence.md)."""


def has_local_record(scenario: Scenario) -> bool:
    """Whether the scenario is about the place that the registry's local evidence is from."""
    return same_place(scenario.place, LOCAL_RECORD)


def same_place(one: Bilingual | None, two: Bilingual | None) -> bool:
    """Whether two names of places agree in one of the languages."""
    if one is None or two is None:
        return False
    return one.to("en") == two.to("en") or one.to("zh") == two.to("zh")


def borrowed_census(scenario: Scenario) -> dict[Bilingual, tuple[str, ...]]:
    """Margins whose counts are another place's, by that place."""
    found: dict[Bilingual, tuple[str, ...]] = {}
    for margin in scenario.population.margins:
        if margin.place is not None and not same_place(margin.place, scenario.place):
            found[margin.place] = (*found.get(margin.place, ()), margin.id)
    return found


def borrowings(scenario: Scenario) -> list[Text]:
    """Sentences on what the scenario borrows; empty for the place that everything is from."""
    census = _("the census counts of {margins} are those of {place}, not of the scenario's own place")
    told = [census.format(margins=listing(ids), place=place) for place, ids in borrowed_census(scenario).items()]
    if not has_local_record(scenario):
        evidence = _("the local evidence behind the model's numbers is from {place}, not from the scenario's own place")
        told.append(evidence.format(place=LOCAL_RECORD))
    return told


def settled(base: Node, over: Node, merged: Node) -> Node:
    """`merged` (of `over` laid on `base`) without statements on place that `over` made untrue.

    Raises InvalidFile where `over` names another place but keeps units of the old one.
    """
    entries = dict(merged.value)
    if PLACE in over.value:
        _refuse_units_of_another(base, over, merged)
    elif not _units(merged).items() <= _units(base).items():
        entries.pop(PLACE, None)
    return _with_own_counts(base, over, Node(entries, merged.place))


def refuse_other_place(before: Node, after: Node) -> None:
    """Hold a place set from outside (`--set`) against the units. Raises InvalidFile where they are another's."""
    if PLACE in after.value:
        _refuse_units_of_another(before, after, after)


def _refuse_units_of_another(base: Node, over: Node, merged: Node) -> None:
    place, former = over.value[PLACE], base.value.get(PLACE)
    if former is None or former.plain() == place.plain():
        return
    kept = [str(name) for name, words in _units(merged).items() if _units(base).get(name) == words]
    if kept:
        text = _(
            "another place is named here, but the units {units} of the scenario that is extended are still in it; "
            "begin the list population.places with `- remove: all`"
        )
        raise InvalidFile([Problem(place.place.file, place.place.line, PLACE, text.format(units=listing(kept)))])


def _units(root: Node) -> dict[Key, object]:
    """Names of street-level units by id."""
    return {name: item.value["name"].plain() for name, item in _items(root, "places").items() if "name" in item.value}


def _items(root: Node, kind: str) -> dict[Key, Node]:
    """Items of a list of `population` by id, as far as it is well formed."""
    population = root.value.get("population")
    listed = population.value.get(kind) if population is not None and isinstance(population.value, dict) else None
    items = listed.value if listed is not None and isinstance(listed.value, list) else []
    return {str(item.value["id"].value): item for item in items if isinstance(item.value, dict) and "id" in item.value}


def _with_own_counts(base: Node, over: Node, merged: Node) -> Node:
    """`merged`, where margins whose inherited years are all replaced no longer say that they are the other place's."""
    inherited, changed = _items(base, "margins"), _items(over, "margins")
    own = {name for name, item in changed.items() if name in inherited and _replaces(inherited[name], item)}
    if not own:
        return merged
    population = merged.value["population"]
    margins = population.value["margins"]
    items = [_without_place(item) if item.value["id"].value in own else item for item in margins.value]
    changed_population = {**population.value, "margins": Node(items, margins.place)}
    return Node({**merged.value, "population": Node(changed_population, population.place)}, merged.place)


def _replaces(inherited: Node, item: Node) -> bool:
    if PLACE in item.value or "counts" not in item.value or "counts" not in inherited.value:
        return False
    years, old = item.value["counts"].value, inherited.value["counts"].value
    return isinstance(years, Mapping) and isinstance(old, Mapping) and set(old) <= set(years)


def _without_place(item: Node) -> Node:
    return Node({key: node for key, node in item.value.items() if key != PLACE}, item.place)
