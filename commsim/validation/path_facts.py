"""The facts of the path from yuan to neighbour: what is tested, in which range, and whether it holds.

A test *holds* for one draw of the parameters if the 95% interval of the mean over the seeds lies in its range; it
*misses* if the whole interval lies outside; in between the seeds are too few to tell, and so they are where there was
nothing to count. A fact holds for a draw if all of its tests do, and altogether if it does in eight draws of ten. A
fact marked 'fit' may set defaults, and only those marked 'test' count as evidence (path.md, section 9).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from commsim.i18n import Text, _
from commsim.validation.facts import Test, TestResult, t_interval
from commsim.validation.path_runs import Family, Runs
from commsim.validation.path_statistics import Measures, Statistic

SHARE_OF_DRAWS = 0.8


class Use(Enum):
    """What a fact or a test of it is for."""

    FIT = "fit"
    TEST = "test"
    STRUCTURAL = "structural"


USE_WORDS = {Use.FIT: _("fit"), Use.TEST: _("test"), Use.STRUCTURAL: _("structural")}
"""How it is said."""


class State(Enum):
    """What the seeds of one draw, or all draws together, say of a test or a fact."""

    HOLDS = "holds"
    MISSED = "missed"
    NOT_IDENTIFIED = "not identified"


STATE_WORDS = {State.HOLDS: _("holds"), State.MISSED: _("missed"), State.NOT_IDENTIFIED: _("cannot be told")}
"""How it is said."""


@dataclass(frozen=True)
class PathTest(Test):
    """A test of a fact of the path: besides name, words and range, how its number comes from the measures, and what it
    is for (a fact may have tests that were fitted beside others that were not)."""

    statistic: Statistic = field(kw_only=True)
    use: Use = Use.TEST


@dataclass(frozen=True)
class PathFact:
    """A row of the table: `id` (P0 …), name, what is tested in words, source, the family and arms of runs that it
    needs, what is counted in them, its tests, and what it is for. `note`: what limits it."""

    id: str
    title: Text
    test: Text
    source: Text
    family: Family
    arms: tuple[str, ...]
    measure: Callable[[Runs], Measures]
    tests: tuple[PathTest, ...]
    use: Use
    note: Text | None = None


@dataclass(frozen=True)
class PathTestResult(TestResult):
    """A test over draws and seeds, and `at_defaults`: its values by seed where nothing is drawn."""

    test: PathTest
    at_defaults: NDArray[np.float64] = field(kw_only=True)

    @property
    def states(self) -> list[State]:
        """By draw, whether the test holds."""
        return [state_of(row, self.test) for row in self.values]

    @property
    def state_at_defaults(self) -> State:
        """Whether it holds at the registry's values."""
        return state_of(self.at_defaults, self.test)

    @property
    def default_interval(self) -> tuple[float, float]:
        """95% interval of the mean over seeds at the registry's values."""
        return t_interval(self.at_defaults)


@dataclass(frozen=True)
class PathResult:
    """A fact with the results of its tests."""

    fact: PathFact
    tests: tuple[PathTestResult, ...]

    @property
    def states(self) -> list[State]:
        """By draw: holds if every test does, missed if any is, else not identified."""
        return [together(states) for states in zip(*(test.states for test in self.tests), strict=True)]

    @property
    def draws(self) -> int:
        """Draws made."""
        return len(self.tests[0].values)

    @property
    def draws_held(self) -> int:
        """Draws in which the fact held."""
        return self.states.count(State.HOLDS)

    @property
    def state(self) -> State:
        """Whether it holds altogether."""
        return overall(self.states)

    @property
    def state_at_defaults(self) -> State:
        """Whether it holds at the registry's values."""
        return together([test.state_at_defaults for test in self.tests])


def state_of(values: NDArray[np.float64], test: Test) -> State:
    """What the values of one draw, one a seed, say of a test."""
    low, high = t_interval(values)
    if not (math.isfinite(low) and math.isfinite(high)):
        return State.NOT_IDENTIFIED
    if low > test.low and high < test.high:
        return State.HOLDS
    return State.MISSED if high <= test.low or low >= test.high else State.NOT_IDENTIFIED


def together(states: Sequence[State]) -> State:
    """What several tests say of their fact."""
    if State.MISSED in states:
        return State.MISSED
    return State.NOT_IDENTIFIED if State.NOT_IDENTIFIED in states else State.HOLDS


def overall(states: Sequence[State]) -> State:
    """What the draws say altogether: eight of ten hold; too many miss for that; or the seeds are too few to tell."""
    enough = SHARE_OF_DRAWS * len(states) - np.finfo(float).eps
    if states.count(State.HOLDS) >= enough:
        return State.HOLDS
    return State.MISSED if len(states) - states.count(State.MISSED) < enough else State.NOT_IDENTIFIED


def result_of(fact: PathFact, defaults: Sequence[Measures], draws: Sequence[Sequence[Measures]]) -> PathResult:
    """The result of a fact from its measures by seed at the registry's values, and by draw and seed."""
    return PathResult(
        fact,
        tuple(
            PathTestResult(
                test,
                np.stack([test.statistic.values(measures) for measures in draws]),
                at_defaults=test.statistic.values(defaults),
            )
            for test in fact.tests
        ),
    )


def tally(results: Sequence[PathResult], use: Use) -> Mapping[State, int]:
    """How many facts for one use hold, are missed, or cannot be told."""
    states = [result.state for result in results if result.fact.use is use]
    return {state: states.count(state) for state in State}
