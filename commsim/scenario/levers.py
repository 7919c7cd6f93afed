"""Levers: one line of a scenario that makes a kind of resident more or less frequent, `population: {migrants: 2}`.

A lever multiplies the share of some categories of a census margin; the others shrink or grow in proportion, so that
the margin stays a whole. What is not asked about stays as counted.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from commsim.i18n import Text, _
from commsim.scenario.fields import Found
from commsim.scenario.population import AGE_BANDS, MARGIN_SIZES, MarginSpec, PopulationSpec

Shares = NDArray[np.float64]

OLDER_FROM = 60
"""Age from which residents count as older, as the district's own figures do."""
UNMOVED = 1.0


@dataclass(frozen=True)
class Lever:
    """A field of `population`, the margin that it moves, and the categories whose share it multiplies.

    `among`: the categories that give way, in proportion; empty for all others of the margin.
    """

    field: str
    margin: str
    categories: tuple[int, ...]
    words: Text
    among: tuple[int, ...] = ()


def _bands(sex: int) -> tuple[int, ...]:
    return tuple(range(sex, MARGIN_SIZES["age_sex"], 2))


def _older_bands(sex: int) -> tuple[int, ...]:
    return _bands(sex)[AGE_BANDS.index(OLDER_FROM) :]


LEVERS: tuple[Lever, ...] = (
    # Each sex by itself: more of the old would otherwise be more women, and schooling is counted by sex.
    Lever("older", "age_sex", _older_bands(0), _("men of 60 and over"), among=_bands(0)),
    Lever("older", "age_sex", _older_bands(1), _("women of 60 and over"), among=_bands(1)),
    # Who lives with elders follows from how many elders there are; left as counted it would contradict the ages.
    Lever("older", "elders", (1, 2, 3), _("households with members aged 65 and over")),
    Lever("migrants", "registration", (3,), _("residents registered in another province")),
    Lever("owners", "tenure", (0,), _("households that own their dwelling")),
)
FIELDS = tuple(dict.fromkeys(lever.field for lever in LEVERS))


def moved(population: PopulationSpec) -> tuple[str, ...]:
    """The levers that the scenario has moved, by field."""
    return tuple(name for name in FIELDS if getattr(population, name) != UNMOVED)


def levered(margin: str, shares: Shares, population: PopulationSpec) -> Shares:
    """Shares of a margin's categories as the scenario's levers have them. Sums to 1 like `shares`."""
    for lever in LEVERS:
        factor = float(getattr(population, lever.field))
        if lever.margin == margin and factor != UNMOVED:
            shares = _multiplied(shares, lever, factor)
    return shares


def _multiplied(shares: Shares, lever: Lever, factor: float) -> Shares:
    chosen, others = _parts(lever, len(shares))
    before, rest = float(shares[chosen].sum()), float(shares[others].sum())
    moved = shares.copy()
    moved[chosen] *= factor
    moved[others] *= (rest + before - factor * before) / rest
    return moved


def _parts(lever: Lever, size: int) -> tuple[list[int], list[int]]:
    """The categories that a lever multiplies, and those that give way."""
    among = lever.among or tuple(range(size))
    return list(lever.categories), [category for category in among if category not in lever.categories]


def shares_at(margin: MarginSpec, year: float) -> Shares:
    """Shares of the categories at `year`: linear between census years, held beyond them. Shape (categories,)."""
    years = sorted(margin.counts)
    table = np.array([np.array(margin.counts[census]) / sum(margin.counts[census]) for census in years])
    return np.array([np.interp(year, years, column) for column in table.T])


def impossible(population: PopulationSpec, year: int) -> list[Found]:
    """Levers that ask for a share below 0, or for all of a margin, with their paths in the scenario."""
    margins: dict[str, MarginSpec] = {margin.id: margin for margin in population.margins}
    return [found for lever in LEVERS for found in _impossible(lever, margins[lever.margin], population, year)]


def _impossible(lever: Lever, margin: MarginSpec, population: PopulationSpec, year: int) -> list[Found]:
    factor = float(getattr(population, lever.field))
    shares = shares_at(margin, year)
    chosen, others = _parts(lever, len(shares))
    before, rest = float(shares[chosen].sum()), float(shares[others].sum())
    if factor == UNMOVED or (factor >= 0.0 and factor * before < before + rest and rest > 0.0):
        return []
    text = _(
        "margin {margin}: {category} are {before:.1%} in {year}, and {factor:g} times that is {after:.1%}, where less "
        "than {most:.1%} can be had; a factor from 0 to less than {largest:.2f} was expected"
    )
    told = text.format(
        margin=lever.margin,
        category=lever.words,
        before=before,
        year=year,
        factor=factor,
        after=factor * before,
        most=before + rest,
        largest=(before + rest) / before if before else UNMOVED,
    )
    return [(("population", lever.field), told)]


def told(population: PopulationSpec, year: int) -> list[Text]:
    """A sentence on each lever that was moved: whose share at `year` is what, instead of what was counted."""
    margins: dict[str, MarginSpec] = {margin.id: margin for margin in population.margins}
    text = _(
        "{field} is {factor:g}: {category} are {after:.1%} instead of the {before:.1%} that were counted for {year}"
    )
    found = []
    for lever in LEVERS:
        factor = float(getattr(population, lever.field))
        if factor != UNMOVED:
            before = float(shares_at(margins[lever.margin], year)[list(lever.categories)].sum())
            words = {"field": f"population.{lever.field}", "factor": factor, "category": lever.words, "year": year}
            found.append(text.format(before=before, after=factor * before, **words))
    return found
