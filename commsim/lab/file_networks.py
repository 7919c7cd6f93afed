"""Networks that a file describes: a networkx generator with its arguments, or the edges themselves.

network: {watts_strogatz_graph: {n: 100, k: 6, p: 0.1, seed: 1}}
network: {edges: [[0, 1], [1, 2]], nodes: 4}
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import Any

import networkx

from commsim.i18n import Text, _
from commsim.lab.argument_names import check_arguments
from commsim.lab.checks import InvalidField, value
from commsim.lab.field_kinds import Flag, Kind, Number, Whole, figure
from commsim.memory import BYTES_A_NODE, BYTES_A_TIE, too_much_memory
from commsim.scenario.marked_yaml import Node
from commsim.suggestions import did_you_mean_or_known, listing

GENERATORS = (
    "watts_strogatz_graph",
    "random_regular_graph",
    "barabasi_albert_graph",
    "powerlaw_cluster_graph",
    "erdos_renyi_graph",
    "fast_gnp_random_graph",
    "complete_graph",
    "path_graph",
    "cycle_graph",
    "star_graph",
    "barbell_graph",
    "connected_caveman_graph",
    "grid_2d_graph",
)
"""networkx generators that a file may name."""
EDGES = "edges"
MOST_NODES = 10**6
MOST_TIES = 5 * 10**6
"""Most nodes and ties of a network from a file; beyond, making it takes minutes and gigabytes."""

_NOT_IN_FILES = ("create_using", "backend", "backend_kwargs", "initial_graph", "directed")
_FLAGS = ("periodic",)
_SEED = "seed"


def network_of(node: Node) -> networkx.Graph[Any]:
    """The network that `node` describes. Raises InvalidField with the path of what is wrong below it."""
    given = node.value
    if not isinstance(given, dict):
        text = _("a network is a generator with its arguments, such as {example}, or edges: [[0, 1], …]; {came} came")
        example = "{watts_strogatz_graph: {n: 100, k: 6, p: 0.1}}"
        raise InvalidField(text.format(example=example, came=repr(node.plain())))
    if EDGES in given:
        return _of_edges(node.plain())
    if len(given) != 1:
        text = _("a network takes one generator; {n} came. Known are {known}")
        raise InvalidField(text.format(n=len(given), known=listing((*GENERATORS, EDGES))))
    ((name, arguments),) = given.items()
    if name not in GENERATORS:
        text = _("there is no network generator {name!r}. {hint}")
        hint = did_you_mean_or_known(str(name), (*GENERATORS, EDGES))
        raise InvalidField(text.format(name=name, hint=hint), str(name))
    if not isinstance(arguments.value, dict):
        text = _("{generator} takes arguments by name, such as {{n: 100}}; {came} came")
        raise InvalidField(text.format(generator=name, came=repr(arguments.plain())), str(name))
    return _generated(str(name), arguments.plain())


def _generated(name: str, given: Mapping[str, Any]) -> networkx.Graph[Any]:
    function = getattr(networkx, name)
    known = {
        key: argument for key, argument in inspect.signature(function).parameters.items() if key not in _NOT_IN_FILES
    }
    try:
        check_arguments(name, known, (), {str(key): came for key, came in given.items()})
        for key, came in given.items():
            value(name, key, came, _kind(key))
    except InvalidField as error:
        raise InvalidField(error.text, f"{name}.{error.field}") from None
    _check_size(name, given)
    try:
        # A file gives the same network each time it is read.
        return function(**{_SEED: 1, **given} if _SEED in known else given)
    except (networkx.NetworkXException, ValueError, TypeError, ArithmeticError, LookupError) as error:
        text = _("{generator} cannot be made with these arguments: {reason}")
        raise InvalidField(text.format(generator=name, reason=str(error)), name) from error


def _kind(key: str) -> Kind:
    if key in _FLAGS:
        return Flag()
    if key == "p":
        return Number(0, 1)
    return Whole(0) if key == _SEED else Whole(0, MOST_NODES)


def _check_size(name: str, given: Mapping[str, Any]) -> None:
    """Refuse what would have too many nodes or ties, before it is made. Raises InvalidField."""
    nodes, ties = _size(name, given)
    if nodes > MOST_NODES:
        text = _("{generator} would have {n} nodes; a file's network has at most {most}")
        raise InvalidField(text.format(generator=name, n=figure(nodes), most=figure(MOST_NODES)), name)
    if ties > MOST_TIES:
        text = _("{generator} would take about {n} steps (ties, or pairs to draw) to make; a file may take {most}")
        raise InvalidField(text.format(generator=name, n=figure(ties), most=figure(MOST_TIES)), name)
    refused = too_much_memory(nodes, BYTES_A_NODE + BYTES_A_TIE * ties // max(nodes, 1))
    if refused is not None:
        raise InvalidField(_("{generator}: {problem}").format(generator=name, problem=refused), name)


def _size(name: str, given: Mapping[str, Any]) -> tuple[int, int]:
    """Nodes, and about how many ties (in `erdos_renyi_graph`, which draws for each pair, pairs)."""
    n = int(given.get("n", 0))
    degree = int(given.get("k", given.get("d", given.get("m", 2))))
    if name == "random_regular_graph":
        return n, n * degree**2 // 4  # Pairing stubs until none is left over takes longer the higher the degree.
    if name == "grid_2d_graph":
        return n * int(given["m"]), 2 * n * int(given["m"])
    if name == "barbell_graph":
        return 2 * int(given["m1"]) + int(given["m2"]), int(given["m1"]) ** 2 + int(given["m2"])
    if name == "connected_caveman_graph":
        return int(given["l"]) * degree, int(given["l"]) * degree**2 // 2
    if name in ("complete_graph", "erdos_renyi_graph"):
        return n, n**2 // 2
    if name == "fast_gnp_random_graph":
        return n, int(given["p"] * n**2 / 2)
    return n, n * degree if "m" in given else n * degree // 2


def _of_edges(given: Mapping[str, Any]) -> networkx.Graph[Any]:
    for key in given:
        if key not in (EDGES, "nodes"):
            text = _("beside edges a network takes nodes, their number; {name!r} came")
            raise InvalidField(text.format(name=key), str(key))
    edges = given[EDGES]
    text = _("edges are pairs of different positions from 0, such as [[0, 1], [1, 2]]; {came} came")
    if not isinstance(edges, list) or not edges:
        raise InvalidField(text.format(came=repr(edges)), EDGES)
    position = Whole(0, MOST_NODES - 1)
    for number, edge in enumerate(edges):
        pair = isinstance(edge, list) and len(edge) == 2 and all(position.takes(end) for end in edge)
        if not pair or edge[0] == edge[1]:
            raise InvalidField(text.format(came=repr(edge)), f"{EDGES}.{number}")
    needed = 1 + max(max(edge) for edge in edges)
    nodes = given.get("nodes", needed)
    if not Whole(needed, MOST_NODES).takes(nodes):
        words: Text = _("nodes must be a whole number from {needed} (the edges go so far) to {most}; {came} came")
        raise InvalidField(words.format(needed=needed, most=figure(MOST_NODES), came=repr(nodes)), "nodes")
    graph = networkx.empty_graph(int(nodes))
    graph.add_edges_from(edges)
    return graph
