"""What a rule's terms say to a resident: one signal, one price, a refund, and what public money may crowd out.

The announced seed, a lead gift and the mere existence of a match are one signal (List and Lucking-Reiley 2002; Karlan
and List 2007: a match helps a little, its size does not). The price, which is what a larger match rate changes, stands
apart. Seed money here is public money, so that signal and crowding-out meet in the same yuan (de Wit and Bekkers
2017). Every effect taken from letters or laboratories is multiplied by one transfer factor κ.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from commsim.contracts import Terms


@dataclass(frozen=True)
class TermsEffects:
    """Coefficients, from the registry: log-odds per unit of signal and of log price, sizes of the rest."""

    transfer: float
    signal: float
    match_as_share: float
    price: float
    refund_size: float
    crowding_out: float


@dataclass(frozen=True)
class TermsSeen:
    """What the terms do, by proposal: `log_odds` of giving money, and the factor on the size of a gift."""

    log_odds: NDArray[np.float64]
    size_factor: NDArray[np.float64]


def announced_share(terms: Terms, ask_fen: NDArray[np.int64]) -> NDArray[np.float64]:
    """Share of each ask that is announced as given by public money, 0–1, shape (proposals,)."""
    seed = np.broadcast_to(np.asarray(terms.seed_announced, dtype=np.float64), ask_fen.shape)
    return np.clip(np.divide(seed, ask_fen, out=np.zeros(ask_fen.shape), where=ask_fen > 0), 0.0, 1.0)


def see_terms(terms: Terms, ask_fen: NDArray[np.int64], effects: TermsEffects) -> TermsSeen:
    """How residents take the terms, for each proposal's ask in fen."""
    share = announced_share(terms, ask_fen)
    has_match = terms.match_rate > 0
    signal = np.maximum(share, effects.match_as_share if has_match else 0.0)
    # A match of rate m lowers the price of a yuan delivered to 1 / (1 + m); log price is then −log(1 + m).
    log_odds = effects.transfer * (effects.signal * signal + effects.price * np.log1p(terms.match_rate))
    refund = effects.refund_size if terms.refund and terms.threshold is not None else 0.0
    crowding = np.maximum(0.0, 1.0 + effects.transfer * effects.crowding_out * share)
    return TermsSeen(log_odds=log_odds, size_factor=(1.0 + effects.transfer * refund) * crowding)
