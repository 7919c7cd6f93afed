"""Voting rules on plain input: budget, costs by project id, and what each voter marked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import lcm
from typing import Any

import numpy as np

from commsim.contracts import Choices, Rule
from commsim.evaluation.fine_money import scaled
from commsim.evaluation.forms import Plain, input_form
from commsim.evaluation.plain_checks import Wrong
from commsim.i18n import _
from commsim.money import FEN_PER_YUAN
from commsim.natural_order import natural_key, natural_rank
from commsim.plugins.budgeting.greedy_votes import greedy
from commsim.plugins.shared.profile import Election, Profile
from commsim.plugins.shared.voting import VotingRule

VOTES_CAST = "approvals|points weights|multiplicities"
VOTES = f"budget|pool projects {VOTES_CAST}"
"""Words that voting rules read."""
_MOST = 2**53
"""Amounts are counted exactly up to here."""


def election_of(known: Plain) -> tuple[tuple[str, ...], Election]:
    """Ids and election of a plain input: `budget`, `projects` (id → cost), `approvals` or `points`.

    `approvals`: a list of ids per voter; `points`: a mapping id → points per voter; `weights` or `multiplicities`, how
    often each ballot counts. Amounts are exact: in fen, or where one is no whole fen in a smaller part of a yuan
    (`parts_of_a_fen`). Raises Wrong for an amount with too many digits to be counted exactly.
    """
    ids = tuple(str(one) for one in known["projects"])
    ballots = ballots_of(ids, known)
    fine = FEN_PER_YUAN * parts_of_a_fen(known)
    cost = tuple(int(exactly(one) * fine) for one in known["projects"].values())
    budget = int(exactly(_budget(known)) * fine)
    if max(budget, *cost, 0) > _MOST:
        raise Wrong(_("amounts with fewer digits: whole fen, or fractions such as 1/3"), max(budget, *cost))
    return ids, Election(Profile.of(ballots, len(ids)), cost, budget, tuple(natural_rank(ids).tolist()))


def _budget(known: Plain) -> Any:
    return known["budget"] if "budget" in known else known["pool"]


def exactly(amount: Any) -> Fraction:
    """An amount as it is written: 0.1 is a tenth, "1/3" a third."""
    return amount if isinstance(amount, Fraction) else Fraction(str(amount))


def parts_of_a_fen(known: Plain) -> int:
    """Into how many parts a fen has to be divided for costs and budget to be whole numbers of them; 1 for whole fen."""
    amounts = [_budget(known), *known["projects"].values()]
    return lcm(*((exactly(amount) * FEN_PER_YUAN).denominator for amount in amounts))


def copied(voters: Sequence[Any], known: Plain) -> list[Any]:
    """What each of the voters marked, as often as its weight says."""
    weights = known.get("weights", known.get("multiplicities"))
    if weights is None:
        return list(voters)
    return [marked for marked, weight in zip(voters, weights, strict=True) for _copy in range(int(weight))]


def ballots_of(ids: Sequence[str], known: Plain) -> Choices:
    """The ballots of an input, each as often as its weight says."""
    return choices_of(ids, copied(known["points"] if "points" in known else known["approvals"], known))


def choices_of(ids: Sequence[str], voters: Sequence[Mapping[str, int] | Sequence[str]]) -> Choices:
    """Ballots written as ids, or as points by id, in the rows that rules read."""
    at = {one: position for position, one in enumerate(ids)}
    rows = [row if isinstance(row, Mapping) else dict.fromkeys(row, 1) for row in voters]
    marks = [(at[str(one)], points) for row in rows for one, points in row.items()]
    columns = np.array(marks, dtype=np.int64).reshape(-1, 2)
    start = np.cumsum([0, *map(len, rows)])
    return Choices(start, columns[:, 0].astype(np.int32), columns[:, 1].copy())


@input_form("pb.", reads=VOTES)
@input_form("committee.", reads=VOTES)
def _winners(rule: Rule, known: Plain) -> Any:
    ids, election = election_of(known)
    assert isinstance(rule, VotingRule)  # all of these two families but the next are
    fine = parts_of_a_fen(known)
    counted = type(rule)(scaled(rule.params, fine)) if fine > 1 else rule
    return sorted((ids[one] for one in counted.decide(election).chosen), key=natural_key)


@input_form("pb.greedy_votes", reads=VOTES)
def _by_votes(rule: Rule, known: Plain) -> list[str]:
    ids, election = election_of(known)
    outcome = greedy(
        election.profile.total, np.array(election.cost, dtype=np.int64), ids, election.budget, rule.params.min_votes
    )
    return sorted((one for one, won in zip(ids, outcome.won, strict=True) if won), key=natural_key)
