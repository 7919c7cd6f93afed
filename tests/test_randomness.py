"""The same names give the same luck, whatever else is drawn, in whatever order and process."""

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.random import Philox
from scipy import stats

from commsim.randomness import Draws, pick

NAMES = st.tuples(st.text(max_size=12), st.integers(0, 600), st.one_of(st.integers(0, 99), st.text(max_size=9)))


@given(NAMES, st.integers(0, 200), st.integers(1, 50))
def test_a_slice_of_residents_draws_what_the_whole_district_draws(
    names: tuple[str, int, int | str], start: int, count: int
) -> None:
    decision, month, item = names
    draws = Draws(7, 3)
    whole = draws.uniforms(decision, start + count, month=month, item=item)
    part = draws.uniforms(decision, count, month=month, item=item, start=start)
    assert np.array_equal(whole[start:], part)


@given(st.lists(st.integers(0, 300), min_size=1, max_size=40))
def test_any_choice_of_residents_draws_its_own_words(residents: list[int]) -> None:
    draws = Draws(1)
    whole = draws.uniforms("asked", 301, month=5)
    assert np.array_equal(draws.uniforms_of("asked", np.array(residents), month=5), whole[residents])


@given(NAMES, NAMES)
def test_different_names_have_different_keys(
    one: tuple[str, int, int | str], other: tuple[str, int, int | str]
) -> None:
    draws = Draws(1)
    assert (draws.key(*one) == draws.key(*other)) == (one == other)


@given(st.integers(0, 10**6), st.integers(0, 600), st.sampled_from([np.int32, np.int64, np.uint64]))
def test_a_number_names_the_same_luck_whoever_made_it(item: int, month: int, made: type[np.integer]) -> None:
    draws = Draws(1)
    key = draws.key("asked", month, item)
    assert draws.key("asked", made(month), made(item)) == key  # type: ignore[arg-type]
    assert draws.key(np.str_("asked"), month, (made(item),)) == key  # type: ignore[arg-type]
    assert draws.key("asked", month, str(item)) != key


@pytest.mark.parametrize("name", [1.0, np.float64(2), True, None, b"a", ("a", ("b",))])
def test_a_name_that_is_neither_text_nor_whole_number_is_refused(name: object) -> None:
    with pytest.raises(TypeError, match="luck is named by"):
        Draws(1).key("asked", 0, name)  # type: ignore[arg-type]


def test_seed_and_replicate_change_every_draw() -> None:
    blocks = [Draws(seed, replicate).words("moves", 64) for seed in (1, 2) for replicate in (0, 1)]
    assert len({block.tobytes() for block in blocks}) == 4


def test_words_are_those_of_philox() -> None:
    draws = Draws(42, 1)
    oracle = Philox(key=draws.key("asked", 3, "x")).random_raw(11)
    assert np.array_equal(draws.words("asked", 6, month=3, item="x", start=5), oracle[5:])


def test_another_process_draws_the_same_bytes() -> None:
    code = (
        "from commsim.randomness import Draws\n"
        "print(Draws(5, 2).words('moves', 9, month=4, item=('a', 1)).tobytes().hex())"
    )
    other = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()
    assert other == Draws(5, 2).words("moves", 9, month=4, item=("a", 1)).tobytes().hex()


def test_uniforms_lie_strictly_inside_and_are_uniform() -> None:
    drawn = Draws(3).uniforms("any", 200_000)
    assert drawn.min() > 0 and drawn.max() < 1
    assert stats.kstest(drawn, "uniform").pvalue > 1e-3


def test_a_long_block_is_made_of_its_words_one_by_one() -> None:
    drawn, words = Draws(3).uniforms("any", 70_001, start=2), Draws(3).words("any", 70_003)[2:]
    assert np.array_equal(drawn, (words >> np.uint64(11)).astype(np.float64) * 2.0**-53 + 2.0**-54)


def test_normals_are_normal() -> None:
    assert stats.kstest(Draws(3).normals("any", 100_000), "norm").pvalue > 1e-3


def test_pick_follows_the_probabilities() -> None:
    probabilities = np.tile([0.2, 0.0, 0.8], (50_000, 1))
    chosen = pick(probabilities, Draws(9).uniforms("pick", 50_000))
    assert np.bincount(chosen, minlength=3) / 50_000 == pytest.approx([0.2, 0.0, 0.8], abs=0.01)


@given(st.lists(st.lists(st.floats(0.0, 1.0), min_size=3, max_size=3), min_size=1, max_size=9), st.data())
def test_pick_takes_the_first_option_that_the_uniform_does_not_pass(
    table: list[list[float]], data: st.DataObject
) -> None:
    luck = data.draw(st.lists(st.floats(0.0, 1.0), min_size=len(table), max_size=len(table)))
    expected = [int(u > row[0]) + int(u > row[0] + row[1]) for row, u in zip(table, luck, strict=True)]
    assert pick(np.array(table), np.array(luck)).tolist() == expected
