"""Arithmetic of quadratic funding: subsidies from gifts, and fitting them to a pot. Pure functions of arrays."""

from __future__ import annotations

import numpy as np
import scipy  # its parts load when they are used
from numpy.typing import NDArray

from commsim.plugins.shared.dividing import filled

Floats = NDArray[np.float64]

LOG_SCALE = 100.0
"""Divisor in the deployed growth of an unsaturated pot, ×(1 + ln(pot / total) / 100): part of the definition."""


_PAIRS = 2_000_000  # pairs of donors that are held in memory at once


def plain_subsidies(
    project: NDArray[np.integer], gift: NDArray[np.number], projects: int, subtract_direct: bool
) -> Floats:
    """(Σ_i √p_ij)², less Σ_i p_ij with `subtract_direct`, by project, shape (projects,).

    Arguments: one entry for each gift, of which a donor gives at most one to a project; amounts in one unit.
    """
    given = gift.astype(np.float64)
    roots = np.bincount(project, weights=np.sqrt(given), minlength=projects)
    direct = np.bincount(project, weights=given, minlength=projects)
    square: Floats = np.square(roots, dtype=np.float64)
    if not subtract_direct:
        return square
    # One donor's square is his gift; the root's rounding must not draw money for him.
    donors = np.bincount(project, weights=given > 0, minlength=projects)
    subsidy: Floats = np.where(donors > 1, np.maximum(square - direct, 0.0), 0.0)
    return subsidy


def pairwise_subsidies(gifts: scipy.sparse.csr_array, threshold: float) -> Floats:
    """Σ_{i<i'} √(p_ij p_i'j) · M / (M + Σ_k √(p_ik p_i'k)) by project, shape (projects,).

    Arguments: `gifts`, shape (donors, projects); `threshold` M in the same unit. Pairs without a common project are
    never formed; the pairs of one project are, some millions at a time.
    """
    roots = scipy.sparse.csr_array(gifts)
    roots.data = np.sqrt(roots.data)
    columns = roots.tocsc()
    subsidies = np.zeros(roots.shape[1])
    for project in range(roots.shape[1]):
        part = slice(columns.indptr[project], columns.indptr[project + 1])
        root = columns.data[part]
        if np.count_nonzero(root) < 2:
            continue  # there is no pair, and rounding must not draw money for one donor
        others = scipy.sparse.csr_array(roots[columns.indices[part]])
        others.data = np.where(others.indices == project, 0.0, others.data)
        others.eliminate_zeros()
        # Each pair stands twice in the product; a donor with himself is no pair.
        alone = root**2 + np.asarray((others * others).sum(axis=1)).ravel()
        whole = _damped(root, others, threshold) - float((root**2 * (threshold / (threshold + alone))).sum())
        subsidies[project] = max(whole, 0.0) / 2
    return subsidies


def _damped(root: Floats, others: scipy.sparse.csr_array, threshold: float) -> float:
    """Σ_{i,i'} r_i r_i' · M / (M + r_i r_i' + Σ_k o_ik o_i'k) over all donors of a project, in blocks of rows."""
    transposed = others.T.tocsr()
    total, rows = 0.0, max(_PAIRS // max(root.size, 1), 1)
    for first in range(0, root.size, rows):
        mine = root[first : first + rows]
        agreement = np.outer(mine, root)
        elsewhere = (others[first : first + rows] @ transposed).tocoo()
        agreement[elsewhere.coords] += elsewhere.data
        agreement += threshold
        np.divide(threshold, agreement, out=agreement)
        total += float(mine @ (agreement @ root))
    return total


def binary_ties(clusters: Floats) -> Floats:
    """Ties of donors to clusters as Miller, Weyl and Erichsen have them, shape (donors, clusters): 1 for a donor who is
    in the cluster or shares one with somebody who is, else 0. `clusters`: membership, shape (donors, clusters).

    >>> binary_ties(np.array([[1.0, 0.0], [1.0, 1.0], [0.0, 1.0]])).tolist()
    [[1.0, 1.0], [1.0, 1.0], [1.0, 1.0]]
    """
    inside = clusters > 0
    shared = (clusters.T @ inside) > 0
    return np.minimum((inside.astype(np.float64) @ (shared & (np.eye(shared.shape[0]) < 1))) + inside, 1.0)


def walked_ties(clusters: Floats) -> Floats:
    """Ties of donors to clusters as the calculator has them by default, shape (donors, clusters): 1 inside, else a
    chance. `clusters`: membership, shape (donors, clusters).

    The chance to end in the cluster when a donor draws a cluster of his, there a member, and of that member a cluster.

    >>> walked_ties(np.array([[1.0, 0.0], [1.0, 1.0], [0.0, 1.0]])).tolist()
    [[1.0, 0.25], [1.0, 1.0], [0.25, 1.0]]
    """
    to_cluster, to_member = _parts(clusters), _parts(clusters.T)
    return np.maximum(to_cluster @ (to_member @ to_cluster), clusters > 0)


def _parts(rows: Floats) -> Floats:
    """Rows divided by their sums; rows of nothing stay."""
    whole = rows.sum(axis=1, keepdims=True)
    return np.divide(rows, whole, out=np.zeros_like(rows), where=whole > 0)


def cluster_subsidies(gifts: scipy.sparse.csr_array, clusters: Floats, ties: Floats, harsh: bool) -> Floats:
    """Σ_{g≠h} √(Q_gh Q_hg) by project, shape (projects,).

    Arguments: `gifts`, shape (donors, projects); `clusters`, membership (donors, clusters); `ties` k, same shape, from
    0 to 1 (`walked_ties`, `binary_ties`). Q_gh is what donors of g, weighted by membership, bring to the agreement with
    h: (1 − k) p (`harsh`), or k √p + (1 − k) p.
    """
    weight = _parts(clusters)
    by_project = gifts.tocsc()
    subsidies = np.zeros(gifts.shape[1])
    for project in range(gifts.shape[1]):
        part = slice(by_project.indptr[project], by_project.indptr[project + 1])
        donor, gift = by_project.indices[part], by_project.data[part][:, None]
        tied = ties[donor]
        brought = (1.0 - tied) * gift + (0.0 if harsh else tied * np.sqrt(gift))
        common = weight[donor].T @ brought
        root = np.sqrt(np.maximum(common * common.T, 0.0))
        subsidies[project] = root.sum() - np.trace(root)
    return subsidies


def scaled_up(raw: Floats, pot: float, how: str) -> Floats:
    """Subsidies that do not use up the pot, as they are (`keep`), by 1 + ln(pot/total)/100, or until they do."""
    total = raw.sum()
    if total == 0 or total >= pot or how == "keep":
        return raw
    if how == "scale_up":
        return np.asarray(raw / total * pot)
    growth = 1.0 + (np.log(pot) - np.log(total)) / LOG_SCALE
    return np.asarray(np.minimum(raw * growth, raw / total * pot))


def fitted(raw: Floats, limits: Floats, pot: float, unsaturated: str) -> Floats:
    """Subsidies within their limits and together within the pot, unrounded, shape (n,).

    Scaled up first where they do not use up the pot, then cut to limits. Where more than the pot remains, x_j =
    min(limit_j, λ·s_j) with λ such that the pot is used: limits that bind are fixed and the rest is shared again.
    """
    if not np.isfinite(pot) or raw.sum() == 0:
        return np.asarray(np.minimum(raw, limits))
    wished = scaled_up(raw, pot, unsaturated)
    cut = np.minimum(wished, limits)
    if cut.sum() <= pot and unsaturated != "scale_up":
        return np.asarray(cut)
    limits = np.minimum(limits, pot)
    full = filled(pot, limits, wished)
    left = max(pot - limits[full].sum(), 0.0)
    paid = np.where(full, limits, 0.0)
    open_weight = wished[~full].sum()
    if open_weight > 0:
        paid[~full] = wished[~full] / open_weight * left
    return np.asarray(np.minimum(paid, limits))
