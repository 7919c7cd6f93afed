"""Which form of ballot a rule announces, found out by opening small made rounds and reading its terms."""

from __future__ import annotations

from commsim.authoring.sample_rounds import made_round
from commsim.contracts import Calls, Rule, Terms
from commsim.errors import CommsimError

NO_BALLOT = "none"
VOUCHERS = "vouchers"
_SIZE = (6, 12)
_TRIES = 5  # rounds differ in budget and people: a voucher may come to less than a fen in one of them


def ballot_form(rule: Rule) -> str:
    """The form of ballot that `rule` announces: "none", a kind of ballot (`BALLOT_KINDS`) or "vouchers".

    A rule that does not call residents announces none, and so does one that fails when it opens a round. Where the
    form depends on the round, that of the first made round with any counts.

    >>> from commsim.rules import load_catalogue
    >>> [ballot_form(load_catalogue().make(name)) for name in ("basic.equal_split", "pb.mes", "voucher.democracy")]
    ['none', 'approval', 'vouchers']
    """
    if rule.calls not in (Calls.PROPOSALS, Calls.CALL):
        return NO_BALLOT
    forms = (_form_in(rule, number) for number in range(_TRIES))
    return next((form for form in forms if form != NO_BALLOT), NO_BALLOT)


def _form_in(rule: Rule, number: int) -> str:
    try:
        terms = made_round(rule, number, _SIZE).terms
    except CommsimError:
        return NO_BALLOT
    return NO_BALLOT if terms is None else _form_of(terms)


def _form_of(terms: Terms) -> str:
    if terms.ballot is not None:
        return terms.ballot.kind
    return VOUCHERS if terms.vouchers else NO_BALLOT
