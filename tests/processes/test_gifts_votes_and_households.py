"""Whose pledge stays has given, a household gives once to a project, nobody votes twice, some go along with others."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import pytest

from commsim.behaviour.acts import FACE_TO_FACE, Act, Channel
from commsim.community.community import Community
from commsim.community.people import LAST_OF_KIND, LONG_AGO
from commsim.community.rounds import OpenRound
from commsim.contracts import Award, Ballot, RoundView, Terms
from commsim.model import CommunityModel
from commsim.plugins.matching.linear import LinearMatch
from commsim.processes.answers import Yeses
from commsim.processes.contribution import Contribution
from commsim.processes.households import CHANCE_OF, with_households
from tests.processes.runs import run, shared_run, watching

FUND = "funds.self_governance"
GENEROUS = [
    "start=2017-01",
    "initiators=quota",
    f"{FUND}.level=building",
    f"{FUND}.pool=building",
    "parameters.amount.suggested_gift_yuan=100",
]
"""Building groups raise money for projects of their own, so that there are many gifts to look at."""


class MatchWithBallot(LinearMatch):
    """Asks for gifts and for a ballot."""

    needs = LinearMatch.needs | {"ballots"}

    def open_round(self, view: RoundView) -> Terms:
        return Terms(match_rate=1.0, match_pool=view.budget, ballot=Ballot())


class RefusesAll(LinearMatch):
    """Awards nothing, so that every pledge goes home."""

    def settle(self, view: RoundView) -> Award:
        n = len(view.proposals)
        return Award(paid=np.zeros(n, dtype=np.int64), reasons=("no",) * n)


class Rounds:
    """Rounds of a run, with all that was pledged and voted in them, kept as they go by."""

    def __init__(self) -> None:
        self.seen: dict[int, OpenRound] = {}

    def look(self, community: Community) -> None:
        for fund in community.money.funds:
            for unit in fund.units:
                if unit.round is not None:
                    self.seen[id(unit.round)] = unit.round

    def run(self, rule: Any, *overrides: str) -> CommunityModel:
        return run(rule, overrides=[*GENEROUS, *overrides], processes=watching(Contribution, self.look))


def reader(model: CommunityModel) -> Any:
    return model.residents.seen_by("reader")


@pytest.fixture(scope="module")
def generous() -> tuple[CommunityModel, list[OpenRound]]:
    rounds = Rounds()
    model = rounds.run(MatchWithBallot(), "months=18")
    return model, list(rounds.seen.values())


def test_a_household_gives_once_to_a_project(generous: tuple[CommunityModel, list[OpenRound]]) -> None:
    model, rounds = generous
    home = reader(model).household
    gave = Counter(
        (pledge.project.number, int(home[person]))
        for open_round in rounds
        for pledge in open_round.pledges
        for person in pledge.residents
    )
    assert len(gave) > 20 and set(gave.values()) == {1}


def test_nobody_votes_twice_in_a_round(generous: tuple[CommunityModel, list[OpenRound]]) -> None:
    _model, rounds = generous
    voted = [Counter(np.concatenate(one.voters).tolist()) for one in rounds if len(one.voters) > 1]
    assert voted and all(set(times.values()) == {1} for times in voted)


def test_pledges_are_within_what_residents_can_give(generous: tuple[CommunityModel, list[OpenRound]]) -> None:
    model, _rounds = generous
    residents = reader(model)
    assert (residents.capacity_used <= residents.giving_capacity).all() and (residents.capacity_used >= 0).all()


def test_a_pledge_that_goes_home_is_no_gift() -> None:
    model = Rounds().run(RefusesAll(), "months=12")
    monthly, residents = model.monthly, reader(model)
    assert monthly["pledged_fen"].sum() == monthly["refunded_fen"].sum() > 0
    assert monthly["acts_money"].sum() == monthly["gifts_fen"].sum() == 0
    assert (residents.last_money == LONG_AGO).all() and not residents.given_fen.any()
    assert (residents.habit_money <= residents.habit.max()).all()


def last_gifts_by_hand(model: CommunityModel) -> dict[int, int]:
    """By resident the month of the last gift that a project still holds or has used up."""
    arrived, last = reader(model).arrived, {}
    for project in model.projects.projects:
        if project.kept_gifts is None:
            continue
        for person, fen in zip(*(part.tolist() for part in project.kept_gifts), strict=True):
            if fen and arrived[person] <= project.settled:
                last[person] = max(last.get(person, LONG_AGO), project.settled)
    return last


@pytest.mark.parametrize("refused", [False, True], ids=["all may begin", "many are not permitted to begin"])
def test_who_gave_is_who_has_a_gift_that_stayed_and_one_that_comes_back_in_full_is_forgotten(refused: bool) -> None:
    no = [f"project_kinds.{kind}.permission=both" for kind in ("activities", "renewal", "mutual_help")] + [
        "parameters.delivery.yes_of_worst_company=0",
        "parameters.delivery.yes_without_owners_committee=0",
    ]
    model = Rounds().run("match.linear", "months=16", *(no if refused else []))
    held = [one for one in model.projects.projects if one.returned_fen and one.kept_gifts is not None]
    returned = [one for one in held if one.kept_gifts is not None and not one.kept_gifts[1].any()]
    assert bool(returned) == refused
    residents = reader(model)
    found = {int(person): int(residents.last_money[person]) for person in np.flatnonzero(residents.last_money > 0)}
    assert found == last_gifts_by_hand(model) and found
    if refused:
        assert (residents.given_fen >= 0).all()


def test_people_who_gave_money_in_a_month_are_counted_when_the_round_settles() -> None:
    model = Rounds().run("match.linear", "months=12")
    by_hand = np.zeros(model.scenario.months, dtype=np.int64)
    givers: dict[int, set[int]] = {}
    for project in model.projects.projects:
        if project.kept_gifts is not None:
            who, fen = project.kept_gifts
            givers.setdefault(project.settled, set()).update(who[fen > 0].tolist())
    for month, people in givers.items():
        by_hand[month] = len(people)
    assert model.monthly["acts_money"].sum(axis=1).tolist() == by_hand.tolist() and by_hand.any()


# --- households -----------------------------------------------------------------------------------------------------


def yeses_of(community: Community, seed: int) -> Yeses:
    """Some residents who said yes to kinds of act at random, through channels at random."""
    luck = np.random.Generator(np.random.PCG64(seed))
    adults = np.flatnonzero(community.given.adults)
    who = np.sort(luck.choice(adults, size=300, replace=False))
    kinds = (Act.VOTE, Act.MEETING) if seed % 2 else (Act.TIME, Act.MONEY)
    return Yeses(
        who,
        luck.integers(0, len(Channel) - 1, len(who)).astype(np.intp),
        luck.choice(np.array([int(kind) for kind in kinds]), len(who)).astype(np.intp),
        luck.integers(0, 5, len(who)),
    )


def followers_by_hand(community: Community, yeses: Yeses) -> dict[int, tuple[int, int]]:
    """By resident who goes along the kind of act and the option, worked out one household after the other."""
    residents = community.people.residents.seen_by("reader")
    said_yes = set(yeses.residents.tolist())
    found: dict[int, tuple[int, int]] = {}
    for kind, chance in CHANCE_OF.items():
        leader_of_home: dict[int, int] = {}
        for at, person in enumerate(yeses.residents.tolist()):
            face_to_face = Channel(int(yeses.channel[at])) in FACE_TO_FACE
            first_time = kind is not Act.TIME or residents.last_time[person] == LONG_AGO
            if yeses.kind[at] == kind and face_to_face and first_time:
                leader_of_home.setdefault(int(residents.household[person]), at)
        for home, leader in leader_of_home.items():
            for person in np.flatnonzero(residents.household == home).tolist():
                if person in said_yes or not community.given.adults[person]:
                    continue
                luck = community.given.draws.uniforms_of(
                    f"goes along: {kind.name}", np.array([person]), month=community.month
                )
                if luck[0] < community.given.parameters[chance]:
                    found[person] = (int(kind), int(yeses.option[leader]))
    return found


@pytest.mark.parametrize("seed", range(4))
def test_who_goes_along_with_somebody_of_the_household_is_as_counted_home_by_home(seed: int) -> None:
    community = shared_run("basic.none", "months=3").community
    residents = community.people.residents.seen_by("reader")
    yeses = yeses_of(community, seed)
    together = with_households(community, residents, yeses)
    assert (np.diff(together.residents) > 0).all()  # each once, in address order
    new = ~np.isin(together.residents, yeses.residents)
    found = {
        int(person): (int(kind), int(option))
        for person, kind, option in zip(together.residents[new], together.kind[new], together.option[new], strict=True)
    }
    assert found == followers_by_hand(community, yeses) and found
    assert set(together.channel[new].tolist()) == {int(Channel.HOUSEHOLD)}
    assert LAST_OF_KIND[Act.TIME] == "last_time"


def test_nobody_goes_along_where_the_chance_is_nothing() -> None:
    none = ("parameters.mobilisation.household_ballot=0.2", "parameters.mobilisation.household_hours=0")
    model = shared_run("basic.none", "months=6", *none)
    assert model.monthly["acts_time_household"].sum() == 0 < model.monthly["acts_time"].sum()
