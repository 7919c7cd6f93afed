"""Raking and whole copies against independent solutions: scipy's optimiser and plain proportional fitting."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import LinearConstraint, minimize

from commsim.errors import InvalidInput
from commsim.world.raking import fit_table, rake, whole_copies

# Ten households: persons of two age groups, and an indicator of one-person households.
OLD = np.array([1, 0, 2, 0, 1, 1, 0, 2, 1, 0])
YOUNG = np.array([0, 1, 0, 2, 1, 2, 3, 1, 3, 4])
ALONE = ((OLD + YOUNG) == 1).astype(float)
MEMBERS = np.column_stack([OLD, YOUNG, ALONE, 1 - ALONE]).astype(float)
TOTALS = np.array([70.0, 130.0, 30.0, 60.0])
START = np.linspace(5, 14, 10)


def test_raked_households_and_persons_agree_with_a_general_optimiser() -> None:
    def divergence(w: np.ndarray) -> float:
        return float((w * np.log(w / START) - w).sum())

    solved = minimize(
        divergence,
        START,
        jac=lambda w: np.log(w / START),
        bounds=[(1e-9, None)] * 10,
        constraints=LinearConstraint(MEMBERS.T, TOTALS, TOTALS),
        method="SLSQP",
        options={"ftol": 1e-14, "maxiter": 500},
    )
    assert solved.success
    assert rake(MEMBERS, TOTALS, START) == pytest.approx(solved.x, rel=1e-4)


def test_raking_meets_what_cyclic_proportional_updating_meets() -> None:
    """Plain iterative proportional updating (Ye et al. 2009, fig. 1): cycle through totals, scale who contributes."""
    weights = START.copy()
    for _cycle in range(20_000):
        for column, total in enumerate(TOTALS):
            has = MEMBERS[:, column] > 0
            weights[has] *= total / (MEMBERS[:, column] @ weights)
    assert MEMBERS.T @ weights == pytest.approx(TOTALS, rel=1e-6)
    raked = rake(MEMBERS, TOTALS, START)
    assert MEMBERS.T @ raked == pytest.approx(TOTALS, rel=1e-8)
    assert (raked > 0).all()
    # Both meet the totals; of the two, raking stays nearer to the start.
    nearness = [float((w * np.log(w / START) - w + START).sum()) for w in (raked, weights)]
    assert nearness[0] <= nearness[1] + 1e-9


def test_raking_a_single_table_is_proportional_fitting() -> None:
    table = np.array([[4.0, 1.0, 2.0], [1.0, 3.0, 2.0]])
    rows, columns = np.array([60.0, 40.0]), np.array([30.0, 30.0, 40.0])
    cell_rows, cell_columns = np.divmod(np.arange(6), 3)
    members = np.hstack([cell_rows[:, None] == np.arange(2), cell_columns[:, None] == np.arange(3)]).astype(float)
    fitted = table.copy()
    for _sweep in range(500):
        fitted *= (rows / fitted.sum(axis=1))[:, None]
        fitted *= columns / fitted.sum(axis=0)
    raked = rake(members, np.concatenate([rows, columns]), table.ravel())
    assert raked.reshape(2, 3) == pytest.approx(fitted, rel=1e-6)
    assert fit_table(table, rows, columns) == pytest.approx(fitted, rel=1e-6)


def test_totals_that_contradict_each_other_are_refused() -> None:
    with pytest.raises(InvalidInput, match="no mix of households"):
        rake(MEMBERS, np.array([70.0, 130.0, 30.0, 600.0]), START)


def test_a_table_gives_nothing_to_an_empty_column() -> None:
    fitted = fit_table(np.ones((2, 3)), np.array([3.0, 7.0]), np.array([10.0, 0.0, 0.0]))
    assert fitted.tolist() == [[3.0, 0.0, 0.0], [7.0, 0.0, 0.0]]


@given(
    st.lists(st.floats(0.0, 50.0), min_size=1, max_size=60).filter(lambda w: sum(w) > 0.1),
    st.integers(0, 2000),
    st.floats(0.001, 0.999),
)
def test_whole_copies_round_each_weight_up_or_down_and_add_up(weights: list[float], total: int, start: float) -> None:
    copies = whole_copies(np.array(weights), total, start)
    exact = np.array(weights) / sum(weights) * total
    assert copies.sum() == total
    assert (np.abs(copies - exact) < 1 + 1e-3).all()


def test_the_mean_of_whole_copies_over_all_starts_is_the_weight() -> None:
    weights = np.array([0.3, 1.25, 2.0, 0.45])
    starts = (np.arange(2000) + 0.5) / 2000
    mean = np.mean([whole_copies(weights, 4, float(start)) for start in starts], axis=0)
    assert mean == pytest.approx(weights, abs=2e-3)
