"""Matching with conditions: rates that change with what residents give, and a part that they must bring."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from commsim.contracts import Award, Domain, RoundView, Rule, Terms, parameter
from commsim.contracts.dividing import divide_by_id
from commsim.errors import RuleError
from commsim.i18n import Bilingual, Text, _
from commsim.money import FEN_PER_YUAN, fen, in_yuan
from commsim.plugins.shared.dividing import pay_in_order
from commsim.plugins.shared.residents_part import (
    NEEDS,
    announced,
    brought,
    counts_parameter,
    hour_parameter,
    kinds_counted,
)

Floats = NDArray[np.float64]


def slabs(pledged: NDArray[np.number], starts: Floats, rates: Floats) -> Floats:
    """Piecewise-linear match Σ_k r_k · (part of P_j in slab k), unrounded, shape (n,).

    `starts` (ascending, the first 0) in the unit of `pledged`; slab k reaches from `starts[k]` to the next start.

    >>> slabs(np.array([500.0, 3000.0]), np.array([0.0, 1000.0]), np.array([1.0, 0.5])).tolist()
    [500.0, 2000.0]
    """
    ends = np.append(starts[1:], np.inf)
    parts = np.clip(pledged.astype(np.float64)[:, None], starts, ends) - starts
    return np.asarray(parts @ rates)


def tiers_of(written: str) -> tuple[Floats, Floats]:
    """Starts (yuan) and rates of tiers written as "0:1 1000:0.5". Raises RuleError where they are not ascending from 0.

    >>> [part.tolist() for part in tiers_of("0:1 1000:0.5")]
    [[0.0, 1000.0], [1.0, 0.5]]
    """
    try:
        pairs = [tuple(float(number) for number in part.split(":")) for part in written.split()]
        starts, rates = (np.array(column) for column in zip(*pairs, strict=True))
    except ValueError:
        starts, rates = np.zeros(0), np.zeros(0)
    ascending = all(low < high for low, high in pairwise(starts.tolist()))
    if not len(starts) or starts[0] != 0 or not ascending or (rates < 0).any():
        raise RuleError(
            _("tiers have to be written as '0:1 1000:0.5' (from yuan:rate, from 0 upward); {came!r} came").format(
                came=written
            )
        )
    return starts, rates


@dataclass(frozen=True)
class TieredParams:
    """Parameters of the tiered match."""

    tiers: str = parameter(
        "0:2 1000:1 5000:0.5",
        label=Bilingual(en="Tiers", zh="分档"),
        doc=Bilingual(
            en="Tiers as from:rate, in yuan that residents gave to the project.",
            zh="分档，写作 `起点元数:配比`，以空格分隔。",
        ),
        reference="assumption",
    )
    cap_yuan: float | None = parameter(
        None,
        label=Bilingual(en="Cap for one project", zh="单个项目上限"),
        doc=Bilingual(en="Most that one project can get; none = no cap.", zh="每个项目配套上限；none 表示不设上限。"),
        unit="yuan",
        ge=0.0,
        sweep=(1000.0, 20000.0),
        reference="practice",
    )
    counts: str = counts_parameter()
    hour_yuan: float = hour_parameter()

    def __post_init__(self) -> None:
        kinds_counted(self)


class TieredMatch(Rule):
    """A match whose rate changes from slab to slab of what residents give.

    Definition: m_j = min(Σ_k r_k · (part of P_j in slab k), cap, c_j), scaled to the budget where Σ m exceeds it. P_j
    is the cash that was pledged, and as `counts` says also promised hours, each worth `hour_yuan`, and goods.
    Properties: concave if rates fall, so that small efforts are matched best. Residents are told the first rate, at
    which a first gift is matched. Source: practice.

    >>> from commsim.rules import evaluate
    >>> evaluate("match.tiered", {"pledges": [500, 3000], "tiers": "0:1 1000:0.5"})
    [500.0, 2000.0]
    >>> given = {"pledges": [500], "pledged_goods": [2500], "tiers": "0:1 1000:0.5"}
    >>> evaluate("match.tiered(counts=cash+goods)", given)
    [2000.0]
    """

    id = "match.tiered"
    title = Bilingual(en="Tiered match", zh="分档配套")
    summary = Bilingual(
        en="The rate of the match changes with what residents have given.", zh="配套比例随居民出资额分档变化。"
    )
    family = "match"
    needs = NEEDS
    properties = frozenset({"anonymous", "pool_respected"})
    source = "practice"
    Params = TieredParams

    def open_round(self, view: RoundView) -> Terms:
        """Announce the first rate, the cap and the pool."""
        _starts, rates = tiers_of(self.params.tiers)
        cap = None if self.params.cap_yuan is None else fen(self.params.cap_yuan)
        return Terms(match_rate=float(rates[0]), match_cap=cap, match_pool=view.budget, **announced(self.params))

    def settle(self, view: RoundView) -> Award:
        """Match slab by slab within cap, ask and budget."""
        starts, rates = tiers_of(self.params.tiers)
        given = brought(view, self.params)
        pledged = given.fen
        wished = np.minimum(np.rint(slabs(pledged, starts * FEN_PER_YUAN, rates)), view.proposals.ask)
        if self.params.cap_yuan is not None:
            wished = np.minimum(wished, fen(self.params.cap_yuan))
        wished = wished.astype(np.int64)
        whole = sum(wished.tolist())
        paid = wished if whole <= view.budget else divide_by_id(view.budget, wished, view.proposals.id)
        text = _("{paid} yuan: residents pledged {pledged} yuan, a match of {wished} by tiers {tiers}")
        reasons = tuple(
            given.told(
                text.format(
                    paid=in_yuan(paid[at]),
                    pledged=in_yuan(pledged[at]),
                    wished=in_yuan(wished[at]),
                    tiers=self.params.tiers,
                ),
                at,
            )
            for at in range(len(paid))
        )
        return Award(paid=paid, reasons=reasons, diagnostics={"scale": float(paid.sum() / whole) if whole else 1.0})


@dataclass(frozen=True)
class RequiredRatioParams:
    """Parameters of the required ratio."""

    physical: float = parameter(
        1.0,
        label=Bilingual(en="Own part, physical", zh="实体类自筹比例"),
        doc=Bilingual(en="Own part for physical projects, per yuan asked.", zh="实体类项目所需自筹比例。"),
        unit="share of the ask",
        ge=0.0,
        le=3.0,
        sweep=(0.0, 1.5),
        reference="Seattle Neighborhood Matching Fund: 1 for physical projects",
    )
    other: float = parameter(
        0.5,
        label=Bilingual(en="Own part, other", zh="其他类自筹比例"),
        doc=Bilingual(en="Own part for other projects, per yuan asked.", zh="其他项目所需自筹比例。"),
        unit="share of the ask",
        ge=0.0,
        le=3.0,
        sweep=(0.0, 1.5),
        reference="Seattle Neighborhood Matching Fund: one half for other projects",
    )
    counts: str = counts_parameter("cash+hours")
    hour_yuan: float = hour_parameter(25.0, "assumption; Seattle counts hours at a set rate")

    def __post_init__(self) -> None:
        kinds_counted(self)


PHYSICAL = (Domain.FACILITIES, Domain.REPAIR, Domain.SURROUNDINGS)
"""Domains whose projects build or plant something (our reading of 'physical')."""


class RequiredRatio(Rule):
    """Who brings enough of their own, in money and hours, gets what they ask for, in the fund's order.

    Definition: project j is paid its ask c_j iff P_j ≥ ρ_j · c_j, with ρ = 1 for physical and ½ for other projects, in
    the fund's order while money lasts (the last in part where that can start it). P_j is the cash and the hours that
    were pledged, each hour worth `hour_yuan`; `counts` takes in goods too, or less. Physical are projects for
    public facilities, repair and surroundings. Where the round knows no hours, money alone counts.
    Properties: nothing below the ratio, everything above it (a cliff). Source: Seattle Neighborhood Matching Fund.

    >>> from commsim.rules import evaluate
    >>> evaluate("match.required_ratio", {"asks": [1000, 1000], "pledges": [500, 400], "hours": [0, 4]})
    [1000.0, 1000.0]
    >>> evaluate("match.required_ratio(hour_yuan=20)", {"asks": [1000, 1000], "pledges": [500, 400], "hours": [0, 4]})
    [1000.0, 0.0]
    """

    id = "match.required_ratio"
    title = Bilingual(en="Required own part", zh="按比例自筹方可获助")
    summary = Bilingual(
        en="Who brings a set part in money and volunteer hours gets what they ask for.",
        zh="自筹（资金加志愿工时折算）达到比例即获全额资助。",
    )
    family = "match"
    # `hours` is the older word for the promised hours; a model that knows no other takes promises for who needs it.
    needs = NEEDS | {"hours", "category"}
    properties = frozenset({"anonymous"})
    source = "Seattle Neighborhood Matching Fund pages"
    Params = RequiredRatioParams

    def open_round(self, view: RoundView) -> Terms:
        """Announce the least own part that any proposal of the round has to bring, and what counts for it."""
        return Terms(min_match=float(self._ratio(view).min(initial=self.params.physical)), **announced(self.params))

    def settle(self, view: RoundView) -> Award:
        """Pay who brings enough."""
        given = brought(view, self.params)
        own = given.fen
        needed = np.ceil(self._ratio(view) * view.proposals.ask).astype(np.int64)
        enough = own >= needed
        order = view.order[enough[view.order]]
        one_pot = np.zeros(len(own), dtype=np.int64)
        outcome = pay_in_order(
            order, one_pot, np.array([view.budget]), view.proposals.ask, view.proposals.minimum_viable
        )
        reasons = tuple(
            given.told(_ratio_reason(int(own[at]), int(needed[at]), int(outcome.paid[at])), at)
            for at in range(len(own))
        )
        return Award(paid=outcome.paid, reasons=reasons, diagnostics={"brought_enough": float(enough.sum())})

    def _ratio(self, view: RoundView) -> Floats:
        if "category" not in view.proposals.columns:
            return np.full(len(view.proposals), self.params.other)
        return np.where(np.isin(view.proposals.category, PHYSICAL), self.params.physical, self.params.other)


def _ratio_reason(own: int, needed: int, paid: int) -> Text:
    values = {"own": in_yuan(own), "least": in_yuan(needed), "paid": in_yuan(paid)}
    if own < needed:
        return _("nothing: residents bring {own} yuan of their own, {least} are needed").format(**values)
    if paid == 0:
        return _("nothing: residents bring {own} yuan, enough for the {least} it takes, but no money was left").format(
            **values
        )
    return _("{paid} yuan: residents bring {own} yuan of their own, at least the {least} that it takes").format(
        **values
    )
