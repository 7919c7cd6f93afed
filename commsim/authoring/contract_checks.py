"""What a contract cannot express in types, looked for in made rounds: each check returns what is wrong, or None."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np

from commsim.authoring.findings import Finding
from commsim.authoring.sample_rounds import ROUNDS, award_in, made_round
from commsim.calling.call import call_rule
from commsim.calling.quotes import SLACK, misquoted
from commsim.contracts import Rule
from commsim.errors import RuleError
from commsim.i18n import Text, _
from commsim.money import FEN_PER_YUAN, in_yuan

GIFTS = (FEN_PER_YUAN, 50 * FEN_PER_YUAN)
"""Gifts of one more donor, for which a rule's own quote is held against settling twice."""


def awards_hold(rule: Rule) -> None:
    """Settle every made round; the core's own checks raise RuleError."""
    for number in range(ROUNDS):
        award_in(rule, made_round(rule, number))


def decides_in_two_ways(new: Callable[[], Rule]) -> Text | None:
    """In which made round a rule, asked again or made again (`new`), decides otherwise."""
    for number in range(ROUNDS):
        asked = new()
        # Asked again, and a rule that was never asked before: nothing may be kept in the rule either.
        first, *others = (award_in(made, made_round(new(), number)) for made in (asked, asked, new()))
        words = list(map(str, first.reasons))
        if any(
            not np.array_equal(first.paid, award.paid) or list(map(str, award.reasons)) != words for award in others
        ):
            return _(
                "made round {number} came out in two ways. Draw luck only with view.draw(name, ids), keep nothing "
                "between rounds, and do not rely on the order of a set"
            ).format(number=number)
    return None


def answers_hold(rule: Rule) -> None:
    """What the rule quotes and reclaims in made rounds, as far as it answers itself, held to the contract."""
    own = [method for method in ("after_pledges", "quote", "review") if is_own(rule, method)]
    for number in range(ROUNDS):
        view = made_round(rule, number)
        for method in own:
            call_rule(rule, method, view, *((FEN_PER_YUAN,) if method == "quote" else ()))


def is_own(rule: Rule, method: str) -> bool:
    """Whether the rule answers itself, and not by what every rule comes with."""
    return getattr(type(rule), method) is not getattr(Rule, method)


def misquotes(rule: Rule) -> Text | None:
    """Where a quote of the rule's own is not what settling with and without one more gift finds."""
    for number in range(ROUNDS):
        view = made_round(rule, number)
        for gift in GIFTS:
            found = misquoted(rule, view, gift)
            if found is not None:
                at, came, expected = found
                return _(
                    "in made round {number} one more donor gives {gift} yuan to {id!r}: quote says that it draws "
                    "{came} yuan, settling twice gives {expected} yuan more (up to {slack} fen are rounding). Quote "
                    "what settle pays more for the whole gift, not a rate for the first yuan, or leave quote out"
                ).format(
                    number=number,
                    gift=in_yuan(gift),
                    id=view.proposals.id[at],
                    came=in_yuan(came),
                    expected=in_yuan(expected),
                    slack=SLACK,
                )
    return None


def timed(rule: Rule, large: tuple[int, int]) -> Finding:
    """How long a round of so many proposals and residents takes."""
    name = _("{rule}: a round of {proposals} proposals and {residents} residents").format(
        rule=rule.id, proposals=f"{large[0]:,}", residents=f"{large[1]:,}"
    )
    view = made_round(rule, 0, size=large)
    began = time.perf_counter()
    try:
        award_in(rule, view)
    except RuleError as error:
        return Finding(name, False, error.text)
    return Finding(name, True, _("{seconds:.2f} s").format(seconds=time.perf_counter() - began))
