"""Which committees there are, and how many family households and collective residents each has.

Sizes are log-normal inside a place and add up to what the scenario gives the place. Source: district-2.md A3 and G1 for
counts and spread, the rest is assumption (`population.*` in the registry).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from commsim.errors import InvalidInput
from commsim.i18n import Bilingual, _
from commsim.money import largest_remainder
from commsim.randomness import Draws
from commsim.scenario.places import CommitteeSpec, PlaceSpec
from commsim.scenario.population import PopulationSpec

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Committee:
    """A committee before its size is known: its place (index and specification), id, name, and relative size."""

    place: int
    of: PlaceSpec
    id: str
    name: Bilingual
    weight: float
    listed: CommitteeSpec | None


def all_committees(spec: PopulationSpec, parameters: Mapping[str, float], draws: Draws) -> list[Committee]:
    """Every committee of every place, villages last in theirs, with its relative size drawn by its id."""
    spread = np.sqrt(np.log1p(parameters["population.committee_size_spread"] ** 2))
    found: list[Committee] = []
    for position, place in enumerate(spec.places):
        for listed in place.committee_list:
            found.append(Committee(position, place, listed.id, listed.name, float(listed.households), listed))
        names = [_counted_name(place, number) for number in range(place.committees + place.villages)]
        luck = np.array([draws.uniform("population.committee_size", item=identity) for _name, identity in names])
        sizes = np.exp(spread * ndtri(luck))
        # Shared out inside the place, so that its residents are those that the scenario gives it.
        for (name, identity), size in zip(names, sizes / max(sizes.sum(), 1.0), strict=True):
            found.append(Committee(position, place, identity, name, place.residents_weight * float(size), None))
    return found


def _counted_name(place: PlaceSpec, number: int) -> tuple[Bilingual, str]:
    if number < place.committees:
        ordinal = number + 1
        name = Bilingual(
            en=f"{place.name.message}, committee {ordinal}", zh=f"{place.name.to('zh')}第{ordinal}居民委员会"
        )
        return name, f"{place.id}-{ordinal:02d}"
    ordinal = number - place.committees + 1
    name = Bilingual(
        en=f"{place.name.message}, village committee {ordinal}", zh=f"{place.name.to('zh')}第{ordinal}村民委员会"
    )
    return name, f"{place.id}-village-{ordinal}"


def taken(committees: list[Committee], one_in: int, draws: Draws) -> list[Committee]:
    """Every `one_in`-th committee in address order from a drawn start (at least one)."""
    first = int(draws.uniform("population.first_committee") * min(one_in, len(committees)))
    return committees[first::one_in]


def family_households(committees: list[Committee], total: int) -> Ints:
    """Family households by committee, adding up to `total`: those listed as listed, the rest by relative size."""
    listed = np.array([committee.listed is not None for committee in committees])
    weights = np.array([committee.weight for committee in committees])
    if listed.all():
        households = largest_remainder(total, weights)
    else:
        households = np.where(listed, weights, 0).astype(np.int64)
        households[~listed] = largest_remainder(max(total - int(households.sum()), 0), weights[~listed])
    if households.min() < 1 or households.sum() != total:
        text = _(
            "population: {households} family households are too few for {committees} committees of the sizes given; "
            "raise `residents` or take fewer committees"
        )
        raise InvalidInput(text.format(households=total, committees=len(committees)))
    return households


def collective_residents(
    committees: list[Committee], households: Ints, total: int, parameters: Mapping[str, float], draws: Draws
) -> Ints:
    """Residents of collective households by committee, adding up to `total`: blocks in some committees, drawn by id."""
    luck = np.array([draws.uniform("population.collective_block", item=c.id) for c in committees])
    chosen = luck < parameters["population.collective_committee_share"]
    chosen[np.argmin(luck)] = True  # somewhere they must live
    noise = ndtri(np.array([draws.uniform("population.collective_size", item=c.id) for c in committees]))
    weights = households * np.exp(parameters["population.collective_size_spread"] * noise)
    return largest_remainder(total, np.where(chosen, weights, 0))


def beside_collective(committees: list[Committee], households: Ints, collective: Ints, residents: int) -> Ints:
    """Family households by committee, fewer where blocks of collective residents stand: places keep their residents.

    Committees laid out by hand keep the households that they were given. Collective residents take at most half of a
    place, since in a small sample of committees luck may put many into one.
    """
    if any(committee.listed is not None for committee in committees):
        return households
    place = np.array([committee.place for committee in committees])
    weights = np.array([committee.weight for committee in committees])
    people = np.bincount(place, weights) * (residents / weights.sum())
    family = np.maximum(people - np.bincount(place, collective), people / 2)
    share = np.divide(family, people, out=np.ones(len(people)), where=people > 0)
    beside = largest_remainder(int(households.sum()), weights * share[place])
    return beside if beside.min() > 0 else households
