"""Rules that add projects one after the other, beside pabutools: an independent program, the same winners.

What pabutools means differently is taken out first, and said at each test.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from commsim.plugin_host.loader import load_catalogue
from commsim.plugins.budgeting.cumulative import Transfer
from commsim.plugins.shared.voting_input import election_of
from commsim.rules import evaluate

pytest.importorskip("pabutools", reason="pabutools is not installed")

NAMES = "abcdefgh"
ELECTIONS = st.builds(
    lambda costs, ballots, budget: {
        "budget": budget,
        "projects": {NAMES[i]: cost for i, cost in enumerate(costs)},
        "approvals": [[NAMES[i] for i in sorted(row) if i < len(costs)] for row in ballots],
    },
    st.lists(st.integers(1, 12), min_size=1, max_size=6),
    st.lists(st.sets(st.integers(0, 5), max_size=4), min_size=1, max_size=8),
    st.integers(1, 40),
)


def supported(election: dict[str, Any]) -> dict[str, Any]:
    """The election without projects that nobody supports (pabutools buys them at the end, by their names)."""
    voted = {one for row in election["approvals"] for one in row}
    return {**election, "projects": {one: cost for one, cost in election["projects"].items() if one in voted}}


@pytest.mark.parametrize("rule", ["pb.maximin_support"])
@settings(max_examples=60, deadline=None)
@given(election=ELECTIONS)
def test_no_supported_project_is_left_out_that_would_fit(rule: str, election: dict[str, Any]) -> None:
    assert "exhaustive_among_supported" in load_catalogue(entry_points=False).make(rule).properties
    won = evaluate(rule, election)
    cost = supported(election)["projects"]
    left = election["budget"] - sum(cost[one] for one in won)
    assert all(cost[one] > left for one in cost if one not in won)


def test_maximin_support_passes_over_what_does_not_fit() -> None:
    # After a, b would come next and costs more than the 4 that are left; c fits.
    election = {"budget": 10, "projects": {"a": 6, "b": 5, "c": 4}, "approvals": [["a"]] * 9 + [["b"]] * 4 + [["c"]]}
    assert evaluate("pb.maximin_support", election) == ["a", "c"]


@settings(max_examples=25, deadline=None)
@given(election=ELECTIONS)
def test_maximin_support_agrees_with_pabutools(election: dict[str, Any]) -> None:
    from pabutools.election import ApprovalBallot, ApprovalProfile, Instance, Project
    from pabutools.rules import maximin_support

    election = supported(election)
    projects = {name: Project(name, cost) for name, cost in election["projects"].items()}
    instance = Instance(projects.values(), budget_limit=election["budget"])
    profile = ApprovalProfile(ApprovalBallot(projects[one] for one in row) for row in election["approvals"])
    came = evaluate("pb.maximin_support", election)
    try:
        theirs = sorted(project.name for project in maximin_support(instance, profile))
    except Exception as error:  # pulp without its solver on this machine
        pytest.skip(f"pabutools could not solve its programme: {error}")
    assert came == theirs or tied_by_floats(election, came, theirs)


def tied_by_floats(election: dict[str, Any], came: list[str], theirs: list[str]) -> bool:
    """Whether our order differs from theirs at an exact tie, which pabutools' floats may break either way."""
    _ids, made = election_of(election)
    from commsim.plugins.shared.maximin import least_largest_load

    names = list(election["projects"])
    chosen: list[int] = []
    left = made.budget
    while True:
        able = [one for one, cost in enumerate(made.cost) if one not in chosen and cost <= left]
        if not able:
            return False
        load = {one: least_largest_load(made, [*chosen, one]) for one in able}
        tied = [one for one in able if load[one] == min(load.values())]
        if len(tied) > 1 and {names[one] for one in tied} & set(came) ^ {names[one] for one in tied} & set(theirs):
            return True
        chosen.append(min(tied, key=made.rank.__getitem__))
        left -= made.cost[chosen[-1]]


WHOLE = 1024  # points of every voter; a power of 2, so that floats hold each part exactly
POINTS = st.integers(1, 6).flatmap(
    lambda n: st.tuples(
        st.lists(st.integers(1, 10_000), min_size=n, max_size=n),
        st.lists(st.lists(st.integers(0, WHOLE // n), min_size=n, max_size=n), min_size=1, max_size=7),
        st.integers(2_000, 30_000),
    )
)


@contextmanager
def fractions_of_pabutools(kind: str) -> Iterator[None]:
    import pabutools.fractions as numbers

    before = numbers.FRACTION
    numbers.FRACTION = kind
    try:
        yield
    finally:
        numbers.FRACTION = before


def _elimination(module: Any, variant: str) -> Any:
    """pabutools' elimination; over costs the release is told which project goes, as it knows least excess alone."""
    from pabutools.election import Project

    def over_costs(projects: Any, donors: Any, eliminated: Any, *others: Any) -> bool:
        if len(projects) < 2:
            return bool(module.elimination_with_transfers(projects, donors, eliminated, *others))
        supported = {one: sum(donor.get(one, 0) for donor in donors) / one.cost for one in projects}
        worst = [one for one in projects if supported[one] == min(supported.values())][-1]
        never_the_least = Project("", -(10**12))
        module.elimination_with_transfers([worst, never_the_least], donors, eliminated, *others)
        projects.remove(worst)
        return True

    return over_costs if variant == "ewtc" else module.elimination_with_transfers


def cstv_of_pabutools(election: dict[str, Any], variant: str) -> list[str]:
    """Winners before what is left is spent: pabutools takes eliminated projects back in the order of a set.

    Every voter gives 1 in all: pabutools' minimal transfer reads a change above 1 as a slip of rounding. What runs
    exactly runs exactly; minimal transfer is an approach by steps and needs floats.
    """
    from pabutools.election import CumulativeBallot, CumulativeProfile, Instance, Project

    module = importlib.import_module("pabutools.rules.cstv")
    exact = variant.startswith("ewt")
    number: Any = (lambda one: one) if exact else float
    with fractions_of_pabutools("gmpy2" if exact else "float"):
        from pabutools.fractions import frac

        unit = Fraction(len(election["points"]), election["budget"])
        projects = {
            one: Project(one, number(frac((unit * cost).numerator, (unit * cost).denominator)))
            for one, cost in election["projects"].items()
        }
        profile = CumulativeProfile(
            CumulativeBallot({projects[one]: number(frac(point, WHOLE)) for one, point in row.items()})
            for row in election["points"]
        )
        instance = Instance(projects.values(), budget_limit=len(election["points"]))
        by_excess = not variant.endswith("c")
        chosen = module.cstv(
            instance,
            profile,
            select_project_to_fund_func=module.select_project_ge if by_excess else module.select_project_gsc,
            eligible_projects_func=module.is_eligible_ge if by_excess else module.is_eligible_gsc,
            no_eligible_project_func=_elimination(module, variant) if exact else module.minimal_transfer,
            exhaustiveness_postprocess_func=lambda *_arguments: None,
        )
    return sorted(project.name for project in chosen)


@pytest.mark.parametrize("variant", ["ewt", "ewtc", "mt"])
@settings(max_examples=60, deadline=None)
@given(drawn=POINTS)
def test_transfer_of_points_agrees_with_pabutools(variant: str, drawn: tuple[list[int], list[list[int]], int]) -> None:
    costs, rows, budget = drawn
    election = {
        "budget": budget,
        "projects": {NAMES[i]: cost for i, cost in enumerate(costs)},
        "points": [{NAMES[i]: row[i] + (WHOLE - sum(row)) * (i == 0) for i in range(len(costs))} for row in rows],
    }
    assume(len(set(costs)) == len(costs))  # few exact ties: pabutools breaks some of them by the order of a set
    ids, made = election_of(election)
    transfer = Transfer(made, variant)
    transfer.run()
    ours = sorted(ids[one] for one in transfer.chosen if one not in transfer.returned)
    assert ours == cstv_of_pabutools(election, variant)
