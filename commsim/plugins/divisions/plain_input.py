"""Plain inputs of divisions: by heads and need, claims as in the textbooks, formulas, splits and vouchers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from commsim.contracts import PlainFunction, PlainInput, Rule
from commsim.contracts.plain_inputs import Plain
from commsim.evaluation.amounts import asks_of, budget_of, listed_numbers
from commsim.evaluation.votes import copied
from commsim.money import largest_remainder
from commsim.plugins.divisions.basic import need_weights
from commsim.plugins.divisions.formula import DualFormula, LinearFormula, dual_shares, weighted_shares
from commsim.plugins.divisions.residents_splits import SplitRule
from commsim.plugins.divisions.voucher import DemocracyVouchers
from commsim.plugins.shared.dividing import shares
from commsim.randomness import Draws


def _shared(rule: Rule, known: Plain, weights: Any) -> list[float]:
    """The budget in proportion to weights, none above its ask; capped by the ask as in the literature, all is given."""
    caps, again = asks_of(known, len(weights)), rule.params.respread or "cap" in known
    return listed_numbers(shares(budget_of(known), caps, weights, respread=again))


def _equal(rule: Rule, known: Plain) -> list[float]:
    return _shared(rule, known, np.ones(len(known["asks"])))


def _per_capita(rule: Rule, known: Plain) -> list[float]:
    return _shared(rule, known, np.asarray(known["population"], dtype=np.float64))


def _by_need(rule: Rule, known: Plain) -> list[float]:
    return _shared(rule, known, need_weights(known["population"], known["need"], rule.params.exponent))


def _claims(rule: Rule, known: Plain) -> list[float]:
    """Awards by claimant. `estate` may also be called `budget`, `claims` `asks`; `seed` fixes sampled orders."""
    estate = known["estate"] if "estate" in known or "budget" not in known else known["budget"]
    claims = np.asarray(known["claims"] if "claims" in known or "asks" not in known else known["asks"], np.float64)
    uniforms = Draws(int(known.get("seed", 0))).uniforms("order of arrival", claims.size)
    awards: list[float] = rule.awards(float(estate), claims, uniforms).tolist()  # type: ignore[attr-defined]
    return awards


def _formula(rule: Rule, known: Plain) -> list[float]:
    """Money by area from `indicators` (name → values by area), for the linear one with `weights` (name → β)."""
    indicators = known["indicators"]
    if isinstance(rule, LinearFormula):
        return _shared(rule, known, weighted_shares(indicators, known["weights"]))
    assert isinstance(rule, DualFormula)
    return _shared(rule, known, dual_shares(indicators))


def _splits(rule: Rule, known: Plain) -> list[float]:
    """The division of `votes` (one list of parts a resident), in parts or, with `budget`, in money."""
    assert isinstance(rule, SplitRule)
    votes = np.asarray(copied(known["votes"], known), dtype=np.float64)
    share, count = np.unique(votes, axis=0, return_counts=True)
    return [float(part) * float(known.get("budget", 1.0)) for part in rule.division(share, count)]


def _vouchers(rule: Rule, known: Plain) -> list[float]:
    """Money by project from what was `assigned` in all, or from `vouchers` (one list of amounts a resident)."""
    assert isinstance(rule, DemocracyVouchers)
    given = known["assigned"] if "assigned" in known or "vouchers" not in known else np.sum(known["vouchers"], axis=0)
    asks = np.asarray(known["asks"], dtype=np.float64)
    return listed_numbers(rule.amounts(float(known["budget"]), asks, np.asarray(given, dtype=np.float64)))


def _largest_remainder(known: Plain, words: Mapping[str, Any]) -> list[int]:
    """`total_cents` (or `total`) divided by `weights`, exactly."""
    total = known["total_cents"] if "total_cents" in known or "total" not in known else known["total"]
    parts: list[int] = largest_remainder(int(total), known["weights"]).tolist()
    return parts


PLAIN_INPUTS = (
    PlainInput("basic.equal_split", _equal, "budget|pool asks cap", {"cap": "input.cap"}),
    PlainInput("basic.per_capita", _per_capita, reads="budget|pool asks population"),
    PlainInput("basic.needs_weighted", _by_need, reads="budget|pool asks population need"),
    PlainInput("claims.", _claims, reads="estate|budget claims|asks"),
    PlainInput("claims.random_arrival", _claims, reads="estate|budget claims|asks seed"),
    PlainInput("formula.linear", _formula, reads="budget indicators weights asks"),
    PlainInput("formula.cdbg_dual", _formula, reads="budget indicators asks"),
    PlainInput("divisible.", _splits, reads="votes budget weights|multiplicities"),
    PlainInput("voucher.democracy", _vouchers, reads="budget asks assigned|vouchers"),
    PlainFunction("money.largest_remainder", _largest_remainder, reads="total_cents|total weights"),
)
