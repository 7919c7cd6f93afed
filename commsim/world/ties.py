"""Who is tied to whom: layers of symmetric ties, each made by a registered generator with parameters of its own.

Homophily and clustering are parameters, because who is tied to whom decides how participation spreads (plan P-27). A
researcher adds a generator with one function:

>>> @tie_generator("nobody")
... def nobody(request):
...     return np.zeros(0, np.int32), np.zeros(0, np.int32)
>>> "nobody" in tie_generators()
True

Ties inside a household are not a layer: the address order holds them already, and no layer repeats them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from commsim.errors import InvalidInput
from commsim.i18n import _
from commsim.randomness import Draws, Uniforms
from commsim.registry import Registry
from commsim.suggestions import nearest
from commsim.world.records import Addresses, Column, Registration, TieLayer
from commsim.world.scores import sorted_in_units

if TYPE_CHECKING:
    from commsim.scenario.schema import Scenario

Members = NDArray[np.int32]
Pairs: TypeAlias = tuple[Members, Members]
"""Both ends of each tie as positions among the members; order, doublets and loops do not matter."""


@dataclass(frozen=True)
class TieRequest:
    """What a generator is asked for: one layer, among whom, how dense, how alike, how clustered.

    `residents`: residents of the whole world. `members`: who may be tied (indices of residents, ascending), shape (m,).
    `block`: the unit that ties stay inside, never falling, shape (m,). `likeness`: a number by which members who are
    close are alike, shape (m,). `mean_degree`: ties per member. `homophily`: 0 chance … 1 the most alike.
    `clustering`: 0 strangers of the block … 1 neighbours of neighbours. `window`: share of a block inside which a
    stranger counts as alike.
    """

    layer: str
    residents: int
    members: NDArray[np.int64]
    block: NDArray[np.int64]
    likeness: NDArray[np.float64]
    mean_degree: float
    homophily: float
    clustering: float
    window: float
    draws: Draws

    def uniforms(self, purpose: str, item: int = 0) -> Uniforms:
        """Uniforms of the members, fixed by layer, purpose, item and resident, shape (m,)."""
        return self.draws.uniforms(f"ties.{self.layer}.{purpose}", self.residents, item=item)[self.members]


TieGenerator: TypeAlias = Callable[[TieRequest], Pairs]


@dataclass(frozen=True)
class _Named:
    """A generator under the name that a scenario gives."""

    name: str
    make: TieGenerator


_GENERATORS: Registry[_Named] = Registry(
    _("generator of ties"), _("generators of ties"), lambda generator: generator.name
)


def tie_generator(name: str) -> Callable[[TieGenerator], TieGenerator]:
    """Register a generator under `name`, which a scenario then gives under `networks.layers`.

    Raises InvalidInput where the name is taken: the later one never wins silently.
    """

    def register(generator: TieGenerator) -> TieGenerator:
        return _GENERATORS.register(_Named(name, generator)).make

    return register


def tie_generators() -> tuple[str, ...]:
    """Names of the generators that a scenario may choose, in alphabetical order."""
    return tuple(sorted(_GENERATORS.names))


@tie_generator("ring_lattice")
def ring_lattice(request: TieRequest) -> Pairs:
    """A small world in each block (Watts and Strogatz 1998) on a ring sorted by likeness and chance.

    Each member is tied to the next half-degree members of the ring; a share 1 − clustering of these ties goes to
    somebody else of the block instead: with probability homophily somebody close on the ring, else anybody.
    """
    block = _rings(request.block)
    order = _ring_order(request, block)
    place = np.arange(order.size, dtype=np.int32) - block.start
    half = request.mean_degree / 2.0
    left, right = [], []
    for offset in range(1, int(np.ceil(half)) + 1):
        tied = (block.size > offset) & (request.uniforms("tied", offset)[order] < half - (offset - 1))
        rewired = request.uniforms("rewire", offset)[order] >= request.clustering
        step = np.where(rewired, _strange_step(request, offset, order, block), offset)
        other = place + step.astype(np.int32)
        other = np.where(other >= block.size, other - block.size, other) + block.start
        left.append(order[tied])
        right.append(order[other[tied]])
    return _joined(left), _joined(right)


@tie_generator("random_pairs")
def random_pairs(request: TieRequest) -> Pairs:
    """Anybody of the block with anybody, whatever their likeness: the yardstick without structure."""
    block = _rings(request.block)
    positions = np.arange(request.members.size, dtype=np.int32)
    half = request.mean_degree / 2.0
    left, right = [], []
    for number in range(1, int(np.ceil(half)) + 1):
        tied = (block.size > 1) & (request.uniforms("tied", number) < half - (number - 1))
        step = 1 + np.floor(request.uniforms("partner", number) * (block.size - 1)).astype(np.int32)
        other = positions - block.start + step
        other = np.where(other >= block.size, other - block.size, other) + block.start
        left.append(positions[tied])
        right.append(other[tied])
    return _joined(left), _joined(right)


@tie_generator("none")
def no_ties(request: TieRequest) -> Pairs:
    """No tie at all: switches a layer off."""
    return _joined([]), _joined([])


@dataclass(frozen=True)
class _Rings:
    """Where each member's block starts among the members, and how many it has; both int32 of shape (m,)."""

    start: Members
    size: Members


def _rings(block: NDArray[np.int64]) -> _Rings:
    if block.size == 0:
        return _Rings(np.zeros(0, np.int32), np.zeros(0, np.int32))
    starts = np.flatnonzero(np.r_[True, block[1:] != block[:-1]])
    sizes = np.diff(np.r_[starts, block.size])
    return _Rings(np.repeat(starts, sizes).astype(np.int32), np.repeat(sizes, sizes).astype(np.int32))


def _ring_order(request: TieRequest, block: _Rings) -> Members:
    """Members in ring order, block by block: by likeness (weight homophily) and chance (the rest)."""
    place = np.arange(request.members.size) - block.start
    rank = np.empty(place.size)
    rank[sorted_in_units(block.start, request.likeness)] = place / np.maximum(block.size, 1)
    key = request.homophily * rank + (1.0 - request.homophily) * request.uniforms("key")
    return sorted_in_units(block.start, key).astype(np.int32)


def _strange_step(request: TieRequest, offset: int, order: Members, block: _Rings) -> NDArray[np.float64]:
    """Steps along the ring to somebody who is not oneself: inside the window, or anywhere in the block."""
    alike = request.uniforms("alike", offset)[order] < request.homophily
    anybody = np.maximum(block.size - 1, 1)
    reach = np.where(alike, np.clip(np.rint(request.window * block.size), 1, anybody), anybody)
    return 1.0 + np.floor(request.uniforms("stranger", offset)[order] * reach)


def _joined(parts: list[Members]) -> Members:
    return np.concatenate(parts).astype(np.int32) if parts else np.zeros(0, np.int32)


def layer_from_pairs(
    name: str, residents: int, left: NDArray[np.integer], right: NDArray[np.integer], household: Column
) -> TieLayer:
    """A tie layer from the two ends of each tie (residents' indices, shape (t,)): symmetric, ascending, no doublets.

    Ties to oneself and inside a household (`household`, unit index by resident) are left out.
    """
    kept = household[left] != household[right]
    first, two = left[kept], right[kept]
    ends = np.concatenate([first, two]), np.concatenate([two, first])
    rows = sparse.coo_array((np.ones(ends[0].size, dtype=np.bool_), ends), shape=(residents, residents)).tocsr()
    rows.sum_duplicates()  # also sorts each row
    return TieLayer(name, rows.indptr.astype(np.int64), rows.indices.astype(np.int32))


def _everyone_together(columns: Mapping[str, Column]) -> NDArray[np.int64]:
    return np.zeros(columns["age"].size, dtype=np.int64)


_BLOCKS: dict[str, Callable[[Mapping[str, Column]], Column]] = {
    "building": lambda columns: columns["building"],
    "estate": lambda columns: columns["estate"],
    "affinity": lambda columns: columns["committee"],
    "long": _everyone_together,
}
"""The unit that the ties of each layer stay inside: building group, estate, committee, the whole district."""

LAYERS = tuple(_BLOCKS)


def likeness(columns: Mapping[str, Column], layer: str, parameters: Mapping[str, float]) -> NDArray[np.float64]:
    """One number by resident whose closeness says how alike two residents are, shape (residents,).

    A weighted sum of age, schooling, registration elsewhere and the domain of one's strongest need, each over its own
    spread; the weights are the registry's. Interest counts in the affinity layer only.
    """
    traits = {
        "age": columns["age"],
        "education": columns["education"],
        "registration": columns["registration"] == Registration.OTHER_PROVINCE,
    }
    if layer == "affinity":
        traits["interest"] = columns["needs"].argmax(axis=1)
    total = np.zeros(columns["age"].size)
    for name, trait in traits.items():
        spread = float(np.std(trait, dtype=np.float64))
        if spread > 0:
            total += parameters[f"ties.likeness_{name}"] / spread * trait
    return total


def make_ties(
    columns: Mapping[str, Column], addresses: Addresses, scenario: Scenario, draws: Draws
) -> dict[str, TieLayer]:
    """The four layers of ties, by name (`LAYERS`), among residents old enough (`ties.youngest_age`).

    Arguments: `columns` with census columns and needs; `addresses`; `scenario`, whose `networks.layers` names each
    layer's generator and whose parameters give degree, homophily and clustering; `draws`. The mean degree comes out a
    little below the parameter, since doublets and ties inside households are left out. Raises InvalidInput for a
    generator that is not registered.
    """
    generators = scenario.networks.layers
    members = np.flatnonzero(columns["age"] >= scenario.parameters["ties.youngest_age"])
    layers = {}
    for name, block in _BLOCKS.items():
        request = _request(name, members, block(columns), columns, scenario.parameters, draws)
        left, right = _generator(name, generators[name])(request)
        layers[name] = layer_from_pairs(name, addresses.residents, members[left], members[right], columns["household"])
    return layers


def _request(
    layer: str,
    members: NDArray[np.int64],
    block: Column,
    columns: Mapping[str, Column],
    parameters: Mapping[str, float],
    draws: Draws,
) -> TieRequest:
    return TieRequest(
        layer=layer,
        residents=block.size,
        members=members,
        block=block[members].astype(np.int64),
        likeness=likeness(columns, layer, parameters)[members],
        mean_degree=parameters[f"ties.{layer}_degree"],
        homophily=parameters[f"ties.{layer}_homophily"],
        clustering=parameters[f"ties.{layer}_clustering"],
        window=parameters["ties.alike_window"],
        draws=draws,
    )


def _generator(layer: str, name: str) -> TieGenerator:
    if name in _GENERATORS:
        return _GENERATORS[name].make
    close = nearest(name, _GENERATORS.names)
    raise InvalidInput(
        _("networks.layers.{layer}: a tie generator was expected ({known}); {name!r} came. Nearest: {close}").format(
            layer=layer, known=", ".join(tie_generators()), name=name, close=close[0] if close else "–"
        )
    )
