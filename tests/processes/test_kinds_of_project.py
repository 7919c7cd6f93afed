"""What each kind of project wants, what of it is carried out, whose yes it needs, and how it may end."""

from __future__ import annotations

from collections import Counter
from types import SimpleNamespace

import pytest

from commsim.community.community import Community
from commsim.community.procedures import Stage
from commsim.community.projects import Project
from commsim.community.story import StoryKey
from commsim.contracts import Domain
from commsim.money import FEN_PER_YUAN
from commsim.processes.permissions import who_refuses
from commsim.processes.settlement import Settlement
from commsim.randomness import Draws
from commsim.scenario.project_kinds import REFERENCE_YUAN
from commsim.scenario.registry import Parameters, load_registry
from commsim.world.records import OwnersCommittee
from tests.processes.runs import run, shared_run, watching

FUND = "funds.self_governance"
MANY = (
    "start=2017-01",
    "initiators=quota",
    "parameters.initiating.active=10.8",
    "parameters.initiating.others=0.16",
    "parameters.initiating.groups=0.6",
    "parameters.initiating.elasticity_new=0.5",
)
RICH = (f"{FUND}.budget_per_committee_yuan=400000", f"{FUND}.project_cap_yuan=20000")
P = Parameters(load_registry())


def projects_of(*overrides: str, rule: str = "basic.equal_split") -> list[Project]:
    model = shared_run(rule, *MANY, *overrides)
    return [project for project in model.projects.projects if not project.is_service]


def test_each_kind_has_its_place() -> None:
    model = shared_run("basic.equal_split", *MANY, *RICH, "months=16")
    addresses, kinds = model.world.addresses, {kind.id: kind for kind in model.scenario.project_kinds}
    start_of = {
        "building": addresses.building_start.tolist(),
        "estate": addresses.estate_start.tolist(),
        "committee": addresses.committee_start.tolist(),
    }
    seen = Counter()
    for project in projects_of(*RICH, "months=16"):
        kind = kinds[project.kind]
        begin = start_of[kind.place]
        assert (project.first, project.last) in zip(begin, begin[1:], strict=False), project.id
        assert addresses.committee_start[project.committee] <= project.first < project.last
        assert project.last <= addresses.committee_start[project.committee + 1]
        assert kind.items.get(project.domain.name.lower(), 0.0) > 0
        seen[kind.place] += 1
    assert set(seen) == set(start_of)


def test_what_a_kind_wants_goes_with_the_ask() -> None:
    model = shared_run("basic.equal_split", *MANY, *RICH, "months=16")
    kinds, p = {kind.id: kind for kind in model.scenario.project_kinds}, model.scenario.parameters
    for project in projects_of(*RICH, "months=16"):
        kind = kinds[project.kind]
        size = project.ask_fen / FEN_PER_YUAN / REFERENCE_YUAN
        assert project.hours_needed == pytest.approx(kind.hours * size * p["projects.hours_factor"])
        assert project.people_needed == pytest.approx(max(kind.people * size * p["projects.people_factor"], 1))
        assert project.goods_wanted_fen == round(project.ask_fen * kind.goods * p["projects.goods_factor"])
        assert project.minimum_viable_fen == round(project.ask_fen * kind.minimum)
        assert project.months_needed == kind.months


def test_asks_are_round_and_heap_at_the_cap_of_a_project() -> None:
    asks = Counter(project.ask_fen // FEN_PER_YUAN for project in projects_of(*RICH, "months=28"))
    assert max(asks) == 20_000 == asks.most_common(1)[0][0] and asks[20_000] > 1
    assert all(ask % P["bidding.rounding_yuan"] == 0 and ask > 0 for ask in asks)


def in_hand(*overrides: str, rule: str) -> list[tuple[Project, float, int, int]]:
    """Projects that settled: each with the scope, the cash and the goods that it had as it was settled."""
    settled: list[tuple[Project, float, int, int]] = []

    def look(community: Community) -> None:
        for project in community.money.projects.projects:
            if project.settled == community.month and not project.is_service:
                cash = project.award_fen + project.gifts_fen + project.partner_fen
                settled.append((project, project.scope, cash, project.goods_fen))

    run(rule, overrides=[*MANY, *overrides], processes=watching(Settlement, look))
    return settled


@pytest.mark.parametrize("rule", ["basic.equal_split", "match.linear"])
def test_a_project_shrinks_to_what_is_in_hand_and_goods_stand_in_for_what_need_not_be_bought(rule: str) -> None:
    scarce = (f"{FUND}.budget_per_committee_yuan=1500", "months=18", "parameters.partners.chance=0.5")
    settled = in_hand(*scarce, rule=rule)
    kinds = {kind.id: kind for kind in shared_run("basic.none", "months=1").scenario.project_kinds}
    started = [one for one in settled if one[0].stage is not Stage.REJECTED]
    assert started
    for project, scope, cash, goods in started:
        of_ask, bought = cash / project.ask_fen, kinds[project.kind].cash
        assert scope == pytest.approx(min(1.0, of_ask + goods / project.ask_fen, of_ask / bought))
        assert cash > 0 and cash + goods >= project.minimum_viable_fen
        assert project.hours_wanted == pytest.approx(project.hours_needed * scope)
    assert any(scope < 1 for _project, scope, _cash, _goods in started)
    assert any(goods for _project, _scope, _cash, goods in settled)


def test_less_money_is_less_scope() -> None:
    poor, better = (
        {project.id: scope for project, scope, _cash, _goods in in_hand("months=7", rule=rule)}
        for rule in ("basic.equal_split+cap:share=0.2", "basic.equal_split")
    )
    both = poor.keys() & better.keys()
    assert both and all(poor[project] <= better[project] for project in both)


# --- permission -----------------------------------------------------------------------------------------------------


def estate_with(owners: OwnersCommittee, quality: float) -> Community:
    """As much of a community as those who are asked for their yes look at: one estate."""
    addresses = SimpleNamespace(owners_committee=[int(owners)], property_quality=[quality])
    residents = SimpleNamespace(seen_by=lambda _reader: SimpleNamespace(estate=[0]))
    given = SimpleNamespace(world=SimpleNamespace(addresses=addresses), parameters=P, draws=Draws(1))
    return SimpleNamespace(given=given, people=SimpleNamespace(residents=residents))  # type: ignore[return-value]


def share_refused(owners: OwnersCommittee, quality: float, asked: str, projects: int = 4000) -> float:
    community = estate_with(owners, quality)
    refused = [who_refuses(community, SimpleNamespace(id=f"{number}", first=0), asked) for number in range(projects)]  # type: ignore[arg-type]
    return sum(reason is not None for reason in refused) / projects


@pytest.mark.parametrize(
    ("owners", "parameter"),
    [
        (OwnersCommittee.WORKING, "delivery.yes_of_working_owners_committee"),
        (OwnersCommittee.NONE, "delivery.yes_without_owners_committee"),
        (OwnersCommittee.DEADLOCKED, "delivery.yes_of_deadlocked_owners_committee"),
    ],
)
def test_owners_committees_refuse_as_often_as_their_parameter_says(owners: OwnersCommittee, parameter: str) -> None:
    assert share_refused(owners, 1.0, "owners_committee") == pytest.approx(1 - P[parameter], abs=0.03)


def test_a_deadlocked_owners_committee_refuses_more_often_than_a_working_one() -> None:
    refused = [share_refused(owners, 1.0, "both") for owners in OwnersCommittee]
    assert refused[OwnersCommittee.NOT_ELIGIBLE] == 0
    assert refused[OwnersCommittee.WORKING] < refused[OwnersCommittee.NONE] < refused[OwnersCommittee.DEADLOCKED]


@pytest.mark.parametrize("quality", [0.0, 0.5, 1.0])
def test_a_property_company_refuses_less_often_the_better_it_is(quality: float) -> None:
    worst = P["delivery.yes_of_worst_company"]
    refused = share_refused(OwnersCommittee.NOT_ELIGIBLE, quality, "property_company")
    assert refused == pytest.approx((1 - worst) * (1 - quality), abs=0.03)


def test_who_needs_both_is_refused_wherever_either_refuses() -> None:
    for number in range(300):
        community = estate_with(OwnersCommittee.DEADLOCKED, 0.3)
        project = SimpleNamespace(id=f"p{number}", first=0)
        alone = [who_refuses(community, project, asked) for asked in ("owners_committee", "property_company")]  # type: ignore[arg-type]
        assert (who_refuses(community, project, "both") is None) == (alone == [None, None])  # type: ignore[arg-type]


# --- how projects end -----------------------------------------------------------------------------------------------


def told(project: Project) -> set[str]:
    """What its story tells of."""
    return {entry[1] for entry in project.story}


ALL_NEED_A_YES = tuple(f"project_kinds.{kind}.permission=both" for kind in ("activities", "renewal", "mutual_help"))


def test_who_is_refused_permission_fails_at_once_with_the_reason_and_nothing_paid() -> None:
    no = ("parameters.delivery.yes_of_worst_company=0", "parameters.delivery.yes_without_owners_committee=0")
    projects = projects_of(*ALL_NEED_A_YES, *no, "months=20")
    refused = [project for project in projects if "did not agree" in project.announced_reason]
    assert refused
    for project in refused:
        assert project.stage is Stage.FAILED and project.ended == project.started
        assert project.paid_fen == project.spent_fen == 0 and not project.permitted
        assert StoryKey.FORBID.value in told(project)
    others = [project for project in projects if project.started >= 0 and project not in refused]
    assert all(project.permitted for project in others)


def test_a_project_that_found_too_few_hands_says_so() -> None:
    projects = projects_of("parameters.delivery.least_scale=1", "parameters.delivery.longest_ratio=1", "months=20")
    short = [project for project in projects if "too few hands" in project.announced_reason]
    assert short
    for project in short:
        assert project.stage is Stage.FAILED and project.hours_given < project.hours_wanted
        wanted = f"{round(project.hours_given)} of {round(project.hours_wanted)} hours"
        assert wanted in project.announced_reason and project.benefit == 0


def test_a_project_is_late_when_its_months_and_the_grace_have_passed() -> None:
    grace = 1
    model = shared_run("basic.equal_split", *MANY, f"parameters.delivery.grace_months={grace}", "months=24")
    begun = [project for project in model.projects.projects if project.started >= 0 and not project.is_service]
    for project in begun:
        lasted = (project.ended if project.ended >= 0 else model.month - 1) - project.started
        failed = project.stage is Stage.FAILED
        assert project.late == (lasted >= project.months_needed + grace) or failed
    assert any(project.late for project in begun)
    assert [one for one in begun if StoryKey.RUN_LATE.value in told(one)] == [one for one in begun if one.late]


def test_a_project_that_is_closed_for_want_of_time_is_late_even_within_the_grace() -> None:
    ratio = 1.25
    settings = ("parameters.delivery.grace_months=6", f"parameters.delivery.longest_ratio={ratio}")
    model = shared_run("basic.equal_split", *MANY, *settings, "months=24")
    dragged = [
        project
        for project in model.projects.projects
        if project.ended >= 0 and project.started >= 0 and not project.is_service
        if ratio * project.months_needed <= project.ended - project.started < project.months_needed + 6
    ]
    assert dragged and all(project.late for project in dragged)


def test_misuse_that_is_found_ends_a_project_with_its_reason_and_badly_planned_ones_more_often() -> None:
    much = ("parameters.delivery.misuse_a_month=0.1", "parameters.delivery.supervision=1", "months=38")
    bad = ("parameters.bidding.staff_craft=-2", "parameters.bidding.resident_craft=-2")
    good = ("parameters.bidding.staff_craft=2", "parameters.bidding.resident_craft=2")
    found = []
    for craft in (bad, good):
        misused = [one for one in projects_of(*much, *craft) if "misuse" in one.announced_reason]
        assert all(project.stage is Stage.FAILED and project.benefit == 0 for project in misused)
        found.append(len(misused))
    assert found[0] > found[1]


def test_every_project_that_is_refused_or_fails_has_a_reason_in_the_book() -> None:
    for project in projects_of("months=24"):
        if project.stage in (Stage.REJECTED, Stage.FAILED):
            assert project.announced_reason, project.id


def test_the_needs_that_lead_to_a_kind_are_the_ten_items() -> None:
    kinds = shared_run("basic.none", "months=1").scenario.project_kinds
    assert {item for kind in kinds for item in kind.items} == {domain.name.lower() for domain in Domain}
