"""What lasts: who comes to see a project, habit by kind of act, groups that projects leave and how long they live."""

from __future__ import annotations

from functools import partial
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import gamma

from commsim.agents.organisation import ActivityGroup
from commsim.behaviour.acts import Act
from commsim.community.community import Community
from commsim.community.people import HABITS, LONG_AGO, NO_GROUP
from commsim.community.procedures import Stage
from commsim.model import CommunityModel
from commsim.processes import MONTH
from commsim.processes.appraisal import Appraisal
from commsim.processes.groups import dies, still_alive
from commsim.processes.organisations import Organisations
from commsim.processes.visibility import Visibility
from commsim.scenario.registry import Parameters, load_registry
from tests.processes.runs import run, shared_run, watching

P = Parameters(load_registry())
QUOTA = ("start=2017-01", "initiators=quota")


def reader(model: CommunityModel) -> Any:
    return model.residents.seen_by("reader")


# --- seen -----------------------------------------------------------------------------------------------------------


def test_only_those_in_its_place_or_tied_to_who_works_on_it_come_to_know_of_a_project() -> None:
    def look(community: Community) -> None:
        residents = community.people.residents.seen_by("reader")
        may = np.zeros(len(residents), dtype=np.bool_)
        for project in community.money.projects.projects:
            if project.is_service or not (
                project.stage is Stage.RUNNING
                or (project.stage is Stage.COMPLETED and project.ended >= community.month - 12)
            ):
                continue
            may[project.first : project.last] = True
            for person in {int(who) for month, them in project.workers if month == community.month for who in them}:
                may[person] = True
                may[residents.household == residents.household[person]] = True
                for layer in community.given.world.ties.values():
                    may[layer.neighbour[slice(*layer.start[person : person + 2])]] = True
        sees = residents.saw == community.month
        seen.append(int(sees.sum()))
        assert not (sees & ~may).any()
        assert (residents.saw[community.now.movers] <= np.where(may[community.now.movers], community.month, -1)).all()

    seen: list[int] = []
    unposted = "parameters.visibility.notice_month=0"
    run("basic.equal_split", overrides=[*QUOTA, "months=14", unposted], processes=watching(Visibility, look))
    assert sum(seen) > 0


def test_notices_tell_of_a_committees_projects_in_that_committee_and_the_more_is_read_the_more() -> None:
    def seen(notice_month: float) -> int:
        def look(community: Community) -> None:
            sees = community.people.residents.seen_by("reader").saw == community.month
            with_projects = {
                project.committee
                for project in community.money.projects.projects
                if project.stage in (Stage.RUNNING, Stage.COMPLETED, Stage.FAILED)
            }
            here = np.unique(community.people.residents.seen_by("reader").committee[sees])
            assert set(here.tolist()) <= with_projects
            counts.append(int(sees.sum()))

        counts: list[int] = []
        numbers = {"notice_month": notice_month, "place_year": 0.02, "tie_month": 0}
        lines = [f"parameters.visibility.{name}={value}" for name, value in numbers.items()]
        run("basic.equal_split", overrides=[*QUOTA, "months=14", *lines], processes=watching(Visibility, look))
        return sum(counts)

    assert seen(0.5) > 2 * seen(0.1) > 2 * seen(0.0) > 0


@pytest.mark.parametrize("shape", [0.2, 0.5, 2.0])
def test_the_smaller_the_shape_the_more_of_what_is_noticed_is_noticed_by_the_same_people(shape: float) -> None:
    attention = shared_run("basic.none", f"parameters.visibility.attention_shape={shape}", "months=1").community
    noticed = attention.given.attention
    assert noticed.mean() == pytest.approx(1.0, abs=0.15)
    assert noticed.var() == pytest.approx(1.0 / shape, rel=0.35)


@pytest.mark.parametrize("rule", ["basic.none", "basic.same_money_services", "basic.call_only"])
def test_without_projects_there_is_nothing_to_see(rule: str) -> None:
    assert (reader(shared_run(rule, *QUOTA, "months=14")).saw == LONG_AGO).all()


def in_twelve_months(rate: float, attention: float) -> float:
    return float(-np.expm1(-12 * rate * attention))


def test_in_twelve_months_as_many_see_a_project_as_the_registry_says_a_year_and_works_are_seen_more() -> None:
    community = shared_run("basic.equal_split", *QUOTA, "months=16").community
    kinds = {kind.id: kind for kind in community.given.scenario.project_kinds}
    for project in community.money.projects.projects:
        if project.is_service:
            continue
        attention = gamma(P["visibility.attention_shape"], scale=1 / P["visibility.attention_shape"])
        rate = Visibility._hazard(community, project)
        a_year = attention.expect(partial(in_twelve_months, rate))
        factor = P["visibility.visible"] if kinds[project.kind].visible else 1.0
        assert a_year == pytest.approx(P["visibility.place_year"] * factor)


def test_more_visibility_lets_more_people_see() -> None:
    seen = [
        int((reader(shared_run("basic.equal_split", *QUOTA, "months=14", *more)).saw >= 0).sum())
        for more in (
            ("parameters.visibility.place_year=0.02", "parameters.visibility.tie_month=0"),
            ("parameters.visibility.place_year=0.4", "parameters.visibility.tie_month=0.6"),
        )
    ]
    assert seen[0] < seen[1] / 2


# --- repeated -------------------------------------------------------------------------------------------------------


def test_each_kind_of_act_moves_the_habit_of_its_kind_alone_and_all_fade_to_ones_own_disposition() -> None:
    """Habits of a month worked out person by person from those of the month before."""
    before: dict[str, np.ndarray] = {}
    counted = dict.fromkeys(HABITS, 0)

    class Watched(Appraisal):
        def step(self, community, residents):  # type: ignore[no-untyped-def]
            for name in HABITS.values():
                before[name] = getattr(residents, name).copy()
            super().step(community, residents)
            compare(community, residents)

    def compare(community: Community, residents: Any) -> None:
        fading = 1 - (1 - P["habit.decay_year"]) ** (1 / 12)
        movers = set(community.now.movers.tolist())
        for kind, name in HABITS.items():
            done = community.now.gifts if kind is Act.MONEY else community.now.acts_of(kind)
            times: dict[int, int] = {}
            for acts in done:
                for person in set(acts.residents.tolist()):
                    times[person] = times.get(person, 0) + 1
            counted[kind] += len(times)
            some = {*times, *range(0, len(residents), 101), *list(movers)[:20]}
            for person in some:
                own = float(residents.habit[person])
                value = own if person in movers else float(before[name][person])
                value += fading * (own - value)
                for _again in range(times.get(person, 0)):
                    value += P[f"habit.speed_{kind.name.lower()}"] * (1 - value)
                assert float(getattr(residents, name)[person]) == pytest.approx(value, abs=1e-5), (kind, person)

    steps = [Watched if step is Appraisal else step for step in MONTH]
    run("pb.greedy_votes", overrides=[*QUOTA, "months=8"], processes=steps)
    assert counted[Act.VOTE] and counted[Act.TIME]


def test_what_an_offer_leaves_behind_is_nothing_unless_its_parameter_says_so() -> None:
    def habits(change: float) -> np.ndarray:
        after = f"parameters.appraisal.after_offer={change}"
        return reader(shared_run("basic.equal_split", *QUOTA, "months=16", after)).habit_time

    plain = reader(shared_run("basic.equal_split", *QUOTA, "months=16")).habit_time
    assert np.array_equal(habits(0), plain)
    assert habits(-0.2).sum() < plain.sum() < habits(0.2).sum()


# --- groups ---------------------------------------------------------------------------------------------------------


@given(st.floats(0, 30), st.floats(0.01, 10), st.booleans())
def test_the_share_of_groups_that_live_on_falls_by_the_loss_of_their_age(years: float, more: float, room: bool) -> None:
    """Against a sum over single days of what dies on each."""
    alive, days = 1.0, 400
    for day in range(round(years * days)):
        age = day / days
        young, grown = ("groups.loss_young", age < 2), ("groups.loss_grown", age < 4)
        loss = next((P[name] for name, holds in (young, grown) if holds), P["groups.loss_old"])
        alive *= (1 - (loss if room else P["groups.loss_informal"])) ** (1 / days)
    assert still_alive(round(years * days) / days, room, P) == pytest.approx(alive, rel=1e-6)
    assert still_alive(years + more, room, P) < still_alive(years, room, P) <= 1


@pytest.mark.parametrize("room", [True, False], ids=["with a room", "without a room"])
def test_groups_die_as_often_as_the_registry_has_it(room: bool) -> None:
    community: Any = SimpleNamespace(month=36, given=SimpleNamespace(parameters=P))
    lucks = (np.arange(10_000) + 0.5) / 10_000
    dead = [dies(SimpleNamespace(founded=0, has_room=room, luck=luck), community) for luck in lucks.tolist()]  # type: ignore[arg-type]
    expected = (
        (1 - P["groups.loss_young"]) ** 2 * (1 - P["groups.loss_grown"])
        if room
        else (1 - P["groups.loss_informal"]) ** 3
    )
    assert np.mean(dead) == pytest.approx(1 - expected, abs=1e-3)


def groups_of(chance: float) -> tuple[CommunityModel, list[ActivityGroup]]:
    more = ("months=18", "parameters.groups.members_needed=3", f"parameters.groups.of_project={chance}")
    model = shared_run("basic.equal_split", *QUOTA, *more)
    origins = {project.origin for project in model.projects.projects if not project.is_service}
    return model, [group for group in model.community.institutions.groups if any(of in group.id for of in origins)]


def test_completed_projects_leave_groups_of_those_who_worked_on_them_and_none_where_the_chance_is_nothing() -> None:
    assert not groups_of(0)[1]
    model, born = groups_of(1)
    assert born
    completed = {one.origin: one for one in model.projects.projects if one.stage is Stage.COMPLETED}
    for group in born:
        project = next(project for origin, project in completed.items() if origin in group.id)
        workers = {int(person) for _month, who in project.workers for person in who}
        assert set(group.members.tolist()) <= workers and len(group.members) >= 3
        assert group.founded == project.ended and group.committee == project.committee
        assert group.applicant in ("", project.applicant) and group.domain is project.domain


def test_a_member_belongs_to_one_group_and_is_free_when_it_ends() -> None:
    fewest = round(P["groups.fewest_members"])

    def look(community: Community) -> None:
        group_of = community.people.residents.seen_by("reader").group
        alive = {group.number for group in community.institutions.groups if group.alive}
        assert set(np.unique(group_of[group_of != NO_GROUP]).tolist()) <= alive
        for group in community.institutions.groups:
            if group.founded == community.month:
                assert (group_of[group.members] == group.number).all() and len(group.members) >= fewest
        born.append(len(community.institutions.groups))

    born: list[int] = []
    run("basic.equal_split", overrides=[*QUOTA, "months=24"], processes=watching(Organisations, look))
    assert born[0] > 0
