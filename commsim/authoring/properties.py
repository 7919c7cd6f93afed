"""Properties that rules claim, of which made rounds can refute some (`known_properties` has them all)."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from commsim.authoring.sample_rounds import ROUNDS, award_in, made_round
from commsim.contracts import Rule
from commsim.i18n import Text, _

Check = Callable[[Rule], Text | None]
"""Says what is wrong with the claim, or None."""

TIMES = 1_000
"""What money is multiplied by to see whether a division scales; the fen of rounding are multiplied with it."""


def _permuted(rule: Rule) -> Text | None:
    for number in range(ROUNDS):
        plain = made_round(rule, number)
        order = np.argsort([id[::-1] for id in plain.proposals.id], kind="stable")[::-1]
        came = award_in(rule, made_round(rule, number, order=order)).paid
        expected = award_in(rule, plain).paid[order]
        if not np.array_equal(came, expected):
            return _(
                "in made round {number} {before} fen became {after} when proposals came in another order. Break "
                "ties by id"
            ).format(number=number, before=expected.tolist(), after=came.tolist())
    return None


def _exhaustive(rule: Rule) -> Text | None:
    for number in range(ROUNDS):
        view = made_round(rule, number)
        paid = award_in(rule, view).paid
        left = view.budget - int(paid.sum())
        missed = np.flatnonzero((paid == 0) & (view.proposals.ask <= left))
        if missed.size:
            return _("in made round {number} {left} fen were left and proposal {id} asks for {ask}").format(
                number=number, left=left, id=view.proposals.id[missed[0]], ask=int(view.proposals.ask[missed[0]])
            )
    return None


def _order_preserving(rule: Rule) -> Text | None:
    for number in range(ROUNDS):
        view = made_round(rule, number, alone=True, divisible=True)
        paid = award_in(rule, view).paid
        order = np.lexsort((paid, view.proposals.ask))
        falls = np.flatnonzero(np.diff(paid[order]) < -1)  # the odd fen of a division may go either way
        if falls.size:
            less, more = order[falls[0]], order[falls[0] + 1]
            ids, ask = view.proposals.id, view.proposals.ask
            return _(
                "in made round {number} {more} asks for {ask_more} fen and gets {paid_more}, {less} asks for "
                "{ask_less} and gets {paid_less}"
            ).format(
                number=number,
                more=ids[more],
                ask_more=int(ask[more]),
                paid_more=int(paid[more]),
                less=ids[less],
                ask_less=int(ask[less]),
                paid_less=int(paid[less]),
            )
    return None


def _scales(rule: Rule) -> Text | None:
    for number in range(ROUNDS):
        paid = award_in(rule, made_round(rule, number, divisible=True)).paid
        scaled = award_in(rule, made_round(rule, number, divisible=True, times=TIMES)).paid
        if np.any(np.abs(scaled - TIMES * paid) > TIMES):
            return _(
                "in made round {number} {before} fen became {after} when all money was {times} times as much"
            ).format(number=number, before=paid.tolist(), after=scaled.tolist(), times=TIMES)
    return None


def _within_budget(rule: Rule) -> Text | None:
    for number in range(ROUNDS):
        view = made_round(rule, number)
        spent = int(award_in(rule, view).paid.sum())
        if spent > view.budget:
            return _("in made round {number} it pays {spent} fen of {budget}").format(
                number=number, spent=spent, budget=view.budget
            )
    return None


def _pool_respected(rule: Rule) -> Text | None:
    for number in range(ROUNDS):
        view = made_round(rule, number)
        pool = view.terms.match_pool if view.terms is not None else None
        spent = int(award_in(rule, view).paid.sum())
        if pool is not None and spent > pool:
            return _("in made round {number} it pays {spent} fen of an announced pool of {pool}").format(
                number=number, spent=spent, pool=pool
            )
    return None


TESTED: dict[str, Check] = {
    "anonymous": _permuted,
    "exhaustive": _exhaustive,
    "order_preserving": _order_preserving,
    "scales_with_money": _scales,
    "within_budget": _within_budget,
    "pool_respected": _pool_respected,
}
"""Claims that made rounds are held against."""
