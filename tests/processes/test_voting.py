"""Ballots of small known cases."""

from types import SimpleNamespace

import numpy as np
import pytest

from commsim.contracts import Ballot, RoundView, Terms
from commsim.plugins.budgeting.greedy_votes import GreedyVotes
from commsim.processes.voting import _ballots, _spread, _vouchers
from tests.processes.runs import run

VALUE = np.array([[0.9, 0.3, 0.6], [0.0, 0.0, 0.0]])


def marks(ballot: Ballot, budget: int = 10) -> list[list[int]]:
    given = SimpleNamespace(parameters={"ballot.least_value": 0.25, "ballot.points": 10})
    community = SimpleNamespace(given=given)
    asks = [SimpleNamespace(ask_fen=one) for one in (6, 3, 5)]
    return _ballots(community, SimpleNamespace(projects=asks, budget_fen=budget), VALUE, ballot).tolist()  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("approval", [[1, 0, 1], [1, 0, 0]]),
        ("ranking", [[2, 0, 1], [2, 0, 0]]),
        ("cumulative", [[6, 0, 4], [10, 0, 0]]),
        ("knapsack", [[1, 0, 0], [1, 0, 0]]),
    ],
)
def test_each_kind_of_ballot_says_what_means_most(kind: str, expected: list[list[int]]) -> None:
    assert marks(Ballot(kind=kind, most=2)) == expected


@pytest.mark.parametrize(
    ("kind", "expected"),
    [("approval", [[1, 1, 1], [0, 0, 0]]), ("ranking", [[3, 1, 2], [0, 0, 0]]), ("knapsack", [[0, 0, 0], [0, 0, 0]])],
)
def test_a_ballot_with_fewer_marks_than_it_asks_for_is_not_cast(kind: str, expected: list[list[int]]) -> None:
    assert marks(Ballot(kind=kind, most=3, least=2)) == expected


def test_no_ballot_asks_for_more_marks_than_there_are_proposals() -> None:
    assert marks(Ballot(most=9, least=9)) == [[1, 1, 1], [0, 0, 0]]
    assert marks(Ballot("knapsack", least=9), budget=99)[0] == [1, 1, 1]


def test_points_of_a_cumulative_ballot_are_all_given() -> None:
    assert _spread(np.array([[1.0, 1.0, 1.0], [0.0, 0.0, 0.0]]), 10).sum(axis=1).tolist() == [10, 10]


def test_a_voucher_goes_to_what_means_most() -> None:
    assert _vouchers(VALUE, 500).tolist() == [[500, 0, 0], [500, 0, 0]]


@pytest.mark.parametrize("seed", [1, 3])
def test_a_round_in_which_no_ballot_has_marks_enough_settles_without_votes(seed: int) -> None:
    class Strict(GreedyVotes):
        def open_round(self, view: RoundView) -> Terms:
            return Terms(ballot=Ballot("approval", most=3, least=3))

    model = run(Strict(), seed=seed, overrides=["months=12"])
    assert any(one.settled >= 0 for one in model.projects.projects)
