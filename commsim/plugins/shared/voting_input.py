"""Voting rules on plain input: budget, costs by project id, and what each voter marked."""

from __future__ import annotations

from math import lcm
from typing import Any

from commsim.contracts import Rule
from commsim.contracts.plain_inputs import Plain
from commsim.evaluation.fine_money import scaled
from commsim.evaluation.plain_checks import Wrong
from commsim.evaluation.votes import ballots_of, exactly
from commsim.i18n import _
from commsim.money import FEN_PER_YUAN
from commsim.natural_order import natural_key, natural_rank
from commsim.plugins.shared.profile import Election, Profile
from commsim.plugins.shared.voting import VotingRule

_MOST = 2**53
"""Amounts are counted exactly up to here."""


def election_of(known: Plain) -> tuple[tuple[str, ...], Election]:
    """Ids and election of a plain input: `budget`, `projects` (id → cost), `approvals` or `points`.

    `approvals`: a list of ids per voter; `points`: a mapping id → points per voter; `weights` or `multiplicities`, how
    often each ballot counts. Amounts are exact: in fen, or where one is no whole fen in a smaller part of a yuan
    (`parts_of_a_fen`). Raises Wrong for an amount with too many digits to be counted exactly.
    """
    ids = tuple(str(project) for project in known["projects"])
    ballots = ballots_of(ids, known)
    fine = FEN_PER_YUAN * parts_of_a_fen(known)
    cost = tuple(int(exactly(amount) * fine) for amount in known["projects"].values())
    budget = int(exactly(_budget(known)) * fine)
    if max(budget, *cost, 0) > _MOST:
        raise Wrong(_("amounts with fewer digits: whole fen, or fractions such as 1/3"), max(budget, *cost))
    return ids, Election(Profile.of(ballots, len(ids)), cost, budget, tuple(natural_rank(ids).tolist()))


def _budget(known: Plain) -> Any:
    """As it is written, since `budget_of` would round a fraction."""
    return known["budget"] if "budget" in known else known["pool"]


def parts_of_a_fen(known: Plain) -> int:
    """Into how many parts a fen has to be divided for costs and budget to be whole numbers of them; 1 for whole fen."""
    amounts = [_budget(known), *known["projects"].values()]
    return lcm(*((exactly(amount) * FEN_PER_YUAN).denominator for amount in amounts))


def winners(rule: Rule, known: Plain) -> list[str]:
    """Ids of those whom a voting rule chooses, in natural order: the answer of every family that votes."""
    ids, election = election_of(known)
    assert isinstance(rule, VotingRule)  # families register it for such rules only
    fine = parts_of_a_fen(known)
    counted = type(rule)(scaled(rule.params, fine)) if fine > 1 else rule
    return sorted((ids[position] for position in counted.decide(election).chosen), key=natural_key)
