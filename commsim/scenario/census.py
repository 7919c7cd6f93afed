"""Whether census counts can be met and agree with each other: categories of nobody, and totals that contradict.

Raking gives every category its share by making households of it more or less frequent; it cannot make a band of age
empty in which most kinds of household have somebody. Which categories can be empty was found by emptying each in turn.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from commsim.i18n import Text, _
from commsim.scenario.fields import Found
from commsim.scenario.population import AGE_BANDS, MarginSpec, PopulationSpec

_FIRST_NEEDED: Mapping[str, int] = {"age_sex": 2, "education_sex": 2}
"""From this category on none may be empty: children under five and those without schooling may be missing."""
_NEEDED: Mapping[str, tuple[int, ...]] = {"collective": (0,), "one_person": (1,), "elders": (0,)}
_SAME_TOTAL = (("age_sex", "collective", "registration"), ("one_person", "elders"))
"""Margins of the same persons and of the same households."""
_SHARES = (1.0, 100.0)
_ROUNDING = 0.001
"""Largest difference of two totals, as a share, that rounding may explain (counts in thousands, shares in tenths)."""
_SIZE_ROUNDING = 0.01
_SCHOOL_COLUMN = 2
"""Bands from five years on: the census asks for schooling from six, so these are more than it can have asked."""


def needless_empty(population: PopulationSpec, year: int) -> list[Found]:
    """Categories that hold nobody at `year` although somebody is needed there, with their paths in the scenario."""
    return [
        (
            ("population", "margins", index, "counts", _nearest_year(margin, year)),
            _(
                "margin {margin}: nobody is counted in {category} in {year}, and no population can be made without; "
                "give a number above 0, if need be a small one"
            ).format(margin=margin.id, category=margin.categories[category], year=year),
        )
        for index, margin in enumerate(population.margins)
        for category in _needed(margin)
        if empty_at(margin, category, year)
    ]


def _needed(margin: MarginSpec) -> Sequence[int]:
    if margin.id in _FIRST_NEEDED:
        return range(_FIRST_NEEDED[margin.id], len(margin.categories))
    return _NEEDED.get(margin.id, ())


def empty_at(margin: MarginSpec, category: int, year: int) -> bool:
    """Whether a category holds nobody at `year`: in the census years on both sides of it."""
    return not any(margin.counts[census][category] for census in _census_years(margin, year))


def _census_years(margin: MarginSpec, year: int) -> set[int]:
    years = sorted(margin.counts)
    before = max((census for census in years if census <= year), default=years[0])
    after = min((census for census in years if census >= year), default=years[-1])
    return {before, after}


def _nearest_year(margin: MarginSpec, year: int) -> int:
    return min(_census_years(margin, year))


def contradictions(population: PopulationSpec) -> list[Text]:
    """Sentences on margins of the same people whose totals differ by more than rounding, with both totals."""
    by_id: dict[str, MarginSpec] = {margin.id: margin for margin in population.margins}
    return [*_different_totals(by_id), *_too_many_at_school(by_id), *_other_household_size(population, by_id)]


def _different_totals(by_id: Mapping[str, MarginSpec]) -> Iterator[Text]:
    for first, *others in _SAME_TOTAL:
        for other in others:
            for year, total, other_total in _totals(by_id[first], by_id[other]):
                if abs(total - other_total) > _ROUNDING * max(total, other_total):
                    yield _contradiction(year, (first, total), (other, other_total))


def _contradiction(year: int, margin: tuple[str, float], other: tuple[str, float]) -> Text:
    text = _(
        "the margins {one} and {two} count the same, but in {year} one adds up to {total_one} and the other to "
        "{total_two}; only shares are used, so check which is right"
    )
    return text.format(
        year=year, one=margin[0], total_one=f"{margin[1]:,.0f}", two=other[0], total_two=f"{other[1]:,.0f}"
    )


def _totals(margin: MarginSpec, other: MarginSpec) -> Iterator[tuple[int, float, float]]:
    """Totals of two margins in the years of both; margins in shares have no total to compare."""
    for year in sorted(set(margin.counts) & set(other.counts)):
        first, second = sum(margin.counts[year]), sum(other.counts[year])
        if not (_are_shares(first) or _are_shares(second)):
            yield year, first, second


def _are_shares(total: float) -> bool:
    return any(abs(total - whole) <= _SIZE_ROUNDING * whole for whole in _SHARES)


def _too_many_at_school(by_id: Mapping[str, MarginSpec]) -> Iterator[Text]:
    ages, schooling = by_id["age_sex"], by_id["education_sex"]
    for year, _all_ages, asked in _totals(ages, schooling):
        most = sum(ages.counts[year][_SCHOOL_COLUMN : 2 * len(AGE_BANDS)])
        if asked > most * (1 + _ROUNDING):
            text = _("education_sex counts {asked} persons in {year}, but age_sex has only {most} of five and over")
            yield text.format(asked=f"{asked:,.0f}", year=year, most=f"{most:,.0f}")


def _other_household_size(population: PopulationSpec, by_id: Mapping[str, MarginSpec]) -> Iterator[Text]:
    persons, households = by_id["collective"], by_id["one_person"]
    for year, _everybody, homes in _totals(persons, households):
        said = population.mean_household_size.get(year)
        follows = persons.counts[year][0] / homes
        if said is not None and abs(said - follows) > _SIZE_ROUNDING * follows:
            text = _(
                "mean_household_size is {said} in {year}, but collective and one_person make it {follows} ({persons} "
                "persons in {homes} family households)"
            )
            figures = {"persons": f"{persons.counts[year][0]:,.0f}", "homes": f"{homes:,.0f}"}
            yield text.format(said=said, year=year, follows=f"{follows:.3f}", **figures)
