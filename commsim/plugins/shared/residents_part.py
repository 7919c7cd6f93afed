"""What residents themselves bring to a proposal, which some rules and modifiers ask for before the fund pays."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from commsim.contracts import RoundView
from commsim.money import fen


def own_part(view: RoundView, hour_yuan: float) -> NDArray[np.int64]:
    """Fen that residents bring by proposal: pledges, and pledged hours at a rate where the round tells of them."""
    own = view.pledges.totals(len(view.proposals))
    if hour_yuan and "hours" in view.proposals.columns:
        own = own + np.floor(view.proposals.hours * fen(hour_yuan)).astype(np.int64)
    return own
