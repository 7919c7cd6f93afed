"""Census margins: targets at the scenario's start year, and how far a made population is from them.

Between two census years shares are interpolated linearly; before the first and after the last they are held (no
extrapolation: a trend that is carried on soon leaves the range of what was counted). Shares are then scaled to the
scenario's number of residents. Source: census counts carried by the scenario (`population.margins`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from commsim.i18n import Bilingual, Text, _
from commsim.scenario.levers import levered, shares_at
from commsim.scenario.population import AGE_BANDS, PopulationSpec
from commsim.world.records import Addresses, Column, Education, Registration, Tenure

Shares = NDArray[np.float64]

SCHOOL_BASE_AGE = 6
"""First age of the census question on education, by its definition."""
ELDER_AGE = 65
"""Age from which the census counts old members of a household, by its definition."""
MOST_ELDERS = 3
"""The census's last category of old members is 'three or more'."""
MEAN_SIZE = "mean_household_size"


@dataclass(frozen=True)
class Margin:
    """One census question at the start year: `shares` of the categories (summing to 1) among `base`."""

    id: str
    unit: str
    base: Bilingual
    categories: tuple[Bilingual, ...]
    shares: Shares
    source: str
    note: str = ""


@dataclass(frozen=True)
class Margins:
    """What the population of a scenario is raked to.

    `year` of the interpolation; `residents` in all, `collective` of them in collective households; `households`, the
    family households; `mean_household_size` of these; `questions` by id.
    """

    year: int
    residents: int
    collective: int
    households: int
    mean_household_size: float
    questions: Mapping[str, Margin]

    @property
    def family_residents(self) -> int:
        """Residents of family households."""
        return self.residents - self.collective

    def empty_categories(self) -> list[Text]:
        """The categories that hold nobody, each with its margin, such as "elders (two)"."""
        return [
            self.category(margin.id, position)
            for margin in self.questions.values()
            for position, share in enumerate(margin.shares)
            if share == 0
        ]

    def category(self, question: str, position: int) -> Text:
        """A category with its margin, such as "elders (two)"."""
        words = self.questions[question].categories[position]
        return _("{margin} ({category})").format(margin=question, category=words)

    def shares(self, question: str) -> Shares:
        """Shares of a question's categories."""
        return self.questions[question].shares


@dataclass(frozen=True)
class MarginComparison:
    """How a made population stands to one margin.

    `total_variation` is half the sum of absolute differences of shares, from 0 (equal) to 1. For the mean household
    size `made` and `target` hold one number each and `total_variation` is their relative difference.
    """

    id: str
    total_variation: float
    made: Shares
    target: Shares


def between_years(by_year: Mapping[int, Sequence[float] | Shares | float], year: float) -> Shares:
    """Values at `year`, linear between the years given, held beyond them. Shape: (categories,), or () for numbers."""
    years = sorted(by_year)
    table = np.array([by_year[known] for known in years], dtype=np.float64)
    if table.ndim == 1:
        return np.asarray(np.interp(year, years, table))
    return np.array([np.interp(year, years, column) for column in table.T])


def interpolate(spec: PopulationSpec, year: int) -> Margins:
    """The scenario's margins at `year`, of all residents, as its levers have them.

    `residents` comes from the specification, divided by `one_in`; where it is left out, from the households that are
    listed times the mean household size. Where all committees are listed, the number of family households is theirs,
    and the mean household size is what follows from it.

    The census counts persons with those in collective households. A scenario without these therefore aims at the
    margins of the larger population that its family households would be part of; `family_only` then takes these out.
    """
    questions: dict[str, Margin] = {
        margin.id: Margin(
            margin.id,
            margin.unit,
            margin.base,
            margin.categories,
            levered(margin.id, shares_at(margin, year), spec),
            margin.source,
            margin.note,
        )
        for margin in spec.margins
    }
    collective_share = float(questions["collective"].shares[1])
    size = float(between_years(spec.mean_household_size, year))
    listed = _listed_households(spec)
    residents = _residents(spec, listed, size, collective_share)
    collective = _collective(spec, residents, collective_share)
    households = listed or max(round((residents - collective) / size), 1)
    questions["collective"] = _with_shares(questions["collective"], [residents - collective, collective])
    return Margins(year, residents, collective, households, (residents - collective) / households, questions)


def _collective(spec: PopulationSpec, residents: int, share: float) -> int:
    """Collective residents; without these in the scenario, what is left are exactly the residents it asks for."""
    if spec.collective_households or spec.residents is None:
        return round(share * residents)
    return residents - round(spec.residents / spec.one_in)


def family_only(margins: Margins, family_shares: Mapping[str, Shares]) -> Margins:
    """The margins of the family households alone.

    Arguments: `margins` of all residents; `family_shares`, by question, the shares among the family households that
    raking to these found (no census table gives them).
    """
    questions = {
        question: replace(margin, shares=family_shares[question]) if question in family_shares else margin
        for question, margin in margins.questions.items()
    }
    residents = margins.family_residents
    questions["collective"] = _with_shares(questions["collective"], [residents, 0])
    return replace(margins, residents=residents, collective=0, questions=questions)


def _with_shares(margin: Margin, counts: Sequence[float]) -> Margin:
    shares = np.array(counts) / sum(counts)
    return replace(margin, shares=shares)


def _listed_households(spec: PopulationSpec) -> int:
    """Family households of the committees laid out by hand, 0 unless all are and all are taken."""
    if spec.one_in > 1 or not all(place.committee_list for place in spec.places):
        return 0
    return sum(committee.households for place in spec.places for committee in place.committee_list)


def _residents(spec: PopulationSpec, listed: int, size: float, collective_share: float) -> int:
    if spec.residents is not None:
        whole = spec.residents / spec.one_in
        return round(whole if spec.collective_households else whole / (1 - collective_share))
    families = listed or sum(c.households for place in spec.places for c in place.committee_list) / spec.one_in
    return round(families * size / (1 - collective_share))


def age_band(age: NDArray[np.integer]) -> NDArray[np.int64]:
    """Five-year census band of each age, the last one open (85 and over)."""
    width = AGE_BANDS[1] - AGE_BANDS[0]
    return np.minimum(age.astype(np.int64) // width, len(AGE_BANDS) - 1)


def compare(margins: Margins, columns: Mapping[str, Column], addresses: Addresses) -> list[MarginComparison]:
    """Recount every margin from the residents' columns and set it beside its target.

    Arguments: the columns of `make_population` and its addresses. The last entry is the mean household size.
    """
    found = [_compared(margins, question, counted(question, columns, addresses)) for question in margins.questions]
    family = ~columns["collective"]
    households = np.count_nonzero(~_collective_households(columns, addresses))
    made = np.array([np.count_nonzero(family) / max(int(households), 1)])
    target = np.array([margins.mean_household_size])
    relative = float(np.abs(made - target).sum() / target.sum())
    return [*found, MarginComparison(MEAN_SIZE, relative, made, target)]


def _compared(margins: Margins, question: str, counts: NDArray[np.int64]) -> MarginComparison:
    made, target = counts / max(int(counts.sum()), 1), margins.shares(question)
    return MarginComparison(question, float(np.abs(made - target).sum() / 2), made, target)


def counted(question: str, columns: Mapping[str, Column], addresses: Addresses) -> NDArray[np.int64]:
    """Counts of one question in a made population, in the order of its categories, shape (categories,)."""
    return _COUNTERS[question](columns, addresses)


def _age_sex(columns: Mapping[str, Column], _addresses: Addresses) -> NDArray[np.int64]:
    return np.bincount(2 * age_band(columns["age"]) + columns["sex"], minlength=2 * len(AGE_BANDS))


def _in_collective(columns: Mapping[str, Column], _addresses: Addresses) -> NDArray[np.int64]:
    return np.bincount(columns["collective"].astype(np.int64), minlength=2)


def _registration(columns: Mapping[str, Column], _addresses: Addresses) -> NDArray[np.int64]:
    return np.bincount(columns["registration"], minlength=len(Registration))


def _education_sex(columns: Mapping[str, Column], _addresses: Addresses) -> NDArray[np.int64]:
    asked = columns["age"] >= SCHOOL_BASE_AGE
    codes = 2 * columns["education"][asked].astype(np.int64) + columns["sex"][asked]
    return np.bincount(codes, minlength=2 * len(Education))


def _collective_households(columns: Mapping[str, Column], addresses: Addresses) -> NDArray[np.bool_]:
    found: NDArray[np.bool_] = columns["collective"][addresses.household_start[:-1]]
    return found


def _one_person(columns: Mapping[str, Column], addresses: Addresses) -> NDArray[np.int64]:
    sizes = np.diff(addresses.household_start)[~_collective_households(columns, addresses)]
    return np.bincount((sizes > 1).astype(np.int64), minlength=2)


def _elders(columns: Mapping[str, Column], addresses: Addresses) -> NDArray[np.int64]:
    old = (columns["age"] >= ELDER_AGE).astype(np.int64)
    each = np.add.reduceat(old, addresses.household_start[:-1])[~_collective_households(columns, addresses)]
    return np.bincount(np.minimum(each, MOST_ELDERS), minlength=MOST_ELDERS + 1)


def _tenure(columns: Mapping[str, Column], addresses: Addresses) -> NDArray[np.int64]:
    heads = addresses.household_start[:-1][~_collective_households(columns, addresses)]
    return np.bincount(columns["tenure"][heads], minlength=len(Tenure))


_COUNTERS: Mapping[str, Callable[[Mapping[str, Column], Addresses], NDArray[np.int64]]] = {
    "age_sex": _age_sex,
    "collective": _in_collective,
    "registration": _registration,
    "education_sex": _education_sex,
    "one_person": _one_person,
    "elders": _elders,
    "tenure": _tenure,
}
