"""The made population: residents as columns in address order, raked to the census.

Example households are weighted so that all household and person margins hold together (`raking`), shared among the
kinds of estate by the registry's leanings, taken in whole numbers by systematic sampling, and moved into the dwellings
that `addresses` laid out. Collective households are raked along with the rest and live in blocks of their own, each
resident a household of one, since nothing is known of who shares a room.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from commsim.errors import BrokenInvariant, InvalidInput
from commsim.i18n import Text, _
from commsim.randomness import Draws
from commsim.scenario.population import PopulationSpec
from commsim.suggestions import listing
from commsim.world.addresses import Layout, addresses_of, lay_out
from commsim.world.by_place import places_of_households
from commsim.world.example_households import RAKED, Examples, family_shares, make_examples, totals_of
from commsim.world.margins import Margins, family_only, interpolate
from commsim.world.raking import NoSuchMix, fit_table, rake, whole_copies
from commsim.world.records import Addresses, Column, Education, EstateType, Tenure
from commsim.world.scores import sorted_in_units

Ints = NDArray[np.int64]
Numbers = NDArray[np.float64]

FAMILY_ESTATES = (EstateType.LANES, EstateType.FORMER_PUBLIC, EstateType.COMMERCIAL)
_LEANINGS = ("renters", "elders", "college", "children")


class PopulationScenario(Protocol):
    """What of a scenario the population needs."""

    @property
    def start(self) -> str:
        """First month, "YYYY-MM"."""

    @property
    def population(self) -> PopulationSpec:
        """Who lives where."""

    @property
    def parameters(self) -> Mapping[str, float]:
        """The registry's numbers."""


def make_population(scenario: PopulationScenario, draws: Draws) -> tuple[dict[str, Column], Addresses, Margins]:
    """The residents of a scenario: census columns in address order, their addresses, and the margins aimed at.

    Columns (all of length `addresses.residents`): `committee`, `estate`, `building`, `household` int32; `age`, `sex`,
    `registration`, `education`, `tenure`, `household_size` uint8; `collective` bool. The number of residents is
    exactly `margins.residents`.

    Raises InvalidInput where the margins contradict each other or committees outnumber households.
    """
    parameters = scenario.parameters
    margins = interpolate(scenario.population, int(scenario.start.split("-")[0]))
    examples = make_examples(int(parameters["population.examples"]), margins, parameters, draws)
    members, totals = totals_of(examples, margins)
    weights = _weights(members, totals, examples, margins)
    if not scenario.population.collective_households:
        margins = family_only(margins, family_shares(examples, members, weights, margins))
    layout = lay_out(scenario.population, margins, parameters, draws)
    taken = _by_estate_kind(layout, examples, weights, margins, parameters, draws)
    chosen = _move_in(layout, examples, taken, parameters, draws)
    addresses = addresses_of(layout, examples.size[chosen])
    return _columns(examples, chosen, addresses), addresses, margins


def check_population(scenario: PopulationScenario, draws: Draws) -> None:
    """Whether households can be found that meet the scenario's margins, without laying out any dwelling.

    Takes a fraction of a second for a district of any size. Raises InvalidInput where none can, as
    `make_population` does.
    """
    margins = interpolate(scenario.population, int(scenario.start.split("-")[0]))
    examples = make_examples(int(scenario.parameters["population.examples"]), margins, scenario.parameters, draws)
    _weights(*totals_of(examples, margins), examples, margins)


def _weights(members: Numbers, totals: Numbers, examples: Examples, margins: Margins) -> Numbers:
    """Raked weights of the examples. Raises InvalidInput where nothing meets the totals, with what stands out."""
    try:
        return rake(members, totals, examples.prior * margins.households)
    except NoSuchMix as error:
        empty = margins.empty_categories()
        if empty:
            text = _("{reason}; nobody is counted in {categories}: a small number there may be enough")
            raise InvalidInput(text.format(reason=error.text, categories=listing(empty))) from error
        text = _("{reason}; farthest off are {categories}: compare these with each other")
        farthest = _farthest_off(error.miss, margins)
        raise InvalidInput(text.format(reason=error.text, categories=listing(farthest))) from error


_MOST_MARGINS_NAMED = 3


def _farthest_off(miss: Numbers, margins: Margins) -> list[Text]:
    """Of the margins that are farthest from being met the category that is farthest, with its margin."""
    off = np.abs(miss)
    ends = np.cumsum([len(margins.shares(question)) for question in RAKED])
    worst_of = dict(zip(RAKED, np.split(off[:-1], ends[:-1]), strict=True))
    questions = sorted(RAKED, key=lambda question: -float(worst_of[question].max()))[:_MOST_MARGINS_NAMED]
    return [margins.category(question, int(worst_of[question].argmax())) for question in questions]


def _by_estate_kind(
    layout: Layout,
    examples: Examples,
    weights: Numbers,
    margins: Margins,
    parameters: Mapping[str, float],
    draws: Draws,
) -> dict[EstateType, Ints]:
    """Which examples (indices, with repetition) live in each kind of estate; persons and households add up exactly."""
    capacity = np.bincount(layout.kind, weights=layout.households, minlength=len(EstateType)).astype(np.int64)
    family = np.flatnonzero(~examples.collective)
    shared = np.zeros((examples.count, len(EstateType)))
    shared[np.ix_(family, np.array(FAMILY_ESTATES))] = _shared_by_leaning(
        examples, weights, family, capacity[list(FAMILY_ESTATES)], parameters
    )
    shared[examples.collective, EstateType.COLLECTIVE] = weights[examples.collective]
    order = _sampling_order(examples)
    taken = {
        kind: np.repeat(
            order,
            whole_copies(shared[order, kind], int(capacity[kind]), draws.uniform("population.take", item=kind.name)),
        )
        for kind in EstateType
    }
    return _exact_residents(taken, examples, weights, margins.family_residents, draws)


def _sampling_order(examples: Examples) -> Ints:
    """Examples by size, tenure, elders, registration and age of the first members: like next to like."""
    first = examples.start[:-1]
    return np.lexsort(
        (examples.age[first], examples.registration[first], examples.elders, examples.tenure, examples.size)
    )


def _shared_by_leaning(
    examples: Examples, weights: Numbers, family: Ints, capacity: Ints, parameters: Mapping[str, float]
) -> Numbers:
    """Weights of family examples by kind of estate (family examples, 3): leanings kept, both kinds of totals met."""
    traits = _traits(examples, parameters)[family]
    log_odds = np.zeros((len(family), len(FAMILY_ESTATES)))
    for column, kind in enumerate(FAMILY_ESTATES):
        if kind is not EstateType.FORMER_PUBLIC:
            leaning = [parameters[f"population.{kind.name.lower()}_{trait}"] for trait in _LEANINGS]
            log_odds[:, column] = (traits * np.array(leaning)).sum(axis=1)
    rows = weights[family]
    return fit_table(np.exp(log_odds), rows * (capacity.sum() / rows.sum()), capacity.astype(np.float64))


def _traits(examples: Examples, parameters: Mapping[str, float]) -> Numbers:
    """Whether each example rents, has elders, college graduates, children: (examples, 4), 0 or 1."""
    graduate = (examples.education >= Education.JUNIOR_COLLEGE) & (
        examples.age >= parameters["population.college_household_age"]
    )
    child = examples.age <= parameters["population.child_age"]
    return np.column_stack(
        [
            examples.tenure == Tenure.RENTED,
            examples.elders > 0,
            examples.per_household(graduate) > 0,
            examples.per_household(child) > 0,
        ]
    ).astype(np.float64)


def _exact_residents(
    taken: dict[EstateType, Ints], examples: Examples, weights: Numbers, residents: int, draws: Draws
) -> dict[EstateType, Ints]:
    """Replace a few family households by ones a person larger or smaller, of equal tenure and elders, until all add up.

    Systematic sampling misses the number of persons by a handful; one-person households are never touched.
    """
    picks = np.concatenate([taken[kind] for kind in FAMILY_ESTATES])
    size, elders = examples.size, examples.elders
    missing = residents - int(size[picks].sum())
    step = 1 if missing > 0 else -1
    candidates = np.argsort(draws.uniforms("population.correct", len(picks)), kind="stable")
    candidates = candidates[size[picks[candidates]] > (1 if step > 0 else 2)]
    luck = draws.uniforms("population.correct_by", len(candidates))
    for position, uniform in zip(candidates, luck, strict=True):
        if missing == 0:
            break
        old = picks[position]
        alike = (size == size[old] + step) & (examples.tenure == examples.tenure[old]) & ~examples.collective
        pool = np.flatnonzero(alike & (elders == elders[old]))
        if len(pool):
            steps = np.cumsum(weights[pool])
            picks[position] = pool[min(np.searchsorted(steps, uniform * steps[-1]), len(pool) - 1)]
            missing -= step
    if missing:
        raise BrokenInvariant(_("population: {missing} residents could not be placed").format(missing=missing))
    ends = np.cumsum([len(taken[kind]) for kind in FAMILY_ESTATES])
    parts = np.split(picks, ends[:-1])
    return {**taken, **dict(zip(FAMILY_ESTATES, parts, strict=True))}


def _move_in(
    layout: Layout,
    examples: Examples,
    taken: Mapping[EstateType, Ints],
    parameters: Mapping[str, float],
    draws: Draws,
) -> Ints:
    """The example that lives in each dwelling, in address order.

    Households find their place by where its people come from (`by_place`). Inside a kind of estate in a place,
    households sorted by mean age meet dwellings sorted by the estate's lean plus luck, so that the two correlate as
    the registry says.
    """
    dwellings = int(layout.households.sum())
    estate = np.repeat(np.arange(len(layout.estates)), layout.households)
    place = layout.place[estate]
    of_household = places_of_households(layout.dwellings, examples, taken, layout.places, draws)
    luck = draws.normals("population.dwelling", dwellings)
    age = examples.per_household(examples.age) / examples.size
    chosen = np.empty(dwellings, dtype=np.int64)
    for kind, picks in taken.items():
        sorting = parameters[
            "population.collective_sorting" if kind is EstateType.COLLECTIVE else "population.estate_sorting"
        ]
        free = np.flatnonzero(layout.kind[estate] == kind)
        key = sorting * layout.lean[estate[free]] + np.sqrt(1 - sorting**2) * luck[free]
        chosen[free[sorted_in_units(place[free], key)]] = picks[sorted_in_units(of_household[kind], age[picks])]
    return chosen


def _columns(examples: Examples, chosen: Ints, addresses: Addresses) -> dict[str, Column]:
    size = examples.size[chosen]
    household = np.repeat(np.arange(len(chosen), dtype=np.int32), size)
    # Position of each resident among the example members: where the example begins, plus the place in the household.
    shift = examples.start[:-1][chosen] - addresses.household_start[:-1]
    member = np.arange(len(household)) + np.repeat(shift, size)
    building = addresses.building_of_household[household]
    estate = addresses.estate_of_building[building]
    return {
        "committee": addresses.committee_of_estate[estate],
        "estate": estate,
        "building": building,
        "household": household,
        "age": examples.age.astype(np.uint8)[member],
        "sex": examples.sex.astype(np.uint8)[member],
        "registration": examples.registration.astype(np.uint8)[member],
        "education": examples.education.astype(np.uint8)[member],
        "tenure": np.repeat(examples.tenure.astype(np.uint8)[chosen], size),
        "collective": np.repeat(examples.collective[chosen], size),
        "household_size": np.repeat(size.astype(np.uint8), size),
    }
