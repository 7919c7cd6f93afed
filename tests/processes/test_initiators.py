"""Who starts a project: by policy, with money, and by place; and a committee-year may pass without anybody."""

from __future__ import annotations

import pytest
from scipy.stats import gamma

from commsim.community.funds import Fund
from commsim.community.people import GIVING_OR_STARTING, LAST_OF_KIND
from commsim.community.projects import Initiator
from commsim.model import CommunityModel
from commsim.processes.initiators import Initiators, Start
from commsim.world.records import Sex, Tenure
from tests.processes.runs import shared_run

FUND = "funds.self_governance"
MARCH = ("start=2017-01", "months=2")
"""Bids are due in March: two months have passed."""
LITTLE_MONEY = f"{FUND}.budget_per_committee_yuan=500"
MANY = (
    f"{FUND}.budget_per_committee_yuan=400000",
    "parameters.initiating.active=10.8",
    "parameters.initiating.others=0.16",
    "parameters.initiating.groups=0.6",
    "parameters.initiating.elasticity_new=0.5",
)
"""As many as the registry's ranges allow, so that there is something to count in four small committees."""


def initiators(*overrides: str) -> Initiators:
    model = shared_run("basic.equal_split", *MARCH, *overrides)
    return Initiators(model.community, reader(model), model.community.money.comparison_fund)


def reader(model: CommunityModel):  # type: ignore[no-untyped-def]
    return model.community.people.residents.seen_by("reader")


def starts(*overrides: str) -> list[Start]:
    return initiators(*overrides).starts()


def areas_of(fund: Fund) -> set[int]:
    return {area.index for area in fund.areas if fund.covered[area.index]}


def test_under_the_policy_of_residents_nobody_else_starts_one() -> None:
    open_to_all = starts(*MANY, "initiators=open")
    theirs = starts(*MANY, "initiators=residents")
    assert {start.initiator for start in open_to_all} > {Initiator.RESIDENT}
    of_residents = [start for start in open_to_all if start.initiator in (Initiator.RESIDENT, Initiator.GROUP)]
    assert theirs == of_residents and theirs


@pytest.mark.parametrize("level", ["committee", "building"])
def test_under_a_quota_every_place_has_a_proposal_and_the_street_only_fills_what_is_empty(level: str) -> None:
    at_level = (f"{FUND}.level={level}", f"{FUND}.pool={level}")
    quota, plain = initiators("initiators=quota", *at_level), starts("initiators=open", *at_level)
    found = quota.starts()
    assert {start.area.index for start in found} == areas_of(quota.fund)
    assert [start for start in found if start.initiator is not Initiator.STREET] == plain
    filled = [start.area.index for start in found if start.initiator is Initiator.STREET]
    assert len(filled) == len(set(filled)) and not set(filled) & {start.area.index for start in plain}


def test_without_a_quota_committee_years_pass_without_a_proposal() -> None:
    model = shared_run("basic.equal_split", "start=2017-01", "months=36", "initiators=open", LITTLE_MONEY)
    proposals = model.monthly["proposals"].reshape(3, 12, -1).sum(axis=1)
    assert (proposals == 0).any()


def test_a_help_desk_adds_residents_who_gave_nothing_before_and_nobody_else() -> None:
    model = shared_run("basic.equal_split", *MARCH, *MANY, "initiators=open")
    plain = starts(*MANY, "initiators=open")
    helped = starts(*MANY, "initiators=help_desk", "parameters.initiating.help_desk=4")
    new = [start for start in helped if start not in plain]
    assert [start for start in plain if start not in helped] == [] and new
    residents = reader(model)
    for start in new:
        assert start.initiator is Initiator.RESIDENT
        last = max(int(getattr(residents, LAST_OF_KIND[kind])[start.person]) for kind in GIVING_OR_STARTING)
        assert last < model.community.month - 12


def test_more_money_keeps_all_who_would_have_started_and_adds_some() -> None:
    found = [
        {start.applicant for start in starts(*MANY, f"{FUND}.budget_per_committee_yuan={yuan}")}
        for yuan in (500, 20_000, 400_000)
    ]
    assert found[0] <= found[1] <= found[2] and len(found[0]) < len(found[2])


def test_the_number_of_those_who_start_grows_less_than_in_proportion_to_money() -> None:
    small, large = (initiators(f"{FUND}.budget_per_committee_yuan={yuan}") for yuan in (10_000, 40_000))
    ratio = large._likely().sum() / small._likely().sum()
    assert ratio == pytest.approx(4 ** small.p["initiating.elasticity_new"])
    assert 1 < ratio < 4


def test_nobody_applies_twice_in_a_year() -> None:
    for policy in ("open", "quota", "help_desk"):
        applicants = [start.applicant for start in starts(*MANY, f"initiators={policy}")]
        assert len(applicants) == len(set(applicants))


def test_places_differ_for_good_as_a_gamma_distribution_of_mean_one_has_it() -> None:
    first, later = (
        initiators(),
        Initiators(
            model := shared_run("basic.equal_split", "start=2017-01", "months=14").community,
            model.people.residents.seen_by("reader"),
            model.money.comparison_fund,
        ),
    )
    assert first.place.tolist() == later.place.tolist() and len(set(first.place.tolist())) > 1
    shape = first.p["initiating.place_shape"]
    luck = first.community.given.draws.uniforms("place organises", len(first.place))
    assert first.place == pytest.approx(gamma(a=shape, scale=1 / shape).ppf(luck))
    assert gamma(a=shape, scale=1 / shape).mean() == pytest.approx(1.0)


def test_a_residents_chance_is_the_rate_of_the_active_or_of_others_times_who_they_are() -> None:
    here = initiators()
    p, residents, month = here.p, here.residents, here.community.month
    likely = here._likely()
    money = (here.money ** p["initiating.elasticity_new"]).tolist()
    for person in range(0, len(residents), 37):
        last = max(int(getattr(residents, LAST_OF_KIND[kind])[person]) for kind in GIVING_OR_STARTING)
        rate = p["initiating.active" if last >= month - 12 else "initiating.others"] / 1000
        rate *= p["initiating.owners"] if residents.tenure[person] == Tenure.OWNED else 1
        rate *= p["initiating.women"] if residents.sex[person] == Sex.FEMALE else 1
        rate *= p["initiating.long_residents"] if residents.years_here[person] >= p["initiating.long_years"] else 1
        committee = int(residents.committee[person])
        assert likely[person] == pytest.approx(rate * float(here.place[committee]) * money[committee])


def test_who_starts_one_leads_it_in_the_own_building_group_and_area() -> None:
    here = initiators(*MANY)
    for start in here.starts():
        first, last = start.area.first, start.area.last
        if start.initiator in (Initiator.RESIDENT, Initiator.GROUP):
            assert first <= start.person < last
            assert start.building == here.residents.building[start.person]
        else:
            assert start.building in here.residents.building[first:last]


def test_who_was_funded_before_starts_more_often() -> None:
    two_years = (*MANY, "start=2017-01", "months=14", "parameters.groups.of_project=1")
    found = []
    for more in (0, 0.15):
        model = shared_run("basic.equal_split", *two_years, f"parameters.initiating.funded_before={more}")
        here = Initiators(model.community, reader(model), model.community.money.comparison_fund)
        assert here._funded_before()
        found.append({start.applicant for start in here.starts()})
    assert found[0] <= found[1]
