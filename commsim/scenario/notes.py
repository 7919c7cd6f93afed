"""What is right in a scenario but easily overlooked: `validate`, `show`, `run` and `compare` tell it on stderr."""

from __future__ import annotations

from commsim.i18n import Text, _
from commsim.scenario.borrowing import borrowings
from commsim.scenario.census import contradictions
from commsim.scenario.levers import told
from commsim.scenario.months import MONTHS_A_YEAR, month_number
from commsim.scenario.schema import Scenario
from commsim.suggestions import listing


def scenario_notes(scenario: Scenario) -> list[Text]:
    """Sentences on what this scenario leaves out or holds still; empty where there is nothing to tell."""
    single = [note for note in (_held_census(scenario), _elections_outside(scenario)) if note is not None]
    levers = told(scenario.population, scenario.year(0))
    return [*single, *levers, *contradictions(scenario.population), *borrowings(scenario)]


def _held_census(scenario: Scenario) -> Text | None:
    years = [year for margin in scenario.population.margins for year in margin.counts]
    start = month_number(scenario.start) // MONTHS_A_YEAR
    if not years or min(years) <= start <= max(years):
        return None
    held = max(years) if start > max(years) else min(years)
    if min(years) == max(years):
        only = _("the run begins in {start}, but the census counts are of {held} alone: its shares are kept")
        return only.format(start=start, held=held)
    return _(
        "the run begins in {start}, but the census counts run from {first} to {last}: the shares of {held} are kept"
    ).format(start=start, first=min(years), last=max(years), held=held)


def _elections_outside(scenario: Scenario) -> Text | None:
    outside = [date for date in scenario.elections if not 0 <= scenario.month_of(date) < scenario.months]
    if not outside:
        return None
    return _("elections outside the run ({first} to {last}) are left out: {dates}").format(
        first=scenario.start, last=scenario.month_date(scenario.months - 1), dates=listing(outside)
    )
