"""Plain inputs of equal shares: budget, costs and votes; the answer is who wins."""

from __future__ import annotations

from commsim.contracts import PlainInput
from commsim.evaluation.votes import VOTES
from commsim.plugins.shared.voting_input import winners

PLAIN_INPUTS = (
    PlainInput("pb.mes", winners, reads=VOTES),
    PlainInput("pb.bos_equal_shares", winners, reads=VOTES),
)
