"""Rounds made for tests, small and random."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import strategies as st

from commsim.calling.call import call_rule
from commsim.calling.views import make_view
from commsim.contracts import Choices, RoundKey, RoundView, Rule, Terms
from commsim.plugin_host.loader import load_catalogue
from commsim.randomness import Draws

CATALOGUE = load_catalogue(entry_points=False)
ROUND = RoundKey("self_governance", "jingansi", 2017)


def a_round(rule: Rule | type[Rule], **changes: Any) -> RoundView:
    """Three proposals in two areas, with pledges and ballots; `changes` replace words of `make_view`."""
    words: dict[str, Any] = {
        "round": ROUND,
        "month": 27,
        "date": "2017-04",
        "budget": 1_000_000,
        "carried": 0,
        "proposals": {
            "id": ("p10", "p2", "p3"),
            "area": [0, 0, 1],
            "ask": [600_000, 500_000, 400_000],
            "minimum_viable": [300_000, 300_000, 300_000],
            "category": [8, 9, 3],
            "submitted_at": [26, 26, 25],
            "readiness": [0.2, 0.9, 0.5],
            "scores": [1.0, 2.0, 3.0],
            "beneficiaries": [10, 20, 30],
            "writer": [0, 1, 0],
            "hours": [10.0, 0.0, 4.0],
            "response": [[30.0, 100_000.0], [20.0, 200_000.0], [10.0, 50_000.0]],
        },
        "areas": {
            "id": ("a1", "a2"),
            "population": [4000, 2000],
            "need": [0.5, 0.25],
            "last_award": [0, 0],
            "performance": [np.nan, np.nan],
            "poverty": [400.0, 300.0],
            "overcrowding": [50.0, 10.0],
            "growth_lag": [0.0, 100.0],
            "old_housing": [600.0, 900.0],
        },
        "pledges": Choices(np.array([0, 2, 3]), np.array([0, 1, 1], np.int32), np.array([10_000, 5_000, 50_000])),
        "ballots": Choices(np.array([0, 2, 3]), np.array([0, 2, 2], np.int32), np.array([1, 1, 1])),
        "draws": Draws(7),
    }
    return make_view(rule, **{**words, **changes})


@st.composite
def random_rounds(draw: st.DrawFn, *, rich: bool = False) -> dict[str, Any]:
    """Words of `make_view` for a random round; `rich` = the budget may exceed all asks."""
    areas = draw(st.integers(1, 4))
    n = draw(st.integers(0, 8))
    asks = draw(st.lists(st.integers(1, 2_000_000), min_size=n, max_size=n))
    gifts = draw(st.lists(st.tuples(st.integers(0, max(n - 1, 0)), st.integers(1, 900_000)), max_size=12)) if n else []
    project = np.array([where for where, _amount in gifts], dtype=np.int32)
    amount = np.array([amount for _where, amount in gifts], dtype=np.int64)
    start = np.arange(len(gifts) + 1)
    names = draw(st.permutations([f"p{number}" for number in range(1, n + 1)]))
    return {
        "budget": draw(st.integers(0, sum(asks) + 10 if rich else 6_000_000)),
        "proposals": {
            "id": tuple(names),
            "area": draw(st.lists(st.integers(0, areas - 1), min_size=n, max_size=n)),
            "ask": asks,
            "minimum_viable": [draw(st.integers(0, ask)) for ask in asks],
            "submitted_at": draw(st.lists(st.integers(0, 3), min_size=n, max_size=n)),
            "category": draw(st.lists(st.integers(0, 9), min_size=n, max_size=n)),
            "readiness": draw(st.lists(st.sampled_from([0.2, 0.7, 0.75, 0.9]), min_size=n, max_size=n)),
            "scores": draw(st.lists(st.sampled_from([1.0, 2.0, 2.5, 3.0]), min_size=n, max_size=n)),
            "beneficiaries": draw(st.lists(st.integers(0, 500), min_size=n, max_size=n)),
        },
        "areas": {
            "id": tuple(f"a{number}" for number in range(areas)),
            "population": draw(st.lists(st.integers(1, 9_000), min_size=areas, max_size=areas)),
            "need": draw(st.lists(st.floats(0.01, 1.0), min_size=areas, max_size=areas)),
            "last_award": draw(st.lists(st.integers(0, 900_000), min_size=areas, max_size=areas)),
            "performance": draw(st.lists(st.floats(0.0, 1.0), min_size=areas, max_size=areas)),
        },
        "pledges": Choices(start, project, amount),
        "ballots": Choices(start, project, np.ones(len(gifts), np.int64)),
    }


def opened(rule: Rule, words: dict[str, Any]) -> RoundView:
    """The round as `rule` sees it when it settles, having announced its terms."""
    terms: Terms = rule.open_round(a_round(rule, **words))
    return a_round(rule, **words, terms=terms)


def settle(rule_id: str, params: dict[str, Any] | None = None, **changes: Any) -> Any:
    """What a rule awards in `a_round`, having announced its terms; `changes` replace words of the round."""
    rule = CATALOGUE.make(rule_id, params)
    terms = call_rule(rule, "open_round", a_round(rule, **changes))
    return call_rule(rule, "settle", a_round(rule, **{"terms": terms, **changes}))
