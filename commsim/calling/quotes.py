"""What one more gift would change: the difference between settling a round as it is and with that gift in it."""

from __future__ import annotations

import numpy as np

from commsim.calling.call import call_rule
from commsim.contracts import Choices, Fen, RoundView, Rule

SLACK = 2
"""Fen by which a rule's own quote may miss what settling twice finds: both awards and the quote are rounded to fen."""


def quote(rule: Rule, view: RoundView, proposal: int, amount: int) -> int:
    """Public fen more (or fewer) that a proposal would get if one more donor gave `amount` fen to it.

    Arguments: `view` as `rule` is shown it; `proposal`, its position. 0 for a rule that does not see pledges. A rule
    that has a formula for it (`Rule.quote`) answers itself. Raises RuleError as `call_rule` does.

    >>> from commsim.evaluation.plain_round import view_of
    >>> from commsim.plugin_host.loader import load_catalogue
    >>> funding = load_catalogue(entry_points=False).make("qf.clr")
    >>> view = view_of(funding, {"budget": 1000, "projects": {"a": 500}, "pledges": {"a": [1, 1]}})
    >>> quote(funding, view, 0, 100)
    400
    """
    return int(_quotes(rule, view, amount, [proposal])[proposal])


def quotes(rule: Rule, view: RoundView, amount: int) -> Fen:
    """The same for every proposal of the round, shape (n,)."""
    return _quotes(rule, view, amount, list(range(len(view.proposals))))


def by_settling(rule: Rule, view: RoundView, amount: int, proposals: list[int]) -> Fen:
    """Quotes of these proposals, found by settling the round without and with the gift; 0 for all others."""
    quoted = np.zeros(len(view.proposals), dtype=np.int64)
    before = call_rule(rule, "settle", view).paid
    for proposal in proposals:
        after = call_rule(rule, "settle", with_gift(view, proposal, amount)).paid
        quoted[proposal] = after[proposal] - before[proposal]
    return quoted


def misquoted(rule: Rule, view: RoundView, amount: int) -> tuple[int, int, int] | None:
    """A proposal (position) for which the rule's own quote and settling twice differ by more than SLACK, with both.

    None where there is none, also where the rule leaves the quote to the core. Raises RuleError as `call_rule` does.
    """
    own: Fen | None = call_rule(rule, "quote", view, amount)
    if own is None:
        return None
    found = by_settling(rule, view, amount, list(range(len(own))))
    wrong = np.flatnonzero(np.abs(own - found) > SLACK)
    return (int(wrong[0]), int(own[wrong[0]]), int(found[wrong[0]])) if wrong.size else None


def _quotes(rule: Rule, view: RoundView, amount: int, proposals: list[int]) -> Fen:
    if "pledges" not in rule.needs:
        return np.zeros(len(view.proposals), dtype=np.int64)
    own: Fen | None = call_rule(rule, "quote", view, amount)
    return by_settling(rule, view, amount, proposals) if own is None else own


def with_gift(view: RoundView, proposal: int, amount: int) -> RoundView:
    """`view` with one more donor, of a cluster of their own, who gives `amount` fen to a proposal (position)."""
    pledges = view.pledges
    more = Choices(
        np.append(pledges.start, pledges.start[-1] + 1),
        np.append(pledges.proposal, np.int32(proposal)),
        np.append(pledges.amount, np.int64(amount)),
    )
    clusters = view.part("clusters")
    if clusters is not None and clusters.shape[1]:
        rows, columns = clusters.shape
        grown = np.zeros((rows + 1, columns + 1))
        grown[:rows, :columns] = clusters
        grown[rows, columns] = 1.0
        clusters = grown
    return view.with_parts(pledges=more) if clusters is None else view.with_parts(pledges=more, clusters=clusters)
