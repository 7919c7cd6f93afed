"""Arithmetic and words that modifiers share: changing an award, and saying why in its reasons."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from commsim.contracts import Award, RoundView
from commsim.contracts.dividing import divide_by_id
from commsim.i18n import Text, _
from commsim.money import in_yuan

Whole = NDArray[np.int64]
Explain = Callable[[int], Text]


def with_paid(award: Award, paid: Whole, explain: Explain) -> Award:
    """`award` with other amounts; the reason of each changed proposal says what was changed, why (`explain(at)`)."""
    reasons = list(award.reasons)
    for at in np.flatnonzero(paid != award.paid).tolist():
        reasons[at] = _("{reason}; {why}: {before} → {after} yuan").format(
            reason=award.reasons[at], why=explain(at), before=in_yuan(award.paid[at]), after=in_yuan(paid[at])
        )
    return replace(award, paid=paid.astype(np.int64), reasons=tuple(reasons))


def unspent(view: RoundView, award: Award) -> int:
    """Fen of the budget that an award neither pays (to projects or as bonuses) nor carries over."""
    bonuses = 0 if award.bonuses is None else int(award.bonuses.sum())
    return int(view.budget - award.paid.sum() - award.carry) - bonuses


def raised(paid: Whole, limits: Whole, weights: Whole, money: int, view: RoundView) -> Whole:
    """`paid` with `money` fen more, in proportion to `weights`, none above its limit (iterated on the fixed set).

    What reaches its limit is fixed there and the rest is shared again among the others, to the fen.
    """
    room = np.where(weights > 0, np.maximum(limits - paid, 0), 0)
    left = min(money, int(room.sum()))
    added = np.zeros_like(paid)
    while left > 0:
        open_ = room > added
        shares = divide_by_id(left, np.where(open_, weights, 0), view.proposals.id)
        shares = np.minimum(shares, room - added)
        added += shares
        left -= int(shares.sum())
    return paid + added


def lowered(paid: Whole, excess: Whole, money: int, view: RoundView) -> Whole:
    """`paid` less `money` fen, taken in proportion to each `excess`, which money must not exceed together."""
    return paid - np.minimum(divide_by_id(money, excess, view.proposals.id), excess)
