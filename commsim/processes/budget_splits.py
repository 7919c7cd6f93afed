"""How those who voted would divide the budget: among places, mostly their own, or among domains, by their own needs.

Part of the view of a round. Voters who propose alike share a row, so that no row is a resident. The value of places
elsewhere is an assumption (registry).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from commsim.community.community import Community
from commsim.community.given import Positions
from commsim.community.rounds import Area, OpenRound
from commsim.contracts import Domain, Splits


def splits_of(community: Community, areas: Sequence[Area], open_round: OpenRound) -> Splits:
    """The splits of all who voted in a round, over areas or over domains as its ballot says."""
    votes = [marks.residents for marks in open_round.votes]
    voters = np.unique(np.concatenate(votes)) if votes else np.zeros(0, dtype=np.intp)
    ballot = open_round.terms.ballot
    if ballot is not None and ballot.over == "categories":
        return _over_domains(community, areas, open_round, voters)
    return _over_areas(community, areas, open_round, voters)


def _area_of(areas: Sequence[Area], voters: Positions) -> NDArray[np.intp]:
    return np.searchsorted([area.last for area in areas], voters, side="right")


def _over_areas(community: Community, areas: Sequence[Area], open_round: OpenRound, voters: Positions) -> Splits:
    """All voters of an area propose alike: most to their own area, a part to each other."""
    away = community.given.parameters["ballot.value_elsewhere"]
    wish = np.where(np.eye(len(areas)) > 0, 1.0, away)
    count = np.bincount(_area_of(areas, voters), minlength=len(areas))
    index_of = {area.index: position for position, area in enumerate(areas)}
    of_proposal = np.array([index_of[project.area_index] for project in open_round.projects], dtype=np.int32)
    here = count > 0
    share = (wish / wish.sum(axis=1, keepdims=True))[here]
    return Splits(tuple(area.id for area in areas), of_proposal, share, count[here].astype(np.int64))


def _over_domains(community: Community, areas: Sequence[Area], open_round: OpenRound, voters: Positions) -> Splits:
    """Voters of an area with the same strongest need share a row: the mean of their needs."""
    options = tuple(domain.name.lower() for domain in Domain)
    of_proposal = np.array([int(project.domain) for project in open_round.projects], dtype=np.int32)
    if not voters.size:
        return Splits.empty(options, of_proposal)
    needs = community.people.residents.seen_by("reader").needs[voters].astype(np.float64)
    alike = _area_of(areas, voters) * len(options) + needs.argmax(axis=1)
    _groups, row, count = np.unique(alike, return_inverse=True, return_counts=True)
    share = np.zeros((len(count), len(options)))
    np.add.at(share, row, needs / needs.sum(axis=1, keepdims=True))
    share /= count[:, None]
    return Splits(options, of_proposal, share / share.sum(axis=1, keepdims=True), count.astype(np.int64))
