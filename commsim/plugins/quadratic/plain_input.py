"""Plain inputs of quadratic funding: contributions by project and donor, as the calculators take them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from scipy.sparse import csr_array

from commsim.contracts import PlainInput, Rule
from commsim.contracts.plain_inputs import Plain
from commsim.evaluation.amounts import asks_of, listed_numbers, pot_of
from commsim.plugins.quadratic.arithmetic import fitted, pairwise_subsidies, plain_subsidies
from commsim.plugins.quadratic.funding import ConnectionOriented

_READS = "contributions pool|budget asks"
_WORDS = {"pool": "input.pool", "cap": "cap_yuan"}


def _gifts(contributions: Mapping[str, Any]) -> csr_array:
    """Gifts by donor and project; donors without a name give to one project each."""
    rows: dict[Any, int] = {}
    entries: list[tuple[int, int, float]] = []
    for column, (project, gifts) in enumerate(contributions.items()):
        named = (
            gifts.items() if isinstance(gifts, Mapping) else (((project, at), gift) for at, gift in enumerate(gifts))
        )
        for donor, gift in named:
            entries.append((rows.setdefault(donor, len(rows)), column, float(gift)))
    row, column_of, gift_of = (np.array(part) for part in zip(*entries, strict=True)) if entries else ([], [], [])
    shape = (len(rows), len(contributions))
    return csr_array((gift_of, (row, column_of)), shape=shape)


def _divided(raw: np.ndarray, known: Plain, params: Any) -> np.ndarray:
    cap = np.inf if params.cap_yuan is None else params.cap_yuan
    return fitted(raw, np.minimum(asks_of(known, len(raw)), cap), pot_of(known), params.unsaturated)


def _clr(rule: Rule, known: Plain) -> dict[str, float]:
    gifts = _gifts(known["contributions"]).tocoo()
    raw = plain_subsidies(gifts.coords[1], gifts.data, gifts.shape[1], rule.params.subtract_direct)
    return _by_project(raw, rule, known)


def _pairwise(rule: Rule, known: Plain) -> dict[str, float]:
    return _by_project(pairwise_subsidies(_gifts(known["contributions"]), rule.params.threshold), rule, known)


def _by_project(raw: np.ndarray, rule: Rule, known: Plain) -> dict[str, float]:
    paid = listed_numbers(_divided(raw, known, rule.params))
    return dict(zip(known["contributions"], paid, strict=True))


def _cocm(rule: Rule, known: Plain) -> list[float]:
    clusters = np.asarray(known["clusters"], dtype=np.float64)
    gifts = csr_array(np.asarray(known["donations"], dtype=np.float64))
    assert isinstance(rule, ConnectionOriented)
    return listed_numbers(_divided(rule.matched(gifts, clusters), known, rule.params))


PLAIN_INPUTS = (
    PlainInput("qf.clr", _clr, _READS, _WORDS),
    PlainInput("qf.pairwise", _pairwise, _READS, _WORDS),
    PlainInput("qf.cocm", _cocm, "donations clusters pool|budget asks", _WORDS),
)
