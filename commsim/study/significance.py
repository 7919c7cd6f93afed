"""What p values are made of: the paired t-test, what stands in its place where nothing spreads, and Holm's correction.

**One way of marking.** Wherever a figure is marked (* in a terminal, ▲ and ▼ on the page, `distinguishable` in tables),
its p value after Holm's correction is below 0.05. The family of the correction is one indicator: all pairs of rules,
the baseline included, so that the table against the baseline and the table rule × rule never contradict each other; of
figures that exist only against the baseline (leverage, cost) the rules that have one. Within a family the chance of
even one false mark is at most 5%.

**What few replicates can show.** With two to four replicates of figures that come in whole steps (residents,
projects), the differences often agree by chance, the t-test divides by a spread of zero, and p is 0: of pairs of two
replicates of equal rules that differ by luck of the size of one resident, it marks 12 in 100. Where nothing spreads,
p is therefore that of the exact sign-flip test (Fisher's randomization test of paired differences): of the 2^n equally
likely ways of giving the n differences their signs, two are as extreme as n equal ones, so p = 2^(1 − n): 0.5, 0.25,
0.125, 0.0625 for two to five replicates, none of which is marked. Elsewhere the t-test stands: with it, the same
simulation marks at most 5 in 100 at any number of replicates (tests/study/test_significance.py).

Sources: Student 1908, Biometrika 6(1): 1–25 (paired t-test); Fisher 1935, The Design of Experiments, §21 (sign-flip
test); Holm 1979, Scandinavian Journal of Statistics 6(2): 65–70.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy  # its parts load when they are used
from numpy.typing import ArrayLike, NDArray

from commsim.study.paired import CONFIDENCE

LEVEL = 1 - CONFIDENCE
"""Most that the chance of a false claim may be, over all claims of one family."""
ROUNDING = 1e-12
"""Of the figures' size: a spread below it is the arithmetic's, not the replicates'."""
Floats = NDArray[np.float64]


def holm(p_values: ArrayLike) -> Floats:
    """Holm's step-down adjusted p values, shape (m,), in the order given; NaN stays and does not count in the family.

    The i-th smallest of m is multiplied by m − i + 1, none may fall below the one before it, none exceeds 1.

    >>> holm([0.01, 0.04, 0.03, 0.005]).round(3).tolist()
    [0.03, 0.06, 0.06, 0.02]
    """
    given = np.asarray(p_values, dtype=np.float64)
    adjusted = np.full(given.shape, np.nan)
    known = np.flatnonzero(~np.isnan(given))
    order = known[np.argsort(given[known], kind="stable")]
    adjusted[order] = np.minimum(np.maximum.accumulate(given[order] * np.arange(order.size, 0, -1)), 1.0)
    return adjusted


def two_sided_p(value: ArrayLike, error: ArrayLike, n: ArrayLike) -> Floats:
    """p of `value` against zero: Student's t with n − 1 degrees of freedom, the sign-flip test's where `error` is 0.

    Arguments: arrays of one shape: the mean, its standard error and the replicates. 1 where nothing differs, NaN where
    value or error is or n < 2.

    >>> two_sided_p([3.0, 3.0, 0.0], [0.0, 1.0, 0.0], [4, 4, 4]).round(4).tolist()
    [0.125, 0.0577, 1.0]
    """
    size, spread = np.abs(np.asarray(value, dtype=np.float64)), np.asarray(error, dtype=np.float64)
    number = np.asarray(n)
    with np.errstate(divide="ignore", invalid="ignore"):
        from_t = 2 * scipy.stats.t.sf(size / spread, np.maximum(number - 1, 1))
    p = np.where(size == 0, 1.0, np.where(spread == 0, sign_flip_floor(number), from_t))
    return np.where((number > 1) & ~np.isnan(size + spread), p, np.nan)


def sign_flip_floor(n: Any) -> Floats:
    """The least p that the exact sign-flip test can give to `n` paired differences: 2^(1 − n).

    >>> sign_flip_floor(np.array([2, 5])).tolist()
    [0.5, 0.0625]
    """
    return np.asarray(2.0 ** (1 - np.asarray(n, dtype=np.float64)), dtype=np.float64)


def mean_p(values: ArrayLike) -> float:
    """p of the mean of `values`, shape (n,), against zero; NaN for fewer than two.

    >>> round(mean_p([5.0, 7.0, 6.0]), 4), mean_p([5.0, 5.0, 5.0]), mean_p([5.0])
    (0.0091, 0.25, nan)
    """
    given = np.asarray(values, dtype=np.float64)
    if given.size < 2:
        return float("nan")
    error = given.std(ddof=1) / np.sqrt(given.size)
    largest = np.abs(given).max()
    return float(two_sided_p(given.mean(), 0.0 if error <= ROUNDING * largest else error, given.size))
