"""What one more gift would change: the difference between settling a round as it is and with that gift in it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from commsim.contracts import Choices, RoundView, Rule
from commsim.plugins.checks import call_rule


def quote(rule: Rule, view: RoundView, proposal: int, amount: int) -> int:
    """Public fen more (or fewer) that a proposal would get if one more donor gave `amount` fen to it.

    Arguments: `view` as `rule` is shown it; `proposal`, its position. 0 for a rule that does not see pledges. A rule
    that has a method `quote(view, proposal, amount)` answers itself.

    >>> from commsim.plugins.evaluate import view_of
    >>> from commsim.plugins.loader import load_catalogue
    >>> funding = load_catalogue(entry_points=False).make("qf.clr")
    >>> view = view_of(funding, {"budget": 1000, "projects": {"a": 500}, "pledges": {"a": [1, 1]}})
    >>> quote(funding, view, 0, 100)
    400
    """
    own = getattr(rule, "quote", None)
    if own is not None:
        return int(own(view, proposal, amount))
    if "pledges" not in rule.needs:
        return 0
    before = call_rule(rule, "settle", view).paid[proposal]
    after = call_rule(rule, "settle", with_gift(view, proposal, amount)).paid[proposal]
    return int(after - before)


def with_gift(view: RoundView, proposal: int, amount: int) -> RoundView:
    """`view` with one more donor, in no cluster that is known, who gives `amount` fen to a proposal (position)."""
    pledges = view.pledges
    more = Choices(
        np.append(pledges.start, pledges.start[-1] + 1),
        np.append(pledges.proposal, np.int32(proposal)),
        np.append(pledges.amount, np.int64(amount)),
    )
    clusters = view._clusters
    if clusters is not None:
        clusters = np.vstack([clusters, np.zeros((1, clusters.shape[1]))])
    return replace(view, _pledges=more, _clusters=clusters)
