"""Whole months under a guard: a step writes what it declares, in any book, and nothing else; and it reads no more."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from commsim.community.given import Links
from commsim.community.procedures import PROJECT, ROUND, Procedure
from commsim.contracts import Ballot, Review, RoundView, Terms
from commsim.contracts.needs import NEEDS
from commsim.errors import BrokenInvariant
from commsim.ownership import UNCHANGING
from commsim.plugins.divisions.basic import EqualSplit
from commsim.plugins.matching.linear import LinearMatch
from commsim.plugins.quadratic.funding import QuadraticFunding
from commsim.processes import MONTH
from commsim.processes.mobilisation import Mobilisation
from tests.processes.guard import Seen
from tests.processes.runs import run

LINKS = Links(measure=lambda _name, network: dict(network.degree()))
FUND = "funds.self_governance"
SKIPPING = f"{FUND}.on_rule_failure=skip_round"


class SeesEverything(LinearMatch):
    """Asks for all that a rule can be shown."""

    id = "test.sees_everything"
    needs = frozenset({*NEEDS, "indicator.degree"})

    def open_round(self, view: RoundView) -> Terms:
        return Terms(match_rate=1.0, match_pool=view.budget, ballot=Ballot())


class FailsToOpen(LinearMatch):
    def open_round(self, view: RoundView) -> Terms:
        raise ValueError("no")


class FailsToSettle(QuadraticFunding):
    def settle(self, view: RoundView):  # type: ignore[no-untyped-def]
        raise ValueError("no")


class Reclaims(EqualSplit):
    """Reclaims at the review whatever still runs."""

    def review(self, view: RoundView) -> Review:
        ids = tuple(view.proposals.id)
        return Review(reclaim=ids, reasons=("the year is over",) * len(ids))


class FailsToReview(LinearMatch):
    def review(self, view: RoundView) -> Review:
        raise ValueError("no")


ASKED_OF_ALL = "initiators=quota"
"""Every committee has a proposal, so that there is something to guard in a short run."""
MISUSE = [
    "parameters.delivery.misuse_a_month=0.1",
    "parameters.delivery.supervision=1",
    "parameters.bidding.staff_craft=-2",
    "parameters.bidding.resident_craft=-2",
]
"""Badly planned projects are misused more often."""
KINDS = ("activities", "renewal", "mutual_help", "equipment")
LONG_PROJECTS = [f"project_kinds.{kind}.months=12" for kind in KINDS]
SELDOM_YES = [
    *(f"project_kinds.{kind}.permission=both" for kind in KINDS),
    "parameters.delivery.yes_of_working_owners_committee=0.5",
    "parameters.delivery.yes_of_deadlocked_owners_committee=0",
    "parameters.delivery.yes_without_owners_committee=0",
    "parameters.delivery.yes_of_worst_company=0",
]
READY = [
    "parameters.initiating.active=10.8",
    "parameters.initiating.others=0.16",
    "parameters.initiating.groups=0.6",
    "parameters.groups.members_needed=3",
]
SCARCE = f"{FUND}.budget_per_committee_yuan=1000"
RUNS = {
    "with an election and a refund bonus": (
        "seed.refund_bonus",
        ["months=14", "elections=[2017-06]", "parameters.amount.suggested_gift_yuan=20"],
    ),
    "whose donors get a bonus and the project too": ("seed.refund_bonus", ["months=7"]),
    "that shows a rule everything": (SeesEverything(), ["months=16"]),
    "in which projects fail": ("match.linear", ["months=14", *MISUSE, *LONG_PROJECTS]),
    "in which projects run out of time": (
        "match.linear",
        ["months=16", "parameters.delivery.longest_ratio=1", "parameters.delivery.least_scale=1"],
    ),
    "in which projects run late and something goes wrong": (
        "basic.equal_split",
        ["months=16", "parameters.delivery.grace_months=0", "parameters.projects.risk=0.4"],
    ),
    "in which owners do not agree": ("basic.equal_split", ["months=8", *SELDOM_YES]),
    "in which those who begin are many": (
        "basic.equal_split",
        ["months=26", "initiators=help_desk", *READY],
    ),
    "whose fund is for building groups": (
        "match.linear",
        ["months=16", "initiators=open", f"{FUND}.level=building", f"{FUND}.pool=building"],
    ),
    "that leaves something behind": (
        "basic.equal_split",
        ["months=16", "parameters.appraisal.after_offer=0.1", "parameters.visibility.own_act_year=0.03"],
    ),
    "that counts hours and goods": ("match.linear:counts=cash+hours+goods", ["months=8"]),
    "that calls and gives nothing": ("basic.call_only", ["months=8", "parameters.mobilisation.call=2"]),
    "whose fund leaves a place while it bids": (
        "match.linear",
        ["months=8", f"{FUND}.coverage=[{{from: 2017-01, share: 1}}, {{from: 2017-04, share: 0.5}}]"],
    ),
    "whose rule reclaims": (Reclaims(), ["months=13", *LONG_PROJECTS]),
    "that carries money over": ("match.linear+carry_over:share=0.5", ["months=12"]),
    "that quotes what gifts draw": ("qf.clr", ["months=8", SCARCE]),
    "whose rule fails to open": (FailsToOpen(), ["months=6", SKIPPING]),
    "whose rule fails to settle": (FailsToSettle(), ["months=8", SKIPPING]),
    "whose rule fails to review": (FailsToReview(), ["months=12", SKIPPING, *LONG_PROJECTS]),
}


@pytest.fixture(scope="module")
def seen() -> dict[str, Seen]:
    found = {}
    for name, (rule, overrides) in RUNS.items():
        found[name] = Seen()
        with pytest.MonkeyPatch.context() as patch:
            found[name].watch_reading(patch)
            run(rule, overrides=[ASKED_OF_ALL, *overrides], processes=found[name].processes(), links=LINKS)
    return found


@pytest.mark.study
@pytest.mark.parametrize("name", RUNS)
def test_in_a_run_no_step_writes_or_reads_what_it_does_not_declare(name: str, seen: dict[str, Seen]) -> None:
    for step in MONTH:
        assert seen[name].wrote[step.name] <= step.writes, step.name
        assert seen[name].read[step.name] <= step.reads | step.writes, step.name


@pytest.mark.study
@pytest.mark.parametrize("procedure", [PROJECT, ROUND], ids=lambda procedure: procedure.name)
def test_every_transition_is_made_in_some_run_by_each_step_that_may(
    procedure: Procedure[Any, Any], seen: dict[str, Seen]
) -> None:
    allowed = {(procedure.name, row.state, row.event, who) for row in procedure.rows for who in row.who}
    moved = {move for one in seen.values() for move in one.moved if move[0] == procedure.name}
    assert moved == allowed


@pytest.mark.study
@pytest.mark.parametrize("step", MONTH, ids=lambda step: step.name)
def test_whatever_a_step_declares_happens_in_some_run(step: type, seen: dict[str, Seen]) -> None:
    wrote, born, read = (
        set().union(*(kind[step.name] for kind in kinds))
        for kinds in zip(*((one.wrote, one.born, one.read) for one in seen.values()), strict=True)
    )
    # Of a round that the step itself opens, of a project that it itself enters.
    at_birth = {"rounds.quotes", "rounds.terms", "projects.story"} & born & step.writes
    assert wrote | at_birth == step.writes
    assert read - step.writes == step.reads


def test_the_guard_sees_a_write_that_goes_round_the_permit() -> None:
    class Meddling(Mobilisation):
        """Changes a given column, a committee's skill and its kind without asking anybody."""

        def step(self, community, residents):  # type: ignore[no-untyped-def]
            super().step(community, residents)
            community.people.residents._arrays["belief"][0] = 0.123
            committee = community.places.committees[0]
            object.__setattr__(committee, "skill", committee.skill / 2)
            object.__setattr__(committee, "kind", "something else")

    meddled = Seen()
    run(
        "basic.none",
        overrides=["months=1"],
        processes=meddled.processes([Meddling if step is Mobilisation else step for step in MONTH]),
    )
    assert meddled.wrote["mobilisation"] - Mobilisation.writes == {"people.belief", "places.skill", UNCHANGING}


def meddle(attribute: str, value: object, *path: str):  # type: ignore[no-untyped-def]
    """A mobilisation that assigns `value` to an attribute of what stands at `path`."""

    class Meddling(Mobilisation):
        def step(self, community, residents):  # type: ignore[no-untyped-def]
            super().step(community, residents)
            thing = community
            for name in path:
                thing = thing[int(name)] if name.isdigit() else getattr(thing, name)
            setattr(thing, attribute, value)

    return Meddling


@pytest.mark.parametrize(
    ("attribute", "value", "path", "part"),
    [
        ("adults", None, ("given",), "given.adults"),
        ("acted_last_month", np.zeros(0), ("people",), "people.acted_last_month"),
        ("relief", np.zeros(1), ("places",), "places.relief"),
        ("skill", 1.0, ("places", "committees", "0"), "places.skill"),
        ("first", 0, ("places", "committees", "0"), UNCHANGING),
        ("capacity", 1.0, ("institutions", "organisations", "0"), "institutions.capacity"),
        ("left_fen", 1, ("institutions", "local_units", "0"), "institutions.local_money"),
        ("groups", (), ("institutions",), "institutions.groups"),
        ("covered", np.zeros(1), ("money", "funds", "0"), "funds.coverage"),
        ("round", None, ("money", "funds", "0", "units", "0"), "rounds.stage"),
        ("stage", None, ("money", "projects", "projects", "0"), "projects.stage"),
        ("ask_fen", 1, ("money", "projects", "projects", "0"), UNCHANGING),
        ("movers", np.zeros(0), ("now",), "month.movers"),
        ("month", 7, (), "month.page"),
    ],
)
def test_in_every_book_an_assignment_that_a_step_does_not_declare_is_refused(
    attribute: str, value: object, path: tuple[str, ...], part: str
) -> None:
    meddling = meddle(attribute, value, *path)
    processes = [meddling if step is Mobilisation and path[1:2] != ("projects",) else step for step in MONTH]
    if path[1:2] == ("projects",):  # projects are there from the month of bids on

        class AfterBids(meddling):  # type: ignore[misc, valid-type]
            def step(self, community, residents):  # type: ignore[no-untyped-def]
                step = super().step if len(community.money.projects.projects) else Mobilisation().step
                step(community, residents)

        processes = [AfterBids if step is Mobilisation else step for step in MONTH]
    with pytest.raises(BrokenInvariant, match=f"mobilisation may not write {part}: the step does not declare it"):
        run("match.linear", overrides=["months=6"], processes=processes)


def test_verbs_of_books_ask_too() -> None:
    community = run("match.linear", overrides=["months=6"]).community
    project = community.money.projects.projects[0]
    for part, verb in {
        "money.ledger": lambda: community.money.ledger.open("x", None),
        "projects.book": lambda: community.money.projects.add(project),
        "month.money": lambda: community.now.add("gifts", project, 1),
        "measured.rows": lambda: community.measured.add({}),
        "places.hours": lambda: community.places.committees[0].hours.spend(1.0),
        "rounds.skipped": lambda: community.money.skip(None),
    }.items():
        with pytest.raises(BrokenInvariant, match=f"nobody may not write {part}"):
            verb()


def test_what_hangs_in_the_books_cannot_be_changed_in_place() -> None:
    community = run("match.linear", overrides=["months=6"]).community
    committee, fund = community.places.committees[0], community.money.funds[0]
    for array in (
        community.given.adults,
        community.places.relief,
        community.people.acted_last_month,
        community.now.asked.residents,  # type: ignore[union-attr]
        committee.estimated_needs,
        fund.covered,
        community.given.world.columns["needs"],
        community.people.residents.seen_by("reader").belief,
    ):
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 0
    for mapping in (fund.appropriated_year, community.now.money, committee.hours._on_fund):
        with pytest.raises(TypeError):
            mapping["x"] = 1  # type: ignore[index]
    with pytest.raises(AttributeError):
        community.money.projects.projects.append(None)  # type: ignore[attr-defined]
    with pytest.raises(Exception, match="[Ff]rozen graph"):
        community.institutions.network.add_node("x")
