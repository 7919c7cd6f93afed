"""Calibration: which values of the free coefficients agree with the rows that may be used to fit.

Bayesian calibration with an emulator (Kennedy and O'Hagan 2001): the experiment is played at a Latin hypercube of
prior points, each statistic is interpolated between them (thin-plate splines, `scipy.interpolate.RBFInterpolator`),
and a large Sobol sample of the prior is weighted by how well the interpolated statistics agree with the published
figures, given their standard errors and the emulator's own. As in history matching (Craig et al. 1997), points whose
statistics leave the test ranges of the fitted rows are implausible and dropped, so that fitted rows hold by
construction and are no evidence. A parameter whose
posterior is nearly as wide as its prior is not identified: it keeps its prior, and the report says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import RBFInterpolator
from scipy.stats import qmc

from commsim.errors import BrokenInvariant
from commsim.i18n import _
from commsim.scenario.registry import Parameter, load_registry
from commsim.study.executors import executor_of
from commsim.study.tasks import Cancel, StepsDone, Task, Tell, values_of
from commsim.validation.calibration_targets import BLOCKS, NEVER_FITTED, Block, Target
from commsim.validation.catalogue_of_facts import FACTS
from commsim.validation.facts import Test
from commsim.validation.posterior import Posterior
from commsim.validation.uncertainty import prior_values

POINTS_KEPT = 40
"""Points of the joint posterior that are kept for the facts."""

SPREAD_AT_PUBLISHED_SIZE = {
    "ratio": 0.065,
    "zeros": 0.4,
    "response": 0.02,
    "size": 0.03,
    "own": 0.045,
    "seed_number": 0.42,
    "seed_total": 1.8,
    "seed_refund": 0.0,
}
"""Standard deviation of a statistic between seeds at the published arm sizes, as simulated."""
ROOM = 0.37
"""Half of a 95% t-interval of a mean over 30 seeds, in standard deviations (2.045 ÷ √30)."""

Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class _Design:
    """A block with the prior points at which its experiments are played, as probabilities and as values, and the
    generator that goes on with chance from there."""

    block: Block
    prior: Sequence[Parameter]
    probabilities: Numbers
    values: Numbers
    rng: np.random.Generator

    @classmethod
    def of(cls, block: Block, seed: int) -> _Design:
        """The Latin hypercube of a block; the same seed gives the same points."""
        prior = [load_registry()[name] for name in block.parameters]
        rng = np.random.default_rng(np.random.Philox(seed))
        cube = qmc.LatinHypercube(d=len(prior), rng=rng).random(block.points)
        values = np.stack([prior_values(parameter, cube[:, i]) for i, parameter in enumerate(prior)], axis=1)
        return cls(block, prior, cube, values, rng)

    @property
    def tasks(self) -> Iterator[Task[_Point]]:
        """The block's experiments at each point."""
        for point in self.values:
            yield Task((self.block, dict(zip(self.block.parameters, point, strict=True))))


_Point = tuple[Block, dict[str, float]]
_Statistics = dict[str, Numbers]
"""Statistics by name, shape (seeds,)."""


def calibrate(
    seed: int = 1,
    samples: int = 2**17,
    progress: StepsDone | None = None,
    *,
    workers: int = 1,
    cancel: Cancel | None = None,
    blocks: Sequence[Block] = BLOCKS,
) -> list[Posterior]:
    """Posterior of every parameter of the `blocks`; the same seed gives the same numbers for any number of workers.

    Arguments: `samples`, points of the prior that are weighted; `progress(done, all)`, told points played; `workers`,
    processes; `cancel`, set to stop. Raises BrokenInvariant where rows cannot hold together, Cancelled.
    """
    assert not {row for block in blocks for row in block.rows} & set(NEVER_FITTED)
    designs = [_Design.of(block, seed) for block in blocks]
    tasks = [task for design in designs for task in design.tasks]
    played = values_of(executor_of(workers).outcomes(_play, tasks, progress=progress, cancel=cancel))
    statistics = [list(islice(played, design.block.points)) for design in designs]
    return [found for design, rows in zip(designs, statistics, strict=True) for found in _fit(design, rows, samples)]


def _play(point: _Point, tell: Tell) -> _Statistics:
    """A block's experiments at one point, for every seed."""
    block, values = point
    rows = [block.play(seed, values) for seed in range(1, block.seeds + 1)]
    return {name: np.array([row[name] for row in rows]) for name in rows[0]}


def _fit(design: _Design, statistics: Sequence[_Statistics], samples: int) -> list[Posterior]:
    block, prior, rng = design.block, design.prior, design.rng
    cloud = qmc.Sobol(d=len(prior), rng=rng).random(samples)
    weights = _weights(block, design.probabilities, statistics, cloud)
    # Systematic resampling: evenly spaced quantiles of the weights, with one random start.
    quantiles = (np.arange(POINTS_KEPT) + rng.random()) / POINTS_KEPT
    kept = np.minimum(np.searchsorted(np.cumsum(weights), quantiles), samples - 1)
    return [
        _summary(parameter, prior_values(parameter, cloud[:, i]), weights, kept, block.rows)
        for i, parameter in enumerate(prior)
    ]


def _weights(block: Block, design: Numbers, statistics: Sequence[_Statistics], cloud: Numbers) -> Numbers:
    """Likelihood of each point of the cloud, by the interpolated statistics and both errors; 0 where implausible."""
    means = np.array([[_mean(found, target) for target in block.targets] for found in statistics])
    half = len(design) // 2
    check = _emulator(design[:half], means[:half])(design[half:]) - means[half:]
    emulated = _emulator(design, means)(cloud)
    published = np.array([target.value for target in block.targets])
    error = np.sqrt(np.array([target.error for target in block.targets]) ** 2 + np.median(np.abs(check), axis=0) ** 2)
    misfit = (((emulated - published) / error) ** 2).sum(axis=1)
    plausible = _plausible(block, design, statistics, cloud)
    if not plausible.any():
        raise BrokenInvariant(
            _("rows {rows} cannot hold together in the ranges of the registry").format(rows=block.rows)
        )
    weights = np.where(plausible, np.exp(-0.5 * (misfit - misfit[plausible].min())), 0.0)
    return np.asarray(weights / weights.sum())


def _mean(found: Mapping[str, Numbers], target: Target) -> float:
    mean = float(np.nanmean(found[target.statistic]))
    return float(np.log(max(mean, np.finfo(float).tiny))) if target.log else mean


def _plausible(block: Block, design: Numbers, statistics: Sequence[_Statistics], cloud: Numbers) -> NDArray[np.bool_]:
    """Points whose interpolated statistics lie in the test ranges, with room for the error of a mean of 30 seeds."""
    plausible = np.ones(len(cloud), dtype=bool)
    for row, name in block.ranges:
        test = _test(row, name.removeprefix("seed_"))
        values = _straightened(np.array([np.nanmean(found[name]) for found in statistics]))
        half = len(design) // 2
        missed = _emulator(design[:half], values[:half, None])(design[half:])[:, 0] - values[half:]
        spread = SPREAD_AT_PUBLISHED_SIZE.get(name, 0.0)
        emulated = _emulator(design, values[:, None])(cloud)[:, 0]
        room = float(np.median(np.abs(missed)))
        plausible &= (emulated > _straightened(test.low + ROOM * spread) + room) & (
            emulated < _straightened(test.high - ROOM * spread) - room
        )
    return plausible


def _straightened(values: Numbers | float) -> Numbers:
    """log(1 + value), by which ratios and relative changes become nearly linear in log-odds."""
    return np.asarray(np.log1p(np.maximum(values, np.finfo(np.float64).eps - 1.0)))


def _test(row: int, name: str) -> Test:
    return next(test for fact in FACTS if fact.id == row for test in fact.tests if test.name == name)


def _emulator(design: Numbers, statistics: Numbers) -> RBFInterpolator:
    return RBFInterpolator(design, statistics, kernel="thin_plate_spline", smoothing=1e-3, degree=1)


def _summary(
    parameter: Parameter, values: Numbers, weights: Numbers, kept: NDArray[np.intp], rows: tuple[int, ...]
) -> Posterior:
    mean = float(np.average(values, weights=weights))
    sd = float(np.sqrt(np.average((values - mean) ** 2, weights=weights)))
    order = np.argsort(values, kind="stable")
    cumulative = np.cumsum(weights[order])
    low, high = (float(values[order][np.searchsorted(cumulative, q)]) for q in (0.025, 0.975))
    draws = tuple(map(float, values[kept]))
    return Posterior(parameter.name, mean, sd, low, high, float(values.std()), rows, draws)
