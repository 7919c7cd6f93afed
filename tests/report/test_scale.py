"""Axes cover what is drawn and can be read."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commsim.report.scale import axis_for, calendar_ticks, level_axis, plain, tick_label

NUMBERS = st.floats(-1e12, 1e12, allow_nan=False).map(lambda value: 0.0 if abs(value) < 1e-9 else value)


@given(st.lists(NUMBERS, max_size=20), st.booleans(), st.integers(2, 8))
def test_ticks_cover_the_data_and_ascend(values: list[float], zero: bool, intervals: int) -> None:
    axis = axis_for(values, intervals=intervals, zero=zero)
    slack = 1e-9 * max((abs(value) for value in values), default=0.0)
    assert all(axis.low - slack <= value <= axis.high + slack for value in values)
    assert all(one < other for one, other in zip(axis.ticks, axis.ticks[1:], strict=False))
    assert 2 <= len(axis.ticks) <= 2 * intervals + 3
    assert not zero or axis.low <= 0 <= axis.high


@given(st.lists(st.floats(-1e6, 1e6, allow_nan=False).filter(lambda v: abs(v) > 1e-3), min_size=2, max_size=9))
def test_steps_are_one_two_or_five_times_a_power_of_ten(values: list[float]) -> None:
    axis = axis_for(values)
    step = axis.ticks[1] - axis.ticks[0]
    digit = step / 10 ** math.floor(math.log10(step) + 1e-6)
    assert min(abs(digit - wanted) for wanted in (1, 2, 5)) < 1e-3


def test_values_that_cannot_be_drawn_do_not_move_the_axis() -> None:
    assert axis_for([1.0, 2.0, math.nan, math.inf, None]) == axis_for([1.0, 2.0])


def test_levels_start_at_zero_only_where_zero_is_near() -> None:
    assert level_axis([1.0, 10.0]).low == 0
    assert level_axis([90.0, 100.0]).low > 0


@given(st.lists(NUMBERS, min_size=1, max_size=9))
def test_labels_of_an_axis_differ_from_each_other_in_both_languages(values: list[float]) -> None:
    axis = axis_for(values)
    if axis.high - axis.low > 1e-6 * max(abs(axis.low), abs(axis.high)):
        for language in ("en", "zh"):
            words = [label if isinstance(label, str) else label.to(language) for label in axis.labels()]
            if axis.high - axis.low > max(abs(axis.low), abs(axis.high)) / 10:
                assert len(set(words)) == len(words), words


def test_one_axis_counts_in_one_unit() -> None:
    labels = axis_for([0.0, 12_000.0]).labels()
    assert [label if isinstance(label, str) else label.to("en") for label in labels] == ["0", "5k", "10k", "15k"]
    assert [label if isinstance(label, str) else label.to("zh") for label in labels] == ["0", "0.5万", "1万", "1.5万"]


@pytest.mark.parametrize(
    ("value", "decimals", "words"), [(0.0, 0, "0"), (-0.001, 1, "0.0"), (-12.5, 1, "−12.5"), (1e6, 0, "1,000,000")]
)
def test_numbers_are_written_plainly(value: float, decimals: int, words: str) -> None:
    assert plain(value, decimals) == words


def test_small_numbers_are_never_abbreviated() -> None:
    assert tick_label(999.0, 0, 9_999.0) == "999"


def test_long_runs_are_marked_by_year_and_short_ones_by_quarter() -> None:
    long = [f"{2015 + month // 12}-{month % 12 + 1:02d}" for month in range(48)]
    assert calendar_ticks(long) == [(0, "2015"), (12, "2016"), (24, "2017"), (36, "2018")]
    assert calendar_ticks(long[2:10]) == [(1, "2015-04"), (4, "2015-07"), (7, "2015-10")]
    assert calendar_ticks(["2015-02"]) == [(0, "2015-02")]
