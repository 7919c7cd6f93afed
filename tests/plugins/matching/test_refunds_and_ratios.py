"""Matches and seed money in made rounds: bonuses, lead gifts, required ratios, tiers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

from commsim.calling.call import call_rule
from commsim.errors import RuleError
from commsim.plugins.matching.conditional import slabs, tiers_of
from tests.plugins.rounds import CATALOGUE, opened, random_rounds

FEW = settings(max_examples=40, deadline=None)


@FEW
@given(words=random_rounds())
def test_refund_bonuses_are_paid_within_the_budget_and_to_failing_projects_only(words: dict[str, Any]) -> None:
    rule = CATALOGUE.make("seed.refund_bonus", {"bonus": 0.2, "seed_share": 0.2})
    view = opened(rule, words)
    award = call_rule(rule, "settle", view)
    assert award.bonuses is not None and award.refunds is not None
    assert award.paid.sum() + award.bonuses.sum() <= view.budget
    backed = award.refunds == view.pledges.amount
    assert (award.bonuses[~backed] == 0).all()
    wished = np.floor(0.2 * view.pledges.amount[backed]).astype(int)
    if 2 * wished.sum() <= view.budget and award.paid.sum() == 0:
        assert (award.bonuses[award.bonuses > 0] == np.floor(0.2 * view.pledges.amount)[award.bonuses > 0]).all()


def test_a_failed_project_costs_the_fund_the_bonus_and_no_more() -> None:
    rule = CATALOGUE.make("seed.refund_bonus", {"bonus": 0.1, "threshold_share": 0.5})
    award = call_rule(rule, "settle", opened(rule, {}))
    assert award.paid.tolist() == [0, 0, 0]
    assert award.refunds.tolist() == [10_000, 5_000, 50_000]
    assert award.bonuses.tolist() == [1_000, 500, 5_000]


def test_bonuses_beyond_the_budget_are_refused() -> None:
    class Generous(type(CATALOGUE.make("seed.refund_bonus"))):  # type: ignore[misc]
        def settle(self, view: Any) -> Any:
            award = super().settle(view)
            object.__setattr__(award, "bonuses", np.full(len(view.pledges.amount), view.budget, dtype=np.int64))
            return award

    rule = Generous()
    with pytest.raises(RuleError, match="more than the budget"):
        call_rule(rule, "settle", opened(rule, {}))


def test_a_lead_gift_is_announced_and_then_paid_as_announced() -> None:
    rule = CATALOGUE.make("seed.lead", {"share": 0.5})
    view = opened(rule, {})
    award = call_rule(rule, "settle", view)
    assert view.terms is not None and view.terms.seed_announced.tolist() == [300_000, 250_000, 200_000]
    assert award.paid.tolist() == [300_000, 250_000 + 0 if 250_000 + 55_000 >= 300_000 else 0, 0]
    assert award.refunds.tolist() == [0, 0, 0]


def test_hours_count_towards_the_required_ratio() -> None:
    with_hours = CATALOGUE.make("match.required_ratio", {"other": 0.01, "physical": 3.0, "hour_yuan": 60})
    without = CATALOGUE.make("match.required_ratio", {"other": 0.017, "physical": 3.0, "hour_yuan": 0})
    assert call_rule(with_hours, "settle", opened(with_hours, {})).paid.tolist() == [500_000, 500_000, 0]
    assert call_rule(without, "settle", opened(without, {})).paid.tolist() == [0, 500_000, 0]


def test_tiers_are_piecewise_linear_and_have_to_ascend() -> None:
    starts, rates = tiers_of("0:2 1000:1 5000:0.5")
    assert slabs(np.array([0, 1000, 2000, 6000]), starts, rates).tolist() == [0, 2000, 3000, 6500]
    for wrong in ("", "1000:1", "0:1 0:2", "0:-1", "0;1", "0:1:2"):
        with pytest.raises(RuleError, match="tiers"):
            tiers_of(wrong)
