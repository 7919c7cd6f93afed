"""What holds for every rule in every round."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from commsim.calling.call import call_rule
from commsim.contracts import Choices
from commsim.plugins.shared.dividing import shares, whole_shares
from tests.plugins.rounds import CATALOGUE, a_round, opened, random_rounds

FEW = settings(max_examples=40)
VARIANTS: list[tuple[str, dict[str, Any]]] = [
    *((rule_id, {}) for rule_id in CATALOGUE),
    ("basic.equal_split", {"respread": True}),
    ("basic.needs_weighted", {"exponent": 2.0, "respread": True}),
    ("match.linear", {"rate": 2.5, "cap_yuan": 3000}),
    ("match.linear", {"pool": False}),
    ("seed.provision_point", {"threshold_share": 0.0, "seed_share": 1.0}),
    ("seed.provision_point", {"threshold_yuan": 500, "rebate": "proportional"}),
    ("seed.provision_point", {"seed_counts": True, "rebate": "extra"}),
    ("seed.refund_bonus", {"seed_counts": True, "rebate": "extra"}),
    ("pb.greedy_votes", {"min_votes": 2}),
]
variants = pytest.mark.parametrize(("rule_id", "params"), VARIANTS)


@variants
@FEW
@given(words=random_rounds())
def test_every_round_is_settled_within_its_contract(
    rule_id: str, params: dict[str, Any], words: dict[str, Any]
) -> None:
    rule = CATALOGUE.make(rule_id, params)
    terms = call_rule(rule, "open_round", a_round(rule, **words))
    award = call_rule(rule, "settle", a_round(rule, **words, terms=terms))  # checks budget, refunds, reasons …
    assert award.paid.sum() <= words["budget"]
    assert (award.paid <= words["proposals"]["ask"]).all()


def permuted(words: dict[str, Any], order: list[int]) -> dict[str, Any]:
    columns = {
        name: tuple(values[i] for i in order) if name == "id" else [values[i] for i in order]
        for name, values in words["proposals"].items()
    }
    place = np.argsort(order) if order else np.zeros(0, np.int64)

    def moved(choices: Choices) -> Choices:
        return Choices(choices.start, place[choices.proposal].astype(np.int32), choices.amount)

    return {
        **words,
        "proposals": columns,
        "pledges": moved(words["pledges"]),
        "ballots": moved(words["ballots"]),
    }


@variants
@FEW
@given(data=st.data())
def test_permuting_proposals_permutes_the_outcome(rule_id: str, params: dict[str, Any], data: st.DataObject) -> None:
    words = data.draw(random_rounds())
    order = data.draw(st.permutations(range(len(words["proposals"]["id"]))))
    rule = CATALOGUE.make(rule_id, params)
    plain, moved = rule.settle(opened(rule, words)), rule.settle(opened(rule, permuted(words, order)))
    assert moved.paid.tolist() == [int(plain.paid[i]) for i in order]
    assert [str(reason) for reason in moved.reasons] == [str(plain.reasons[i]) for i in order]
    if plain.refunds is not None:
        assert moved.refunds.tolist() == plain.refunds.tolist()


@pytest.mark.parametrize("rule_id", ["basic.equal_split", "basic.per_capita", "basic.needs_weighted"])
@FEW
@given(data=st.data())
def test_permuting_areas_changes_nothing_for_anybody(rule_id: str, data: st.DataObject) -> None:
    words = data.draw(random_rounds())
    areas = words["areas"]
    order = data.draw(st.permutations(range(len(areas["id"]))))
    place = np.argsort(order)
    moved = {
        **words,
        "areas": {name: [values[i] for i in order] for name, values in areas.items()},
        "proposals": {**words["proposals"], "area": [int(place[area]) for area in words["proposals"]["area"]]},
    }
    rule = CATALOGUE.make(rule_id)
    assert rule.settle(a_round(rule, **moved)).paid.tolist() == rule.settle(a_round(rule, **words)).paid.tolist()


claims = st.lists(st.tuples(st.integers(0, 10_000_000), st.integers(0, 500)), min_size=1, max_size=9)


def by_fractions(budget: int, caps: list[int], weights: list[int]) -> list[Fraction]:
    """Water-filling the slow way: share in proportion, fix those at their cap, share again. Exact; the oracle."""
    paid, fixed = [Fraction(0)] * len(caps), {i for i, weight in enumerate(weights) if weight == 0}
    while len(fixed) < len(caps):
        open_ones = [i for i in range(len(caps)) if i not in fixed]
        left = budget - sum(paid[i] for i in fixed)
        whole = sum(weights[i] for i in open_ones)
        tentative = {i: Fraction(left * weights[i], whole) for i in open_ones}
        capped = [i for i in open_ones if tentative[i] >= caps[i]]
        for i in capped or open_ones:
            paid[i] = Fraction(caps[i]) if capped else tentative[i]
            fixed.add(i)
    return paid


@settings(max_examples=200)
@given(budget=st.integers(0, 30_000_000), claimants=claims)
def test_division_agrees_with_slow_exact_water_filling(budget: int, claimants: list[tuple[int, int]]) -> None:
    caps, weights = [cap for cap, _weight in claimants], [weight for _cap, weight in claimants]
    expected = by_fractions(budget, caps, weights)
    assert shares(budget, caps, weights, respread=True) == pytest.approx([float(x) for x in expected], abs=1e-3)
    ids = [f"a{i}" for i in range(len(caps))]
    whole = whole_shares(budget, np.array(caps), np.array(weights, dtype=np.float64), ids, respread=True)
    assert all(abs(int(came) - exact) <= 1 for came, exact in zip(whole, expected, strict=True))
    assert (whole <= caps).all()
    assert int(whole.sum()) == min(budget, sum(cap for cap, weight in claimants if weight > 0))


@settings(max_examples=200)
@given(budget=st.integers(0, 30_000_000), claimants=claims)
def test_a_purse_leaves_unused_what_an_area_does_not_ask_for(budget: int, claimants: list[tuple[int, int]]) -> None:
    caps, weights = [cap for cap, _weight in claimants], [weight for _cap, weight in claimants]
    parts = [Fraction(budget * weight, sum(weights) or 1) for weight in weights]
    ids = [f"a{i}" for i in range(len(caps))]
    whole = whole_shares(budget, np.array(caps), np.array(weights, dtype=np.float64), ids, respread=False)
    assert all(abs(int(came) - min(part, cap)) < 1 for came, part, cap in zip(whole, parts, caps, strict=True))
    again = whole_shares(budget, np.array(caps), np.array(weights, dtype=np.float64), ids, respread=True)
    assert (whole <= caps).all() and whole.sum() <= again.sum() and (whole <= again + 1).all()


@pytest.mark.parametrize("respread", [True, False])
def test_the_odd_fen_goes_by_id_wherever_a_claimant_stands(respread: bool) -> None:
    came = whole_shares(100, np.full(3, 90), np.ones(3), ("a10", "a1", "a2"), respread=respread)
    assert came.tolist() == [33, 34, 33]


@FEW
@given(budget=st.floats(1, 1e6), claimants=claims, factor=st.floats(0.01, 100), respread=st.booleans())
def test_scaling_all_money_scales_divisions(
    budget: float, claimants: list[tuple[int, int]], factor: float, respread: bool
) -> None:
    caps, weights = np.array(claimants, dtype=np.float64).T
    once = shares(budget, caps, weights, respread=respread)
    scaled = shares(budget * factor, caps * factor, weights, respread=respread)
    assert scaled == pytest.approx(once * factor, rel=1e-9, abs=1e-9)


@pytest.mark.parametrize(
    "params", [{}, {"rebate": "proportional"}, {"threshold_share": 0.0}, {"rebate": "extra"}, {"seed_counts": True}]
)
@settings(max_examples=100)
@given(words=random_rounds())
def test_the_provision_point_conserves_money(params: dict[str, Any], words: dict[str, Any]) -> None:
    rule = CATALOGUE.make("seed.provision_point", params)
    view = opened(rule, words)
    award = rule.settle(view)
    n = len(view.proposals)
    pledged = view.pledges.totals(n)
    kept = pledged - Choices(view.pledges.start, view.pledges.proposal, award.refunds).totals(n)
    came_about = (kept > 0) | (award.paid > 0)
    # What a project has is gifts kept plus public money: nothing, or enough to start and no public fen beyond its ask.
    has = kept + award.paid
    least = np.minimum(view.proposals.minimum_viable, view.proposals.ask)
    assert (has[came_about] >= least[came_about]).all()
    if params.get("rebate") == "extra":
        assert (award.paid <= view.proposals.ask - view.terms.threshold).all()
    else:
        assert (has[award.paid > 0] <= view.proposals.ask[award.paid > 0]).all()
    assert (kept[~came_about] == 0).all()
    if params.get("rebate") == "proportional":
        assert (kept <= view.proposals.ask).all()
    assert (pledged[came_about] >= np.minimum(view.terms.threshold, view.proposals.ask)[came_about]).all()


@settings(max_examples=100)
@given(words=random_rounds(), rebate=st.sampled_from(["none", "proportional", "extra"]), counts=st.booleans())
def test_every_fen_of_a_provision_point_is_with_donors_projects_or_the_fund(
    words: dict[str, Any], rebate: str, counts: bool
) -> None:
    rule = CATALOGUE.make("seed.provision_point", {"rebate": rebate, "seed_counts": counts})
    view = opened(rule, words)
    award = call_rule(rule, "settle", view)
    n = len(view.proposals)
    pledged = view.pledges.totals(n)
    back = Choices(view.pledges.start, view.pledges.proposal, award.refunds).totals(n)
    met = pledged >= view.terms.threshold
    point = np.rint(0.3 * view.proposals.ask).astype(int)
    assert (met == (pledged + counts * view.terms.seed_announced >= point)).all()
    held = pledged - back + award.paid  # by projects
    assert int(held.sum() + back.sum()) + view.budget - int(award.paid.sum()) == int(pledged.sum()) + view.budget
    assert (held[~met] == 0).all()
    whole = met & (award.paid > 0) & (award.paid + np.minimum(pledged, view.terms.threshold) >= view.proposals.ask)
    more = np.maximum(pledged - view.terms.threshold, 0)
    if rebate == "extra":
        assert (held[whole] == view.proposals.ask[whole] + more[whole]).all()


@settings(max_examples=100)
@given(words=random_rounds())
def test_announced_seed_is_paid_to_everyone_who_met_the_threshold_and_could_start(words: dict[str, Any]) -> None:
    rule = CATALOGUE.make("seed.provision_point")
    view = opened(rule, words)
    pledged, award = view.pledges.totals(len(view.proposals)), rule.settle(view)
    missing = np.maximum(view.proposals.ask - pledged, 0)
    owed = np.minimum(view.terms.seed_announced, missing)
    met = pledged >= view.terms.threshold
    starts_with_seed = pledged + owed >= np.minimum(view.proposals.minimum_viable, view.proposals.ask)
    assert (award.paid >= owed)[met & starts_with_seed].all()


@settings(max_examples=100)
@given(words=random_rounds(), min_votes=st.integers(0, 2))
def test_greedy_leaves_no_affordable_project_unfunded(words: dict[str, Any], min_votes: int) -> None:
    rule = CATALOGUE.make("pb.greedy_votes", {"min_votes": min_votes})
    view = a_round(rule, **words)
    award = rule.settle(view)
    left = view.budget - int(award.paid.sum())
    votes = view.ballots.totals(len(view.proposals))
    lost = (award.paid == 0) & (votes >= min_votes)
    assert (view.proposals.ask[lost] > left).all()


@settings(max_examples=100)
@given(words=random_rounds(), rate=st.floats(0, 10), cap=st.none() | st.integers(0, 9000), pool=st.booleans())
def test_a_match_never_exceeds_pool_cap_or_ask_and_uses_the_pool(
    words: dict[str, Any], rate: float, cap: int | None, pool: bool
) -> None:
    rule = CATALOGUE.make("match.linear", {"rate": rate, "cap_yuan": cap, "pool": pool})
    view = a_round(rule, **words)
    paid = rule.settle(view).paid
    pledged = view.pledges.totals(len(view.proposals))
    assert (paid <= np.rint(rate * pledged)).all() and (paid <= view.proposals.ask).all()
    assert cap is None or (paid <= cap * 100).all()
    wished = np.minimum(np.rint(rate * pledged), view.proposals.ask)
    wished = wished if cap is None else np.minimum(wished, cap * 100)
    assert int(paid.sum()) == min(view.budget, int(wished.sum()))


@settings(max_examples=100)
@given(words=random_rounds(rich=True))
def test_services_spend_the_same_money_as_an_equal_split_that_shares_again_where_asks_suffice(
    words: dict[str, Any],
) -> None:
    assume(words["budget"] <= sum(words["proposals"]["ask"]))
    words["proposals"]["minimum_viable"] = [0] * len(words["proposals"]["id"])
    spent = []
    for rule_id, params in (
        ("basic.same_money_services", {}),
        ("basic.equal_split", {"respread": True}),
        ("basic.equal_split", {}),
    ):
        rule = CATALOGUE.make(rule_id, params)
        spent.append(int(rule.settle(a_round(rule, **words)).paid.sum()))
    assert spent[0] == spent[1] == words["budget"] >= spent[2]  # purses keep what their areas do not ask for
