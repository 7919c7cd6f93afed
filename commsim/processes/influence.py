"""Who would be reached, and who draws in whom: what benchmarks of the best possible are shown of the network.

Part of the view of a round. Circles are the areas of the unit; ties between their residents carry participation as far
as the registry's chance of an ask per tie goes (independent cascade; Kempe, Kleinberg and Tardos 2003).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from commsim.community.community import Community
from commsim.community.projects import Project
from commsim.community.rounds import Area
from commsim.contracts import Choices, Influence


def coverage_of(community: Community, projects: Sequence[Project]) -> Choices:
    """Residents by the set of proposals that reach them: those whose need in its domain makes them concerned.

    One row for each set that occurs in a place, holding its proposals; the amount is the number of residents.
    """
    needs = community.people.residents.seen_by("reader").needs
    concerns = community.given.parameters["bidding.need_that_concerns"]
    places: dict[tuple[int, int], list[int]] = {}
    for index, project in enumerate(projects):
        places.setdefault((project.first, project.last), []).append(index)
    start, proposal, amount = [0], [], []
    for (first, last), indices in places.items():
        reached = needs[first:last][:, [int(projects[index].domain) for index in indices]] > concerns
        sets, counts = np.unique(reached, axis=0, return_counts=True)
        for members, count in zip(sets, counts, strict=True):
            chosen = [index for index, inside in zip(indices, members, strict=True) if inside]
            if chosen:
                proposal += chosen
                amount += [int(count)] * len(chosen)
                start.append(len(proposal))
    return Choices(np.array(start, np.int64), np.array(proposal, np.int32), np.array(amount, np.int64))


def influence_of(community: Community, areas: Sequence[Area], area_of_proposal: NDArray[np.int32]) -> Influence:
    """The unit's areas as circles, tied by the ties of their residents; a proposal begins in its own area."""
    of_resident = np.full(len(community.people.residents), -1, dtype=np.int64)
    for position, area in enumerate(areas):
        of_resident[area.first : area.last] = position
    crossing = np.zeros((len(areas), len(areas)))
    for layer in community.given.world.ties.values():
        source = np.repeat(of_resident, np.diff(layer.start))
        target = of_resident[layer.neighbour]
        inside = (source >= 0) & (target >= 0) & (source != target)
        np.add.at(crossing, (source[inside], target[inside]), 1.0)
    people = np.array([max(area.last - area.first, 1) for area in areas], dtype=np.float64)
    carried = np.minimum(crossing / people[:, None], 1.0) * community.given.parameters["mobilisation.ask_per_tie"]
    sources, targets = np.nonzero(carried)
    return Influence(
        sources.astype(np.int32),
        targets.astype(np.int32),
        carried[sources, targets],
        people,
        np.asarray(area_of_proposal, dtype=np.int32),
    )
