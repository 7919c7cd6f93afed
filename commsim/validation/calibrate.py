"""Calibration: which values of the free coefficients agree with the rows that may be used to fit.

Bayesian calibration with an emulator (Kennedy and O'Hagan 2001): the experiment is played at a Latin hypercube of
prior points, each statistic is interpolated between them (thin-plate splines, `scipy.interpolate.RBFInterpolator`),
and a large Sobol sample of the prior is weighted by how well the interpolated statistics agree with the published
figures, given their standard errors and the emulator's own. As in history matching (Craig et al. 1997), points whose
statistics leave the test ranges of the fitted rows are implausible and dropped, so that fitted rows hold by
construction and are no evidence. Rows 3, 7, 8, 9 and 13 are never used. A parameter whose
posterior is nearly as wide as its prior is not identified: it keeps its prior, and the report says so.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import RBFInterpolator
from scipy.stats import qmc

from commsim.about import __version__
from commsim.errors import BrokenInvariant
from commsim.i18n import _
from commsim.scenario.registry import REGISTRY_FOLDER, Parameter, load_registry
from commsim.validation.experiments_of_facts import decay, election, match_offers, messages, seed_money
from commsim.validation.facts import Statistics, Test
from commsim.validation.uncertainty import prior_values
from commsim.whole_files import replace_text

NEVER_FITTED = (3, 7, 8, 9, 13)
POINTS_KEPT = 40
"""Points of the joint posterior that are kept for the facts."""
IDENTIFIED_BELOW = 0.75
"""Posterior standard deviation, as a share of the prior's, below which a parameter counts as identified."""

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
SEEDS_OF_SMALL_CELLS = 8
"""Seeds of row 6's small cells that are played for each seed of row 4's large ones."""
ROOM = 0.37
"""Half of a 95% t-interval of a mean over 30 seeds, in standard deviations (2.045 ÷ √30)."""

Numbers = NDArray[np.float64]
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Target:
    """A published figure to agree with: statistic, value and standard error, both in logs where `log`."""

    statistic: str
    value: float
    error: float
    source: str
    log: bool = False


@dataclass(frozen=True)
class Block:
    """Rows, the parameters that they may identify, their published figures, and the experiments to play."""

    rows: tuple[int, ...]
    parameters: tuple[str, ...]
    targets: tuple[Target, ...]
    play: Callable[[int, Mapping[str, float]], Statistics]
    points: int
    seeds: int
    ranges: tuple[tuple[int, str], ...] = ()
    """Test ranges (row, statistic) outside which a point is implausible and dropped."""


@dataclass(frozen=True)
class Posterior:
    """What a parameter was found to be: mean, standard deviation and central 95% range; the rows it comes from."""

    name: str
    mean: float
    sd: float
    low: float
    high: float
    prior_sd: float
    rows: tuple[int, ...]
    draws: tuple[float, ...]
    """Points of the posterior; point k of all parameters of the same rows belongs together."""

    @property
    def identified(self) -> bool:
        """Whether the rows say more than the prior did."""
        return self.sd < IDENTIFIED_BELOW * self.prior_sd


def _offers(seed: int, parameters: Mapping[str, float]) -> Statistics:
    return {**match_offers(seed, parameters), **{f"seed_{k}": v for k, v in _seeds(seed, parameters).items()}}


def _seeds(seed: int, parameters: Mapping[str, float]) -> Statistics:
    """Row 6 at its published cells of 500, where ratios of small numbers are larger on average than those of large."""
    played = [
        seed_money(SEEDS_OF_SMALL_CELLS * (seed - 1) + one, parameters) for one in range(1, 1 + SEEDS_OF_SMALL_CELLS)
    ]
    return {name: float(np.nanmean([row[name] for row in played])) for name in played[0]}


def _game(seed: int, parameters: Mapping[str, float]) -> Statistics:
    """Row 2, and the pooled regression of beliefs on their lag and on what the others gave."""
    lag, others = parameters["belief.own_lag"], parameters["belief.others"]
    return {**decay(seed, parameters), "own_lag": lag, "others": others, "carried": lag + others}


_KL = "Karlan and List 2007, Table 2A"
_LLR = "List and Lucking-Reiley 2002"
_GGL = "Gerber, Green and Larimer 2008, Table 2"
_FG = "Fischbacher and Gächter 2010, raw data"
_A4 = "Shanghai city survey (district.md A4); error of a band of 1,000 assumed"

BLOCKS: tuple[Block, ...] = (
    Block(
        (2,),
        (
            "lab.optimism",
            "lab.optimism_fading",
            "lab.belief_noise",
            "belief.constant",
            "belief.own_lag",
            "belief.others",
        ),
        (
            Target("first", 7.89, 0.55, _FG),
            Target("last", 2.24, 0.37, _FG),
            Target("zeros_first", 0.236, 0.036, _FG),
            Target("zeros_last", 0.557, 0.042, _FG),
            Target("middle", 4.80, 0.45, _FG),
            Target("belief_middle", 6.71, 0.30, _FG),
            Target("belief_last", 3.32, 0.25, _FG),
            # Pooled least squares, subjects bootstrapped (1,000 times); the sum is better known than its parts.
            Target("own_lag", 0.565, 0.034, _FG),
            Target("others", 0.418, 0.020, _FG),
            Target("carried", 0.983, 0.031, _FG),
        ),
        _game,
        points=250,
        seeds=10,
        ranges=((2, "ratio"), (2, "zeros")),
    ),
    Block(
        (4, 6),
        (
            "yes.donor_signal",
            "yes.match_as_share",
            "yes.match_half",
            "yes.price",
            "lab.signal_size",
            "lab.match_substitution",
            "amount.refund",
            # How people differ: these rows say little of it, but what an offer does hangs on it, so it is drawn along.
            "lab.disposition_spread",
            "lab.refusal",
            "lab.gift_spread",
            "yes.habit",
        ),
        (
            Target("response", 0.201, 0.069, _KL, log=True),
            Target("size", 0.095, 0.094, _KL),
            Target("gift_any", -0.037, 0.063, _KL),
            Target("gift_3_to_1", -0.086, 0.080, _KL),
            Target("seed_number", 0.796, 0.198, _LLR, log=True),
            Target("seed_total", 1.775, 0.25, _LLR, log=True),
            Target("seed_refund", 0.20, 0.08, _LLR),
        ),
        _offers,
        points=900,
        seeds=4,
        ranges=((4, "response"), (4, "size"), (4, "own"), (6, "seed_number"), (6, "seed_total"), (6, "seed_refund")),
    ),
    Block(
        (5,),
        ("lab.duty", "lab.audience_researcher", "lab.audience_household", "yes.seen"),
        (
            Target("duty", 1.8, 0.26, _GGL),
            Target("watched", 0.7, 0.34, _GGL),
            Target("own_record", 2.3, 0.34, _GGL),
            Target("top", 8.1, 0.27, _GGL),
        ),
        messages,
        points=120,
        seeds=3,
        ranges=((5, "top"), (5, "steps")),
    ),
    Block(
        (10,),
        (
            "elections.turnout_young",
            "elections.turnout_middle",
            "elections.turnout_old",
            "elections.party_log_odds",
        ),
        (
            Target("young", 13.77, 1.1, _A4),
            Target("middle", 55.68, 1.6, _A4),
            Target("old", 77.74, 1.3, _A4),
            Target("party", 16.73, 2.0, _A4),
        ),
        election,
        points=120,
        seeds=3,
        ranges=((10, "young"), (10, "middle"), (10, "old"), (10, "party")),
    ),
)


def calibrate(seed: int = 1, samples: int = 2**17, progress: Progress | None = None) -> list[Posterior]:
    """Posterior of every parameter of `BLOCKS`; the same seed gives the same numbers. `progress(done, all)`."""
    found: list[Posterior] = []
    total = sum(block.points for block in BLOCKS)
    done = 0
    for block in BLOCKS:
        assert not set(block.rows) & set(NEVER_FITTED)
        offset = done

        def tell(point: int, offset: int = offset) -> None:
            if progress is not None:
                progress(offset + point, total)

        found += _fit(block, seed, samples, tell)
        done += block.points
    return found


def _fit(block: Block, seed: int, samples: int, tell: Callable[[int], None]) -> list[Posterior]:
    prior = [load_registry()[name] for name in block.parameters]
    rng = np.random.default_rng(np.random.Philox(seed))
    design = qmc.LatinHypercube(d=len(prior), rng=rng).random(block.points)
    places = np.stack([prior_values(one, design[:, i]) for i, one in enumerate(prior)], axis=1)
    statistics: list[dict[str, Numbers]] = []
    for point, place in enumerate(places):
        statistics.append(_played(block, dict(zip(block.parameters, place, strict=True))))
        tell(point + 1)
    cloud = qmc.Sobol(d=len(prior), rng=rng).random(samples)
    weights = _weights(block, design, statistics, cloud)
    # Systematic resampling: evenly spaced quantiles of the weights, with one random start.
    quantiles = (np.arange(POINTS_KEPT) + rng.random()) / POINTS_KEPT
    kept = np.minimum(np.searchsorted(np.cumsum(weights), quantiles), samples - 1)
    return [_summary(one, prior_values(one, cloud[:, i]), weights, kept, block.rows) for i, one in enumerate(prior)]


def _played(block: Block, values: Mapping[str, float]) -> dict[str, Numbers]:
    """Statistics of every seed by name, shape (seeds,)."""
    rows = [block.play(seed, values) for seed in range(1, block.seeds + 1)]
    return {name: np.array([row[name] for row in rows]) for name in rows[0]}


def _weights(block: Block, design: Numbers, statistics: list[dict[str, Numbers]], cloud: Numbers) -> Numbers:
    """Likelihood of each point of the cloud, by the interpolated statistics and both errors; 0 where implausible."""
    means = np.array([[_mean(found, one) for one in block.targets] for found in statistics])
    half = len(design) // 2
    check = _emulator(design[:half], means[:half])(design[half:]) - means[half:]
    emulated = _emulator(design, means)(cloud)
    published = np.array([one.value for one in block.targets])
    error = np.sqrt(np.array([one.error for one in block.targets]) ** 2 + np.median(np.abs(check), axis=0) ** 2)
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


def _plausible(
    block: Block, design: Numbers, statistics: list[dict[str, Numbers]], cloud: Numbers
) -> NDArray[np.bool_]:
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
    from commsim.validation.catalogue_of_facts import FACTS

    return next(test for fact in FACTS if fact.id == row for test in fact.tests if test.name == name)


def _emulator(design: Numbers, statistics: Numbers) -> RBFInterpolator:
    return RBFInterpolator(design, statistics, kernel="thin_plate_spline", smoothing=1e-3, degree=1)


def _summary(
    one: Parameter, values: Numbers, weights: Numbers, kept: NDArray[np.intp], rows: tuple[int, ...]
) -> Posterior:
    mean = float(np.average(values, weights=weights))
    sd = float(np.sqrt(np.average((values - mean) ** 2, weights=weights)))
    order = np.argsort(values, kind="stable")
    cumulative = np.cumsum(weights[order])
    low, high = (float(values[order][np.searchsorted(cumulative, q)]) for q in (0.025, 0.975))
    draws = tuple(map(float, values[kept]))
    return Posterior(one.name, mean, sd, low, high, float(values.std()), rows, draws)


def write_posterior(
    found: list[Posterior], seed: int, path: Path, registry: Path | None = REGISTRY_FOLDER
) -> list[str]:
    """Write the posterior to `path`, and the means of identified parameters as values into the registry's files.

    Keeps every other byte of the registry; each file is replaced as a whole or not at all. Returns the names written.
    `registry` None leaves the registry alone.
    """
    lines = [
        "# Written by `commsim lab calibrate`; do not edit. Parameters that no row identifies keep their prior: their",
        "# points only carry what the rows say of them together with the others.",
        f"version: {__version__!r}",
        f"seed: {seed}",
        "method: emulator, history matching and importance sampling (commsim/validation/calibrate.py)",
        "parameters:",
    ]
    for one in found:
        lines.append(
            f"  {one.name}: {{mean: {one.mean:.4g}, sd: {one.sd:.3g}, low: {one.low:.4g}, high: {one.high:.4g}, "
            f"identified: {str(one.identified).lower()}, rows: {list(one.rows)},"
        )
        lines.append(f"    draws: [{', '.join(f'{value:.4g}' for value in one.draws)}]}}")
    replace_text(path, "\n".join(lines) + "\n")
    identified = [one for one in found if one.identified]
    if registry is not None:
        for one in identified:
            if not one.name.startswith("elections."):  # those are the survey's own figures
                _set_value(registry, one.name, one.mean)
    return [one.name for one in identified]


def _set_value(folder: Path, name: str, value: float) -> None:
    pattern = re.compile(rf"(^{re.escape(name)}:\n  value: )\S+", flags=re.MULTILINE)
    for path in sorted(folder.glob("*.yaml")):
        text = path.read_text(encoding="utf-8")
        changed, count = pattern.subn(rf"\g<1>{value:.3g}", text)
        if count:
            replace_text(path, changed)


def as_rows(found: list[Posterior]) -> list[dict[str, Any]]:
    """The posterior as plain rows, for tables and JSON."""
    return [
        {
            "parameter": one.name,
            "mean": one.mean,
            "sd": one.sd,
            "low": one.low,
            "high": one.high,
            "prior_sd": one.prior_sd,
            "rows": list(one.rows),
            "identified": one.identified,
        }
        for one in found
    ]
