"""Small functions of the literature are called by name like rules."""

from __future__ import annotations

import math

import pytest

from commsim.errors import InvalidInput
from commsim.rules import evaluate


def test_small_functions_are_called_by_name_like_rules() -> None:
    index = evaluate("bandit.upper_bounds", {"mean": [0.5, 0.9], "pulls": [4, 0]})
    assert index == [pytest.approx(0.5 + math.sqrt(2 * math.log(4) / 4)), math.inf]
    wide = evaluate("bandit.upper_bounds", {"mean": [10, 4], "pulls": [2, 2], "reach": 10})
    assert wide == pytest.approx([10 + 10 * math.sqrt(math.log(4)), 4 + 10 * math.sqrt(math.log(4))])
    assert evaluate("conviction.half_life", {"alpha": 0.5}) == pytest.approx(1)
    assert evaluate("conviction.half_life", {"alpha": 0.25}) == pytest.approx(0.5)
    # 10 in the first period, 10 + 0.5 · 10 after the second; what tends to 20 never comes to 20.
    assert evaluate("conviction.time_to_pass", {"stake": 10, "alpha": 0.5, "needed": 15}) == pytest.approx(2)
    assert evaluate("conviction.time_to_pass", {"stake": 10, "alpha": 0.5, "needed": 20}) == math.inf
    assert evaluate("conviction.time_to_pass", {"y0": 15, "stake": 10, "alpha": 0.5, "needed": 17.5}) == pytest.approx(
        1
    )
    assert evaluate("conviction.time_to_pass", {"y0": 1, "stake": 2, "alpha": 1, "needed": 7}) == 3
    with pytest.raises(InvalidInput, match="2 values, as many as mean"):
        evaluate("bandit.upper_bounds", {"mean": [0.5, 0.9], "pulls": [4]})
