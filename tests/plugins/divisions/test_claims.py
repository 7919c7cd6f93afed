"""Divisions among claims: textbook answers, the properties that each rule claims, and slow oracles."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commsim.calling.call import call_rule
from commsim.plugins import divisions
from commsim.plugins.divisions import RULES as DIVISIONS
from commsim.plugins.divisions import claims_arithmetic as arithmetic
from commsim.plugins.divisions.claims import ClaimsRule
from commsim.randomness import Draws
from tests.plugins.rounds import CATALOGUE, a_round

RULES = [rule for rule in DIVISIONS if issubclass(rule, ClaimsRule)]


def awards(rule: type[ClaimsRule], estate: float, claims: list[float]) -> np.ndarray:
    uniforms = Draws(0).uniforms("arrival", len(claims))
    return rule().awards(float(estate), np.asarray(claims, dtype=np.float64), uniforms)


@st.composite
def problems(draw: st.DrawFn) -> tuple[float, list[float]]:
    claims = draw(st.lists(st.integers(0, 1000), min_size=1, max_size=7))
    return draw(st.integers(0, sum(claims))), [float(one) for one in claims]


RULES = tuple(rule for rule in divisions.RULES if issubclass(rule, ClaimsRule))
every = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)


def claiming(name: str) -> pytest.MarkDecorator:
    found = [rule for rule in RULES if name in rule.properties]
    assert found
    return pytest.mark.parametrize("rule", found, ids=lambda rule: rule.id)


@every
@settings(max_examples=50)
@given(problem=problems(), scale=st.floats(0.01, 100))
def test_awards_lie_between_nothing_and_the_claim_sum_up_keep_order_and_scale(
    rule: type[ClaimsRule], problem: tuple[float, list[float]], scale: float
) -> None:
    estate, claims = problem
    came = awards(rule, estate, claims)
    assert came.sum() == pytest.approx(estate, abs=1e-6)
    assert (came >= -1e-9).all() and (came <= np.array(claims) + 1e-9).all()
    order = np.argsort(claims, kind="stable")
    assert (np.diff(came[order]) >= -1e-9).all()
    assert (np.diff((np.array(claims) - came)[order]) >= -1e-9).all()  # losses keep order too
    assert awards(rule, estate * scale, [one * scale for one in claims]) == pytest.approx(came * scale, abs=1e-6)


@claiming("self_dual")
@settings(max_examples=50)
@given(problem=problems())
def test_self_dual_rules_divide_losses_as_awards(rule: type[ClaimsRule], problem: tuple[float, list[float]]) -> None:
    estate, claims = problem
    both = awards(rule, estate, claims) + awards(rule, sum(claims) - estate, claims)
    assert both == pytest.approx(claims, abs=1e-6)
    assert awards(rule, sum(claims) / 2, claims) == pytest.approx(np.array(claims) / 2, abs=1e-6)


@claiming("truncation_invariant")
@settings(max_examples=50)
@given(problem=problems())
def test_claims_beyond_the_estate_change_nothing(rule: type[ClaimsRule], problem: tuple[float, list[float]]) -> None:
    estate, claims = problem
    cut = [min(one, estate) for one in claims]
    assert awards(rule, estate, cut) == pytest.approx(awards(rule, estate, claims), abs=1e-6)


@claiming("consistent")
@settings(max_examples=50)
@given(problem=problems(), leaver=st.integers(0, 6))
def test_when_one_leaves_with_its_award_the_others_keep_theirs(
    rule: type[ClaimsRule], problem: tuple[float, list[float]], leaver: int
) -> None:
    estate, claims = problem
    at = leaver % len(claims)
    came = awards(rule, estate, claims)
    rest = awards(rule, max(estate - came[at], 0.0), claims[:at] + claims[at + 1 :])
    assert rest == pytest.approx(np.delete(came, at), abs=1e-6)


@claiming("composition_up")
@settings(max_examples=50)
@given(problem=problems(), share=st.floats(0, 1))
def test_an_estate_may_be_divided_in_two_steps(
    rule: type[ClaimsRule], problem: tuple[float, list[float]], share: float
) -> None:
    estate, claims = problem
    first = awards(rule, estate * share, claims)
    second = awards(rule, estate * (1 - share), list(np.array(claims) - first))
    assert first + second == pytest.approx(awards(rule, estate, claims), abs=1e-6)


@claiming("composition_down")
@settings(max_examples=50)
@given(problem=problems(), share=st.floats(0, 1))
def test_promised_awards_may_stand_in_for_claims_when_the_estate_shrinks(
    rule: type[ClaimsRule], problem: tuple[float, list[float]], share: float
) -> None:
    estate, claims = problem
    promised = awards(rule, estate, claims)
    assert awards(rule, estate * share, list(promised)) == pytest.approx(awards(rule, estate * share, claims), abs=1e-6)


@settings(max_examples=50)
@given(problem=problems(), part=st.floats(0, 1))
def test_nobody_gains_by_splitting_a_claim_under_proportional(problem: tuple[float, list[float]], part: float) -> None:
    estate, claims = problem
    split = [claims[0] * part, claims[0] * (1 - part), *claims[1:]]
    came = arithmetic.proportional(estate, split)
    assert came[0] + came[1] == pytest.approx(arithmetic.proportional(estate, claims)[0], abs=1e-6)


@settings(max_examples=50)
@given(problem=problems())
def test_equal_losses_are_the_dual_of_equal_awards(problem: tuple[float, list[float]]) -> None:
    estate, claims = problem
    level = (np.array(claims) - arithmetic.constrained_equal_losses(estate, claims)).max()
    assert np.maximum(np.array(claims) - level, 0) == pytest.approx(
        arithmetic.constrained_equal_losses(estate, claims), abs=1e-6
    )


@settings(max_examples=50)
@given(estate=st.integers(0, 300), claims=st.lists(st.integers(0, 100), min_size=1, max_size=6))
def test_random_arrival_agrees_with_all_orders_one_by_one(estate: int, claims: list[int]) -> None:
    total = np.zeros(len(claims))
    orders = list(itertools.permutations(range(len(claims))))
    for order in orders:
        left = estate
        for who in order:
            paid = min(claims[who], left)
            total[who] += paid
            left -= paid
    assert arithmetic.random_arrival(estate, claims) == pytest.approx(total / len(orders), abs=1e-9)


def test_sampled_arrivals_come_near_the_exact_mean() -> None:
    claims = np.array([float(one) for one in range(10, 150, 10)])
    exact = arithmetic.random_arrival(400, claims)
    sampled = arithmetic._over_sampled_orders(400.0, claims, Draws(3).uniforms("arrival", claims.size))
    assert sampled.sum() == pytest.approx(400)
    # A payment lies between 0 and the claim, so its standard error is at most claim / (2 √orders).
    assert (np.abs(sampled - exact) <= 4 * claims / (2 * arithmetic.SAMPLED_ORDERS**0.5)).all()


def by_units(estate: int, claims: list[int]) -> np.ndarray:
    """Minimal overlap the slow way: the level t from a fine grid, then each unit shared by its claimants."""
    if estate <= max(claims):
        level: float = estate
    else:
        grid = np.arange(0, max(claims) + 1e-9, 1 / 120)
        gap = [abs(sum(max(one - t, 0) for one in claims) + t - estate) for t in grid]
        level = grid[int(np.argmin(gap))]
    edges = sorted({0.0, level, *[min(float(one), level) for one in claims]})
    result = np.array([max(one - level, 0.0) if estate > max(claims) else 0.0 for one in claims])
    for low, high in itertools.pairwise(edges):
        sharing = [at for at, one in enumerate(claims) if one >= high - 1e-12]
        result[sharing] += (high - low) / len(sharing)
    return result


@settings(max_examples=50)
@given(data=st.data())
def test_minimal_overlap_agrees_with_sharing_unit_by_unit(data: st.DataObject) -> None:
    claims = data.draw(st.lists(st.integers(1, 12), min_size=1, max_size=5))
    estate = data.draw(st.integers(0, sum(claims)))
    assert arithmetic.minimal_overlap(estate, claims) == pytest.approx(by_units(estate, claims), abs=0.02)


@settings(max_examples=50)
@given(pair=st.tuples(st.integers(0, 500), st.integers(0, 500)), estate=st.integers(0, 1000))
def test_for_two_claimants_four_rules_concede_and_divide(pair: tuple[int, int], estate: int) -> None:
    whole = min(estate, sum(pair))
    conceded = np.array([max(whole - pair[1], 0), max(whole - pair[0], 0)])
    expected = conceded + (whole - conceded.sum()) / 2
    for divide in (
        arithmetic.talmud,
        arithmetic.minimal_overlap,
        arithmetic.adjusted_proportional,
        arithmetic.random_arrival,
    ):
        assert divide(estate, pair) == pytest.approx(expected, abs=1e-9)


@settings(max_examples=50)
@given(problem=problems(), budget=st.integers(0, 8000))
def test_whole_fen_are_within_one_of_the_exact_award_and_sum_exactly(
    problem: tuple[float, list[float]], budget: int
) -> None:
    claims = np.array(problem[1], dtype=np.int64)
    ids = tuple(f"p{number}" for number in range(len(claims)))
    exact = arithmetic.talmud(budget, claims)
    whole = arithmetic.whole_awards(exact, claims, budget, ids)
    assert int(whole.sum()) == min(budget, int(claims.sum()))
    assert (np.abs(whole - exact) < 1 + 1e-6).all() and (whole <= claims).all() and (whole >= 0).all()


def test_the_odd_fen_goes_by_natural_id() -> None:
    came = arithmetic.whole_awards(np.full(3, 100 / 3), np.full(3, 90), 100, ("p10", "p1", "p2"))
    assert came.tolist() == [33, 34, 33]


def test_projects_that_could_not_start_step_back_and_the_others_share() -> None:
    # Equal awards of 5,000 give 1,666.67 each, less than the 3,000 it takes; two step back, p2 stays by its id.
    rule = CATALOGUE.make("claims.cea")
    view = a_round(rule, budget=500_000)
    award = call_rule(rule, "settle", view)
    assert award.paid.tolist() == [0, 500_000, 0]
    assert str(award.reasons[0]).startswith("nothing: its part would have been less than the 3,000 yuan it takes")
    assert call_rule(rule, "open_round", view).expected_award.tolist() == award.paid.tolist()
    kept = CATALOGUE.make("claims.cea", {"startable": False})
    assert call_rule(kept, "settle", a_round(kept, budget=500_000)).paid.tolist() == [166_666, 166_667, 166_667]


def test_areas_may_claim_for_their_projects() -> None:
    # a1 claims 11,000 and a2 4,000: equal losses of 2,500 leave 8,500 and 1,500, too little to start p3.
    rule = CATALOGUE.make("claims.cel", {"claimants": "areas"})
    award = call_rule(rule, "settle", a_round(rule))
    assert award.paid.tolist() == [350_000, 500_000, 0]


def test_many_claimants_are_settled_the_same_wherever_they_stand() -> None:
    n = 40
    words = {
        "id": tuple(f"p{number}" for number in range(n)),
        "area": [0] * n,
        "ask": [1_000 * (number + 1) for number in range(n)],
        "minimum_viable": [0] * n,
    }
    turned = {name: values[::-1] for name, values in words.items()}
    rule = CATALOGUE.make("claims.random_arrival")
    plain = rule.settle(a_round(rule, proposals=words, budget=300_000, pledges=None, ballots=None))
    moved = rule.settle(a_round(rule, proposals=turned, budget=300_000, pledges=None, ballots=None))
    assert plain.paid.tolist() == moved.paid.tolist()[::-1] and int(plain.paid.sum()) == 300_000
