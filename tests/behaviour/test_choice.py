"""The nested choice: splitting a project draws nobody in; better options do."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from commsim.behaviour.choice import (
    NOT_OPEN,
    chance,
    decide,
    shares_of,
    value_of_acting,
    values_by_kind,
    weighted_log_mean_exp,
)
from commsim.randomness import Draws

LOG_ODDS = st.floats(-6, 3)


@given(LOG_ODDS, st.floats(0.1, 10), st.integers(1, 6), st.floats(0.05, 1))
def test_splitting_a_project_into_equal_parts_changes_nothing(
    value: float, size: float, parts: int, nest: float
) -> None:
    other = -3.0
    whole = weighted_log_mean_exp(np.array([[value, other]]), np.array([[size, 1.0]]))
    split = weighted_log_mean_exp(np.array([[value] * parts + [other]]), np.array([[size / parts] * parts + [1.0]]))
    assert split == pytest.approx(whole)
    kinds = np.array([[float(whole[0]), -4.0]])
    assert value_of_acting(kinds, nest) == pytest.approx(value_of_acting(np.array([[float(split[0]), -4.0]]), nest))


@given(st.lists(LOG_ODDS, min_size=1, max_size=5), st.floats(0.05, 1))
def test_another_kind_of_act_never_lowers_the_chance_and_the_nest_bounds_it(kinds: list[float], nest: float) -> None:
    values = np.array([kinds])
    together = value_of_acting(values, nest)[0]
    assert max(kinds) - 1e-9 <= together <= np.log(np.exp(kinds).sum()) + 1e-9
    assert value_of_acting(np.array([[*kinds, NOT_OPEN]]), nest)[0] == pytest.approx(together)


def test_with_full_substitution_only_the_best_act_counts() -> None:
    assert value_of_acting(np.array([[-2.0, -1.0]]), 0.0)[0] == -1.0


def test_nothing_open_means_no_act() -> None:
    closed = np.full((3, 2), NOT_OPEN)
    luck = np.full(3, 1e-9)
    choice = decide(
        closed,
        np.zeros((3, 2), int),
        np.ones((3, 2)),
        2,
        0.5,
        whether=luck,
        which_kind=lambda who: luck[who],
        which_option=lambda who: luck[who],
    )
    assert not choice.acts.any()
    assert (choice.kind == -1).all() and (choice.option == -1).all()


def test_log_mean_exp_agrees_with_the_plain_formula() -> None:
    values, weights = np.array([[-1.0, 0.5, NOT_OPEN]]), np.array([[2.0, 1.0, 5.0]])
    assert weighted_log_mean_exp(values, weights)[0] == pytest.approx(np.log((2 * np.exp(-1) + np.exp(0.5)) / 3))


@given(st.lists(LOG_ODDS, min_size=2, max_size=6))
def test_shares_add_up_to_one(values: list[float]) -> None:
    assert shares_of(np.array([values])).sum() == pytest.approx(1.0)


def test_frequencies_follow_the_nested_logit() -> None:
    """An independent oracle: the chances of the nested choice written out for one menu."""
    n, nest = 200_000, 0.5
    options = np.tile([-1.0, -2.0, -0.5], (n, 1))
    kind_of = np.tile([0, 0, 1], (n, 1))
    draws = Draws(11)
    choice = decide(
        options,
        kind_of,
        np.ones((n, 3)),
        2,
        nest,
        whether=draws.uniforms("a", n),
        which_kind=lambda who: draws.uniforms_of("b", who),
        which_option=lambda who: draws.uniforms_of("c", who),
    )
    first = np.log((np.exp(-1) + np.exp(-2)) / 2)
    act = chance(np.array([nest * np.log(np.exp(first / nest) + np.exp(-0.5 / nest))]))[0]
    of_first = np.exp(first) / (np.exp(first) + np.exp(-0.5))
    inside = np.exp(-1) / (np.exp(-1) + np.exp(-2))
    expected = [act * of_first * inside, act * of_first * (1 - inside), act * (1 - of_first)]
    seen = [np.mean(choice.option == option) for option in range(3)]
    assert seen == pytest.approx(expected, abs=0.005)


@given(st.lists(st.tuples(LOG_ODDS, st.sampled_from([-1, 0, 1, 2]), st.floats(0.1, 9)), min_size=1, max_size=7))
def test_all_kinds_at_once_are_each_kind_alone(menu: list[tuple[float, int, float]]) -> None:
    kind_of = np.array([[kind for _, kind, _ in menu]])
    options = np.array([[value if kind >= 0 else NOT_OPEN for value, kind, _ in menu]])
    weights = np.array([[weight for *_, weight in menu]])
    together = values_by_kind(options, kind_of, weights, 3)
    alone = [weighted_log_mean_exp(np.where(kind_of == kind, options, NOT_OPEN), weights)[0] for kind in range(3)]
    assert together[0] == pytest.approx(alone)


def test_the_choice_of_many_is_the_choice_of_each_worked_out_alone() -> None:
    """An independent oracle: person by person, option by option, with plain numbers."""
    n, length, nest, rng = 400, 5, 0.6, np.random.default_rng(4)
    kind_of = rng.integers(-1, 3, (n, length))
    options = np.where(kind_of < 0, NOT_OPEN, rng.normal(0.0, 1.5, (n, length)))
    weights = rng.uniform(0.5, 4.0, (n, length))
    whether, which_kind, which_option = rng.uniform(size=(3, n))
    choice = decide(
        options,
        kind_of,
        weights,
        3,
        nest,
        whether=whether,
        which_kind=lambda who: which_kind[who],
        which_option=lambda who: which_option[who],
    )
    for one in range(n):
        value = {}
        for kind in set(kind_of[one].tolist()) - {-1}:
            mine = [slot for slot in range(length) if kind_of[one, slot] == kind]
            total = math.fsum(weights[one, slot] for slot in mine)
            value[kind] = math.log(
                math.fsum(weights[one, slot] * math.exp(options[one, slot]) for slot in mine) / total
            )
        odds = math.fsum(math.exp(each / nest) for each in value.values()) ** nest
        assert choice.acts[one] == (whether[one] < odds / (1 + odds))
        if not choice.acts[one]:
            assert choice.kind[one] == choice.option[one] == -1
            continue
        kind = _first_passed({kind: math.exp(value[kind]) for kind in sorted(value)}, which_kind[one])
        assert choice.kind[one] == kind
        inside = {s: weights[one, s] * math.exp(options[one, s]) for s in range(length) if kind_of[one, s] == kind}
        assert choice.option[one] == _first_passed(inside, which_option[one])


def _first_passed(raw: dict[int, float], luck: float) -> int:
    """The option at which the running share passes `luck`."""
    reached = 0.0
    for option, size in raw.items():
        reached += size / math.fsum(raw.values())
        if luck <= reached:
            return option
    return option


def test_nobody_needs_luck_where_there_is_nothing_to_choose() -> None:
    asked: list[int] = []

    def luck(who: np.ndarray) -> np.ndarray:
        asked.extend(who.tolist())
        return np.full(len(who), 0.5)

    options = np.array([[5.0, NOT_OPEN], [5.0, 5.0], [NOT_OPEN, -90.0]])
    choice = decide(
        options,
        np.zeros((3, 2), int),
        np.ones((3, 2)),
        1,
        0.5,
        whether=np.full(3, 0.5),
        which_kind=luck,
        which_option=luck,
    )
    assert choice.acts.tolist() == [True, True, False]
    assert choice.option.tolist() == [0, 0, -1]
    assert asked == [1]
