"""Experiments that are not in the evidence file, posed without touching a coefficient: directions that are published.

Only directions are asserted: these are the abstracts' words, not figures fitted to.
"""

from __future__ import annotations

import networkx
import pytest

from commsim.lab import (
    Appeal,
    Experiment,
    Fundraiser,
    Message,
    Organisation,
    Population,
    Protocol,
    PublicGoodsGame,
    Punishment,
    Vote,
)

GROUPS = 40
PEOPLE = Population.sample(20_000, seed=4)


def _gifts(**game: object) -> list[float]:
    """Mean gift by round, as a share of the endowment."""
    arm = PublicGoodsGame(groups=GROUPS, **game)  # type: ignore[arg-type]
    summary = Experiment({"x": arm}).summary(None, replicates=5, seed=3)
    return list(summary.groupby("round")["amount"].mean() / arm.endowment)


def _appeals(arms: dict[str, Protocol], column: str = "acted") -> dict[str, float]:
    return dict(Experiment(arms).summary(PEOPLE, 3, seed=2).groupby("arm", observed=True)[column].mean())


def test_the_more_effective_punishment_the_more_is_given_and_the_weak_one_does_not_stop_the_decay() -> None:
    """Nikiforakis and Normann 2008 (abstract)."""
    by_effect = [_gifts(matching="partners", punishment=Punishment(cost=1, effect=one)) for one in (1, 2, 3, 4)]
    last = [gifts[-1] for gifts in by_effect]
    assert last == sorted(last) and last[0] < 0.6 * by_effect[0][0] and last[2] > by_effect[2][0]


def test_dear_and_strong_points_do_what_cheap_and_weak_ones_do() -> None:
    """Only the price of a token taken away matters (Carpenter 2007: an ordinary good)."""
    cheap, dear = (_gifts(punishment=Punishment(cost=one, effect=one)) for one in (1, 3))
    assert dear == pytest.approx(cheap)
    assert _gifts(punishment=Punishment(cost=0.5, effect=3))[-1] > _gifts(punishment=Punishment(cost=2, effect=3))[-1]


def test_sorted_groups_and_partners_give_more_in_the_end_than_strangers() -> None:
    """Assortative matching sustains giving (Chaudhuri 2011, abstract)."""
    strangers, partners, alike = (_gifts(matching=one) for one in ("strangers", "partners", "sorted"))
    assert partners[-1] > strangers[-1] and alike[-1] > strangers[-1]


def test_who_is_told_nothing_is_not_disappointed() -> None:
    assert _gifts(information=False)[-1] > 2 * _gifts()[-1]


def test_a_large_gift_in_the_letter_does_more_than_a_small_one() -> None:
    """Falk 2007 (abstract: +17% and +75%)."""
    arms: dict[str, Protocol] = {
        name: Appeal(base_rate=0.12, usual_gift=60, reward=value)
        for name, value in (("none", 0.0), ("small", 0.3), ("large", 1.2))
    }
    rate = _appeals(arms)
    assert rate["none"] < rate["small"] < rate["large"]


def test_a_token_lead_gift_or_match_says_next_to_nothing() -> None:
    offers = {"none": {}, "one": {"lead_gift": 1.0}, "large": {"lead_gift": 60_000.0}, "cent": {"match_rate": 0.001}}
    rate = _appeals({name: Appeal(base_rate=0.2, usual_gift=70, **offer) for name, offer in offers.items()})  # type: ignore[arg-type]
    large = rate["large"] - rate["none"]
    assert large > 0 and rate["one"] - rate["none"] < 0.1 * large and rate["cent"] - rate["none"] < 0.1 * large


@pytest.mark.parametrize("base_rate", [0.001, 0.3, 0.75, 0.98])
def test_any_base_rate_can_be_posed_and_is_met(base_rate: float) -> None:
    rate = _appeals({"x": Appeal(base_rate=base_rate, usual_gift=7)})["x"]
    assert rate == pytest.approx(base_rate, abs=0.005)
    gift = _appeals({"x": Appeal(base_rate=base_rate, usual_gift=7)}, "amount_if_acted")["x"]
    assert gift == pytest.approx(7, rel=0.3 if base_rate < 0.01 else 0.03)


def test_those_whose_schedule_gives_nothing_are_the_last_to_give() -> None:
    frame = Experiment({"x": Appeal(base_rate=0.5)}).run(PEOPLE, 1, 1)
    free_rider = PEOPLE["type"][frame["unit"].to_numpy()] == 1
    gave = frame["acted"].to_numpy()
    assert gave[free_rider].mean() < 0.2 < gave[~free_rider].mean()


def test_asking_again_and_again_wears_people_out() -> None:
    summary = Experiment({"vote": Vote(base_rate=0.2, winning=0.0, rounds=4)}).summary(PEOPLE, 3, 1)
    by_year = list(summary.groupby("round")["acted"].mean())
    assert by_year == sorted(by_year, reverse=True) and by_year[3] < 0.97 * by_year[0]


def test_who_must_raise_a_match_asks_more_than_the_bare_sum_takes() -> None:
    """Gifts differ, so that who asks for just enough misses the match half of the time."""
    arm = Fundraiser(Organisation(need=20_000, cost_per_ask=0.1), grant=3000.0, required_match=1.0, told=False)
    assert arm.asks(10_000) > 3000.0 / (arm.base_rate * arm.usual_gift)


def test_at_a_low_return_large_groups_give_more_and_at_a_high_one_hardly() -> None:
    """Isaac and Walker 1988."""
    by_return = {
        one: [sum(_gifts(size=size, return_=one, matching="partners", endowment=50)) / 10 for size in (4, 10)]
        for one in (0.3, 0.75)
    }
    gained = {one: large - small for one, (small, large) in by_return.items()}
    assert gained[0.3] > 0.02 and abs(gained[0.75]) < 2 * gained[0.3]
    assert by_return[0.75][0] > 1.5 * by_return[0.3][0]


def test_partners_who_can_punish_give_most_and_strangers_rise_too() -> None:
    """Fehr and Gächter 2000 (abstract)."""
    strangers, partners = (_gifts(matching=one, punishment=True) for one in ("strangers", "partners"))
    assert partners[-1] > strangers[-1] > strangers[0] > _gifts()[0]


def test_with_a_refund_groups_stay_at_a_provision_point_and_without_one_worth_little_they_give_up() -> None:
    """Isaac, Schmidtz and Walker 1989; Cadsby and Maynes 1999; Marks and Croson 1998 (directions)."""
    point = {"size": 5, "endowment": 55, "rounds": 20, "matching": "partners", "provision_point": 125.0}
    refunded = _gifts(return_=0.4, refund=True, **point)
    assert refunded[-1] == pytest.approx(125 / (5 * 55), rel=0.15) and refunded[-1] == pytest.approx(
        refunded[8], rel=0.15
    )
    assert _gifts(return_=0.1, **point)[-1] < 0.05
    assert _gifts(return_=0.9, **point)[-1] > 0.8 * 125 / (5 * 55)
    tiny = {**point, "provision_point": 0.001}
    without = _gifts(return_=0.4, **{**point, "provision_point": None})
    assert _gifts(return_=0.4, **tiny) == pytest.approx(without, abs=0.03)


def test_gifts_that_are_seen_are_larger_and_a_list_does_not_wear_them_down() -> None:
    """Andreoni and Petrie 2004, Rege and Telle 2004 (larger); Soetevent 2005 (never clearly below)."""
    assert sum(_gifts(visible="named")) > 1.2 * sum(_gifts())
    for people in (Population.sample(2_000, seed=one) for one in (1, 2, 3)):
        arms = {
            one: Appeal(base_rate=0.8, usual_gift=2.0, rounds=40, visible=one) for one in ("none", "coded", "named")
        }
        summary = Experiment(arms).summary(people, 1, seed=2)
        last = summary[summary["round"] == 39].groupby("arm", observed=True)["amount"].mean()
        assert last["coded"] == pytest.approx(last["none"], rel=0.05) and last["named"] > 0.95 * last["none"]


def test_talk_before_every_round_keeps_most_of_the_endowment_coming() -> None:
    """Isaac and Walker 1988b; Sally 1995: by far more than beliefs alone do."""
    assert _gifts(talk="every")[-1] > 2.5 * _gifts()[-1]


def test_a_norm_can_be_told_without_any_duty() -> None:
    """Goldstein, Cialdini and Griskevicius 2008: what most guests do."""
    rate = _appeals({"plain": Message(base_rate=0.35), "most": Message(base_rate=0.35, shown_share=0.75)})
    assert rate["most"] > rate["plain"] + 0.01


def test_a_message_to_one_of_two_moves_the_other_less() -> None:
    """Nickerson 2008: contagion in households of two."""
    pairs = networkx.Graph([(2 * one, 2 * one + 1) for one in range(len(PEOPLE) // 2)])
    for shown in (False, True):
        arm = Message("duty", base_rate=0.45, channel="door", treated_share=0.5, network=pairs, visible_peers=shown)
        frame = Experiment({"control": Message(base_rate=0.45), "x": arm}).run(PEOPLE, 5, 1, detail=True)
        control = frame["acted"][frame["arm"] == "control"].mean()
        mixed = frame[frame["arm"] == "x"].assign(pair=lambda rows: rows["unit"] // 2)
        mixed = mixed[mixed.groupby(["replicate", "pair"])["treated"].transform("sum") == 1]
        treated, other = (mixed["acted"][mixed["treated"] == one].mean() for one in (True, False))
        assert control < other < treated


def test_a_grant_crowds_out_mostly_through_asking_less() -> None:
    """Andreoni and Payne 2003, 2011 (direction; about three quarters of the grant)."""
    body = Organisation(need=20_000, cost_per_ask=0.6)
    arms: dict[str, Protocol] = {
        f"{grant} {effort}": Fundraiser(body, grant=grant, effort=effort)
        for grant in (0.0, 4_000.0)
        for effort in ("chosen", "fixed")
    }
    own = _appeals(arms, "total_own")
    lost = {one: (own[f"0.0 {one}"] - own[f"4000.0 {one}"]) / 4_000 for one in ("chosen", "fixed")}
    assert 0.3 < lost["chosen"] < 1.0 and lost["fixed"] < 0.5 * lost["chosen"]


def test_after_a_match_has_ended_fewer_give_than_if_there_had_been_none() -> None:
    """Meier 2007 (direction)."""
    base = {"base_rate": 0.7, "rounds": 3}
    arms: dict[str, Protocol] = {
        "never": Appeal(**base),  # type: ignore[arg-type]
        "ended": Appeal(**base, by_round=({}, {"match_rate": 1.0}, {})),  # type: ignore[arg-type]
    }
    rate = Experiment(arms).summary(PEOPLE, 3, 2).groupby(["round", "arm"], observed=True)["acted"].mean()
    assert rate[1, "ended"] > rate[1, "never"] and rate[2, "ended"] < rate[2, "never"]


def test_asked_alike_for_a_hundred_rounds_people_neither_swarm_nor_vanish() -> None:
    by_round = (
        Experiment({"x": Appeal(base_rate=0.3, rounds=100)}).summary(PEOPLE, 1, 1).groupby("round")["acted"].mean()
    )
    assert 0.2 < by_round.min() and by_round.max() < 0.33


def test_a_match_that_cannot_pay_says_nothing() -> None:
    base = {"base_rate": 0.05, "match_rate": 1.0}
    limits = {"from": {"match_from": 1e9}, "until": {"match_until": 0.01}, "cap": {"match_cap": 0.01}}
    arms: dict[str, Protocol] = {"none": Appeal(base_rate=0.05), "match": Appeal(**base)}  # type: ignore[arg-type]
    arms |= {name: Appeal(**base, **limit) for name, limit in limits.items()}  # type: ignore[arg-type]
    rate = _appeals(arms)
    assert rate["match"] > 1.1 * rate["none"]
    assert all(rate[name] == pytest.approx(rate["none"], rel=0.02) for name in limits)


def test_a_condition_on_others_that_is_easily_met_does_no_harm_and_a_hard_one_does_little_good() -> None:
    """Anik, Norton and Ariely 2014 (behaviour.md C3 V): three quarters do best."""
    shares = (0.0, 0.25, 0.75, 1.0)
    arms: dict[str, Protocol] = {str(one): Appeal(base_rate=0.05, match_rate=1, match_if_share=one) for one in shares}
    rate = _appeals({**arms, "none": Appeal(base_rate=0.05), "match": Appeal(base_rate=0.05, match_rate=1)})
    assert rate["0.0"] == pytest.approx(rate["match"]) and rate["0.25"] >= 0.98 * rate["match"]
    assert rate["0.75"] > max(rate["1.0"], rate["none"])


def test_an_example_that_nobody_believes_moves_nobody() -> None:
    arms: dict[str, Protocol] = {
        str(one): Appeal(base_rate=0.5, usual_gift=100, shown_gift=one) for one in (100.0, 3_000.0, 1e9, 1e-6)
    }
    gift = _appeals(arms, "amount_if_acted")
    assert gift["3000.0"] < 0.9 * gift["100.0"] and gift["1000000000.0"] > 0.95 * gift["100.0"]
    assert gift["1e-06"] > 0.3 * gift["100.0"]


def test_nothing_to_be_reminded_of_reminds_of_nothing() -> None:
    assert _appeals({"x": Message(base_rate=0.3, reminders=5)}) == _appeals({"x": Message(base_rate=0.3)})


def _own(arms: dict[str, dict[str, object]], **common: object) -> dict[str, float]:
    """Mean gift per person asked, by arm."""
    made: dict[str, Protocol] = {
        name: Appeal(**{"base_rate": 0.1, "usual_gift": 50.0, **common, **arm})  # type: ignore[arg-type]
        for name, arm in arms.items()
    }
    return _appeals(made, "amount")


def test_public_money_announced_does_not_raise_gifts_as_a_donors_seed_does() -> None:
    """de Wit and Bekkers 2017: −0.64 to +0.06 per yuan; List and Lucking-Reiley 2002 for donors."""
    own = _own({"none": {}, "donor": {"seed_share": 0.5}, "public": {"seed_share": 0.5, "public": True}})
    assert own["donor"] > 1.3 * own["none"] and own["public"] < 1.15 * own["none"]


def test_an_organisation_and_its_appeal_say_the_same_of_a_public_grant() -> None:
    fixed = {"effort": "fixed", "base_rate": 0.1}
    arms: dict[str, Protocol] = {
        "none": Fundraiser(Organisation(need=10_000, usual_asks=20_000), **fixed),  # type: ignore[arg-type]
        "told": Fundraiser(Organisation(need=10_000, usual_asks=20_000), grant=5_000, **fixed),  # type: ignore[arg-type]
    }
    raised = _appeals(arms, "amount")
    own = _own({"none": {}, "public": {"seed_share": 0.5, "public": True}})
    assert raised["told"] / raised["none"] == pytest.approx(own["public"] / own["none"], rel=1e-9)


def test_a_seed_of_the_whole_goal_leaves_nothing_to_give_to() -> None:
    own = _own({"none": {}, "most": {"seed_share": 0.67}, "nearly": {"seed_share": 0.9}, "all": {"seed_share": 1.0}})
    assert own["none"] == own["all"] < own["nearly"] < own["most"]


def test_a_match_that_can_hardly_be_paid_changes_neither_who_gives_nor_how_much() -> None:
    own = _own({"none": {}, "capped": {"match_rate": 3.0, "match_cap": 0.01}, "open": {"match_rate": 3.0}})
    assert own["capped"] == pytest.approx(own["none"], rel=1e-3) and own["open"] > 1.05 * own["none"]


def test_an_offer_is_no_larger_at_the_door_than_in_a_letter_and_a_banner_hardly_tells_it() -> None:
    change = {
        channel: own["seed"] / own["none"]
        for channel in ("letter", "door", "banner")
        for own in [_own({"none": {}, "seed": {"seed_share": 0.5}}, channel=channel)]
    }
    assert change["door"] == pytest.approx(change["letter"], rel=0.02) and change["banner"] < 1.3


def test_where_all_lose_by_giving_nobody_begins_with_hope() -> None:
    """Isaac, Walker and Williams 1994: at a low return small groups start below large ones."""
    small, wasteful, large = (_gifts(size=size, return_=r)[0] for size, r in ((4, 0.3), (4, 0.1), (40, 0.3)))
    assert wasteful < small < large and wasteful < 0.6 * _gifts()[0]


def test_punishment_works_when_it_has_been_seen_and_disapproval_alone_a_little() -> None:
    """Walker and Halloran 2004 (one round); Fehr and Gächter 2000; Masclet et al. 2003 (directions)."""
    once, threatened, strangers = _gifts(rounds=1)[0], _gifts(rounds=1, punishment=True)[0], _gifts(punishment=True)
    assert threatened - once < 0.5 * (strangers[-1] - _gifts()[-1])
    plain, disapproved, punished = (
        _gifts(matching="partners", punishment=one) for one in (None, Punishment(cost=0, effect=0), True)
    )
    assert sum(plain) < sum(disapproved) < sum(punished)
    assert _gifts(matching="partners", punishment=Punishment(cost=1, effect=0)) == pytest.approx(plain, abs=0.02)


def test_a_capped_match_from_a_size_that_nobody_can_reach_is_as_good_as_none() -> None:
    own = _own({"none": {}, "far": {"match_rate": 1.0, "match_from": 1e9, "match_cap": 100.0}})
    assert own["far"] == own["none"]
