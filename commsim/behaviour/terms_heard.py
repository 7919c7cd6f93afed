"""What a rule's terms say to a resident: one signal, one price, a refund, and what public money may crowd out.

The announced seed, a lead gift and the mere existence of a match are one signal (List and Lucking-Reiley 2002; Karlan
and List 2007: a match helps a little, its size does not). The price, which is what a larger match rate changes, stands
apart. A fund's seed and match are public money, so that signal and crowding-out meet in the same yuan (de Wit and
Bekkers 2017): it is taken for a donor's only in part, and stands in for gifts. Every effect taken from letters or
laboratories is multiplied by one transfer factor κ.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
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
    signal_size: float = 0.0
    """Log of what the signal does to the size of a gift, per unit of announced share."""
    match_half: float = 0.0
    """Match rate whose signal is half as strong as that of a large one; 0: the size does not matter at all."""
    match_substitution: float = 0.0
    """Log of how much less is given per log(1 + match rate), as the match brings the same total for less."""
    match_most: float = math.inf
    """Match rate beyond which a higher one is taken for this one: the highest that was tried."""
    seed_most: float = 1.0
    """Share of a goal beyond which a larger one announced as given says no more: the largest that was tried."""
    public_signal: float = 1.0
    """How far public money is taken for a donor's, 0–1."""

    @classmethod
    def of(cls, parameters: Mapping[str, float]) -> TermsEffects:
        """The registry's coefficients, the same for district and laboratory."""
        return cls(
            transfer=parameters["yes.transfer"],
            signal=parameters["yes.donor_signal"],
            match_as_share=parameters["yes.match_as_share"],
            price=parameters["yes.price"],
            refund_size=parameters["amount.refund"],
            crowding_out=parameters["amount.crowding_out"],
            signal_size=parameters["lab.signal_size"],
            match_half=parameters["yes.match_half"],
            match_substitution=parameters["lab.match_substitution"],
            match_most=parameters["yes.match_most"],
            seed_most=parameters["yes.seed_most"],
            public_signal=parameters["yes.public_signal"],
        )

    def log_rate(self, match_rate: NDArray[np.floating] | float) -> NDArray[np.float64]:
        """Log of how much a yuan given brings in all, log(1 + rate), for rates up to the highest that was tried."""
        return np.log1p(np.minimum(np.asarray(match_rate, dtype=np.float64), self.match_most))


@dataclass(frozen=True)
class TermsSeen:
    """What the terms do, by proposal: `log_odds` of giving money, and the factor on the size of a gift."""

    log_odds: NDArray[np.float64]
    size_factor: NDArray[np.float64]


def announced_share(terms: Terms, ask_fen: NDArray[np.int64]) -> NDArray[np.float64]:
    """Share of each ask that is announced as given by public money, 0–1, shape (proposals,)."""
    seed = np.broadcast_to(np.asarray(terms.seed_announced, dtype=np.float64), ask_fen.shape)
    return np.clip(np.divide(seed, ask_fen, out=np.zeros(ask_fen.shape), where=ask_fen > 0), 0.0, 1.0)


def part_of_signal(size: NDArray[np.floating] | float, half: float) -> NDArray[np.float64]:
    """How far another donor is taken for one, 0–1: size ÷ (size + half), so that a token offer hardly counts.

    Any offer of a size well above `half` says the same (Karlan and List 2007: the rate does not matter, of 1 to 3).
    """
    size = np.asarray(size, dtype=np.float64)
    return np.divide(size, size + half, out=np.zeros_like(size), where=size > 0)


def donor_signal(
    announced: NDArray[np.floating] | float,
    other_donor: NDArray[np.floating] | float,
    effects: TermsEffects,
    public: bool = False,
) -> NDArray[np.float64]:
    """The one donor signal, as a share of the goal: what is announced, or what a donor's existence is worth.

    `announced`: share of the goal announced as given; `other_donor`: how far a match or a lead gift without a goal says
    that another donor stands behind the cause, 0–1 (`part_of_signal`); `public`: the donor is the public purse, which
    says less: the seeds that were measured came from private donors (List and Lucking-Reiley 2002). Between the largest
    share that was tried and the whole goal the signal fades, as nothing is left to give to (assumption).
    """
    share = np.asarray(announced, dtype=np.float64)
    known = np.minimum(share, effects.seed_most)
    if effects.seed_most < 1.0:
        known = known * np.minimum((1.0 - share) / (1.0 - effects.seed_most), 1.0)
    signal = np.maximum(known, np.asarray(other_donor, dtype=np.float64) * effects.match_as_share)
    return np.asarray(signal * (effects.public_signal if public else 1.0))


def size_of_gift(
    signal: NDArray[np.floating] | float,
    match_rate: NDArray[np.floating] | float,
    refund: float,
    public_share: NDArray[np.floating] | float,
    effects: TermsEffects,
) -> NDArray[np.float64]:
    """Factor on the size of a gift: more with the signal and a refund, less where a match or public money stands in.

    `refund`: 0 without one, 1 with a plain one, more with a bonus on it. `public_share`: share of the goal announced as
    given by public money, which crowds out (de Wit and Bekkers 2017); the rest from List and Lucking-Reiley (2002) and
    Karlan and List (2007). Effects are multiplied by κ.
    """
    crowding = np.maximum(0.0, 1.0 + effects.transfer * effects.crowding_out * np.asarray(public_share))
    log_size = effects.signal_size * np.asarray(signal) - effects.match_substitution * effects.log_rate(match_rate)
    refunded = 1.0 + effects.transfer * effects.refund_size * refund
    return np.asarray(np.exp(effects.transfer * log_size) * refunded * crowding)


def still_matched(terms: Terms, pledged_fen: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which proposals' next gift is still matched, given the pledges so far: below the cap, while the pool lasts."""
    match = terms.match_rate * pledged_fen
    below_cap = np.full(len(match), True) if terms.match_cap is None else match < terms.match_cap
    pool_left = terms.match_pool is None or float(match.sum()) < terms.match_pool
    return np.asarray(below_cap & pool_left & (terms.match_rate > 0))


def see_terms(
    terms: Terms,
    ask_fen: NDArray[np.int64],
    effects: TermsEffects,
    pledged_fen: NDArray[np.int64] | None = None,
    quoted: NDArray[np.float64] | None = None,
) -> TermsSeen:
    """How residents take the terms, for each proposal's ask in fen, given what is pledged to it so far.

    `quoted`: by proposal, what one more yuan would draw, where residents are told that instead of a fixed rate. A match
    that is used up is no signal any more. A bonus on refunds enlarges what a refund does in its proportion
    (Zubrickas 2014, direction). Announced odds make a gift as much less likely to matter: log-odds of log(odds).
    """
    share = announced_share(terms, ask_fen)
    if quoted is None:
        matched = still_matched(terms, np.zeros_like(ask_fen) if pledged_fen is None else pledged_fen)
        rate = np.where(matched, terms.match_rate, 0.0)
    else:
        rate = np.maximum(quoted, 0.0)
    signal = donor_signal(share, part_of_signal(rate, effects.match_half), effects, public=True)
    # A match of rate m lowers the price of a yuan delivered to 1 / (1 + m); log price is then −log(1 + m).
    log_odds = effects.transfer * (effects.signal * signal + effects.price * effects.log_rate(rate))
    if terms.odds is not None:
        log_odds = log_odds + np.log(np.clip(terms.odds, np.finfo(np.float64).tiny, 1.0))
    refund = (1.0 + terms.refund_bonus) * (terms.refund and terms.threshold is not None)
    size = size_of_gift(signal, rate, refund, share, effects)
    return TermsSeen(log_odds=log_odds, size_factor=size)
