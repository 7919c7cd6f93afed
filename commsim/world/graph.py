"""The world as networkx graphs, for analysis and drawing: the institutions, and the residents of one committee."""

from __future__ import annotations

from typing import Any

import networkx as nx
import numpy as np
from numpy.typing import NDArray

from commsim.errors import InvalidInput
from commsim.i18n import _
from commsim.world.records import TieLayer, World

HOUSEHOLD_LAYER = "household"
"""Name under which ties inside a household appear in a graph (they are implicit in the addresses)."""


def institution_graph(world: World) -> nx.Graph[str]:
    """The relationship network of institutions (P-27): nodes by id, edges by relation.

    Node attributes: `kind`, `name` (both languages) and all starting attributes. Edge attributes: `kinds` (tuple of
    relation kinds between the two, in order) and `strength` (the highest of them).
    """
    graph: nx.Graph[str] = nx.Graph()
    for institution in world.institutions:
        graph.add_node(institution.id, kind=institution.kind, name=institution.name, **institution.attributes)
    for relation in world.relations:
        known = graph.get_edge_data(relation.source, relation.target, {"kinds": (), "strength": 0.0})
        graph.add_edge(
            relation.source,
            relation.target,
            kinds=(*known["kinds"], relation.kind),
            strength=max(known["strength"], relation.strength),
        )
    return graph


def community_graph(world: World, committee: str | int) -> nx.Graph[int]:
    """The residents of one committee and the ties among them, as a graph.

    Arguments: `committee`, its id or its index. Nodes are residents' indices in address order, with every column as an
    attribute (`needs` as a tuple); edges carry `layers`, the names of the layers that hold the tie, "household" among
    them. Ties to residents of other committees are left out. Raises InvalidInput for an unknown committee.
    """
    index = committee_index(world, committee)
    first, last = (int(bound) for bound in world.addresses.committee_start[index : index + 2])
    graph: nx.Graph[int] = nx.Graph()
    names = tuple(world.columns)
    rows = zip(*(world.columns[name][first:last].tolist() for name in names), strict=True)
    for resident, row in zip(range(first, last), rows, strict=True):
        values = {
            name: tuple(value) if isinstance(value, list) else value for name, value in zip(names, row, strict=True)
        }
        graph.add_node(resident, **values)
    _add_ties(graph, HOUSEHOLD_LAYER, _household_pairs(world, first, last))
    for layer in world.ties.values():
        _add_ties(graph, layer.name, _pairs_inside(layer, first, last))
    return graph


def committee_index(world: World, committee: str | int) -> int:
    """Index of a committee given by id or index. Raises InvalidInput, with the ids that exist, for any other."""
    ids = world.addresses.committee_ids
    if isinstance(committee, str) and committee in ids:
        return ids.index(committee)
    if isinstance(committee, int | np.integer) and 0 <= committee < len(ids):
        return int(committee)
    raise InvalidInput(
        _("a committee's id or an index from 0 to {last} was expected; {committee!r} came. Ids begin {first}").format(
            last=len(ids) - 1, committee=committee, first=", ".join(ids[:5])
        )
    )


def _add_ties(graph: nx.Graph[int], layer: str, pairs: NDArray[np.int64]) -> None:
    for first, other in pairs.tolist():
        known: dict[str, Any] = graph.get_edge_data(first, other, {"layers": ()})
        graph.add_edge(first, other, layers=(*known["layers"], layer))


def _pairs_inside(layer: TieLayer, first: int, last: int) -> NDArray[np.int64]:
    """Each tie of a layer once (lower index first) whose both ends live in the slice, shape (ties, 2)."""
    start = layer.start[first : last + 1]
    source = np.repeat(np.arange(first, last), np.diff(start))
    target = layer.neighbour[start[0] : start[-1]].astype(np.int64)
    kept = (target > source) & (target < last)
    return np.column_stack([source[kept], target[kept]])


def _household_pairs(world: World, first: int, last: int) -> NDArray[np.int64]:
    """Each pair of residents who share a family household, lower index first, shape (pairs, 2)."""
    household = world.columns["household"][first:last]
    family = ~world.columns["collective"][first:last]
    pairs = [np.zeros((0, 2), dtype=np.int64)]
    for apart in range(1, int(np.bincount(household - household[0]).max()) if household.size else 0):
        together = np.flatnonzero((household[apart:] == household[:-apart]) & family[:-apart]) + first
        pairs.append(np.column_stack([together, together + apart]))
    return np.concatenate(pairs)
