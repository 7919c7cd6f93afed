"""The facts that simulated residents must reproduce: what is measured, in which range, and whether it holds.

A fact *holds* for one draw of the parameters if the 95% t-interval of the mean over the seeds lies in the range of each
of its tests, and holds altogether if it does so in nine draws of ten (18 of 20). Ranges: evidence/behaviour.md,
section D. A fact is marked 'fitted' if the calibration used its row; only the others count as evidence.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import t

from commsim.i18n import Text

SEEDS = 30
DRAWS = 20
SHARE_OF_DRAWS = 0.9
LEVEL = 0.95

Statistics = Mapping[str, float]
Simulate = Callable[[int, Mapping[str, float]], Statistics]


@dataclass(frozen=True)
class Test:
    """One statistic of a fact: its name, words, the range in which it must lie, and the published figure if any."""

    name: str
    label: Text
    low: float = -math.inf
    high: float = math.inf
    published: float | None = None

    @property
    def range_words(self) -> str:
        """The range as people read it."""
        if math.isinf(self.high):
            return f"> {self.low:g}"
        return f"< {self.high:g}" if math.isinf(self.low) else f"{self.low:g} – {self.high:g}"


@dataclass(frozen=True)
class Fact:
    """A stylised fact: `id` (row of the evidence), `name`, `title`, `source`, what is tested, and how it is simulated.

    `simulate(seed, parameters)` plays the published experiment once and returns the statistics by test name. `fitted`:
    the calibration used this row. `counted`: False where the row is plausibility only. `drawn`: False where the
    parameters are the district's own and draws of them do not enter. `note`: what limits it.
    """

    id: int
    name: str
    title: Text
    source: Text
    tests: tuple[Test, ...]
    simulate: Simulate
    fitted: bool = False
    counted: bool = True
    drawn: bool = True
    note: Text | None = None


@dataclass(frozen=True)
class TestResult:
    """A statistic over draws and seeds: `values` of shape (draws, seeds); mean, 95% interval, and draws in range."""

    test: Test
    values: NDArray[np.float64]

    @property
    def simulated(self) -> float:
        """Mean over all draws and seeds."""
        return float(np.mean(self.values))

    @property
    def interval(self) -> tuple[float, float]:
        """95% t-interval of the mean over draws, where several were made, else over seeds."""
        means = self.values.mean(axis=1) if len(self.values) > 1 else self.values[0]
        return t_interval(means)

    @property
    def spread(self) -> tuple[float, float]:
        """Lowest and highest mean over the draws."""
        means = self.values.mean(axis=1)
        return float(means.min()), float(means.max())

    @property
    def in_range(self) -> NDArray[np.bool_]:
        """By draw, whether the interval over the seeds lies in the range."""
        intervals = [t_interval(row) for row in self.values]
        return np.array([low > self.test.low and high < self.test.high for low, high in intervals])


@dataclass(frozen=True)
class FactResult:
    """A fact with the results of its tests."""

    fact: Fact
    tests: tuple[TestResult, ...]

    @property
    def draws_held(self) -> int:
        """Draws in which every test held."""
        return int(np.all([test.in_range for test in self.tests], axis=0).sum())

    @property
    def draws(self) -> int:
        """Draws made."""
        return len(self.tests[0].values)

    @property
    def held(self) -> bool:
        """Whether the fact holds altogether."""
        return bool(self.draws_held >= SHARE_OF_DRAWS * self.draws - np.finfo(float).eps)


@dataclass(frozen=True)
class FailedFact:
    """A fact whose experiment could not be played: what was told of it, and the traceback."""

    fact: Fact
    error: Text | str
    traceback: str = ""


def t_interval(values: Sequence[float] | NDArray[np.float64]) -> tuple[float, float]:
    """95% interval of the mean by Student's t; the value itself where there is one or they are all equal."""
    numbers = np.asarray(values, dtype=np.float64)
    mean = float(numbers.mean())
    if numbers.size < 2 or not np.all(np.isfinite(numbers)):
        return (mean, mean) if np.isfinite(mean) else (-math.inf, math.inf)
    half = float(t.ppf((1.0 + LEVEL) / 2.0, numbers.size - 1) * numbers.std(ddof=1) / math.sqrt(numbers.size))
    return mean - half, mean + half


def evaluate(fact: Fact, draws: Sequence[Mapping[str, float]], seeds: Sequence[int]) -> FactResult:
    """Play a fact's experiment for every draw of the parameters and every seed."""
    rows = [[fact.simulate(seed, values) for seed in seeds] for values in draws]
    return collect(fact, rows)


def collect(fact: Fact, rows: Sequence[Sequence[Statistics]]) -> FactResult:
    """The result of a fact from its statistics by draw and seed."""
    return FactResult(
        fact,
        tuple(
            TestResult(test, np.array([[found[test.name] for found in row] for row in rows], dtype=np.float64))
            for test in fact.tests
        ),
    )
