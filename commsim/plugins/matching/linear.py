"""Matching: public money follows what residents give."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from commsim.contracts import Award, RoundView, Rule, Terms, parameter
from commsim.contracts.dividing import divide_by_id
from commsim.i18n import Bilingual, Text, _
from commsim.money import fen, in_yuan
from commsim.plugins.shared.residents_part import (
    NEEDS,
    announced,
    brought,
    counts_parameter,
    hour_parameter,
    kinds_counted,
)


@dataclass(frozen=True)
class LinearMatchParams:
    """Parameters of the linear match."""

    rate: float = parameter(
        1.0,
        label=Bilingual(en="Match rate", zh="配比"),
        doc=Bilingual(en="Public yuan added for each yuan that residents give.", zh="居民每出一元，公共资金配多少元。"),
        unit="yuan per yuan",
        ge=0.0,
        le=10.0,
        sweep=(0.25, 3.0),
        reference="Karlan and List 2007: 1:1, 2:1 and 3:1 draw alike",
    )
    cap_yuan: float | None = parameter(
        None,
        label=Bilingual(en="Cap for one project", zh="单个项目上限"),
        doc=Bilingual(en="Most that one project can get; none = no cap.", zh="每个项目配套上限；none 表示不设上限。"),
        unit="yuan",
        ge=0.0,
        sweep=(1000.0, 20000.0),
        reference="Seattle Neighborhood Matching Fund: ceiling of 5,000 for Small Sparks",
    )
    pool: bool = parameter(
        True,
        label=Bilingual(en="Announced pool", zh="公布配套总额"),
        doc=Bilingual(
            en="Announce the budget as a pool: where it does not suffice all matches shrink in proportion; otherwise "
            "nothing is announced and matches are paid in the fund's order until the money ends.",
            zh="公布配套总额：不足时各项目按比例缩减；否则不公布，按资金规定的次序配至用完。",
        ),
        reference="Karlan and List 2007: most that is matched in all 25,000, 50,000 or 100,000, or not stated",
    )
    counts: str = counts_parameter()
    hour_yuan: float = hour_parameter()

    def __post_init__(self) -> None:
        kinds_counted(self)


class LinearMatch(Rule):
    """A match of so much per yuan given, up to a cap and within the budget.

    Definition: m_j = min(r P_j, cap, c_j) with P_j what was pledged to project j and c_j its ask; where Σ m exceeds the
    budget, every m_j is scaled by budget / Σ m (`pool`), or they are paid in the fund's order while money lasts. The
    ask is what the fund pays at most; gifts come on top. Properties: the marginal match is r up to the cap, then 0.
    Source: Karlan and List 2007 (a match raises revenue per letter by about 19%, response by about 22%).

    P_j is the cash that residents pledged (`counts=cash`), and as `counts` says also their promised hours, each worth
    `hour_yuan`, and the goods and rooms that they and local units promised, at what these are worth: P_j = cash +
    hours · hour_yuan + goods. `counts=hours` matches hours alone. Whatever counts, the match is paid in money.

    >>> from commsim.rules import evaluate
    >>> evaluate("match.linear", {"pledges": [300, 600, 900], "pool": 900})
    [150.0, 300.0, 450.0]
    >>> given = {"pledges": [100, 0], "pledged_hours": [5, 10], "pledged_goods": [50, 20], "pool": 1000}
    >>> evaluate("match.linear(counts=cash+hours)", given), evaluate("match.linear(counts=cash+hours+goods)", given)
    ([200.0, 200.0], [250.0, 220.0])
    """

    id = "match.linear"
    also_called = ("matching grant", "matching funds", "match", "配套")
    title = Bilingual(en="Linear match", zh="按比例配套")
    summary = Bilingual(
        en="Public money is added to what residents give, at a set rate up to a cap.",
        zh="按固定比例为居民出资配套公共资金，设上限。",
    )
    family = "match"
    needs = NEEDS
    properties = frozenset({"anonymous", "pool_respected"})
    source = "Karlan and List 2007; Huck and Rasul 2011"
    Params = LinearMatchParams

    def open_round(self, view: RoundView) -> Terms:
        """Announce rate, cap and pool, and what is matched."""
        pool = view.budget if self.params.pool else None
        return Terms(match_rate=self.params.rate, match_cap=self._cap(), match_pool=pool, **announced(self.params))

    def settle(self, view: RoundView) -> Award:
        """Match what was pledged within cap, ask and budget."""
        given = brought(view, self.params)
        wished = np.rint(matches(given.fen, view.proposals.ask, self.params.rate, self._cap())).astype(np.int64)
        whole = sum(wished.tolist())
        if whole <= view.budget:
            paid = wished
        elif self.params.pool:
            paid = divide_by_id(view.budget, wished, view.proposals.id)
        else:
            paid = _first_come(view, wished)
        scale = float(paid.sum() / whole) if whole else 1.0
        reasons = tuple(given.told(self._reason(view, given.fen, wished, paid, at), at) for at in range(len(paid)))
        return Award(paid=paid, reasons=reasons, diagnostics={"scale": scale})

    def _cap(self) -> int | None:
        return None if self.params.cap_yuan is None else fen(self.params.cap_yuan)

    def _reason(
        self,
        view: RoundView,
        pledged: NDArray[np.int64],
        wished: NDArray[np.int64],
        paid: NDArray[np.int64],
        position: int,
    ) -> Text:
        values = {
            "paid": in_yuan(paid[position]),
            "pledged": in_yuan(pledged[position]),
            "wished": in_yuan(wished[position]),
            "budget": in_yuan(view.budget),
            "rate": f"{self.params.rate:g}",
        }
        if pledged[position] == 0:
            return _("nothing: residents pledged nothing that could be matched").format(**values)
        if paid[position] < wished[position]:
            return _(
                "{paid} yuan: residents pledged {pledged} yuan, a match of {wished}; the matches of the round exceed "
                "its {budget} yuan"
            ).format(**values)
        if wished[position] < np.rint(self.params.rate * pledged[position]):
            return _("{paid} yuan, the most that this project can get: residents pledged {pledged} yuan").format(
                **values
            )
        return _("{paid} yuan: {rate} for each yuan of the {pledged} that residents pledged").format(**values)


def matches(
    pledged: NDArray[np.number], ask: NDArray[np.number], rate: float, cap: float | None
) -> NDArray[np.float64]:
    """min(r P_j, cap, c_j) by project, unrounded, in the unit of `pledged`, shape (n,)."""
    wished: NDArray[np.float64] = np.minimum(rate * pledged.astype(np.float64), ask)
    return wished if cap is None else np.minimum(wished, cap)


def _first_come(view: RoundView, wished: NDArray[np.int64]) -> NDArray[np.int64]:
    in_order = wished[view.order]
    before = np.cumsum(in_order) - in_order
    paid = np.zeros_like(wished)
    paid[view.order] = np.clip(view.budget - before, 0, in_order)
    return paid
