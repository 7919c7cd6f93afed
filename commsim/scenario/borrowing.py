"""Which place a scenario is about, and what it borrows from another one.

`place` says whose district it is, and each margin may say the same of its counts. A file that extends another inherits
both as long as they stay true: a file with street-level units of its own is about another place unless it says which,
and counts that replace every inherited year are no longer the other place's.
"""

from __future__ import annotations

from collections.abc import Mapping

from commsim.i18n import Bilingual, Text, _
from commsim.scenario.marked_yaml import Key, Node
from commsim.scenario.problems import InvalidFile, Problem
from commsim.scenario.schema import Scenario
from commsim.suggestions import listing

PLACE = "place"
SIZE, SIZE_PLACE = "mean_household_size", "mean_household_size_place"
LOCAL_RECORD = Bilingual(en="Jing'an District, Shanghai", zh="上海市静安区")
"""The place that the registry's local evidence is from (docs/evidence.md)."""


def has_local_record(scenario: Scenario) -> bool:
    """Whether the scenario is about the place that the registry's local evidence is from."""
    return same_place(scenario.place, LOCAL_RECORD)


def same_place(first: Bilingual | None, two: Bilingual | None) -> bool:
    """Whether two names of places agree in one of the languages."""
    if first is None or two is None:
        return False
    return first.to("en") == two.to("en") or first.to("zh") == two.to("zh")


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
    size_place = scenario.population.mean_household_size_place
    if size_place is not None and not same_place(size_place, scenario.place):
        size = _("the mean household size is that of {place}, not of the scenario's own place")
        told.append(size.format(place=size_place))
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
    return _with_own_size(base, over, _with_own_counts(base, over, Node(entries, merged.place)))


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
    listed = _population(root).get(kind)
    items = listed.value if listed is not None and isinstance(listed.value, list) else []
    return {str(item.value["id"].value): item for item in items if isinstance(item.value, dict) and "id" in item.value}


def _with_own_counts(base: Node, over: Node, merged: Node) -> Node:
    """`merged`, where margins of another place keep nothing of the inherited one's: years, place, note.

    Counts that replace every inherited year are another place's, and so are those that name a place; years that such
    a margin does not give are not mixed in from the inherited one.
    """
    inherited, changed = _items(base, "margins"), _items(over, "margins")
    for name, item in changed.items():
        if name in inherited:
            _refuse_another_order(inherited[name], item)
    own = {
        name: _own(inherited[name], changed[name], listed)
        for name, listed in _items(merged, "margins").items()
        if name in inherited and name in changed and _is_own(inherited[name], changed[name])
    }
    if not own:
        return merged
    population = merged.value["population"]
    margins = population.value["margins"]
    items = [own.get(str(item.value["id"].value), item) for item in margins.value]
    changed_population = {**population.value, "margins": Node(items, margins.place)}
    return Node({**merged.value, "population": Node(changed_population, population.place)}, merged.place)


def _with_own_size(base: Node, over: Node, merged: Node) -> Node:
    """`merged`, where a mean household size whose inherited years are all replaced is no longer the other place's."""
    inherited, own = _population(base), _population(over)
    if SIZE_PLACE in own or SIZE not in own or not _years_replaced(inherited.get(SIZE), own[SIZE]):
        return merged
    population = merged.value["population"]
    entries = {key: node for key, node in population.value.items() if key != SIZE_PLACE}
    return Node({**merged.value, "population": Node(entries, population.place)}, merged.place)


def _population(root: Node) -> dict[Key, Node]:
    population = root.value.get("population")
    return population.value if population is not None and isinstance(population.value, dict) else {}


def _years_replaced(inherited: Node | None, own: Node) -> bool:
    if inherited is None or not isinstance(inherited.value, Mapping) or not isinstance(own.value, Mapping):
        return False
    return set(inherited.value) <= set(own.value)


def _is_own(inherited: Node, item: Node) -> bool:
    """Whether the counts that `item` gives are another place's than the inherited ones."""
    years, old = _years(item), _years(inherited)
    if not years or not old:
        return False
    if PLACE in item.value:
        former = inherited.value.get(PLACE)
        return former is not None and former.plain() != item.value[PLACE].plain()
    return set(old) <= set(years)


def _years(item: Node) -> Mapping[Key, Node]:
    counts = item.value.get("counts")
    return counts.value if counts is not None and isinstance(counts.value, Mapping) else {}


def _own(inherited: Node, item: Node, merged: Node) -> Node:
    """The merged margin with the years of `item` alone, and without a place and a note that it does not give."""
    stale = {name for name in (PLACE, "note") if name in inherited.value and name not in item.value}
    entries = {name: node for name, node in merged.value.items() if name not in stale}
    return Node({**entries, "counts": item.value["counts"]}, merged.place)


def _refuse_another_order(inherited: Node, item: Node) -> None:
    """Categories may be renamed but stand for the same answers: a known one at another position is a slip."""
    if "categories" not in item.value or "categories" not in inherited.value:
        return
    known, given = inherited.value["categories"].plain(), item.value["categories"].plain()
    if not isinstance(known, list) or not isinstance(given, list) or len(known) != len(given):
        return  # told elsewhere
    moved = [words for position, words in enumerate(given) if words in known and known[position] != words]
    if moved:
        place = item.value["categories"].place
        text = _(
            "the categories of margin {margin} stand in another order than in the scenario that is extended; their "
            "meaning goes by position, so keep the order {order} and put the counts into it"
        )
        order = listing(_in_both(words) for words in known)
        path = f"population.margins.{inherited.value['id'].value}.categories"
        told = text.format(margin=inherited.value["id"].value, order=order)
        raise InvalidFile([Problem(place.file, place.line, path, told)])


def _in_both(words: object) -> object:
    """A category as a sentence shows it, also where a file gives it in one language only."""
    if not isinstance(words, dict) or not words:
        return words
    either = str(next(iter(words.values())))
    return Bilingual(en=str(words.get("en", either)), zh=str(words.get("zh", either)))
