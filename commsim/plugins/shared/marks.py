"""From the marks of judges to one score a proposal: means, medians, ranks, and the expected rank of a noisy panel.

`marks` has shape (judges, proposals), higher is better, NaN where a judge gave none. Scores have shape (proposals,).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy  # its parts load when they are used
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def standardised(marks: Floats) -> Floats:
    """Every judge's marks with mean 0 and standard deviation 1 (0 where a judge gave everyone the same)."""
    if marks.size == 0:
        return marks.copy()
    centred = marks - _nanmean(marks, axis=1)[:, None]
    spread = np.sqrt(_nanmean(centred**2, axis=1))[:, None]
    return np.divide(centred, spread, out=np.where(np.isnan(marks), np.nan, 0.0), where=(spread > 0) & ~np.isnan(marks))


def _nanmean(values: Floats, axis: int) -> Floats:
    """Mean of what is there, 0 where nothing is."""
    there = ~np.isnan(values)
    count = there.sum(axis=axis)
    total = np.where(there, values, 0.0).sum(axis=axis)
    mean: Floats = np.divide(total, count, out=np.zeros(total.shape), where=count > 0)
    return mean


def mean_score(marks: Floats) -> Floats:
    """Mean mark."""
    return _nanmean(marks, axis=0)


def trimmed_score(marks: Floats, share: float) -> Floats:
    """Mean of the marks without the floor(share · judges) highest and as many lowest, of three or more at least one.

    `share` 0 leaves out none, 0.5 all but the median.
    """
    scores = np.zeros(marks.shape[1])
    for proposal, given in enumerate(marks.T):
        ordered = np.sort(given[~np.isnan(given)])
        cut = min(max(int(share * ordered.size), int(share > 0)), max(ordered.size - 1, 0) // 2)
        scores[proposal] = ordered[cut : ordered.size - cut].mean() if ordered.size else 0.0
    return scores


def rank_sum_score(marks: Floats) -> Floats:
    """Minus the mean rank over judges (1 = best, equal marks share their ranks); unmarked proposals rank last."""
    ranks = np.array([scipy.stats.rankdata(np.where(np.isnan(row), np.inf, -row)) for row in marks]).reshape(
        marks.shape
    )
    return -_nanmean(ranks, axis=0)


@dataclass(frozen=True)
class Posterior:
    """What a noisy panel lets one believe of true quality: `mean` (n,) and `covariance` (n, n), in units of marks;
    the standard deviations of quality, of judges' leniency and of error that it rests on."""

    mean: Floats
    covariance: Floats
    quality: float
    leniency: float
    error: float

    def expected_rank(self) -> Floats:
        """Mean rank of each proposal over what may be true, 1 = best, shape (n,): 1 + Σ_l P(θ_l > θ_j)."""
        variance = np.diag(self.covariance)
        spread = np.sqrt(np.maximum(variance[:, None] + variance[None, :] - 2 * self.covariance, 0.0))
        ahead = self.mean[None, :] - self.mean[:, None]
        certain = np.where(ahead > 0, 1.0, np.where(ahead < 0, 0.0, 0.5))
        chance = np.where(
            spread > 0,
            scipy.special.ndtr(np.divide(ahead, spread, out=np.zeros_like(ahead), where=spread > 0)),
            certain,
        )
        np.fill_diagonal(chance, 0.0)
        ranks: Floats = 1.0 + chance.sum(axis=1)
        return ranks

    def deviation(self) -> Floats:
        """Standard deviation of each proposal's quality, shape (n,)."""
        deviation: Floats = np.sqrt(np.diag(self.covariance))
        return deviation


def posterior(marks: Floats) -> Posterior:
    """Quality behind the marks under y_kj = μ + θ_j + λ_k + ε: θ, λ and ε normal and independent (Heyard et al. 2022).

    Variances are estimated by moments from the two-way table (empirical Bayes, where the source samples them); with
    fewer than two judges or proposals error and quality cannot be told apart, and marks are taken at their word.
    """
    there = ~np.isnan(marks)
    per_proposal, per_judge = there.sum(axis=0), there.sum(axis=1)
    judges, n = marks.shape
    freedom = int(there.sum()) - int((per_judge > 0).sum()) - int((per_proposal > 0).sum()) + 1
    if min(judges, n) < 2 or freedom <= 0:
        return Posterior(mean_score(marks), np.zeros((n, n)), 0.0, 0.0, 0.0)
    grand, effect, leniency = _two_way(marks, there)
    residual = np.where(there, marks - grand - effect[None, :] - leniency[:, None], 0.0)
    error = float((residual**2).sum() / freedom)
    quality = _variance_beyond(effect, per_proposal, error)
    lenient = _variance_beyond(leniency, per_judge, error)
    mean, covariance = _normal_posterior(marks - grand, there, quality, lenient, error)
    return Posterior(grand + mean, covariance, quality**0.5, lenient**0.5, error**0.5)


def _two_way(marks: Floats, there: NDArray[np.bool_]) -> tuple[float, Floats, Floats]:
    """Least squares of an additive table: grand mean, effects of proposals and of judges, each of mean 0."""
    seen, values = there.astype(np.float64), np.where(there, marks, 0.0)
    share = 1.0 / np.maximum(seen.sum(axis=0), 1.0)
    # Proposals are eliminated first, which leaves a system as small as the panel.
    system = np.diag(seen.sum(axis=1)) - (seen * share) @ seen.T
    leniency = np.linalg.lstsq(system, values.sum(axis=1) - seen @ (share * values.sum(axis=0)), rcond=None)[0]
    effect = share * (values.sum(axis=0) - leniency @ seen)
    grand = leniency.mean() + effect.mean()
    return float(grand), effect - effect.mean(), leniency - leniency.mean()


def _variance_beyond(effects: Floats, count: NDArray[np.int64], error: float) -> float:
    """Variance of effects beyond what error alone would give their estimates, at least 0."""
    known = count > 0
    noise = error * float((1.0 / count[known]).mean())
    return max(float(effects[known].var(ddof=1)) - noise, 0.0) if known.sum() > 1 else 0.0


def _normal_posterior(
    marks: Floats, there: NDArray[np.bool_], quality: float, lenient: float, error: float
) -> tuple[Floats, Floats]:
    """Mean and covariance of θ given the centred marks and the variances; judges' leniency integrated out."""
    n = marks.shape[1]
    if quality == 0:
        return np.zeros(n), np.zeros((n, n))
    if error == 0:
        error = quality * np.finfo(np.float64).eps
    seen = there.astype(np.float64)
    values = np.where(there, marks, 0.0)
    own = 1.0 / quality + seen.sum(axis=0) / error
    target = values.sum(axis=0) / error
    if lenient == 0:
        return target / own, np.diag(1.0 / own)
    # Taking the judges out leaves diagonal − seenᵀ D seen: inverted through a system as small as the panel (Woodbury).
    judge = 1.0 / (1.0 / lenient + seen.sum(axis=1) / error) / error**2
    target = target - seen.T @ (judge * error * (values.sum(axis=1) / error))
    through = seen / own
    core = np.linalg.inv(np.diag(1.0 / judge) - through @ seen.T)
    covariance = np.diag(1.0 / own) + through.T @ core @ through
    return covariance @ target, covariance
