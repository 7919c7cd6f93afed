"""What residents are told that one more yuan would draw, where a rule's terms say that gifts are quoted.

Part of rounds (step 4) and settlement (step 7). Source: quadratic funding shows donors what their gift would draw
(Buterin, Hitzig and Weyl 2019); that residents take it as they take a match rate is an assumption.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from commsim.calling.quotes import quotes
from commsim.community.community import Community
from commsim.community.funds import Fund
from commsim.community.rounds import OpenRound, Unit
from commsim.money import FEN_PER_YUAN
from commsim.processes.round_view import view_of_open_round


def quoted_rates(community: Community, fund: Fund, unit: Unit, open_round: OpenRound) -> NDArray[np.float64] | None:
    """Public yuan per yuan that a gift as suggested would draw for each project of the round as it stands.

    None where the terms do not quote. Raises RuleError where the rule fails.
    """
    if not open_round.terms.quoted:
        return None
    suggested = round(community.given.parameters["amount.suggested_gift_yuan"] * FEN_PER_YUAN)
    view = view_of_open_round(community, fund, unit, open_round)
    return quotes(fund.rule, view, suggested) / suggested
