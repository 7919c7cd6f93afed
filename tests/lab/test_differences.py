"""Differences between arms: paired by replicate, with the interval of the paired t-test."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from commsim.errors import InvalidInput
from commsim.lab import Appeal, Experiment, Population
from commsim.lab.differences import differences

ARMS = {"control": Appeal(base_rate=0.1), "match": Appeal(base_rate=0.1, match_rate=1), "same": Appeal(base_rate=0.1)}
PEOPLE = Population.sample(3_000, seed=2)


def test_a_difference_and_its_interval_are_those_of_the_paired_t_test() -> None:
    experiment = Experiment(ARMS)
    summary = experiment.summary(PEOPLE, 8, 1)
    found = experiment.differences(PEOPLE, 8, 1).set_index(["arm", "measure"])
    wide = summary.pivot(index="replicate", columns="arm", values="acted")
    gained = wide["match"] - wide["control"]
    low, high = stats.t.interval(0.95, 7, loc=gained.mean(), scale=stats.sem(gained))
    row = found.loc[("match", "acted")]
    assert (row.difference, row.low, row.high) == pytest.approx((gained.mean(), low, high))
    assert row.ratio == pytest.approx(wide["match"].mean() / wide["control"].mean())


def test_the_same_arm_twice_differs_by_nothing() -> None:
    found = Experiment(ARMS).differences(PEOPLE, 3, 1)
    assert (found[found["arm"] == "same"]["difference"] == 0.0).all()


def test_one_replicate_has_a_difference_without_an_interval() -> None:
    found = Experiment(ARMS).differences(PEOPLE, 1, 1, baseline="match")
    assert set(found["arm"]) == {"control", "same"} and found["low"].isna().all()


def test_an_unknown_baseline_is_refused_by_name() -> None:
    with pytest.raises(InvalidInput, match="did you mean 'match'|match"):
        Experiment(ARMS).differences(PEOPLE, 2, 1, baseline="mach")


def test_a_baseline_of_nothing_has_no_ratio() -> None:
    rows = [
        {"arm": arm, "replicate": k, "round": 0, "acted": arm * 0.5, "amount": 0.0} for arm in (0, 1) for k in (0, 1)
    ]
    found = differences(pd.DataFrame(rows), 0)  # type: ignore[arg-type]
    assert np.isnan(found["ratio"]).all() and found["difference"].tolist() == [0.5, 0.0]


def test_one_arm_alone_is_refused_before_it_is_played() -> None:
    with pytest.raises(InvalidInput, match="second arm"):
        Experiment({"only": Appeal()}).differences(Population.sample(100, seed=1), 2)
