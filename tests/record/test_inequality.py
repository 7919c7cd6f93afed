"""The Gini coefficient against its definition over all pairs."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from commsim.record.inequality import gini

amounts = st.lists(st.integers(0, 10_000), min_size=1, max_size=30)


def pairwise_gini(values: np.ndarray, weights: np.ndarray) -> float | None:
    """Half the mean absolute difference over all weighted pairs ÷ the weighted mean."""
    total = weights.sum()
    if total == 0 or (values * weights).sum() == 0:
        return None
    gaps = np.abs(values[:, None] - values[None, :]) * weights[:, None] * weights[None, :]
    mean = (values * weights).sum() / total
    return float(gaps.sum() / total**2 / 2 / mean)


@given(amounts, st.data())
def test_the_sorted_form_equals_the_pairwise_definition(values: list[int], data: st.DataObject) -> None:
    weights = data.draw(st.lists(st.integers(0, 50), min_size=len(values), max_size=len(values)))
    expected = pairwise_gini(np.array(values, float), np.array(weights, float))
    found = gini(values, weights)
    assert (found is None) == (expected is None)
    if expected is not None and found is not None:
        assert found == pytest.approx(expected, abs=1e-12)


@given(amounts, st.integers(1, 50))
def test_scaling_and_copying_everyone_changes_nothing(values: list[int], factor: int) -> None:
    before = gini(values)
    for after in (gini([value * factor for value in values]), gini(values * 3), gini(values, [factor] * len(values))):
        assert (after is None) == (before is None)
        if before is not None:
            assert after == pytest.approx(before, abs=1e-12)
            assert 0 <= before < 1


@given(st.lists(st.integers(1, 100), min_size=2, max_size=20), st.data())
def test_a_transfer_from_richer_to_poorer_never_raises_it(values: list[int], data: st.DataObject) -> None:
    rich, poor = int(np.argmax(values)), int(np.argmin(values))
    moved = data.draw(st.integers(0, (values[rich] - values[poor]) // 2))
    after = list(values)
    after[rich] -= moved
    after[poor] += moved
    before_gini, after_gini = gini(values), gini(after)
    assert before_gini is not None and after_gini is not None
    assert after_gini <= before_gini + 1e-12


def test_known_values() -> None:
    assert gini([5, 5, 5]) == 0
    assert gini([0, 0, 0, 1]) == 0.75
    assert gini([1, 3], [3, 1]) == pytest.approx(0.25)
    assert gini([]) is None and gini([0, 0]) is None and gini([1, 2], [0, 0]) is None


@pytest.mark.parametrize("bad", [[-1, 2], [float("nan"), 1], [float("inf")]])
def test_nonsense_is_refused(bad: list[float]) -> None:
    with pytest.raises(ValueError, match="finite"):
        gini(bad)
    with pytest.raises(ValueError, match="finite"):
        gini([1] * len(bad), bad)
