"""What residents themselves bring to a proposal: cash, promised hours and goods, each if it is told to count.

Rules that pay by what was pledged, and modifiers that ask for an own part, take two parameters from here: `counts`,
what counts, and `hour_yuan`, what an hour is worth.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, reduce
from itertools import combinations
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from commsim.contracts import COUNTED, Bilingual, RoundView, parameter
from commsim.errors import RuleError
from commsim.i18n import Text, _
from commsim.money import fen, in_yuan

Whole = NDArray[np.int64]
NEEDS = frozenset({"pledges", "pledged_hours", "pledged_goods"})
"""What a rule has to see in order to count all kinds."""
WAYS = tuple("+".join(kinds) for size in range(1, len(COUNTED) + 1) for kinds in combinations(COUNTED, size))
"""Every way of writing what counts: "cash", …, "cash+hours+goods"."""
_MOST_FEN = 2.0**60  # beyond any amount that is meant; whole numbers of 64 bits hold a sum of three


class Counting(Protocol):
    """Parameters of a rule that says what counts: `counts`, one of `WAYS`, and `hour_yuan`, yuan per promised hour."""

    @property
    def counts(self) -> str: ...

    @property
    def hour_yuan(self) -> float: ...


def counts_parameter(default: str = "cash") -> Any:
    """The parameter `counts`."""
    return parameter(
        default,
        label=Bilingual(en="What counts", zh="计入内容"),
        doc=Bilingual(
            en="What counts of all that was pledged, joined by a plus: cash; hours that residents promised, each worth "
            "hour_yuan; goods and rooms that residents and local units promised, at what they are worth.",
            zh="认捐中计入哪些，用加号连接：cash 现金；hours 居民承诺的工时，每小时按 hour_yuan 折算；"
            "goods 居民和驻区单位承诺的实物和场地，按价值计。",
        ),
        choices=WAYS,
        reference="Seattle Neighborhood Matching Fund: cash, volunteer labour and donated goods count as match",
    )


def hour_parameter(default: float = 20.0, reference: str = "money.hour_rate_yuan of the registry") -> Any:
    """The parameter `hour_yuan`."""
    return parameter(
        default,
        label=Bilingual(en="Value of an hour", zh="工时折算额"),
        doc=Bilingual(
            en="What a promised hour counts for, where hours count; 0 = nothing.",
            zh="计入工时时，每小时工时的折算金额；0 为不计。",
        ),
        unit="yuan per hour",
        ge=0.0,
        sweep=(0.0, 60.0),
        reference=reference,
    )


def kinds_counted(params: Counting) -> tuple[str, ...]:
    """What counts, some of `COUNTED`; hours do not where an hour is worth 0 yuan.

    Raises RuleError where nothing counts.
    """
    kinds = tuple(kind for kind in params.counts.split("+") if kind != "hours" or params.hour_yuan)
    if not kinds:
        raise RuleError(
            _(
                "counts={counts} counts nothing, since hour_yuan=0 says that an hour is worth nothing. Give hour_yuan "
                "above 0, or count cash or goods too"
            ).format(counts=params.counts)
        )
    return kinds


def announced(params: Counting) -> dict[str, Any]:
    """The words of `Terms` by which residents are told what counts."""
    kinds = kinds_counted(params)
    return {"counts": kinds, "hour_value": fen(params.hour_yuan) if "hours" in kinds else None}


@dataclass(frozen=True)
class Brought:
    """What was pledged by proposal: `cash` (fen), `hours`, `goods` (fen); what of it `counts`, and an hour's worth."""

    cash: Whole
    hours: NDArray[np.float64]
    goods: Whole
    counts: tuple[str, ...]
    hour_fen: int

    @cached_property
    def fen(self) -> Whole:
        """All that counts, in fen by proposal; hours to the nearest fen."""
        parts = {"cash": self.cash, "hours": self._worth_of_hours(), "goods": self.goods}
        return np.asarray(sum(parts[kind] for kind in self.counts), dtype=np.int64)

    def _worth_of_hours(self) -> Whole:
        return np.rint(np.minimum(self.hours * self.hour_fen, _MOST_FEN)).astype(np.int64)

    def told(self, reason: Text, at: int) -> Text:
        """The reason of the proposal at a position, with what was counted where that was not cash alone."""
        if self.counts == ("cash",):
            return reason
        words = reduce(lambda one, other: _("{one}, {other}").format(one=one, other=other), self._in_words(at))
        return _("{reason}; counted: {what}").format(reason=reason, what=words)

    def _in_words(self, at: int) -> list[Text]:
        hours = f"{float(self.hours[at]):,.1f}".removesuffix(".0")
        words = {
            "cash": _("{cash} yuan in cash").format(cash=in_yuan(self.cash[at])),
            "hours": _("{hours} hours at {rate} yuan").format(hours=hours, rate=in_yuan(self.hour_fen)),
            "goods": _("goods and rooms worth {goods} yuan").format(goods=in_yuan(self.goods[at])),
        }
        return [words[kind] for kind in self.counts]


def brought(view: RoundView, params: Counting) -> Brought:
    """What was pledged to the proposals of a round, and what of it counts; what does not count is not looked at."""
    proposals, kinds = view.proposals, kinds_counted(params)
    return Brought(
        cash=view.pledges.totals(len(proposals)),
        hours=proposals.pledged_hours if "hours" in kinds else np.zeros(len(proposals)),
        goods=proposals.pledged_goods if "goods" in kinds else np.zeros(len(proposals), dtype=np.int64),
        counts=kinds,
        hour_fen=fen(params.hour_yuan),
    )
