"""What is counted in twenty years of a steady fund, for the path's facts: who wins again, where, and how long groups
live."""

from __future__ import annotations

from collections.abc import Sequence

from commsim.community.projects import Project
from commsim.scenario.months import MONTHS_A_YEAR
from commsim.validation.path_measures import APPLICANTS
from commsim.validation.path_runs import Runs
from commsim.validation.path_statistics import Measures

WITHIN = (1, 3, 5, 10)
"""Years within which another award is looked for."""
HAZARD_YEARS = 8
WINDOW = 5
STEADY_FROM = 6
ALIVE_AFTER = (2, 4, 6)


def new_groups(runs: Runs) -> Measures:
    """P6: awards in years 6 to the last, and those of them to applicants that were never funded before."""
    first_year, awards = _awards(runs)
    first = _first_years(awards)
    late = [project for project in awards if project.period - first_year + 1 >= STEADY_FROM]
    fresh = [project for project in late if project.period == first[project.applicant]]
    return {"awards": float(len(late)), "new": float(len({project.applicant for project in fresh}))}


def second_awards(runs: Runs) -> Measures:
    """P7: applicants whose first award can be followed for so many years, and those with another award in them; and by
    year after the first award, how many wait for a second one and how many get it."""
    first_year, awards = _awards(runs)
    last_year = first_year + round(runs["fund"].years) - 1
    years = _years_of(awards)
    found: dict[str, float] = {}
    for within in WITHIN:
        followed = [won for won in years.values() if won[0] + within <= last_year]
        found[f"followed_{within}"] = float(len(followed))
        found[f"again_{within}"] = float(sum(len(won) > 1 and won[1] - won[0] <= within for won in followed))
    for begin in range(1, HAZARD_YEARS, 2):
        waiting = again = 0
        for won in years.values():
            wait = won[1] - won[0] if len(won) > 1 else last_year + 1
            for year in (begin, begin + 1):
                waiting += won[0] + year <= last_year and wait >= year
                again += won[0] + year <= last_year and wait == year
        found[f"waiting_{begin}"], found[f"wins_{begin}"] = float(waiting), float(again)
    return found


def awards_a_group(runs: Runs) -> Measures:
    """P8: awards in every window of five years, and the applicants that got them."""
    first_year, awards = _awards(runs)
    total = groups = 0
    for begin in range(first_year, first_year + round(runs["fund"].years) - WINDOW + 1):
        inside = [project for project in awards if begin <= project.period < begin + WINDOW]
        total += len(inside)
        groups += len({project.applicant for project in inside})
    return {"awards": float(total), "groups": float(groups)}


def places(runs: Runs) -> Measures:
    """P9: committees funded in a year that are funded one year later, and three years later, from the same years."""
    run = runs["fund"]
    funded = {(project.committee, project.period) for project in run.awarded}
    first_year = run.model.scenario.year(0)
    last_base = first_year + round(run.years) - 1 - 3
    base = [(committee, year) for committee, year in funded if year <= last_base]
    return {
        "funded": float(len(base)),
        "after_one": float(sum((committee, year + 1) in funded for committee, year in base)),
        "after_three": float(sum((committee, year + 3) in funded for committee, year in base)),
    }


def rooms(runs: Runs) -> Measures:
    """P16: groups with a room that were founded in the run and can be followed, and those alive after so many years."""
    run = runs["fund"]
    lives = [life for life in run.watch.groups(run.model) if life.has_room and life.founded > 0]
    found: dict[str, float] = {}
    for years in ALIVE_AFTER:
        followed = [life for life in lives if life.founded + years * MONTHS_A_YEAR <= run.months]
        found[f"followed_{years}"] = float(len(followed))
        found[f"alive_{years}"] = float(
            sum(life.ended is None or life.ended - life.founded >= years * MONTHS_A_YEAR for life in followed)
        )
    return found


def _awards(runs: Runs) -> tuple[int, Sequence[Project]]:
    """The first year of the run, and awards to residents, groups and organisations in the order of birth."""
    run = runs["fund"]
    return run.model.scenario.year(0), [project for project in run.awarded if project.initiator in APPLICANTS]


def _years_of(awards: Sequence[Project]) -> dict[str, list[int]]:
    """By applicant the years of its awards, each once, ascending."""
    years: dict[str, set[int]] = {}
    for project in awards:
        years.setdefault(project.applicant, set()).add(project.period)
    return {applicant: sorted(won) for applicant, won in years.items()}


def _first_years(awards: Sequence[Project]) -> dict[str, int]:
    return {applicant: won[0] for applicant, won in _years_of(awards).items()}
