"""Which points of the prior the path's rows marked 'fit' allow: rejection sampling of the posterior that they leave.

A point is brought to a level without a fund (P0) and dropped if the leak of a year (P15) lies outside its range
(`commsim.validation.path_level`). Then the other rows and tests marked 'fit' are played, cheap families first: at a
first look on few seeds with ranges half as wide again on either side, since few seeds say little, then at a second look
on more seeds in the ranges themselves. Points are tried in the order of their numbers, so that what is kept does not
depend on how many work. No row marked 'test' is looked at.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from commsim.about import __version__
from commsim.study.executors import executor_of
from commsim.study.tasks import Cancel, StepsDone, Task, Tell, values_of
from commsim.validation.facts import Test
from commsim.validation.path_catalogue import PATH_FACTS
from commsim.validation.path_draws import PathDraw, PathPosterior, prior_point
from commsim.validation.path_facts import PathFact, PathTest, Use
from commsim.validation.path_level import fitted_point
from commsim.validation.path_runs import DISTRICT, FEWER_YEARS, WITHOUT_A_FUND, YEARS, Family, Player, Stage
from commsim.validation.path_statistics import Measures
from commsim.whole_files import replace_text

WANTED = 12
"""Points that are kept unless told otherwise."""
FITTED_BEFORE = ("P0", "P15")
"""Rows that bringing a point to a level without a fund has met."""
TRIED_ON = {DISTRICT.id: DISTRICT, YEARS.id: FEWER_YEARS}
"""Where points are tried, by the family whose rows they have to meet: a smaller one, if the facts' own is dear."""
BATCH = 32
"""Points that are handed out together."""


@dataclass(frozen=True)
class Look:
    """Seeds that are played, from the first on, and by how much of its width a range is widened on either side."""

    seeds: int
    slack: float


LOOKS = (Look(2, 0.5), Look(6, 0.0))
Counted = dict[str, list[Measures]]
"""What was counted, by fact and then by seed."""


def fitted_tests(family: Family) -> Sequence[tuple[PathFact, PathTest]]:
    """The tests marked 'fit' of a family's facts, but for those that the level has met."""
    return [
        (fact, test)
        for fact in PATH_FACTS
        if fact.family is family and fact.id not in FITTED_BEFORE
        for test in fact.tests
        if test.use is Use.FIT
    ]


def allowed(test: Test, value: float, slack: float) -> bool:
    """Whether a number lies in a test's range, widened on either side by a share of its width.

    A range with one end is not widened: nothing says how wide it is.
    """
    width = test.high - test.low
    more = slack * width if math.isfinite(width) else 0.0
    return test.low - more < value < test.high + more


def fits(values: Mapping[str, float], family: Family, look: Look, stage_of: Stages, counted: Counted) -> bool:
    """Whether a point meets every test marked 'fit' of a family, at one look.

    `counted`, by fact what was counted on the seeds so far, is added to.
    """
    tests = fitted_tests(family)
    facts = {fact.id: fact for fact, _test in tests}
    arms = sorted({arm for fact in facts.values() for arm in fact.arms})
    seen = len(counted.get(tests[0][0].id, ()))
    for seed in range(seen + 1, look.seeds + 1):
        runs = stage_of(TRIED_ON[family.id], seed).play(arms, values)
        for name, fact in facts.items():
            counted.setdefault(name, []).append(fact.measure(runs))
    return all(allowed(test, float(test.statistic.values(counted[fact.id]).mean()), look.slack) for fact, test in tests)


class Stages:
    """Worlds by family and seed, each built once."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, int], Player] = {}

    def __call__(self, family: Family, seed: int) -> Player:
        """The world of a family for a seed."""
        key = (family.id, seed)
        if key not in self._known:
            self._known[key] = Stage(family, seed)
        return self._known[key]


@cache
def _stages() -> Stages:
    """This process's worlds, shared by all points that it tries."""
    return Stages()


def tried_point(number: int, seed: int, stage_of: Stages) -> PathDraw | None:
    """Point `number` of the prior if every row marked 'fit' allows it, else None."""
    found = fitted_point(*prior_point(number, seed), stage_of(WITHOUT_A_FUND, 1))
    if found.miss > 0.0:
        return None
    counted: Counted = {}
    looks = ((family, look) for look in LOOKS for family in (DISTRICT, YEARS))
    if all(fits(found.values, family, look, stage_of, counted) for family, look in looks):
        return PathDraw(found.values, number)
    return None


def calibrate_path(
    wanted: int = WANTED,
    seed: int = 1,
    *,
    workers: int = 1,
    progress: StepsDone | None = None,
    cancel: Cancel | None = None,
) -> PathPosterior:
    """Try points of the prior until `wanted` are kept.

    Arguments: `seed`, of the points; `workers`, processes (the points do not depend on it); `progress(kept, wanted)`;
    `cancel`, set to stop. Raises Cancelled.
    """
    executor = executor_of(workers)
    kept: list[PathDraw] = []
    first = 1
    while len(kept) < wanted:
        tasks = [Task((number, seed)) for number in range(first, first + BATCH)]
        kept += [drawn for drawn in values_of(executor.outcomes(_try, tasks, cancel=cancel)) if drawn is not None]
        first += BATCH
        if progress is not None:
            progress(min(len(kept), wanted), wanted)
    chosen = tuple(kept[:wanted])
    return PathPosterior(chosen, chosen[-1].point, seed)


def _try(given: tuple[int, int], tell: Tell) -> PathDraw | None:
    number, seed = given
    return tried_point(number, seed, _stages())


def write_path_posterior(found: PathPosterior, path: Path) -> None:
    """Write the points where the path's facts draw from; the file is replaced as a whole or not at all."""
    lines = [
        "# Written by `commsim lab calibrate --path`; do not edit. Points of the prior at which every row of the path",
        "# marked 'fit' comes out in its range; value k of every parameter belongs to point k.",
        f"version: {__version__!r}",
        f"seed: {found.seed}",
        f"tried: {found.tried}",
        f"points: {[drawn.point for drawn in found.draws]}",
        "parameters:",
    ]
    for name in found.draws[0].values:
        lines.append(f"  {name}: [{', '.join(f'{drawn.values[name]:.6g}' for drawn in found.draws)}]")
    replace_text(path, "\n".join(lines) + "\n")
