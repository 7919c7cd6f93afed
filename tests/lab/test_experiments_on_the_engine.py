"""Experiments run on the one engine: the same rows for any number of workers, progress by arm, stopped when asked."""

from __future__ import annotations

import threading

import pandas
import pytest

from commsim.errors import Cancelled, InvalidInput
from commsim.lab import Appeal, Experiment, Population

PEOPLE = Population.sample(300, seed=4)
EXPERIMENT = Experiment({"control": Appeal(base_rate=0.1), "match": Appeal(base_rate=0.1, match_rate=1.0)})


def test_an_experiment_gives_the_same_rows_in_this_process_and_in_two() -> None:
    told: list[tuple[int, int]] = []
    here = EXPERIMENT.run(PEOPLE, 3, 2, progress=lambda done, total: told.append((done, total)))
    pooled = EXPERIMENT.run(PEOPLE, 3, 2, workers=2)
    pandas.testing.assert_frame_equal(here, pooled, check_exact=True)
    assert told == [(done, 6) for done in range(7)]


def test_an_experiment_that_is_stopped_keeps_nothing() -> None:
    cancel = threading.Event()
    cancel.set()
    with pytest.raises(Cancelled):
        EXPERIMENT.summary(PEOPLE, 3, 2, cancel=cancel)


def test_workers_are_a_whole_number_of_at_least_one() -> None:
    with pytest.raises(InvalidInput, match="Experiment: workers must be a whole number of at least 1; 0 came"):
        EXPERIMENT.run(PEOPLE, 3, 2, workers=0)
