"""Input forms of quadratic funding, conviction, bandits and optimal benchmarks (`forms.py`)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from scipy.sparse import csr_array

from commsim.calling.call import call_rule
from commsim.contracts import Influence, Rule
from commsim.evaluation.forms import Plain, input_form, plain_function
from commsim.evaluation.plain_checks import Wrong
from commsim.evaluation.plain_round import OF_ANY_ROUND, view_of
from commsim.i18n import _
from commsim.money import fen, yuan
from commsim.natural_order import natural_rank
from commsim.plugins.benchmarks.covering import best_cover, better_of_greedy_and_single, ratio_greedy, value_of
from commsim.plugins.benchmarks.optimal import equal_marginal
from commsim.plugins.budgeting.conviction import half_life_of, level, share_to_pass, threshold, time_to_pass
from commsim.plugins.learning.bandit import upper_bounds
from commsim.plugins.quadratic.arithmetic import fitted, pairwise_subsidies, plain_subsidies
from commsim.plugins.quadratic.funding import ConnectionOriented


def _listed(values: Any) -> list[float]:
    return [float(value) for value in values]


def _gifts(contributions: Mapping[str, Any]) -> csr_array:
    """Gifts by donor and project; donors without a name give to one project each."""
    rows: dict[Any, int] = {}
    entries: list[tuple[int, int, float]] = []
    for column, (project, gifts) in enumerate(contributions.items()):
        named = gifts.items() if isinstance(gifts, Mapping) else (((project, at), one) for at, one in enumerate(gifts))
        for donor, gift in named:
            entries.append((rows.setdefault(donor, len(rows)), column, float(gift)))
    row, column_of, gift_of = (np.array(part) for part in zip(*entries, strict=True)) if entries else ([], [], [])
    shape = (len(rows), len(contributions))
    return csr_array((gift_of, (row, column_of)), shape=shape)


def _pot(known: Plain) -> float:
    pot = known.get("pool", known.get("budget", np.inf))
    return float("inf") if pot == "infinite" else float(pot)


def _divided(raw: np.ndarray, known: Plain, params: Any) -> np.ndarray:
    cap = np.inf if params.cap_yuan is None else params.cap_yuan
    limits = np.minimum(np.asarray(known.get("asks", np.full(len(raw), np.inf)), dtype=np.float64), cap)
    return fitted(raw, limits, _pot(known), params.unsaturated)


_QF_READS = "contributions pool|budget asks"
_QF_WORDS = {"pool": "input.pool", "cap": "cap_yuan"}


@input_form("qf.clr", reads=_QF_READS, words=_QF_WORDS)
def _clr(rule: Rule, known: Plain) -> dict[str, float]:
    gifts = _gifts(known["contributions"]).tocoo()
    raw = plain_subsidies(gifts.coords[1], gifts.data, gifts.shape[1], rule.params.subtract_direct)
    paid = _divided(raw, known, rule.params)
    return dict(zip(known["contributions"], _listed(paid), strict=True))


@input_form("qf.pairwise", reads=_QF_READS, words=_QF_WORDS)
def _pairwise(rule: Rule, known: Plain) -> dict[str, float]:
    raw = pairwise_subsidies(_gifts(known["contributions"]), rule.params.threshold)
    return dict(zip(known["contributions"], _listed(_divided(raw, known, rule.params)), strict=True))


@input_form("qf.cocm", reads="donations clusters pool|budget asks", words=_QF_WORDS)
def _cocm(rule: Rule, known: Plain) -> list[float]:
    clusters = np.asarray(known["clusters"], dtype=np.float64)
    gifts = csr_array(np.asarray(known["donations"], dtype=np.float64))
    assert isinstance(rule, ConnectionOriented)
    return _listed(_divided(rule.matched(gifts, clusters), known, rule.params))


@plain_function("conviction.level", reads="y0 stake alpha t")
def _level(known: Plain, words: Mapping[str, str]) -> float:
    return float(level(known.get("y0", 0), known["stake"], known["alpha"], known.get("t", 1)))


@plain_function("conviction.threshold", reads="requested funds supply alpha beta rho")
def _threshold(known: Plain, words: Mapping[str, str]) -> float:
    names = ("requested", "funds", "supply", "alpha", "beta", "rho")
    return float(threshold(*(known[name] for name in names)))


@plain_function("conviction.min_share_to_pass", reads="requested pool spending_limit minimum_conviction")
def _share(known: Plain, words: Mapping[str, str]) -> float:
    names = ("requested", "pool", "spending_limit", "minimum_conviction")
    return share_to_pass(*(known[name] for name in names))


@plain_function("conviction.half_life", reads="alpha")
def _half_life(known: Plain, words: Mapping[str, str]) -> float:
    return half_life_of(known["alpha"])


@plain_function("conviction.time_to_pass", reads="y0 stake alpha needed")
def _time(known: Plain, words: Mapping[str, str]) -> float:
    return time_to_pass(known.get("y0", 0.0), *(float(known[name]) for name in ("stake", "alpha", "needed")))


@plain_function("bandit.upper_bounds", reads="mean pulls reach")
def _upper_bounds(known: Plain, words: Mapping[str, str]) -> list[float]:
    mean, pulls = np.asarray(known["mean"], dtype=np.float64), np.asarray(known["pulls"], dtype=np.int64)
    if mean.size != pulls.size:
        raise Wrong(_("{n} values, as many as {base}").format(n=mean.size, base="mean"), known["pulls"])
    return _listed(upper_bounds(mean, pulls, float(known.get("reach", 1.0))))


@input_form("optimal.max_coverage", reads="budget sets costs")
def _coverage(rule: Rule, known: Plain) -> dict[str, Any]:
    ids = list(known["sets"])
    members = sorted({one for group in known["sets"].values() for one in group}, key=str)
    at = {one: place for place, one in enumerate(members)}
    reach = np.zeros((len(ids), len(members)))
    for row, group in enumerate(known["sets"].values()):
        reach[row, [at[one] for one in group]] = 1.0
    sparse, weight = csr_array(reach), np.ones(len(members))
    cost = np.array([fen(known["costs"][one]) for one in ids])
    budget, rank = fen(known["budget"]), natural_rank(ids)
    exact = best_cover(sparse, weight, cost, budget, rule.params.seconds)
    best = exact or better_of_greedy_and_single(sparse, weight, cost, rank, budget)
    greedy = ratio_greedy(sparse, weight, cost, rank, budget)
    return {
        "optimal": sorted(ids[one] for one in best.chosen),
        "value": value_of(sparse, weight, best.chosen),
        "ratio_greedy": sorted(ids[one] for one in greedy.chosen),
        "greedy_value": greedy.value,
    }


@input_form("optimal.expected_participation", reads="pool|budget asks response")
def _expected(rule: Rule, known: Plain) -> list[float]:
    most, half = np.asarray(known["response"], dtype=np.float64).T
    limits = np.asarray(known["asks"], dtype=np.float64)
    return [round(one, 9) for one in _listed(equal_marginal(most, half, limits, _pot(known)))]


def _settled(rule: Rule, known: Plain, **more: Any) -> dict[str, float]:
    """The rule in a made round, with parts of the view that plain rounds do not have."""
    view = view_of(rule, known).with_parts(**more)
    award = call_rule(rule, "settle", view)
    return {one: float(yuan(paid)) for one, paid in zip(view.proposals.id, award.paid.tolist(), strict=True)}


@input_form("optimal.influence_seeding", reads=f"{OF_ANY_ROUND} influence")
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
    return _settled(rule, known, influence=influence)


@input_form("bandit.", reads=f"{OF_ANY_ROUND} history")
def _bandit(rule: Rule, known: Plain) -> dict[str, float]:
    return _settled(rule, known, history=tuple(known.get("history", ())))
