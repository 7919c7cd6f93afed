"""Whom a rule draws in, whom it displaces, who stays and who gains: held against plain Python sets of people."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from commsim.errors import InvalidInput
from commsim.record import RunResult, standard_indicators
from commsim.record.drawn_in import displaced, drawn_in, net_drawn_in, retention_parts
from commsim.record.people_record import KINDS, PeopleRecord
from commsim.study.comparison import Comparison, compare
from tests.record.test_indicators import run_of
from tests.study.fake import CATALOGUE, ENGINE, FakeScenario

PEOPLE = 21
Sets = list[set[int]]


def with_people(run: RunResult, windows: Sets, months: tuple[int, ...] | None = None) -> RunResult:
    """The run, in which those of `windows` gave or started something, year by year."""
    masks = [np.isin(np.arange(PEOPLE), list(window)) for window in windows]
    last = tuple(12 * (place + 1) - 1 for place in range(len(windows))) if months is None else months
    bits = np.stack([np.packbits(mask) for mask in masks])
    adults = np.packbits(np.ones(PEOPLE, dtype=bool))
    gave = np.zeros_like(run.columns["gave_12m"])
    gave[-1, 0] = len(windows[-1])
    people = PeopleRecord(PEOPLE, last, bits, bits, adults)
    return replace(run, people=people, columns={**run.columns, "gave_12m": gave})


RULE, NONE = run_of("fake.much"), run_of("fake.nothing")
windows = st.lists(st.sets(st.integers(0, PEOPLE - 1)), min_size=2, max_size=2)


@given(windows, windows)
def test_drawn_in_and_displaced_are_set_differences_and_net_is_their_difference(ours: Sets, theirs: Sets) -> None:
    run, base = with_people(RULE, ours), with_people(NONE, theirs)
    assert drawn_in(run, base) == len(ours[-1] - theirs[-1])
    assert displaced(run, base) == len(theirs[-1] - ours[-1])
    assert net_drawn_in(run, base) == len(ours[-1] - theirs[-1]) - len(theirs[-1] - ours[-1])


@given(windows, windows)
def test_exchanging_the_runs_exchanges_drawn_in_and_displaced(ours: Sets, theirs: Sets) -> None:
    run, base = with_people(RULE, ours), with_people(NONE, theirs)
    assert drawn_in(run, base) == displaced(base, run)
    assert net_drawn_in(run, base) == -net_drawn_in(base, run)
    assert drawn_in(run, run) == displaced(run, run) == net_drawn_in(run, run) == 0


@given(windows, windows)
def test_who_stays_is_counted_among_those_drawn_in_a_year_before_less_the_same_people_in_the_paired_run(
    ours: Sets, theirs: Sets
) -> None:
    run, base = with_people(RULE, ours), with_people(NONE, theirs)
    new = ours[0] - theirs[0]
    assert retention_parts(run, base) == (len(new & ours[1]) - len(new & theirs[1]), len(new))


@pytest.mark.parametrize("months", [(23,), (3, 15)])
def test_without_two_whole_years_nobody_is_seen_to_stay(months: tuple[int, ...]) -> None:
    ours: Sets = [{1, 2}, {1}][: len(months)]
    run, base = with_people(RULE, ours, months), with_people(NONE, [set(), set()][: len(months)], months)
    assert retention_parts(run, base) == (0.0, 0.0)
    assert "two whole years" in standard_indicators()["retention_12m"].undefined.to("en")


def test_records_that_kept_no_residents_still_know_net_drawn_in() -> None:
    run, base = replace(RULE, people=None), NONE
    assert drawn_in(run, base) is None and displaced(run, base) is None and retention_parts(run, base) == (0.0, 0.0)
    assert net_drawn_in(run, base) == RULE.at_end("gave_12m") - NONE.at_end("gave_12m")


def compared(months: int = 30, replicates: int = 3) -> Comparison:
    return compare(
        FakeScenario(months=months),  # type: ignore[arg-type]
        ["fake.little", "fake.much"],
        replicates,
        baseline="fake.nothing",
        workers=1,
        catalogue=CATALOGUE,  # type: ignore[arg-type]
        engine=ENGINE,
    )


def people_of(run: RunResult, window: int = -1) -> set[int]:
    assert run.people is not None
    return {int(person) for person in np.flatnonzero(run.people.gave_in(window))}


def test_the_tables_say_what_sets_of_people_say() -> None:
    comparison = compared()
    table = comparison.table().set_index(["rule", "indicator"])["difference"]
    for rule in ("fake.little", "fake.much"):
        both = [(people_of(run), people_of(base)) for run, base in comparison.pairs(rule)]
        assert table[rule, "drawn_in"] == pytest.approx(np.mean([len(ours - theirs) for ours, theirs in both]))
        assert table[rule, "displaced"] == pytest.approx(np.mean([len(theirs - ours) for ours, theirs in both]))
        assert table[rule, "displaced"] > 0
        net = table[rule, "drawn_in"] - table[rule, "displaced"]
        assert table[rule, "net_drawn_in"] == pytest.approx(net)
        adults = comparison.runs(rule)[0].at_end("adults")
        assert table[rule, "giving_or_starting_share"] == pytest.approx(net / adults)


def test_of_the_baseline_itself_nobody_is_drawn_in() -> None:
    rows = compared().differences()
    for name in ("drawn_in", "displaced", "net_drawn_in"):
        assert (rows.loc[rows["indicator"] == name, "baseline_value"] == 0).all()


@pytest.mark.parametrize("by", list(KINDS))
def test_who_gains_counts_each_group_and_adds_up_to_net_drawn_in(by: str) -> None:
    comparison = compared()
    found = comparison.who_gains(by)
    assert list(found["group"].unique()) == list(KINDS[by])
    net = comparison.table().query("indicator == 'net_drawn_in'").set_index("rule")["difference"]
    for rule, of_rule in found.groupby("rule"):
        assert of_rule["net_drawn_in"].sum() == pytest.approx(net[rule])
        assert of_rule["adults"].sum() == comparison.runs("fake.much")[0].at_end("adults")
    row = found.query("rule == 'fake.much'").iloc[0]
    assert row["net_drawn_in"] == pytest.approx(np.mean(one_group(comparison, by, 0)))
    assert row["points"] == pytest.approx(100 * row["net_drawn_in"] / row["adults"]) and row["n"] == 3


def one_group(comparison: Comparison, by: str, code: int) -> list[int]:
    """Net drawn in of a group by replicate, counted person by person."""
    nets = []
    for run, base in comparison.pairs("fake.much"):
        assert base.people is not None
        group = {int(person) for person in np.flatnonzero(base.people.kinds[by] == code)}
        adults = {int(person) for person in np.flatnonzero(base.people.is_adult)}
        nets.append(len(people_of(run) & group & adults) - len(people_of(base) & group & adults))
    return nets


def test_what_residents_are_is_kept_once_in_the_arm_that_others_are_compared_with() -> None:
    comparison = compared()
    kept: dict[str, Any] = {run.rule: run.people and set(run.people.kinds) for run in comparison.results}
    assert kept == {"fake.nothing": set(KINDS), "fake.little": set(), "fake.much": set()}


def test_an_unknown_dimension_names_those_that_there_are() -> None:
    with pytest.raises(InvalidInput, match="committee_size.*'heigth' came"):
        compared(replicates=1).who_gains("heigth")
