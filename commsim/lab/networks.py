"""Networks for protocols: a networkx graph, a tie layer of the world or a sparse matrix, as one symmetric matrix."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from commsim.errors import InvalidInput
from commsim.i18n import Text, _
from commsim.lab.field_kinds import Kind, brief
from commsim.world.records import TieLayer


def adjacency(network: Any) -> csr_array:
    """Who is tied to whom, as a sparse matrix of ones, shape (nodes, nodes); row i holds the ties of person i.

    `network`: a `networkx` graph (nodes in its own order), a `TieLayer`, or a square matrix. In a directed graph a tie
    from i to j lets j see i. Raises InvalidInput for an empty network, entries that are not numbers of 0 or more, or
    anything else.
    """
    matrix = _matrix(network)
    if matrix.shape[0] == 0:
        raise InvalidInput(_("the network is empty; a protocol needs at least one person"))
    if matrix.dtype.kind not in "biuf" or not np.all((matrix.data >= 0) & np.isfinite(matrix.data)):
        text = _("a network's matrix holds 0 (no tie) or numbers above 0 (a tie), neither negative ones nor NaN")
        raise InvalidInput(text)
    matrix = csr_array(matrix > 0, dtype=np.int32)
    matrix.setdiag(0)
    matrix.eliminate_zeros()
    matrix.data[:] = 1
    return matrix


def _matrix(network: Any) -> csr_array:
    if isinstance(network, TieLayer):
        size = len(network.start) - 1
        ones = np.ones(len(network.neighbour), dtype=np.int32)
        return csr_array((ones, network.neighbour.copy(), network.start.copy()), shape=(size, size))
    if _is_graph(network):
        return _of_graph(network)
    try:
        matrix = csr_array(network)
    except (TypeError, ValueError):
        matrix = None
    if matrix is None or matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1]:
        text = _("a network is a networkx graph, a tie layer or a square matrix; {came} came")
        raise InvalidInput(text.format(came=brief(network)))
    return matrix


def _of_graph(graph: Any) -> csr_array:
    import networkx

    if not len(graph):
        return csr_array((0, 0), dtype=np.int32)
    matrix = networkx.to_scipy_sparse_array(graph, weight=None, dtype=np.dtype(np.int32), format="csr")
    return csr_array(matrix.T) if graph.is_directed() else csr_array(matrix)


def nodes(network: Any) -> int:
    """How many nodes a network has. Raises InvalidInput as `adjacency` does."""
    return len(network) if _is_graph(network) and len(network) else int(adjacency(network).shape[0])


def _is_graph(network: Any) -> bool:
    return hasattr(network, "adj") and hasattr(network, "nodes") and not isinstance(network, type)


@dataclass(frozen=True)
class Network(Kind):
    """Anything that `adjacency` takes."""

    @property
    def expected(self) -> Text:
        return _("a networkx graph, a tie layer or a square matrix")

    def takes(self, value: Any) -> bool:
        return self.problem(value) is None

    def meant(self, value: Any) -> bool:
        return True

    def problem(self, value: Any) -> Text | None:
        """What `adjacency` says of it."""
        try:
            nodes(value)
        except InvalidInput as error:
            return _("cannot be used: {problem}").format(problem=error.text)
        return None


def acting_ties(ties: csr_array, acts: NDArray[np.bool_]) -> NDArray[np.float64]:
    """How many of each person's ties act, shape (n,)."""
    return np.asarray(ties @ acts.astype(np.float64))
