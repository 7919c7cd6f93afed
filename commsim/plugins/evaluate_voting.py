"""Voting rules on plain input: budget, costs by project id, and what each voter marked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from commsim.contracts import Choices, Rule
from commsim.money import fen
from commsim.plugins.forms import Plain, input_form
from commsim.plugins.naming import natural_key, natural_rank
from commsim.plugins.rules.participatory_budgeting import greedy
from commsim.plugins.rules.profile import Election, Profile
from commsim.plugins.rules.voting import VotingRule


def election_of(known: Plain) -> tuple[tuple[str, ...], Election]:
    """Ids and election of a plain input: `budget`, `projects` (id → cost) or `candidates`, `approvals` or `points`.

    `approvals`: a list of ids per voter; `points`: a mapping id → points per voter. Amounts in yuan become fen.
    """
    projects = known["projects"]
    ids = tuple(str(one) for one in projects)
    ballots = choices_of(ids, known["points"] if "points" in known else known["approvals"])
    budget = known["budget"] if "budget" in known else known["pool"]
    cost = tuple(fen(one) for one in projects.values())
    return ids, Election(Profile.of(ballots, len(ids)), cost, fen(budget), tuple(natural_rank(ids).tolist()))


def choices_of(ids: Sequence[str], voters: Sequence[Mapping[str, int] | Sequence[str]]) -> Choices:
    """Ballots written as ids, or as points by id, in the rows that rules read."""
    at = {one: position for position, one in enumerate(ids)}
    rows = [row if isinstance(row, Mapping) else dict.fromkeys(row, 1) for row in voters]
    marks = [(at[str(one)], points) for row in rows for one, points in row.items()]
    columns = np.array(marks, dtype=np.int64).reshape(-1, 2)
    start = np.cumsum([0, *map(len, rows)])
    return Choices(start, columns[:, 0].astype(np.int32), columns[:, 1].copy())


@input_form("pb.")
@input_form("committee.")
def _winners(rule: Rule, known: Plain) -> Any:
    ids, election = election_of(known)
    assert isinstance(rule, VotingRule)  # all of these two families but the next are
    return sorted((ids[one] for one in rule.decide(election).chosen), key=natural_key)


@input_form("pb.greedy_votes")
def _by_votes(rule: Rule, known: Plain) -> list[str]:
    ids, election = election_of(known)
    outcome = greedy(
        election.profile.total, np.array(election.cost, dtype=np.int64), ids, election.budget, rule.params.min_votes
    )
    return sorted((one for one, won in zip(ids, outcome.won, strict=True) if won), key=natural_key)
