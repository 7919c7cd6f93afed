"""Experiments that are not in the evidence file, posed without touching a coefficient: directions that are published.

Only directions are asserted: these are the abstracts' words, not figures fitted to.
"""

from __future__ import annotations

import pytest

from commsim.lab import (
    Appeal,
    Experiment,
    Fundraiser,
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
