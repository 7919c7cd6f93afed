"""How a rule settles a round, and what it reclaims afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from commsim.contracts.known_words import KnownWords
from commsim.contracts.terms import Fen
from commsim.i18n import Text


@dataclass(frozen=True)
class Award(KnownWords):
    """How a rule settles a round.

    `paid`: int64 fen by proposal, in the view's order. `reasons`: one sentence by proposal, also for those that get
    nothing; people read them. `refunds`: fen given back by pledge (order of `view.pledges.amount`); None leaves it to
    the core, which gives back every pledge to a project that does not come about. `tranches`: shares of the award paid
    at start and at later milestones, summing to 1. `waitlist`: ids of those that come next where money is left, the
    first first; None: the rule keeps no list. `carry`: fen kept for the next round (only where the fund may).
    `diagnostics`: numbers worth keeping, such as a scale factor. `bonuses`: public fen by pledge (order of
    `view.pledges.amount`) paid to donors on top of a refund. `free`: ids of those that won though there is nothing to
    pay for them.
    """

    paid: Fen
    reasons: tuple[str | Text, ...]
    refunds: NDArray[np.int64] | None = None
    tranches: tuple[float, ...] = (1.0,)
    waitlist: tuple[str, ...] | None = None
    carry: int = 0
    diagnostics: Mapping[str, float] = field(default_factory=dict)
    bonuses: NDArray[np.int64] | None = None
    free: tuple[str, ...] = ()


@dataclass(frozen=True)
class Review:
    """What a rule decides after delivery: proposals whose unspent money is reclaimed, and why."""

    reclaim: tuple[str, ...] = ()
    reasons: tuple[str | Text, ...] = ()
