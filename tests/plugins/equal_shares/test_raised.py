"""Completion add1 of equal shares: what is told about an interval of shares without playing its steps."""

from fractions import Fraction

import numpy as np
import pytest

from commsim.plugins.equal_shares.purchases import EqualShares
from commsim.plugins.equal_shares.raised import Ahead, raised_shares
from commsim.plugins.equal_shares.rule import utilities
from commsim.plugins.shared.profile import Election, Profile


def two_groups() -> Election:
    """Five voters for projects 0 to 2, five for 3, which comes first where prices tie, one of these for 4 too."""
    pairs = [(voter, project) for voter in range(5) for project in range(3)]
    pairs += [(voter, 3) for voter in range(5, 10)] + [(9, 4)]
    row, column = np.array(sorted(pairs), dtype=np.int64).T
    profile = Profile(10, 5, row, column, np.ones(len(pairs), dtype=np.int64))
    return Election(profile, (100,) * 5, 350, (1, 2, 3, 0, 4))


def ahead(stop: str) -> Ahead:
    made = two_groups()
    return Ahead(EqualShares(made, utilities(made, "cardinality")), stop)


def test_nothing_is_followed_where_supporters_hold_no_more_than_the_budget() -> None:
    looked = ahead("overspend")
    assert looked.uneventful(Fraction(30), Fraction(34)) and looked.effort == 0
    # At 36 a group holds 180, both 360: more than the budget, though each can pay for one project only.
    assert looked.uneventful(Fraction(30), Fraction(36)) and looked.effort > 0


def test_nothing_is_followed_where_all_in_reach_costs_no_more_than_the_budget() -> None:
    made = two_groups()
    made = Election(made.profile, (100,) * 4 + (900,), 1_000, made.rank)
    looked = Ahead(EqualShares(made, utilities(made, "cardinality")), "overspend")
    # All ten hold 5,000, but 400 is all that the four projects in reach cost; from 920 on one voter can pay for 4 too.
    assert looked.uneventful(Fraction(100), Fraction(500)) and looked.effort == 0
    assert not looked.uneventful(Fraction(100), Fraction(920))


def test_that_the_budget_suffices_says_nothing_about_an_exhaustive_outcome() -> None:
    looked = ahead("exhaustive")
    # As far as money goes 340 of 350 may be spent, and then nothing that anybody supports would fit any more.
    assert looked.uneventful(Fraction(30), Fraction(34)) and looked.effort > 0


def test_an_interval_in_which_raising_ends_tells_how_far_it_surely_does_not() -> None:
    looked = ahead("overspend")
    # From 40 on the first group can pay for a second project, from 60 on for a third, and then 400 are spent.
    assert not looked.uneventful(Fraction(50), Fraction(70))
    assert looked.certain_up_to == pytest.approx(0.5, abs=1e-6)
    assert looked.uneventful(Fraction(50), Fraction(59))


def test_raising_ends_at_the_last_share_within_the_budget() -> None:
    made = two_groups()
    raised = raised_shares(EqualShares(made, utilities(made, "cardinality")), Fraction(35), 1, "overspend")
    assert (raised.exact.share, sorted(raised.chosen)) == (59, [0, 1, 3])
