"""Plain inputs of participatory budgeting (who wins by costs and votes), and the formulas of conviction."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from commsim.contracts import PlainFunction, PlainInput, Rule
from commsim.contracts.plain_inputs import Plain
from commsim.evaluation.votes import VOTES
from commsim.natural_order import natural_key
from commsim.plugins.budgeting.conviction import half_life_of, level, share_to_pass, threshold, time_to_pass
from commsim.plugins.budgeting.greedy_votes import greedy
from commsim.plugins.shared.voting_input import election_of, winners


def _by_votes(rule: Rule, known: Plain) -> list[str]:
    ids, election = election_of(known)
    outcome = greedy(
        election.profile.total, np.array(election.cost, dtype=np.int64), ids, election.budget, rule.params.min_votes
    )
    return sorted((project for project, won in zip(ids, outcome.won, strict=True) if won), key=natural_key)


def _level(known: Plain, words: Mapping[str, str]) -> float:
    return float(level(known.get("y0", 0), known["stake"], known["alpha"], known.get("t", 1)))


def _threshold(known: Plain, words: Mapping[str, str]) -> float:
    names = ("requested", "funds", "supply", "alpha", "beta", "rho")
    return float(threshold(*(known[name] for name in names)))


def _share(known: Plain, words: Mapping[str, str]) -> float:
    names = ("requested", "pool", "spending_limit", "minimum_conviction")
    return share_to_pass(*(known[name] for name in names))


def _half_life(known: Plain, words: Mapping[str, str]) -> float:
    return half_life_of(known["alpha"])


def _time(known: Plain, words: Mapping[str, str]) -> float:
    return time_to_pass(known.get("y0", 0.0), *(float(known[name]) for name in ("stake", "alpha", "needed")))


PLAIN_INPUTS = (
    PlainInput("pb.", winners, reads=VOTES),
    PlainInput("pb.greedy_votes", _by_votes, reads=VOTES),
    PlainFunction("conviction.level", _level, reads="y0 stake alpha t"),
    PlainFunction("conviction.threshold", _threshold, reads="requested funds supply alpha beta rho"),
    PlainFunction("conviction.min_share_to_pass", _share, reads="requested pool spending_limit minimum_conviction"),
    PlainFunction("conviction.half_life", _half_life, reads="alpha"),
    PlainFunction("conviction.time_to_pass", _time, reads="y0 stake alpha needed"),
)
