"""Money in whole runs: every account balances every month, and the ledger agrees with every other book."""

import dataclasses

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commsim.community.ledger import TREASURY
from commsim.community.procedures import Stage
from commsim.contracts import Award, Review, RoundView
from commsim.model import CommunityModel
from commsim.plugins.divisions.basic import EqualSplit
from tests.processes.runs import run, run_with_second_fund

RULES = (
    "basic.none",
    "basic.same_money_services",
    "basic.equal_split",
    "basic.per_capita",
    "basic.needs_weighted",
    "match.linear",
    "seed.provision_point",
    "pb.greedy_votes",
)

SCENARIOS = st.fixed_dictionaries(
    {
        "rule": st.sampled_from(RULES),
        "seed": st.integers(1, 3),
        "months": st.integers(8, 30),
        "start": st.sampled_from(["2016-01", "2016-05", "2016-11"]),
        "budget": st.integers(1, 400_000),
        "pool": st.sampled_from(["committee", "subdistrict", "district"]),
        "initiators": st.sampled_from(["open", "residents", "quota"]),
        "gift": st.floats(10, 1000),
        "misuse": st.floats(0, 0.1),
        "fiscal": st.booleans(),
    }
)


def random_run(drawn: dict) -> CommunityModel:
    fund = "funds.self_governance"
    return run(
        drawn["rule"],
        seed=drawn["seed"],
        overrides=[
            f"start={drawn['start']}",
            f"months={drawn['months']}",
            f"{fund}.starts={drawn['start']}",
            f"{fund}.coverage=[]",
            f"{fund}.budget_per_committee_yuan={drawn['budget']}",
            f"{fund}.pool={drawn['pool']}",
            f"{fund}.fiscal={str(drawn['fiscal']).lower()}",
            f"initiators={drawn['initiators']}",
            f"parameters.amount.suggested_gift_yuan={drawn['gift']}",
            f"parameters.delivery.misuse_a_month={drawn['misuse']}",
        ],
    )


@settings(max_examples=25)
@given(SCENARIOS)
def test_every_account_balances_every_month_in_random_scenarios(drawn: dict) -> None:
    model = random_run(drawn)
    accounts = pd.DataFrame(model.ledger.accounts())
    postings = pd.DataFrame(model.ledger.postings())
    assert (accounts.opening + accounts.money_in - accounts.money_out == accounts.closing).all()
    inside = accounts[accounts.kind != "outside"]
    assert (inside.closing >= 0).all()
    moved_in = postings.groupby(["month", "destination"]).fen.sum()
    moved_out = postings.groupby(["month", "source"]).fen.sum()
    by_key = accounts.set_index(["month", "account"])
    assert moved_in.reindex(by_key.index, fill_value=0).eq(by_key.money_in).all()
    assert moved_out.reindex(by_key.index, fill_value=0).eq(by_key.money_out).all()
    assert accounts.groupby("month").closing.sum().eq(0).all()  # with the outside, nothing appears or vanishes


@settings(max_examples=10)
@given(SCENARIOS)
def test_residents_own_column_agrees_with_their_account(drawn: dict) -> None:
    model = random_run(drawn)
    postings = pd.DataFrame(model.ledger.postings())
    given_fen = model.residents.seen_by("reader").given_fen
    start = model.world.addresses.committee_start
    for index, place in enumerate(model.world.addresses.committee_ids):
        account = f"residents:{place}"
        gifts = postings[(postings.purpose == "gift") & (postings.source == f"notebook:{place}")].fen.sum()
        returned = postings[(postings.purpose == "return") & (postings.destination == account)].fen.sum()
        assert given_fen[start[index] : start[index + 1]].sum() == gifts - returned
    assert (given_fen >= 0).all()


@settings(max_examples=10)
@given(SCENARIOS)
def test_nothing_is_paid_that_was_not_appropriated(drawn: dict) -> None:
    model = random_run(drawn)
    postings = pd.DataFrame(model.ledger.postings())
    for purse in {account for account in postings.destination if account.startswith("purse:")}:
        into = postings[(postings.destination == purse) & (postings.source == TREASURY)].fen.sum()
        awarded = postings[(postings.source == purse) & (postings.purpose == "award")].fen.sum()
        back = postings[(postings.destination == purse) & (postings.purpose == "return")].fen.sum()
        assert awarded - back <= into


def test_residents_money_never_enters_a_fiscal_purse() -> None:
    postings = pd.DataFrame(run("seed.provision_point").ledger.postings())
    into_purses = postings[postings.destination.str.startswith("purse:")]
    assert set(into_purses.purpose) <= {"appropriation", "return"}
    assert (
        not postings[postings.source.str.startswith(("residents:", "notebook:"))]
        .destination.str.startswith("purse:")
        .any()
    )


def test_unspent_fiscal_money_lapses_by_the_years_end() -> None:
    model = run("match.linear")
    accounts = pd.DataFrame(model.ledger.accounts())
    december = [month for month in range(model.scenario.months) if model.scenario.calendar_month(month) == 12]
    purses = accounts[accounts.account.str.startswith("purse:self_governance") & accounts.month.isin(december)]
    assert len(purses) and (purses.closing == 0).all()


@pytest.mark.parametrize("rule", ["seed.provision_point", "seed.refund_bonus", "match.linear", "qf.clr"])
def test_the_monthly_record_is_the_ledger(rule: str) -> None:
    model = run(rule)
    monthly, postings = model.monthly, pd.DataFrame(model.ledger.postings())
    own = postings[postings.fund == "self_governance"]
    assert monthly["public_fen"].sum() == own[own.purpose.isin(["award", "refund bonus"])].fen.sum()
    assert monthly["pledged_fen"].sum() == own[own.purpose == "pledge"].fen.sum()
    returned = own[(own.purpose == "return") & own.destination.str.startswith("residents:")].fen.sum()
    assert monthly["gifts_fen"].sum() == own[own.purpose == "gift"].fen.sum() - returned
    back = own[own.purpose.isin(["refund", "rebate"])].fen.sum() + returned
    assert monthly["refunded_fen"].sum() == back
    assert monthly["partner_fen"].sum() == own[own.purpose == "partner gift"].fen.sum()


def test_without_a_fund_no_money_of_it_exists() -> None:
    model = run("basic.none")
    postings = pd.DataFrame(model.ledger.postings())
    assert not (postings.fund == "self_governance").any()
    assert np.all(model.monthly["public_fen"] == 0) and np.all(model.monthly["administration_fen"] == 0)


def test_the_same_money_is_appropriated_whatever_the_rule() -> None:
    def appropriated(rule: str) -> int:
        postings = pd.DataFrame(run(rule).ledger.postings())
        return int(postings[(postings.fund == "self_governance") & (postings.purpose == "appropriation")].fen.sum())

    assert len({appropriated(rule) for rule in RULES if rule != "basic.none"}) == 1


@pytest.mark.parametrize(
    "override",
    [
        "funds.self_governance.ends=2017-05",
        "funds.self_governance.ends=2018-04",
        "funds.self_governance.coverage=[{from: 2017-01, share: 1},{from: 2017-05, share: 0.5}]",
    ],
)
def test_a_fund_may_end_or_shrink_in_the_middle_of_a_cycle(override: str) -> None:
    model = run("match.linear", overrides=[override])
    own = [project for project in model.projects.projects if project.fund == "self_governance"]
    assert own and not [project.id for project in own if project.stage is Stage.PROPOSED]
    longest = model.scenario.parameters["delivery.longest_ratio"]
    for project in own:
        if project.stage is Stage.RUNNING:  # what was begun is carried on, and closed when it drags
            assert model.month - project.started <= longest * project.months_needed
    accounts = pd.DataFrame(model.ledger.accounts())
    assert (accounts[accounts.account.str.startswith("notebook:")].groupby("account").closing.last() == 0).all()


class OneDonorBack(EqualSplit):
    """Pays like the equal split, and gives the first donor of each round the whole pledge back."""

    id = "test.one_donor_back"
    needs = EqualSplit.needs | {"pledges"}

    def settle(self, view: RoundView) -> Award:
        refunds = np.zeros(len(view.pledges.amount), dtype=np.int64)
        if view.pledges.rows:
            first = slice(0, int(view.pledges.start[1]))
            refunds[first] = view.pledges.amount[first]
        return dataclasses.replace(super().settle(view), refunds=refunds)


def test_a_rules_refund_reaches_the_donor_it_names() -> None:
    model = run(OneDonorBack())
    given_fen = model.residents.seen_by("reader").given_fen
    kept: dict[int, int] = {}
    back = 0
    for who, fen in (one.kept_gifts for one in model.projects.projects if one.kept_gifts is not None):
        back += int((fen == 0).sum())
        for resident, amount in zip(who.tolist(), fen.tolist(), strict=True):
            kept[resident] = kept.get(resident, 0) + amount
    assert {int(one): int(given_fen[one]) for one in np.flatnonzero(given_fen)} == {
        resident: amount for resident, amount in kept.items() if amount
    }
    assert back >= 1
    assert sum(one.refunded_fen for one in model.projects.projects) > 0


SCARCE = "funds.self_governance.budget_per_committee_yuan=1000"


@pytest.mark.parametrize("rule", ["seed.provision_point", "match.linear", "seed.refund_bonus"])
def test_what_residents_can_still_give_is_what_their_account_holds(rule: str) -> None:
    model = run(rule, overrides=["months=23", "start=2017-01", "initiators=quota", SCARCE])
    view = model.residents.seen_by("reader")
    left = model.community.given.sums_by_committee(view.giving_capacity - view.capacity_used)
    assert model.monthly["refunded_fen"].sum() > 0
    for place, fen in zip(model.world.addresses.committee_ids, left.tolist(), strict=True):
        assert model.ledger.balance(f"residents:{place}") == fen


@settings(max_examples=12)
@given(st.integers(1, 8), st.integers(0, 3), st.integers(1, 4), st.sampled_from(RULES), st.floats(0, 0.1))
def test_fiscal_purses_are_empty_after_december_whatever_the_calendar(
    bids: int, wait: int, length: int, rule: str, misuse: float
) -> None:
    opens = bids + wait
    calendar = f"{{wishes: 1, bids: {bids}, opens: {opens}, settles: {min(opens + length, 12)}, review: 12}}"
    model = run(
        rule,
        overrides=[
            "start=2017-01",
            "months=26",
            f"funds.self_governance.calendar={calendar}",
            f"parameters.delivery.misuse_a_month={misuse}",
            "parameters.delivery.supervision=1",
        ],
    )
    accounts = pd.DataFrame(model.ledger.accounts())
    postings = pd.DataFrame(model.ledger.postings())
    purses = accounts[accounts.account.str.startswith("purse:self_governance")]
    december = [month for month in range(26) if model.scenario.calendar_month(month) == 12]
    assert (purses[purses.month.isin(december)].closing == 0).all()
    first_months = postings[postings.month.isin([month + 1 for month in december])]
    into = first_months[first_months.destination.str.startswith("purse:self_governance")]
    assert set(into.purpose) <= {"appropriation"}


def test_two_funds_keep_their_gifts_and_costs_apart() -> None:
    second = (
        "{id: second, name: {en: Second, zh: 第二}, rule: basic.equal_split, budget_per_committee_yuan: 30000, "
        "starts: 2017-01}"
    )
    both = run_with_second_fund("basic.none", second)
    for name in ("gifts_fen", "partner_fen", "pledged_fen", "refunded_fen", "public_fen", "administration_fen"):
        assert both.monthly[name].sum() == 0, name
    assert both.monthly["other_gifts_fen"].sum() > 0


def test_building_level_funds_balance_too() -> None:
    fund = "funds.self_governance"
    half = f"{fund}.coverage=[{{from: 2017-01, share: 0.5}}]"
    model = run(
        "seed.provision_point", overrides=[f"{fund}.level=building", f"{fund}.pool=building", half, "initiators=quota"]
    )
    accounts = pd.DataFrame(model.ledger.accounts())
    assert (accounts.opening + accounts.money_in - accounts.money_out == accounts.closing).all()
    assert model.monthly["acts_money"].sum() > 0


class Reclaiming(EqualSplit):
    """Reclaims at the review whatever still runs."""

    id = "test.reclaiming"

    def review(self, view: RoundView) -> Review:
        ids = tuple(view.proposals.id)
        return Review(reclaim=ids, reasons=("the year is over",) * len(ids))


def test_a_review_reclaims_what_running_projects_have_not_spent() -> None:
    kinds = ("activities", "renewal", "mutual_help", "equipment")
    slow = [f"project_kinds.{kind}.months=12" for kind in kinds] + ["months=15", "start=2017-01", "initiators=quota"]
    reclaimed, plain = run(Reclaiming(), overrides=slow), run("basic.equal_split", overrides=slow)
    assert reclaimed.monthly["failed"].sum() > plain.monthly["failed"].sum()
    assert sum(one.returned_fen for one in reclaimed.projects.projects) > 0
