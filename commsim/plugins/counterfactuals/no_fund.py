"""The counterfactual without a fund."""

from __future__ import annotations

import numpy as np

from commsim.contracts import Award, Calls, RoundView, Rule
from commsim.i18n import Bilingual, _


class NoFund(Rule):
    """The counterfactual without a fund: no round opens, nobody is called, no money is appropriated.

    Source: the comparison that 'net' leverage is defined by (plan clause P-20). Should a round come to be settled all
    the same, nothing is paid.

    >>> from commsim.rules import evaluate
    >>> evaluate("basic.none", {"budget": 100, "asks": [10, 30]})
    [0.0, 0.0]
    """

    id = "basic.none"
    title = Bilingual(en="No fund", zh="不设自治金（对照）")
    summary = Bilingual(en="No round opens and no public money is appropriated.", zh="不开展申报，也不安排财政资金。")
    family = "basic"
    calls = Calls.NOTHING
    properties = frozenset({"counterfactual", "anonymous"})
    source = "counterfactual; plan clause P-20 (net leverage)"

    def settle(self, view: RoundView) -> Award:
        """Nothing to anybody."""
        n = len(view.proposals)
        reason = _("nothing: there is no fund in this comparison")
        return Award(paid=np.zeros(n, dtype=np.int64), reasons=(reason,) * n)
