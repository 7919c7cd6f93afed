"""The counterfactual of the call alone: residents are called and asked as for a fund, and there is no money."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from commsim.contracts import BALLOT_KINDS, Award, Ballot, Calls, RoundView, Rule, Terms, parameter
from commsim.i18n import Bilingual, _

WITHOUT_BALLOT = "none"
VOUCHERS = "vouchers"
"""Vouchers of 0 yuan are no vouchers, so the call asks for an approval ballot in their place."""


@dataclass(frozen=True)
class CallOnlyParams:
    """Parameters of the call without money."""

    ballot: str = parameter(
        "approval",
        label=Bilingual(en="Ballot", zh="表决方式"),
        doc=Bilingual(
            en="How residents are asked to vote in the call: none, or a kind of ballot. Without money there are no "
            "vouchers to assign: vouchers asks for an approval ballot in their place.",
            zh="动员时如何请居民表决：none 不表决，其余为各种表决方式。没有经费就没有可指定的点选券，"
            "vouchers 改用赞成票代替。",
        ),
        choices=(WITHOUT_BALLOT, *BALLOT_KINDS, VOUCHERS),
        reference="the forms of ballot that the compared rules announce",
    )


class CallOnly(Rule):
    """The call without the money: residents are called and asked for a ballot when the fund's calendar says so.

    Definition: rounds open and close as under any other rule; nobody proposes anything, nobody is asked for money, and
    nothing is paid. What differs from 'no fund' is the call; what a rule brings beyond it is money and mechanism. Being
    asked how to vote is itself a part of the call, so a comparison plays this once for each form of ballot (`ballot`)
    that its rules announce. Vouchers of 0 yuan cannot be: with `ballot=vouchers` an approval ballot stands for them.

    >>> from commsim.rules import evaluate
    >>> evaluate("basic.call_only", {"budget": 100, "asks": [10, 30]})
    [0.0, 0.0]
    """

    id = "basic.call_only"
    title = Bilingual(en="Call without money", zh="只动员、不给经费（对照）")
    summary = Bilingual(
        en="Residents are called and asked for a ballot as the fund's calendar says, with no proposals and no money.",
        zh="按自治金的日程动员居民并请其表决，但不征集项目，也不给经费。",
    )
    family = "basic"
    needs = frozenset({"ballots", "splits"})
    calls = Calls.CALL
    properties = frozenset({"counterfactual", "anonymous"})
    source = "counterfactual of the call without the money; plan clauses P-05, P-20"
    Params = CallOnlyParams

    def open_round(self, view: RoundView) -> Terms:
        """Announce the ballot, and nothing else."""
        return Terms(ballot=self._ballot())

    def settle(self, view: RoundView) -> Award:
        """Nothing to anybody."""
        n = len(view.proposals)
        reason = _("nothing: in this comparison residents are called, but there is no money")
        return Award(paid=np.zeros(n, dtype=np.int64), reasons=(reason,) * n)

    def _ballot(self) -> Ballot | None:
        form = self.params.ballot
        if form == WITHOUT_BALLOT:
            return None
        if form == "split":
            return Ballot(form, over="areas")
        return Ballot("approval" if form == VOUCHERS else form)
