"""Running a rule's own `settle` on plain amounts as if money could be divided much further than into fen.

A rule settles in whole fen. Here every amount of the input, and every parameter in yuan, is scaled up first and what
comes out is scaled down again, so that the settlement itself is tried and its rounding does not show: answers are exact
to 1e-8 of a unit for amounts up to some tens of millions, and to 15 digits beyond.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from decimal import Decimal
from typing import Any

import numpy as np
from numpy.typing import NDArray

from commsim.calling.call import call_rule
from commsim.calling.views import make_view
from commsim.contracts import Award, Choices, RoundKey, Rule
from commsim.contracts.openings import columns_of
from commsim.money import FEN_PER_YUAN

FINEST = 10**6
"""Parts that a fen is divided into at most."""
_MOST = 2**59  # the sum of all amounts: several such sums fit into 64-bit numbers
_YUAN = ("yuan", "yuan per hour")


@dataclass(frozen=True)
class Settled:
    """What a rule awarded: `paid` by project, `refunds` and `bonuses` by gift, in units of the input; the `award`."""

    paid: list[float]
    refunds: list[float]
    bonuses: list[float]
    award: Award


def settled(
    rule: Rule,
    asks: Sequence[float],
    gifts: Sequence[tuple[int, float]],
    budget: float,
    in_parts: Callable[[Any, int], Any] | None = None,
    in_kind: float = 0.0,
    **columns: Any,
) -> Settled:
    """The award of `rule` for projects with `asks`, `gifts` (place of a project, amount) and a `budget`.

    `in_parts(params, fine)`: the rule's parameters in parts of a fen (default: `scaled`). `in_kind`: what hours and
    goods are worth that the rule may add to the gifts. `columns`: further columns of the proposals, those of money in
    the unit of the asks.
    """
    fine = FINEST
    whole = sum(asks) + sum(gift for _project, gift in gifts) + budget + in_kind
    while fine > 1 and whole * FEN_PER_YUAN * fine > _MOST:
        fine //= 10

    def counted(amounts: Sequence[float]) -> NDArray[np.int64]:
        return np.array([round(amount * FEN_PER_YUAN * fine) for amount in amounts], dtype=np.int64)

    made = type(rule)((in_parts or scaled)(rule.params, fine))
    known = columns_of("proposals")
    proposals = {
        "submitted_at": range(len(asks)),
        **{name: counted(values) if known[name].money else values for name, values in columns.items()},
        "id": tuple(f"p{number}" for number in range(1, len(asks) + 1)),
        "area": [0] * len(asks),
        "ask": counted(asks),
        "minimum_viable": counted(columns.get("minimum_viable", [0.0] * len(asks))),
    }
    project = np.array([place for place, _gift in gifts], dtype=np.int32)
    pledges = Choices(np.arange(len(gifts) + 1), project, counted([gift for _project, gift in gifts]))
    words: dict[str, Any] = {
        "round": RoundKey("example", "example", 0),
        "month": 0,
        "date": "2017-01",
        "budget": int(counted([budget])[0]),
        "proposals": proposals,
        "areas": {"id": ("area",)},
        "pledges": pledges,
    }
    terms = call_rule(made, "open_round", make_view(made, **words))
    award = call_rule(made, "settle", make_view(made, **words, terms=terms))

    def plain(amounts: NDArray[np.int64] | None) -> list[float]:
        listed = np.zeros(len(gifts), dtype=np.int64) if amounts is None else amounts
        return [parts / (FEN_PER_YUAN * fine) for parts in listed.tolist()]

    return Settled(plain(award.paid), plain(award.refunds), plain(award.bonuses), award)


def scaled(params: Any, fine: int) -> Any:
    """Parameters with every amount in yuan times `fine`."""
    amounts = [parameter.name for parameter in fields(params) if parameter.metadata.get("unit") in _YUAN]
    given = {name: getattr(params, name) for name in amounts}
    # Through decimals, so that 0.1 becomes as many parts as it says.
    return replace(
        params, **{name: float(Decimal(str(value)) * fine) for name, value in given.items() if value is not None}
    )
