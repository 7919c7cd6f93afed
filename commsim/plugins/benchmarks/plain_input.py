"""Plain inputs of the optimal benchmarks: sets to cover, fitted responses, and circles of influence."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.sparse import csr_array

from commsim.contracts import Influence, PlainInput, Rule
from commsim.contracts.plain_inputs import Plain
from commsim.evaluation.amounts import listed_numbers, pot_of
from commsim.evaluation.plain_round import OF_ANY_ROUND, in_a_round
from commsim.money import fen
from commsim.natural_order import natural_rank
from commsim.plugins.benchmarks.covering import best_cover, better_of_greedy_and_single, ratio_greedy, value_of
from commsim.plugins.benchmarks.optimal import equal_marginal


def _coverage(rule: Rule, known: Plain) -> dict[str, Any]:
    """What is `optimal` of `sets` (members by id) with `costs` and a `budget`, and what the ratio greedy finds."""
    ids = list(known["sets"])
    reach = _reach(known["sets"])
    weight = np.ones(reach.shape[1])
    cost = np.array([fen(known["costs"][project]) for project in ids])
    budget, rank = fen(known["budget"]), natural_rank(ids)
    exact = best_cover(reach, weight, cost, budget, rule.params.seconds)
    best = exact or better_of_greedy_and_single(reach, weight, cost, rank, budget)
    greedy = ratio_greedy(reach, weight, cost, rank, budget)
    return {
        "optimal": sorted(ids[position] for position in best.chosen),
        "value": value_of(reach, weight, best.chosen),
        "ratio_greedy": sorted(ids[position] for position in greedy.chosen),
        "greedy_value": greedy.value,
    }


def _reach(sets: Plain) -> csr_array:
    """Whom each set holds, shape (sets, members)."""
    members = sorted({member for group in sets.values() for member in group}, key=str)
    column = {member: place for place, member in enumerate(members)}
    reach = np.zeros((len(sets), len(members)))
    for row, group in enumerate(sets.values()):
        reach[row, [column[member] for member in group]] = 1.0
    return csr_array(reach)


def _expected(rule: Rule, known: Plain) -> list[float]:
    most, half = np.asarray(known["response"], dtype=np.float64).T
    limits = np.asarray(known["asks"], dtype=np.float64)
    return [round(amount, 9) for amount in listed_numbers(equal_marginal(most, half, limits, pot_of(known)))]


def _seeding(rule: Rule, known: Plain) -> dict[str, float]:
    given = known["influence"]
    source, target, probability = np.asarray(given["arcs"], dtype=np.float64).reshape(-1, 3).T
    influence = Influence(
        source.astype(np.int32),
        target.astype(np.int32),
        probability,
        np.asarray(given["weight"], dtype=np.float64),
        np.asarray(given["start"], dtype=np.int32),
    )
    return in_a_round(rule, known, influence=influence)


PLAIN_INPUTS = (
    PlainInput("optimal.max_coverage", _coverage, reads="budget sets costs"),
    PlainInput("optimal.expected_participation", _expected, reads="pool|budget asks response"),
    PlainInput("optimal.influence_seeding", _seeding, reads=f"{OF_ANY_ROUND} influence"),
)
