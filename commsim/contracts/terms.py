"""What a round calls for and what a rule announces before residents decide."""

from __future__ import annotations

import enum
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from commsim.contracts.known_words import KnownWords
from commsim.errors import RuleError
from commsim.i18n import _
from commsim.money import LARGEST_YUAN

Fen = NDArray[np.int64]
"""Amounts in fen, one per proposal in the view's order."""


class Calls(enum.Enum):
    """What opening a round under a rule calls for."""

    PROPOSALS = "proposals"
    """Residents and committees are asked for proposals (every ordinary rule)."""
    SERVICES = "services"
    """Staff lay out a service plan from what they know of needs; residents are not called."""
    CALL = "call"
    """Residents are called and asked for a ballot as the fund's calendar says; nobody proposes, nothing is paid."""
    NOTHING = "nothing"
    """There is no fund: no round opens and no money is appropriated."""


BALLOT_KINDS = ("approval", "cumulative", "ranking", "knapsack", "split")
BALLOTS_OVER = ("proposals", "areas", "categories")
"""What a ballot is over: proposals, or for a split areas or categories (domains)."""
LIMITED = ("approval", "cumulative", "ranking")
"""Kinds of ballot on which `most` limits the marks; a knapsack is limited by the budget, a split has no marks."""


@dataclass(frozen=True)
class Ballot(KnownWords):
    """How residents vote in a round: `kind` of ballot, how many proposals each may mark (`most`) and has to (`least`).

    A ballot with fewer marks than `least` (or than there are proposals, where these are fewer) is not cast.

    Kinds: "approval"; "cumulative" (points are spread over proposals); "ranking" (proposals are put in order);
    "knapsack" (whatever fits into the budget together is marked); "split" (the budget is divided among what it is
    `over`, "areas" or "categories", which are the domains, in parts that sum to 1).
    What a rule then reads are `Choices`, of splits `Splits`.
    """

    kind: str = "approval"
    most: int = 3
    over: str = "proposals"
    least: int = 1

    def __post_init__(self) -> None:
        if self.kind not in BALLOT_KINDS:
            raise RuleError(
                _("a ballot of kind {kind!r} came; known are {known}").format(
                    kind=self.kind, known=", ".join(BALLOT_KINDS)
                )
            )
        if self.over not in BALLOTS_OVER:
            raise RuleError(
                _("a ballot over {over!r} came; known are {known}").format(
                    over=self.over, known=", ".join(BALLOTS_OVER)
                )
            )
        if not _is_whole(self.most) or self.most < 1:
            raise RuleError(_("a ballot must let residents mark at least one proposal; {n} came").format(n=self.most))
        if not _is_whole(self.least) or self.least < 1 or (self.kind in LIMITED and self.least > self.most):
            raise RuleError(
                _(
                    "a ballot asks for at least 1 mark and at most as many as it allows ({most}); least={n!r} came"
                ).format(most=self.most, n=self.least)
            )


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float, np.integer, np.floating))


def _is_whole(value: object) -> bool:
    return isinstance(value, (int, np.integer)) and not isinstance(value, bool)


@dataclass(frozen=True)
class Terms(KnownWords):
    """What a rule announces before residents decide. Residents understand these words for any rule, also yours.

    Amounts are fen. Where a field may differ by proposal it takes a single number or an array in proposal order.
    An unknown word is an error: residents could not react to it.
    """

    match_rate: float = 0.0
    """Public fen added per fen that residents give (1 = one for one)."""
    quoted: bool = False
    """Instead of a fixed match rate residents are told month by month what one more gift to each project would draw
    (`Rule.quote`)."""
    match_cap: int | None = None
    """Most that one project can get as a match."""
    match_pool: int | None = None
    """Most that all matches of the round can take together; beyond it they shrink in proportion."""
    threshold: int | Fen | None = None
    """Residents' own money below which a project gets nothing."""
    refund: bool = True
    """Whether gifts go back when a project does not come about."""
    refund_bonus: float = 0.0
    """Extra per fen given that is paid on top of a refund."""
    seed_announced: int | Fen = 0
    """Public money announced as given to each project before residents are asked."""
    ballot: Ballot | None = None
    """Residents vote, and how; None where they do not."""
    min_match: float = 0.0
    """Own money or hours, as a share of the ask, without which a project is not considered."""
    min_votes: int = 0
    """Votes below which a project is not considered."""
    deadline: int | None = None
    """For how many months gifts, promised hours and votes are taken, the month of the opening counted: 1 closes the
    round for them when that month ends. None, or more than there are: until it is settled."""
    vouchers: int = 0
    """Public money that each resident may assign."""
    odds: float | None = None
    """Announced chance of an award, where the rule draws lots."""
    expected_award: int | Fen | None = None
    """What applicants may expect, where the rule knows beforehand (for example equal parts)."""

    def __post_init__(self) -> None:
        for name in ("match_rate", "refund_bonus", "min_match", "min_votes", "vouchers"):
            value = getattr(self, name)
            if not _is_number(value) or not value >= 0:
                raise RuleError(
                    _("terms: {name} must be a number of 0 or more; {value!r} came").format(name=name, value=value)
                )
            if value > LARGEST_YUAN:
                text = _("terms: {name} must be a number of 0 or more, up to {most}; {value!r} came")
                raise RuleError(text.format(name=name, most=f"{LARGEST_YUAN:,}", value=value))
