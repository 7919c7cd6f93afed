"""What the world claims of ties between residents. Oracle: networkx and sets of pairs built without the code tested."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commsim.errors import InvalidInput
from commsim.randomness import Draws
from commsim.world.attributes import add_attributes
from commsim.world.records import Addresses, Column, TieLayer
from commsim.world.ties import (
    LAYERS,
    Pairs,
    TieRequest,
    layer_from_pairs,
    make_ties,
    ring_lattice,
    tie_generator,
    tie_generators,
)
from tests.world.made_town import MadeScenario, made_town

BLOCKS = {"building": "building", "estate": "estate", "affinity": "committee"}
Town = tuple[dict[str, Column], Addresses]


@pytest.fixture(scope="module")
def town() -> Town:
    """A small town with attributes."""
    columns, addresses = made_town(committees=3, estates=2, buildings=4, households=25, persons=3)
    return {**columns, **add_attributes(columns, addresses, MadeScenario(), Draws(1))}, addresses


@pytest.fixture(scope="module")
def ties(town: Town) -> dict[str, TieLayer]:
    """Its ties by the default registry."""
    return make_ties(*town, MadeScenario(), Draws(1))


def _pairs(layer: TieLayer) -> np.ndarray:
    source = np.repeat(np.arange(len(layer.start) - 1), np.diff(layer.start))
    return np.column_stack([source, layer.neighbour])


def _graph(layer: TieLayer) -> nx.Graph:
    graph = nx.Graph()
    graph.add_nodes_from(range(len(layer.start) - 1))
    graph.add_edges_from(_pairs(layer).tolist())
    return graph


def _one_block(size: int, **wanted: float) -> tuple[TieLayer, np.ndarray]:
    """One block of residents, each a household, with random ages; returns the layer and the ages."""
    age = np.random.default_rng(5).uniform(12, 90, size)
    values = {"mean_degree": 8.0, "homophily": 0.5, "clustering": 0.8, "window": 0.1} | wanted
    request = TieRequest("test", size, np.arange(size), np.zeros(size, np.int64), age, draws=Draws(3), **values)
    return layer_from_pairs("test", size, *ring_lattice(request), np.arange(size)), age


def _check_rows(layer: TieLayer, residents: int) -> None:
    assert layer.start.dtype == np.int64 and layer.neighbour.dtype == np.int32
    assert layer.start[0] == 0 and layer.start[-1] == len(layer.neighbour) and len(layer.start) == residents + 1
    pairs = [tuple(pair) for pair in _pairs(layer).tolist()]
    assert pairs == sorted(set(pairs)), "rows ascend without doublets"
    assert {(b, a) for a, b in pairs} == set(pairs), "symmetric"
    assert all(a != b and 0 <= b < residents for a, b in pairs), "no ties to oneself"


def test_every_layer_is_made_and_is_clean(town: Town, ties: dict[str, TieLayer]) -> None:
    assert tuple(ties) == LAYERS == ("building", "estate", "affinity", "long")
    for layer in ties.values():
        _check_rows(layer, town[1].residents)


def test_ties_stay_inside_their_unit(town: Town, ties: dict[str, TieLayer]) -> None:
    for name, column in BLOCKS.items():
        pairs = _pairs(ties[name])
        assert (town[0][column][pairs[:, 0]] == town[0][column][pairs[:, 1]]).all(), name
    across = _pairs(ties["long"])
    assert (town[0]["committee"][across[:, 0]] != town[0]["committee"][across[:, 1]]).any()


def test_young_children_have_no_ties_and_no_layer_repeats_a_household(town: Town, ties: dict[str, TieLayer]) -> None:
    for layer in ties.values():
        pairs = _pairs(layer)
        assert (town[0]["age"][pairs] >= 12).all()
        assert (town[0]["household"][pairs[:, 0]] != town[0]["household"][pairs[:, 1]]).all()


@pytest.mark.parametrize(("wanted", "low", "high"), [(1.0, 0.95, 1.0), (2.5, 2.4, 2.5), (8.0, 7.7, 8.0)])
def test_mean_degree_is_as_asked_but_for_doublets(wanted: float, low: float, high: float) -> None:
    layer, _ = _one_block(4000, mean_degree=wanted)
    assert low * 0.98 <= len(layer.neighbour) / 4000 <= high * 1.02


def test_full_clustering_without_homophily_is_the_ring_lattice_of_watts_and_strogatz() -> None:
    layer, _ = _one_block(60, mean_degree=6.0, homophily=0.0, clustering=1.0)
    graph, lattice = _graph(layer), nx.watts_strogatz_graph(60, 6, 0.0)
    assert sorted(dict(graph.degree()).values()) == sorted(dict(lattice.degree()).values())
    assert nx.average_clustering(graph) == pytest.approx(nx.average_clustering(lattice))
    assert nx.diameter(graph) == nx.diameter(lattice)
    assert nx.is_isomorphic(graph, lattice)


def test_clustering_rises_with_its_parameter_as_in_small_worlds() -> None:
    levels = (0.0, 0.4, 0.8, 1.0)
    made = [nx.average_clustering(_graph(_one_block(600, homophily=0.0, clustering=one)[0])) for one in levels]
    assert made == sorted(made) and made[-1] > made[0] + 0.4
    for level, coefficient in zip(levels, made, strict=True):
        oracle = np.mean([nx.average_clustering(nx.watts_strogatz_graph(600, 8, 1 - level, seed=s)) for s in range(3)])
        assert coefficient == pytest.approx(oracle, abs=0.04), level


def test_likes_are_tied_more_as_homophily_rises() -> None:
    def assortativity(homophily: float) -> float:
        layer, age = _one_block(2000, homophily=homophily)
        graph = _graph(layer)
        nx.set_node_attributes(graph, dict(enumerate((age // 5).astype(int).tolist())), "age")
        return float(nx.numeric_assortativity_coefficient(graph, "age"))

    made = [assortativity(one) for one in (0.0, 0.4, 0.7, 1.0)]
    assert made == sorted(made)
    assert abs(made[0]) < 0.05 and made[-1] > 0.8


def test_homophily_by_age_shows_in_the_layers_of_a_town(town: Town) -> None:
    def closeness(homophily: float) -> float:
        scenario = MadeScenario({"ties.estate_homophily": homophily})
        pairs = _pairs(make_ties(*town, scenario, Draws(1))["estate"])
        age = town[0]["age"].astype(float)
        return float(np.corrcoef(age[pairs[:, 0]], age[pairs[:, 1]])[0, 1])

    assert closeness(1.0) > closeness(0.0) + 0.2


def test_random_pairs_have_neither_clustering_nor_homophily(town: Town) -> None:
    scenario = MadeScenario({"ties.affinity_homophily": 1.0, "ties.affinity_clustering": 1.0})
    scenario.layers["affinity"] = "random_pairs"
    layer = make_ties(*town, scenario, Draws(1))["affinity"]
    _check_rows(layer, town[1].residents)
    age = town[0]["age"].astype(float)[_pairs(layer)]
    assert nx.average_clustering(_graph(layer)) < 0.02
    assert abs(np.corrcoef(age.T)[0, 1]) < 0.1


def test_a_layer_can_be_switched_off_and_the_others_stay(town: Town, ties: dict[str, TieLayer]) -> None:
    scenario = MadeScenario()
    scenario.layers["long"] = "none"
    made = make_ties(*town, scenario, Draws(1))
    assert len(made["long"].neighbour) == 0
    assert made["estate"].neighbour.tobytes() == ties["estate"].neighbour.tobytes()


def test_a_researchers_own_generator_is_used_by_name(town: Town) -> None:
    @tie_generator("chain_for_this_test")
    def chain(request: TieRequest) -> Pairs:
        positions = np.arange(request.members.size - 1, dtype=np.int32)
        return positions, positions + 1

    assert "chain_for_this_test" in tie_generators()
    with pytest.raises(InvalidInput, match="two generators of ties called 'ring_lattice'"):
        tie_generator("ring_lattice")(chain)
    scenario = MadeScenario()
    scenario.layers["long"] = "chain_for_this_test"
    made = make_ties(*town, scenario, Draws(1))["long"]
    assert np.diff(made.start).max() <= 2 and len(made.neighbour) > 0


def test_an_unknown_generator_is_refused_with_the_nearest_name(town: Town) -> None:
    scenario = MadeScenario()
    scenario.layers["estate"] = "ring_latice"
    with pytest.raises(InvalidInput, match=r"networks\.layers\.estate.*'ring_latice'.*Nearest: ring_lattice"):
        make_ties(*town, scenario, Draws(1))


def test_ties_differ_between_replicates(town: Town, ties: dict[str, TieLayer]) -> None:
    other = make_ties(*town, MadeScenario(), Draws(1, 1))
    assert all(not np.array_equal(ties[name].neighbour, other[name].neighbour) for name in LAYERS)


@given(
    residents=st.integers(1, 30),
    data=st.data(),
)
def test_rows_hold_exactly_the_pairs_given_both_ways(residents: int, data: st.DataObject) -> None:
    end = st.integers(0, residents - 1)
    given_pairs = data.draw(st.lists(st.tuples(end, end), max_size=60))
    household = np.array(data.draw(st.lists(st.integers(0, 9), min_size=residents, max_size=residents)))
    left, right = (np.array([pair[k] for pair in given_pairs], dtype=np.int32) for k in (0, 1))
    layer = layer_from_pairs("test", residents, left, right, household)
    _check_rows(layer, residents)
    expected = {(a, b) for a, b in given_pairs if household[a] != household[b]}
    assert {tuple(pair) for pair in _pairs(layer).tolist()} == expected | {(b, a) for a, b in expected}


@settings(max_examples=40)
@given(
    sizes=st.lists(st.integers(1, 12), min_size=1, max_size=6),
    degree=st.floats(0, 12),
    homophily=st.floats(0, 1),
    clustering=st.floats(0, 1),
    generator=st.sampled_from(["ring_lattice", "random_pairs"]),
)
def test_any_request_gives_pairs_inside_blocks(
    sizes: list[int], degree: float, homophily: float, clustering: float, generator: str
) -> None:
    from commsim.world.ties import _GENERATORS

    block = np.repeat(np.arange(len(sizes)), sizes)
    count = block.size
    members = np.arange(count) * 2
    age = np.arange(count) % 5.0
    request = TieRequest("test", 2 * count, members, block, age, degree, homophily, clustering, 0.2, Draws(2))
    left, right = _GENERATORS[generator].make(request)
    assert (block[left] == block[right]).all() and (left != right).all()
    assert len(left) <= count * np.ceil(degree / 2)
