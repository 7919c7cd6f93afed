"""Formula grants: shares of indicators with fixed weights decide, nobody judges."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from commsim.contracts import RoundView, parameter
from commsim.i18n import Bilingual
from commsim.plugins.divisions.basic import AreaDivision, RespreadParams
from commsim.plugins.shared.dividing import Floats

CDBG_A = {"population": 0.25, "poverty": 0.50, "overcrowding": 0.25}
CDBG_B = {"growth_lag": 0.20, "poverty": 0.30, "old_housing": 0.50}
"""Weights of the two formulas of the US Community Development Block Grant (42 U.S.C. 5306; HUD 2005)."""


def weighted_shares(indicators: Mapping[str, Any], weights: Mapping[str, float]) -> Floats:
    """Σ_k β_k s_ik: each indicator's share of its sum, weighted, shape (areas,).

    An indicator that is nowhere above 0 gives everyone the same share.
    """
    total = np.zeros(len(next(iter(indicators.values()))))
    for name, weight in weights.items():
        values = np.asarray(indicators[name], dtype=np.float64)
        whole = values.sum()
        total = total + weight * (values / whole if whole > 0 else np.full(values.size, 1 / max(values.size, 1)))
    return total


def dual_shares(indicators: Mapping[str, Any]) -> Floats:
    """The larger of the two block grant formulas by area, before the pro rata to the pot, shape (areas,)."""
    return np.asarray(np.maximum(weighted_shares(indicators, CDBG_A), weighted_shares(indicators, CDBG_B)))


def _weight(en: str, zh: str, default: float, label: Bilingual) -> Any:
    return parameter(
        default,
        label=label,
        doc=Bilingual(en=en, zh=zh),
        unit="weight; weights are divided by their sum",
        ge=0.0,
        le=1.0,
        sweep=(0.0, 1.0),
        reference="assumption",
    )


@dataclass(frozen=True)
class LinearParams(RespreadParams):
    """Parameters of the linear formula."""

    population: float = _weight(
        "Weight of an area's share of residents.",
        "人口占比的权重。",
        0.4,
        Bilingual(en="Weight of population", zh="人口权重"),
    )
    need: float = _weight(
        "Weight of its share of people times surveyed need.",
        "人口乘需求占比的权重。",
        0.4,
        Bilingual(en="Weight of need", zh="需求权重"),
    )
    equal: float = _weight(
        "Weight of an equal share.", "均等份额的权重。", 0.2, Bilingual(en="Weight of equal shares", zh="均等权重")
    )


class LinearFormula(AreaDivision):
    """A fixed sum of shares of indicators.

    Definition: share_i = Σ_k β_k s_ik with s_ik area i's share of indicator k and Σ β = 1; here the indicators are
    residents, residents times surveyed need, and 1. An area gets at most its asks (with `respread` the excess is shared
    again). Properties: additive in the pot, transparent. Source: practice of grants-in-aid.

    >>> from commsim.rules import evaluate
    >>> evaluate("formula.linear", {"budget": 100, "indicators": {"people": [1, 3], "poor": [4, 4]},
    ...          "weights": {"people": 0.5, "poor": 0.5}})
    [37.5, 62.5]
    """

    id = "formula.linear"
    title = Bilingual(en="Formula of indicators", zh="因素法（线性公式）")
    summary = Bilingual(
        en="Shares of residents, need and equal parts with fixed weights.", zh="按人口、需求与均等份额的固定权重分配。"
    )
    family = "formula"
    needs = frozenset({"population", "need"})
    properties = frozenset({"additive_in_the_pot", "anonymous", "scales_with_money"})
    source = "practice of grants-in-aid (因素法)"
    Params = LinearParams

    def weights(self, view: RoundView) -> Floats:
        """Weighted shares of the three indicators."""
        people = view.areas.population.astype(np.float64)
        indicators = {"population": people, "need": people * view.areas.need, "equal": np.ones(len(people))}
        given = {name: getattr(self.params, name) for name in indicators}
        whole = sum(given.values())
        if whole == 0:
            return np.zeros(len(people))
        return weighted_shares(indicators, {name: weight / whole for name, weight in given.items()})


class DualFormula(AreaDivision):
    """The larger of two formulas: one for growing and crowded places, one for old and shrinking ones.

    Definition: A = .25 residents + .50 poor + .25 crowded households; B = .20 growth lag + .30 poor + .50 old dwellings
    (shares of the sums); an area's share is max(A, B), then pro rata to the pot. Where an area's counts are not known,
    residents times surveyed need stand in for poor, crowded and old, and equal lag for growth. Properties: follows
    need; jumps where A = B; shares sum to more than 1 before the pro rata. Source: US Community Development Block
    Grant, 42 U.S.C. 5306 (HUD 2005; Federal Reserve Bank of Atlanta 2003).

    >>> from commsim.rules import evaluate
    >>> evaluate("formula.cdbg_dual", {"budget": 100, "indicators": {"population": [1, 1], "poverty": [1, 1],
    ...          "overcrowding": [1, 1], "growth_lag": [1, 1], "old_housing": [3, 1]}})
    [55.55555555555556, 44.44444444444444]
    """

    id = "formula.cdbg_dual"
    title = Bilingual(en="Two formulas, the larger counts", zh="双公式取高")
    summary = Bilingual(
        en="The larger of two weighted sums: poverty and crowding, or old housing and lagging growth.",
        zh="贫困与拥挤、老旧住房与增长滞后两套公式取较高者。",
    )
    family = "formula"
    needs = frozenset({"population", "need", "deprivation"})
    properties = frozenset({"anonymous", "scales_with_money"})
    source = "42 U.S.C. 5306; HUD 2005; Federal Reserve Bank of Atlanta 2003"

    def weights(self, view: RoundView) -> Floats:
        """The larger of the two formulas."""
        areas = view.areas
        people = areas.population.astype(np.float64)
        known = {name: getattr(areas, name) for name in (*CDBG_A, *CDBG_B) if name in areas.columns}
        stand_in = {name: people * areas.need for name in ("poverty", "overcrowding", "old_housing")}
        return dual_shares({**stand_in, "growth_lag": np.ones(len(people)), **known, "population": people})
