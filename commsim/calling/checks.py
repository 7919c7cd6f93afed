"""Holding rules to their contract: what they announce, award, quote and reclaim.

Nothing a rule returns reaches the ledger before it has passed here. Every message says which rule of which plugin, in
which round, what was expected, what came and what to do.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NoReturn

import numpy as np

from commsim.calling.faults import named
from commsim.calling.origins import where
from commsim.calling.plugin_texts import fault_in_words, is_writable
from commsim.calling.whole_fen import fault_in_fen
from commsim.contracts import Award, Ballot, Review, RoundView, Rule, Terms
from commsim.i18n import Text, _
from commsim.money import in_yuan
from commsim.suggestions import did_you_mean

Check = Callable[[Rule, Any, RoundView], None]
_SUM_SLACK = 1e-9  # shares such as 0.1 + 0.2 + 0.7 miss 1 by less than this


def refusal(rule: Rule, view: RoundView, came: Text, remedy: Text) -> Text:
    """The text that says what came of `rule` in the round of `view`, and what to do."""
    if fault_in_words(came) is not None:  # it repeats something that cannot be shown
        came = _("what came back cannot be shown")
    return _("rule {id!r} ({where}), round {round}: {came}. {remedy}").format(
        id=rule.id, where=where(rule), round=str(view.round), came=came, remedy=remedy
    )


def refuse_rule(rule: Rule, view: RoundView, came: Text, remedy: Text) -> NoReturn:
    """Raise the RuleError that says what came of `rule` in the round of `view`, and what to do."""
    raise named(refusal(rule, view, came, remedy))


def check_terms(rule: Rule, terms: Any, view: RoundView) -> None:
    """Raise RuleError unless `terms` are Terms whose words hold what residents can be told and the budget can keep."""
    refuse = _refuser(rule, view)
    if not isinstance(terms, Terms):
        refuse(
            _("open_round returned {came}, expected Terms").format(came=type(terms).__name__),
            _("Return commsim.rules.Terms(…)"),
        )
    for name in ("match_rate", "refund_bonus", "min_match"):
        _check_number(refuse, name, getattr(terms, name))
    for name in ("match_cap", "match_pool", "min_votes", "vouchers", "deadline"):
        _check_whole(refuse, name, getattr(terms, name), optional=name in ("match_cap", "match_pool", "deadline"))
    if terms.deadline == 0:
        refuse(
            _("terms.deadline is 0 months, so nobody could give or vote"),
            _("Write 1 for the month of the opening alone, or None for as long as the round is open"),
        )
    for name in ("threshold", "seed_announced", "expected_award"):
        _check_amounts(refuse, name, getattr(terms, name), len(view.proposals))
    for name in ("refund", "quoted"):
        if not isinstance(getattr(terms, name), bool):
            refuse(
                _("terms.{name} is {came!r}, expected True or False").format(name=name, came=getattr(terms, name)),
                _("Return a bool there"),
            )
    if terms.quoted and "pledges" not in rule.needs:
        refuse(
            _("terms say that gifts are quoted, but the rule does not see any"),
            _("List 'pledges' in `needs`, or leave `quoted` out"),
        )
    _check_asked_for(refuse, rule, terms)
    _check_counted(refuse, rule, terms)
    if terms.odds is not None:
        _check_number(refuse, "odds", terms.odds, most=1.0)
    promised = _total(terms.seed_announced, len(view.proposals))
    if promised > view.budget:
        refuse(
            _("terms announce {came} yuan of seed money, the budget is {budget} yuan").format(
                came=in_yuan(promised), budget=in_yuan(view.budget)
            ),
            _("Announce no more than the budget: residents count on it"),
        )


def _check_asked_for(refuse: _Refuse, rule: Rule, terms: Terms) -> None:
    """Refuse terms that ask residents for votes or vouchers which the rule does not see."""
    if terms.ballot is not None and not isinstance(terms.ballot, Ballot):
        refuse(
            _("terms.ballot is {came!r}, expected a Ballot or None").format(came=terms.ballot),
            _("Write Ballot('approval', most=3)"),
        )
    asked = []
    if terms.ballot is not None:
        asked.append(("ballot", "splits" if terms.ballot.kind == "split" else "ballots"))
    if terms.vouchers:
        asked.append(("vouchers", "vouchers"))
    for word, need in asked:
        if need not in rule.needs:
            refuse(
                _("terms ask residents for {word!r}, but the rule does not see what they answer").format(word=word),
                _("List {need!r} in `needs`, or leave `{word}` out").format(need=need, word=word),
            )


def _check_counted(refuse: _Refuse, rule: Rule, terms: Terms) -> None:
    """Refuse terms that count promised hours or goods which the rule does not see."""
    for kind in terms.counts:
        need = f"pledged_{kind}"
        if kind != "cash" and need not in rule.needs:
            refuse(
                _("terms say that {kind!r} count, but the rule does not see what was promised").format(kind=kind),
                _("List {need!r} in `needs`, or leave {kind!r} out of `counts`").format(need=need, kind=kind),
            )


_Refuse = Callable[[Text, Text], NoReturn]


def _refuser(rule: Rule, view: RoundView) -> _Refuse:
    def refuse(came: Text, remedy: Text) -> NoReturn:
        refuse_rule(rule, view, came, remedy)

    return refuse


def _check_number(refuse: _Refuse, name: str, value: Any, most: float = math.inf) -> None:
    number = isinstance(value, (int, float, np.integer, np.floating)) and not isinstance(value, bool)
    if not number or not math.isfinite(value) or not 0 <= value <= most:
        refuse(
            _("terms.{name} is {came!r}, expected a number between 0 and {most}").format(
                name=name, came=value, most=most
            ),
            _("Return a plain number there"),
        )


def _check_whole(refuse: _Refuse, name: str, value: Any, *, optional: bool) -> None:
    if value is None and optional:
        return
    if not _is_whole(value) or value < 0:
        refuse(
            _("terms.{name} is {came!r}, expected a whole number of 0 or more (fen or a count)").format(
                name=name, came=value
            ),
            _("Return an int there"),
        )


def _is_whole(value: Any) -> bool:
    return isinstance(value, (int, np.integer)) and not isinstance(value, (bool, np.bool_))


def _check_amounts(refuse: _Refuse, name: str, value: Any, length: int) -> None:
    if isinstance(value, np.ndarray | list | tuple):
        fault = fault_in_fen(f"terms.{name}", value, length, below_zero=_("Announce 0 where there is nothing"))
        if fault is not None:
            refuse(*fault)
    else:
        _check_whole(refuse, name, value, optional=name != "seed_announced")


def _total(value: Any, length: int) -> int:
    return sum(value.tolist()) if isinstance(value, np.ndarray) else int(value) * length


def check_award(rule: Rule, award: Any, view: RoundView) -> None:
    """Raise RuleError unless `award` pays whole fen to this round's proposals within the budget, with its reasons."""
    refuse = _refuser(rule, view)
    if not isinstance(award, Award):
        refuse(
            _("settle returned {came}, expected an Award").format(came=type(award).__name__),
            _("Return commsim.rules.Award(paid=…, reasons=…)"),
        )
    _check_fen(refuse, "paid", award.paid, len(view.proposals))
    if not _is_whole(award.carry) or award.carry < 0:
        refuse(
            _("carry is {came!r}, expected whole fen of 0 or more").format(came=award.carry), _("Return an int there")
        )
    if award.bonuses is not None:
        pledges = view.part("pledges")
        _check_fen(refuse, "bonuses", award.bonuses, 0 if pledges is None else len(pledges.amount))
    # Python ints do not overflow, so a sum of huge awards cannot wrap round to a small one.
    spent = sum(award.paid.tolist()) + (0 if award.bonuses is None else sum(award.bonuses.tolist()))
    if spent + int(award.carry) > view.budget:
        refuse(
            _("it pays {spent} yuan and carries {carry} over, together more than the budget of {budget} yuan").format(
                spent=in_yuan(spent), carry=in_yuan(award.carry), budget=in_yuan(view.budget)
            ),
            _("Pay at most view.budget"),
        )
    _check_asks(refuse, award.paid, view)
    _check_reasons(refuse, award.reasons, view)
    _check_refunds(refuse, award.refunds, view)
    _check_tranches(refuse, award.tranches)
    _check_ids(refuse, "waitlist", award.waitlist, view)
    _check_ids(refuse, "free", award.free, view)
    _check_diagnostics(refuse, award.diagnostics)


def _check_asks(refuse: _Refuse, paid: Any, view: RoundView) -> None:
    over = np.flatnonzero(paid > view.proposals.ask)
    if over.size:
        at = int(over[0])
        refuse(
            _("paid[{at}] is {came} yuan for proposal {id!r}, which asks for {ask} yuan").format(
                at=at, came=in_yuan(paid[at]), id=view.proposals.id[at], ask=in_yuan(view.proposals.ask[at])
            ),
            _("Pay at most the ask: np.minimum(paid, view.proposals.ask)"),
        )


def _check_fen(refuse: _Refuse, name: str, amounts: Any, length: int) -> None:
    fault = fault_in_fen(name, amounts, length)
    if fault is not None:
        refuse(*fault)


def _check_reasons(refuse: _Refuse, reasons: Any, view: RoundView) -> None:
    remedy = _("Give one sentence for each proposal, also for those that get nothing")
    if isinstance(reasons, str) or not isinstance(reasons, Sequence) or len(reasons) != len(view.proposals):
        count = len(reasons) if isinstance(reasons, Sequence) and not isinstance(reasons, str) else repr(reasons)
        refuse(_("{came} reasons came for {n} proposals").format(came=count, n=len(view.proposals)), remedy)
    for proposal, reason in zip(view.proposals.id, reasons, strict=True):
        _check_reason(refuse, proposal, reason)


def _check_reason(refuse: _Refuse, proposal: str, reason: Any) -> None:
    fault = fault_in_words(reason)
    if fault is not None:
        refuse(
            _("the reason for {proposal!r} is {fault}").format(proposal=proposal, fault=fault),
            _("Give a sentence there, or one in each language: Bilingual(en='…', zh='…')"),
        )


def _check_refunds(refuse: _Refuse, refunds: Any, view: RoundView) -> None:
    if refunds is None:
        return
    pledges = view.part("pledges")
    if pledges is None:
        refuse(
            _("refunds came from a rule that does not need pledges"),
            _("List 'pledges' in `needs`, or return None there"),
        )
    _check_fen(refuse, "refunds", refunds, len(pledges.amount))
    over = np.flatnonzero(refunds > pledges.amount)
    if over.size:
        at = int(over[0])
        refuse(
            _("refund {at} is {came} yuan for a pledge of {pledge} yuan").format(
                at=at, came=in_yuan(refunds[at]), pledge=in_yuan(pledges.amount[at])
            ),
            _("Give back at most what was pledged"),
        )


def _check_tranches(refuse: _Refuse, tranches: Any) -> None:
    try:
        shares = [float(share) for share in tranches]
    except (TypeError, ValueError):
        shares = []
    if not shares or not all(0 <= share <= 1 for share in shares) or abs(sum(shares) - 1) > _SUM_SLACK:
        refuse(
            _("tranches are {came!r}; expected shares of 0 or more that sum to 1").format(came=tranches),
            _("Write (1.0,) to pay all at the start"),
        )


def _check_ids(refuse: _Refuse, name: str, ids: Any, view: RoundView) -> None:
    known = view.proposals.id
    for proposal in (ids,) if isinstance(ids, str) else ids or ():
        if proposal not in known or isinstance(ids, str):
            refuse(
                _("{name} names {came!r}, which is no proposal of this round").format(name=name, came=proposal),
                _("{near}Use ids from view.proposals.id, in a tuple").format(near=did_you_mean(str(proposal), known)),
            )


def _check_diagnostics(refuse: _Refuse, diagnostics: Any) -> None:
    numbers = isinstance(diagnostics, Mapping) and all(
        isinstance(key, str)
        and is_writable(key)
        and isinstance(value, (int, float, np.integer, np.floating))
        and math.isfinite(value)
        for key, value in diagnostics.items()
    )
    if not numbers:
        refuse(
            _("diagnostics are {came!r}; expected finite numbers by name").format(came=diagnostics),
            _("Leave out what is not defined"),
        )


def check_review(rule: Rule, review: Any, view: RoundView) -> None:
    """Raise RuleError unless `review` reclaims from proposals of this round, with a reason for each."""
    refuse = _refuser(rule, view)
    if not isinstance(review, Review):
        refuse(
            _("review returned {came}, expected a Review").format(came=type(review).__name__),
            _("Return commsim.rules.Review(reclaim=ids, reasons=sentences), or Review() to reclaim nothing"),
        )
    _check_ids(refuse, "reclaim", review.reclaim, view)
    if len(review.reasons) != len(review.reclaim):
        refuse(
            _("{came} reasons came for {n} reclaimed proposals").format(
                came=len(review.reasons), n=len(review.reclaim)
            ),
            _("Give one sentence for each"),
        )
    for proposal, reason in zip(review.reclaim, review.reasons, strict=True):
        _check_reason(refuse, proposal, reason)


def check_quote(rule: Rule, quoted: Any, view: RoundView) -> None:
    """Raise RuleError unless `quoted` is None or whole fen by proposal, which may be negative."""
    if quoted is None:
        return
    fault = fault_in_fen("quote", quoted, len(view.proposals), below_zero=None)
    if fault is not None:
        refuse_rule(rule, view, *fault)
    if np.any(np.abs(quoted) > view.budget):
        at = int(np.argmax(np.abs(quoted)))
        refuse_rule(
            rule,
            view,
            _("quote[{at}] is {came} yuan, more than the budget of {budget} yuan that there is to draw on").format(
                at=at, came=in_yuan(quoted[at]), budget=in_yuan(view.budget)
            ),
            _("Quote what settle would pay more for the gift"),
        )


CHECKS: dict[str, Check] = {
    "open_round": check_terms,
    "quote": check_quote,
    "settle": check_award,
    "review": check_review,
}
