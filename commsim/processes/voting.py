"""How those who vote fill in what a round's rule asks them for: a ballot, a split of the budget, a voucher.

Part of contribution (step 6). Whether somebody votes at all is the kernel's doing; here only what the vote says: each
proposal is worth own need × quality × nearness to the voter. Plan P-11, P-16; the value of projects elsewhere and the
least value marked are assumptions (registry).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from commsim.community.community import Community
from commsim.community.given import Positions
from commsim.community.people import Columns
from commsim.community.rounds import OpenRound, Votes
from commsim.community.story import StoryKey
from commsim.contracts import Ballot


def cast_votes(community: Community, residents: Columns, open_round: OpenRound, voters: Positions) -> None:
    """Enter the ballots (or vouchers) of `voters`, none of whom has voted in this round before."""
    voters = np.sort(voters)
    if not open_round.projects:
        open_round.take_votes(voters, None)
        return
    value = worth_of_proposals(community, residents, open_round, voters)
    if open_round.terms.vouchers:
        points = _vouchers(value, open_round.terms.vouchers)
    else:
        points = _ballots(community, open_round, value, open_round.terms.ballot or Ballot())
    rows, columns = np.nonzero(points)
    open_round.take_votes(voters, Votes(voters[rows], columns.astype(np.int32), points[rows, columns]))
    for index, project in enumerate(open_round.projects):
        supporters = voters[points[:, index] > 0]
        project.votes += len(supporters)
        if supporters.size:
            project.took_part(community.month, supporters)
            project.tell(community.month, StoryKey.VOTES, len(supporters))


def worth_of_proposals(
    community: Community, residents: Columns, open_round: OpenRound, voters: Positions
) -> NDArray[np.float64]:
    """What each proposal is worth to each voter: own need in its domain × quality × nearness, (voters, proposals)."""
    projects = open_round.projects
    near = np.stack([(voters >= project.first) & (voters < project.last) for project in projects], axis=1)
    needs = residents.needs[voters][:, [int(project.domain) for project in projects]]
    away = community.given.parameters["ballot.value_elsewhere"]
    return np.asarray(
        needs * np.array([project.quality for project in projects]) * np.where(near, 1.0, away), dtype=np.float64
    )


def _ballots(
    community: Community, open_round: OpenRound, value: NDArray[np.float64], ballot: Ballot
) -> NDArray[np.int64]:
    """Points by voter and proposal: 1 for an approval or what fits a knapsack, places or points else."""
    order = np.argsort(-value, axis=1, kind="stable")
    sorted_value = np.take_along_axis(value, order, axis=1)
    marked = sorted_value >= community.given.parameters["ballot.least_value"]
    marked[:, 0] = True  # who votes marks at least the one that means most
    if ballot.kind == "knapsack":
        costs = np.array([project.ask_fen for project in open_round.projects])[order]
        placed = marked & (np.cumsum(np.where(marked, costs, 0), axis=1) <= open_round.budget_fen)
        placed[:, 0] |= costs[:, 0] <= open_round.budget_fen
        in_order = placed.astype(np.int64)
    else:
        marked &= np.arange(value.shape[1]) < ballot.most
        in_order = marked.astype(np.int64)
        if ballot.kind == "ranking":
            in_order *= np.maximum(min(ballot.most, value.shape[1]) - np.arange(value.shape[1]), 0)
        elif ballot.kind == "cumulative":
            in_order = _spread(np.where(marked, sorted_value, 0.0), round(community.given.parameters["ballot.points"]))
    if ballot.kind != "split":
        enough = np.count_nonzero(in_order, axis=1) >= min(ballot.least, value.shape[1])
        in_order *= enough[:, None]  # a ballot with too few marks is not cast
    points = np.zeros_like(in_order)
    np.put_along_axis(points, order, in_order, axis=1)
    return points


def _spread(value: NDArray[np.float64], total: int) -> NDArray[np.int64]:
    """`total` points divided in proportion to value, row by row; rounded down, what is left goes to the first."""
    whole = np.maximum(value.sum(axis=1, keepdims=True), np.finfo(np.float64).tiny)
    # Rounded to single precision first, so that the last bit of a float decides nothing.
    points = np.floor((value / whole * total).astype(np.float32)).astype(np.int64)
    points[:, 0] += total - points.sum(axis=1)
    return points


def _vouchers(value: NDArray[np.float64], fen: int) -> NDArray[np.int64]:
    """Each voter assigns the whole voucher to the proposal that means most (ties to the first)."""
    assigned = np.zeros(value.shape, dtype=np.int64)
    assigned[np.arange(len(value)), value.argmax(axis=1)] = fen
    return assigned
