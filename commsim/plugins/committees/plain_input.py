"""Plain inputs of committees: budget, costs of members and votes; the answer is who is chosen."""

from __future__ import annotations

from commsim.contracts import PlainInput
from commsim.evaluation.votes import VOTES
from commsim.plugins.shared.voting_input import winners

PLAIN_INPUTS = (PlainInput("committee.", winners, reads=VOTES),)
