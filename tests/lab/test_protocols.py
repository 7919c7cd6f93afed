"""Claims about the laboratory's protocols: known answers, no effect where there is nobody else, bad input refused."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import networkx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commsim.errors import InvalidInput
from commsim.lab import (
    Appeal,
    Diffusion,
    Experiment,
    Fundraiser,
    Message,
    Organisation,
    Population,
    Protocol,
    PublicGoodsGame,
    Recruitment,
    Vote,
    kernel_parameters,
)
from commsim.randomness import Draws
from commsim.world.records import BehaviouralType

PEOPLE = Population.sample(4000, seed=5)


def _means(arms: dict[str, Protocol], people: Population | None = PEOPLE, replicates: int = 5) -> dict[str, float]:
    summary = Experiment(arms).summary(people, replicates, seed=2)
    last = summary[summary["round"] == summary.groupby("arm")["round"].transform("max")]
    return dict(last.groupby("arm")["acted"].mean())


def _amounts(arms: dict[str, Protocol], people: Population | None = PEOPLE) -> dict[str, float]:
    return dict(Experiment(arms).summary(people, 5, seed=2).groupby("arm")["amount"].mean())


def test_thresholds_from_none_to_all_but_one_carry_everyone() -> None:
    frame = Experiment({"riot": Diffusion(thresholds=range(100))}).run(replicates=1)
    assert frame[frame["round"] == frame["round"].max()]["acted"].sum() == 100


def test_without_the_person_of_threshold_one_only_one_acts() -> None:
    frame = Experiment({"riot": Diffusion(thresholds=[0, 2, *range(2, 100)])}).run(replicates=1)
    assert frame[frame["round"] == frame["round"].max()]["acted"].sum() == 1


@settings(max_examples=25)
@given(st.lists(st.integers(0, 12), min_size=1, max_size=30))
def test_thresholds_spread_as_counting_one_by_one_says(thresholds: list[int]) -> None:
    frame = Experiment({"riot": Diffusion(thresholds=thresholds)}).run(replicates=1)
    acting = 0
    while True:
        after = sum(one <= acting for one in thresholds)
        if after <= acting:
            break
        acting = after
    # An actor does not count itself: whoever has threshold t needs t others, so the count above needs one more.
    simulated = frame[frame["round"] == frame["round"].max()]["acted"].sum()
    by_hand: set[int] = set()
    while True:
        more = {i for i, one in enumerate(thresholds) if i in by_hand or len(by_hand) >= one}
        if more == by_hand:
            break
        by_hand = more
    assert simulated == len(by_hand)


def test_the_same_seed_gives_the_same_bytes_and_the_order_of_arms_does_not_matter() -> None:
    arms = {"control": Appeal(), "match": Appeal(match_rate=1)}
    one = Experiment(arms).run(PEOPLE, 2, 7)
    other = Experiment(dict(reversed(arms.items()))).run(PEOPLE, 2, 7)
    for arm in arms:
        mine, yours = (f[f["arm"] == arm].drop(columns="arm").reset_index(drop=True) for f in (one, other))
        assert mine.equals(yours)
    assert list(one.columns) == ["arm", "replicate", "round", "unit", "acted", "amount"]
    assert len(one) == 2 * 2 * len(PEOPLE)


@pytest.mark.parametrize("rate", [0.02, 0.2, 0.6])
def test_the_control_arm_has_the_base_rate_and_the_usual_gift_that_it_declares(rate: float) -> None:
    summary = Experiment({"control": Appeal(base_rate=rate, usual_gift=80.0)}).summary(PEOPLE, 40, 1)
    assert summary["acted"].mean() == pytest.approx(rate, rel=0.06)
    assert summary["sum"].sum() / (summary["acted"].sum() * len(PEOPLE)) == pytest.approx(80.0, rel=0.08)


def test_a_group_of_one_and_people_without_ties_feel_no_others() -> None:
    alone = networkx.empty_graph(len(PEOPLE))
    arms: dict[str, Protocol] = {
        "plain": Message("duty", base_rate=0.4),
        "faces": Message("duty", base_rate=0.4, visible_peers=True, network=alone),
    }
    found = _means(arms)
    assert found["plain"] == found["faces"]
    seen = _means({"none": Appeal(), "named": Appeal(visible="named", audience=0)})
    assert seen["none"] == seen["named"]
    lonely = Experiment({"g": PublicGoodsGame(groups=20, size=1, visible="named", talk="every")}).run(replicates=1)
    assert lonely["amount"].sum() == 0.0


def test_naming_givers_raises_giving_and_codes_alone_do_not() -> None:
    found = _means({"none": Appeal(), "coded": Appeal(visible="coded"), "named": Appeal(visible="named")})
    assert found["named"] > found["none"] == found["coded"]


def test_messages_step_up_with_who_is_watching() -> None:
    kinds = ("control", "duty", "watched", "own_record", "neighbours")
    found = _means({kind: Message(kind) for kind in kinds})
    assert [found[one] for one in kinds] == sorted(found.values())
    assert len(set(found.values())) == len(kinds)


def test_a_louder_channel_carries_more() -> None:
    found = _means({one: Message("neighbours", channel=one) for one in ("banner", "letter", "door")})
    assert found["banner"] < found["letter"] < found["door"]


def test_offers_change_by_round_and_the_last_one_goes_on() -> None:
    appeal = Appeal(base_rate=0.2, rounds=3, by_round=({"match_rate": 1.0}, {}))
    frame = Experiment({"a": appeal}).run(PEOPLE, 1, 1, detail=True)
    matched = frame.groupby("round")["match"].sum()
    assert matched[0] > 0 and matched[1] == matched[2] == 0


def test_a_match_pays_within_its_bounds_and_its_cap() -> None:
    appeal = Appeal(base_rate=0.3, usual_gift=100, match_rate=2, match_from=50, match_until=120, match_cap=1000)
    frame = Experiment({"a": appeal}).run(PEOPLE, 1, 1, detail=True)
    assert frame["match"].sum() == pytest.approx(1000)
    free = Experiment({"a": Appeal(base_rate=0.3, usual_gift=100, match_rate=2, match_from=50, match_until=120)})
    rows = free.run(PEOPLE, 1, 1, detail=True)
    expected = np.where(rows["amount"] >= 50, 2 * np.minimum(rows["amount"], 120), 0.0)
    assert np.allclose(rows["match"], expected)


def test_gifts_go_back_where_the_threshold_is_missed_and_a_refund_was_promised() -> None:
    totals = Experiment({"a": Appeal(base_rate=0.1, threshold=1e9, refund=True)}).summary(PEOPLE, 1, 1)
    assert totals["total_own"].iloc[0] > 0 and totals["total_received"].iloc[0] == 0


def test_reminders_and_what_others_do_raise_giving() -> None:
    norm = {"base_rate": 0.3, "shown_share": 0.9}
    found = _means({"once": Appeal(base_rate=0.3), "norm": Appeal(**norm), "again": Appeal(**norm, reminders=1)})
    assert found["again"] > found["norm"] > found["once"]


def test_reminders_repeat_what_is_said_and_not_the_luck() -> None:
    silent: dict[str, Protocol] = {f"{count}": Message("watched", channel=0.0, reminders=count) for count in (0, 5)}
    found = _means(silent)
    assert found["0"] == found["5"]
    plain = [_means({"a": Appeal(base_rate=0.3, reminders=count)})["a"] for count in range(4)]
    assert (np.diff(plain) > 0).all() and plain[3] - plain[2] < plain[1] - plain[0]
    steps = [_means({"m": Message("neighbours", reminders=count)})["m"] for count in range(4)]
    gained = np.diff(steps)
    assert (gained > 0).all() and gained[2] < gained[0]


def test_a_costly_act_spreads_further_where_ties_know_each_other_and_a_cheap_one_does_not() -> None:
    lattice, random = networkx.watts_strogatz_graph(144, 8, 0.0), networkx.random_regular_graph(8, 144, seed=1)

    def reach(graph: object, cost: float) -> float:
        arm = Diffusion(graph, seeds=1, cost=cost)
        summary = Experiment({"x": arm}).summary(None, 60, 1)
        return float(summary.groupby("replicate")["acted"].last().mean())

    assert reach(lattice, 6.0) > reach(random, 6.0)
    assert reach(random, 2.0) > reach(lattice, 2.0) - 0.01


def test_adoption_never_falls_and_never_leaves_the_seeds_part_of_the_network() -> None:
    graph = networkx.disjoint_union(networkx.complete_graph(20), networkx.complete_graph(30))
    frame = Experiment({"x": Diffusion(graph, seeds=[0], cost=1.0)}).run(replicates=5)
    by_round = frame.groupby(["replicate", "round"])["acted"].sum().unstack("replicate")
    assert (by_round.diff().dropna() >= 0).all().all()
    assert not frame[frame["unit"] >= 20]["acted"].any()


def _game(**settings: object) -> np.ndarray:
    game = PublicGoodsGame(groups=40, **settings)  # type: ignore[arg-type]
    people = Population.sample(game.people_needed(), seed=3)
    values = kernel_parameters()
    return np.mean([game.play(people, values, Draws(1, k)).amount.mean(axis=1) for k in range(6)], axis=0)


def test_gifts_decay_among_strangers_but_not_where_misers_are_punished() -> None:
    plain, punished = _game(), _game(punishment=True)
    assert plain[-1] < 0.6 * plain[0]
    assert punished[-1] > punished[0] > plain[0]
    assert _game(matching="partners", punishment=True)[-1] > punished[-1]


def test_partners_likes_and_a_higher_return_keep_gifts_up() -> None:
    plain = _game()
    assert _game(matching="partners").mean() > plain.mean()
    assert _game(matching="sorted").mean() > plain.mean()
    assert _game(return_=0.75).mean() > plain.mean() > _game(return_=0.3).mean()


def test_large_groups_behave_much_like_small_ones() -> None:
    assert _game(size=20) == pytest.approx(_game(), abs=1.6)
    assert _game(size=80) == pytest.approx(_game(size=20), abs=1.2)


def test_talk_before_every_round_beats_talk_before_the_first() -> None:
    none, once, every = _game(), _game(talk="once"), _game(talk="every")
    assert none.mean() < once.mean() < every.mean()


def test_a_fresh_start_renews_hope() -> None:
    gifts = _game(rounds=12, restart=7)
    assert gifts[6] > gifts[5]


def test_free_riders_alone_give_nothing_once_hope_is_gone() -> None:
    game = PublicGoodsGame(groups=20, rounds=5)
    people = Population.sample(80, seed=1, type=int(BehaviouralType.FREE_RIDER), optimism=1.0)
    assert game.play(people, kernel_parameters(), Draws(1)).amount.sum() == 0.0


def test_where_giving_costs_nothing_everybody_gives_all() -> None:
    game = PublicGoodsGame(groups=20, rounds=3, return_=1.0)
    people = Population.sample(80, seed=1)
    assert (game.play(people, kernel_parameters(), Draws(1)).amount == game.endowment).all()


def test_what_members_earn_is_what_they_kept_and_what_the_group_returned() -> None:
    game = PublicGoodsGame(groups=10, rounds=2)
    frame = Experiment({"g": game}).run(replicates=1, detail=True)
    groups = frame.groupby(["round", "group"])["amount"].transform("sum")
    assert np.allclose(frame["earned"], 20 - frame["amount"] + 0.4 * groups)


def test_leaders_round_up_the_usual_people_and_lots_do_not() -> None:
    arms: dict[str, Protocol] = {one: Recruitment(one) for one in ("none", "leaders", "random")}
    frame = Experiment(arms).run(PEOPLE, 10, 1)
    active = PEOPLE["active"][frame["unit"].to_numpy()]
    joined = frame["acted"].to_numpy()
    share = {one: float(active[joined & (frame["arm"] == one).to_numpy()].mean()) for one in arms}
    rate = {one: float(joined[(frame["arm"] == one).to_numpy()].mean()) for one in arms}
    assert share["leaders"] > share["none"] > share["random"]
    assert min(rate["leaders"], rate["random"]) > rate["none"]


def test_a_grant_lowers_the_effort_of_who_may_choose_it_and_a_required_match_restores_it() -> None:
    body = Organisation(need=6000.0, cost_per_ask=0.5)
    arms = {
        "none": Fundraiser(body),
        "grant": Fundraiser(body, grant=2000.0),
        "fixed": Fundraiser(body, grant=2000.0, effort="fixed"),
        "required": Fundraiser(body, grant=2000.0, required_match=2.5),
    }
    asks = {name: arm.asks(20_000) for name, arm in arms.items()}
    assert asks["grant"] < asks["required"] and asks["grant"] < asks["none"] == asks["fixed"]


def test_elections_rise_with_age_and_membership() -> None:
    frame = Experiment({"e": Vote("election")}).run(PEOPLE, 5, 1)
    unit = frame["unit"].to_numpy()
    voted, age, party = frame["acted"].to_numpy(), PEOPLE["age"][unit], PEOPLE["party"][unit]
    assert voted[age < 30].mean() < voted[(age >= 50) & (age < 60)].mean() < voted[age >= 70].mean()
    assert voted[party].mean() > voted[~party].mean()


@pytest.mark.parametrize(
    ("arm", "words"),
    [
        (Appeal(match_rate=-1), "match_rate"),
        (Appeal(base_rate=1.0), "base_rate"),
        (Appeal(seed_share=1.5), "seed_share"),
        (Appeal(match_rate=1, match_from=50, match_until=20), "match_until"),
        (Appeal(visible="loudly"), "visible"),
        (Appeal(by_round=({"match_rate": -2},)), "match_rate"),
        (Appeal(by_round=({"colour": 1},)), "colour"),
        (Appeal(channel="pigeon"), "channel"),
        (Message("threat"), "kind"),
        (Message(base_rate=0.0), "base_rate"),
        (Diffusion(networkx.empty_graph(0)), "empty"),
        (Diffusion(networkx.path_graph(4000), seeds=4001), "seeds"),
        (Diffusion(networkx.path_graph(4000), seeds=[1, 1]), "seeds"),
        (Diffusion(networkx.path_graph(10)), "10"),
        (PublicGoodsGame(groups=0), "groups"),
        (PublicGoodsGame(groups=5000), "people"),
        (PublicGoodsGame(groups=1, matching="friends"), "matching"),
        (Recruitment("leaders", asks=5000), "people"),
        (Vote(reach=2.0), "reach"),
        (Fundraiser(grant=-1.0), "grant"),
    ],
)
def test_impossible_values_are_refused_before_anything_runs(arm: Protocol, words: str) -> None:
    with pytest.raises(InvalidInput, match=words):
        for _outcome in Experiment({"a": arm}).outcomes(PEOPLE, 1, 1):
            pass


def test_a_population_refuses_unknown_and_uneven_columns() -> None:
    with pytest.raises(InvalidInput, match="colour"):
        Population.sample(10, colour=1)
    with pytest.raises(InvalidInput, match="age"):
        Population.sample(10, age=[1, 2, 3])
    with pytest.raises(InvalidInput, match="whole number"):
        Population.sample(0)


def test_columns_that_are_given_are_kept_and_types_bring_their_schedules() -> None:
    people = Population.sample(500, seed=1, age=30, type=int(BehaviouralType.FREE_RIDER))
    assert (people["age"] == 30).all()
    assert (people["schedule_slope"] == 0).all() and (people["schedule_base"] == 0).all()


@pytest.mark.parametrize(
    ("arms", "people"),
    [
        ({"a": Appeal(Population.sample(300, seed=2)), "b": Appeal()}, Population.sample(500)),
        ({"a": Appeal(Population.sample(300, seed=1)), "b": Appeal(Population.sample(300, seed=2))}, None),
        ({"a": Appeal(Population.sample(300), network=networkx.empty_graph(500))}, Population.sample(500)),
    ],
)
def test_arms_with_different_people_are_refused(arms: dict[str, Protocol], people: Population | None) -> None:
    with pytest.raises(InvalidInput, match="people"):
        Experiment(arms).outcomes(people, 1, 1)


def test_arms_that_bring_the_same_people_are_played() -> None:
    arms: dict[str, Protocol] = {"a": Appeal(Population.sample(300)), "b": Appeal()}
    assert len(Experiment(arms).summary(Population.sample(300), 1, 1)) == 2


@pytest.mark.parametrize(
    "bad",
    [
        lambda: Appeal(usual_gift=math.inf),
        lambda: Appeal(match_rate=math.inf),
        lambda: Appeal(match_rate=1, match_cap=0),
        lambda: Population.sample(10, belief=7),
        lambda: Population.sample(10, type=9),
        lambda: Population.sample(10, age=-5),
    ],
)
def test_what_cannot_be_is_refused_before_it_runs(bad: Callable[[], Any]) -> None:
    with pytest.raises(InvalidInput):
        made = bad()
        Experiment({"a": made}).run(Population.sample(50), replicates=1)


def test_numpys_numbers_are_numbers() -> None:
    arms = {"a": Appeal(match_rate=np.float32(1)), "b": Appeal(reminders=np.int64(2), shown_gift=50)}
    assert len(Experiment(arms).run(Population.sample(50), replicates=np.int64(1))) == 100


def test_a_process_that_stopped_keeps_its_last_state_in_later_rounds() -> None:
    thresholds = np.arange(100)
    gap = np.where(thresholds == 1, 2, thresholds)
    arms = {"chain": Diffusion(thresholds=thresholds), "broken": Diffusion(thresholds=gap)}
    frame = Experiment(arms).run(Population.sample(100), replicates=1)
    rounds = frame.groupby("arm", observed=True)["round"].nunique()
    assert rounds["chain"] == rounds["broken"]
    adopted = frame.groupby(["arm", "round"], observed=True)["acted"].sum()
    assert adopted["chain"].is_monotonic_increasing and adopted["chain"].iloc[-1] == 100
    assert adopted["broken"].iloc[-1] == 1
