"""What the world claims as a whole: complete, the same bytes for the same seed anywhere, and readable as graphs."""

from __future__ import annotations

import hashlib
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import networkx as nx
import numpy as np
import pytest

from commsim.errors import InvalidInput
from commsim.randomness import Draws
from commsim.scenario.loading import load_scenario
from commsim.world.build import build_world
from commsim.world.graph import community_graph, institution_graph
from commsim.world.records import World

CENSUS = {
    "committee",
    "estate",
    "building",
    "household",
    "age",
    "sex",
    "registration",
    "education",
    "tenure",
    "collective",
    "household_size",
}


def digest(seed: int, replicate: int) -> str:
    """A digest of everything in the tutorial's world."""
    world = build_world(load_scenario("tutorial"), Draws(seed, replicate))
    found = hashlib.sha256()
    for name, column in sorted(world.columns.items()):
        found.update(name.encode() + column.dtype.str.encode() + column.tobytes())
    for layer in world.ties.values():
        found.update(layer.start.tobytes() + layer.neighbour.tobytes())
    found.update(repr((world.institutions, world.relations)).encode())
    return found.hexdigest()


@pytest.fixture(scope="module")
def world() -> World:
    """The tutorial's world."""
    return build_world(load_scenario("tutorial"), Draws(1))


def test_the_world_holds_census_attributes_ties_and_institutions(world: World) -> None:
    assert CENSUS < set(world.columns) and {"needs", "type", "role", "voice"} < set(world.columns)
    assert all(len(column) == world.residents for column in world.columns.values())
    assert set(world.ties) == {"building", "estate", "affinity", "long"}
    assert sum(one.kind == "committee" for one in world.institutions) == world.addresses.committees


def test_runs_cannot_change_the_world_that_they_share(world: World) -> None:
    with pytest.raises(ValueError, match="read-only"):
        world.columns["belief"][0] = 1
    with pytest.raises(ValueError, match="read-only"):
        world.ties["estate"].neighbour[0] = 1


def test_the_same_seed_gives_the_same_bytes_in_another_process_and_another_replicate_does_not() -> None:
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        elsewhere = pool.submit(digest, 7, 0).result()
    assert digest(7, 0) == elsewhere
    assert digest(7, 1) != elsewhere


def test_the_institution_graph_holds_every_institution_and_relation(world: World) -> None:
    graph = institution_graph(world)
    assert set(graph) == {one.id for one in world.institutions}
    assert sum(len(kinds) for *_, kinds in graph.edges(data="kinds")) == len(world.relations)
    assert nx.is_connected(graph)
    committee = world.addresses.committee_ids[0]
    assert graph.nodes[committee]["kind"] == "committee" and graph.nodes[committee]["staff"] >= 5


def test_the_community_graph_holds_a_committees_residents_with_their_ties_by_layer(world: World) -> None:
    graph = community_graph(world, world.addresses.committee_ids[1])
    first, last = world.addresses.committee_start[1:3]
    assert set(graph) == set(range(first, last))
    for layer in world.ties.values():
        expected = set()
        for resident in range(first, last):
            near = layer.neighbour[layer.start[resident] : layer.start[resident + 1]]
            expected |= {frozenset((resident, int(one))) for one in near if first <= one < last}
        found = {frozenset(pair[:2]) for pair in graph.edges(data="layers") if layer.name in pair[2]}
        assert found == expected, layer.name
    assert graph.nodes[int(first)]["age"] == world.columns["age"][first]


def test_the_community_graph_ties_each_family_household_completely(world: World) -> None:
    graph = community_graph(world, 0)
    household, collective = world.columns["household"], world.columns["collective"]
    found = {frozenset(pair[:2]) for pair in graph.edges(data="layers") if "household" in pair[2]}
    sizes = np.bincount(household[list(graph)][~collective[list(graph)]])
    assert len(found) == (sizes * (sizes - 1) // 2).sum() > 0
    assert all(len({household[one] for one in pair}) == 1 for pair in found)


def test_an_unknown_committee_is_refused_with_what_was_expected(world: World) -> None:
    for wrong in ("nowhere", 99, -1):
        with pytest.raises(InvalidInput, match="a committee's id or an index from 0 to"):
            community_graph(world, wrong)
