"""What is left where there is no yuan: nothing without an appropriation, light acts alone where a call is made."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from commsim.model import CommunityModel
from tests.processes.runs import run

NO_APPROPRIATION = "funds.self_governance.budget_per_committee_yuan=0"
OPEN_TO_ALL = "initiators=quota"
"""Every committee would have a proposal, were there a fund."""
OF_LIGHT_ACTS = {"last_vote", "last_meeting", "habit_vote", "habit_meeting", "last_act", "previous_act", "rung"}
"""Residents' columns that a ballot moves: when it was, its habit, any act at all, the ladder."""
HEADLINE = ("gave_12m", "gave_month", "gave_new_faces", "acts_time", "acts_money", "acts_organise", "volunteer_minutes")


def without_a_fund(*overrides: str) -> CommunityModel:
    return run("basic.none", overrides=overrides)


def columns(model: CommunityModel) -> dict[str, np.ndarray]:
    reader = model.residents.seen_by("reader")
    return {name: getattr(reader, name) for name in model.residents.columns}


def what_differs(first: dict[str, np.ndarray], second: dict[str, np.ndarray]) -> set[str]:
    """Names of the columns that are not the same to the byte."""
    assert first.keys() == second.keys()
    return {name for name, values in first.items() if values.tobytes() != second[name].tobytes()}


def books(model: CommunityModel) -> Sequence[object]:
    """The ledger, its accounts and all projects, as the record keeps them."""
    ledger = [{name: list(values) for name, values in model.ledger.postings().items()}]
    accounts = [{name: list(values) for name, values in model.ledger.accounts().items()}]
    return *ledger, *accounts, repr(model.projects.rows(model.world.addresses.committee_ids))


@pytest.mark.parametrize(
    "rule",
    [
        "basic.equal_split",
        "basic.same_money_services",
        "basic.call_only",
        "match.linear:counts=cash+hours+goods",
        "pb.greedy_votes",
        "seed.refund_bonus",
        "qf.clr",
    ],
)
@pytest.mark.parametrize("policy", ["open", "quota"])
def test_an_appropriation_of_nothing_is_no_fund_to_the_byte(rule: str, policy: str) -> None:
    more_asking = ["parameters.mobilisation.call=3", f"initiators={policy}"]
    none = without_a_fund(*more_asking)
    nothing = run(rule, overrides=[NO_APPROPRIATION, *more_asking])
    assert what_differs(nothing.monthly, none.monthly) == set()
    assert what_differs(columns(nothing), columns(none)) == set()
    assert books(nothing) == books(none)


@pytest.mark.parametrize("ballot", ["approval", "cumulative", "ranking", "knapsack", "split", "vouchers"])
def test_a_call_without_more_asking_moves_light_participation_and_nothing_else(ballot: str) -> None:
    none, call = without_a_fund(), run("basic.call_only", params={"ballot": ballot})
    assert call.monthly["acts_vote"].sum() > 0
    moved = what_differs(call.monthly, none.monthly)
    of_any_act = ("active_", "new_faces", "light_12m", "rung_", "acts_vote", "acts_meeting")
    assert {name for name in moved if not name.startswith(of_any_act)} == set()
    assert not moved & {*HEADLINE, "rung_gave", "rung_organised", "asked", "staff_minutes"}
    assert what_differs(columns(call), columns(none)) <= OF_LIGHT_ACTS
    assert books(call) == books(none)


def test_a_call_that_asks_for_no_ballot_and_asks_no_more_is_no_fund_to_the_byte() -> None:
    none, call = without_a_fund(), run("basic.call_only", params={"ballot": "none"})
    assert what_differs(call.monthly, none.monthly) == set()
    assert what_differs(columns(call), columns(none)) == set()


def test_a_call_that_asks_more_moves_hours_too_and_costs_staff_theirs() -> None:
    more = "parameters.mobilisation.call=2"
    none, call = without_a_fund(more), run("basic.call_only", overrides=[more])
    assert {"gave_12m", "acts_time", "volunteer_minutes"} <= what_differs(call.monthly, none.monthly)
    for measure in ("asked", "volunteer_minutes", "staff_minutes"):
        assert call.monthly[measure].sum() > none.monthly[measure].sum(), measure
    assert call.monthly["public_fen"].sum() == 0


def test_more_asking_moves_nothing_where_no_round_is_open() -> None:
    plain, more = without_a_fund(), without_a_fund("parameters.mobilisation.call=3")
    assert what_differs(more.monthly, plain.monthly) == set()
