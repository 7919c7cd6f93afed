"""No step of the month is an empty shell: without it, the named indicator moves."""

import re
from collections.abc import Sequence

import numpy as np
import pytest

from commsim.processes import MONTH, Process
from commsim.processes.analysis import Analysis
from commsim.processes.appraisal import Appraisal
from commsim.processes.calendar import Calendar
from commsim.processes.contribution import Contribution
from commsim.processes.deliberation import Deliberation
from commsim.processes.delivery import Delivery
from commsim.processes.mobilisation import Mobilisation
from commsim.processes.organisations import Organisations
from commsim.processes.recording import Recording
from commsim.processes.rounds import Rounds
from commsim.processes.settlement import Settlement
from commsim.processes.visibility import Visibility
from tests.processes.runs import run

FULL = run("pb.greedy_votes").monthly

MOVES = {
    Calendar: "public_fen",
    Analysis: "asked",
    Deliberation: "proposals",
    Rounds: "acts_vote",
    Mobilisation: "asked",
    Contribution: "active_12m",
    Settlement: "awarded",
    Delivery: "completed",
    Visibility: "trust_fund",
    Appraisal: "trust_fund",
    Organisations: "groups_alive",
}
"""Which indicator shows that a step does something, in a run with ballots (the rule moves all of them)."""


def without(process: type[Process]) -> dict[str, np.ndarray]:
    return run("pb.greedy_votes", processes=[one for one in MONTH if one is not process]).monthly


@pytest.mark.parametrize("process", MOVES, ids=lambda one: one.name)
def test_without_a_step_its_indicator_moves(process: type[Process]) -> None:
    indicator = MOVES[process]
    assert FULL[indicator].sum() > 0
    assert not np.array_equal(without(process)[indicator], FULL[indicator])


NOTHING_LEFT = {
    Calendar: ("public_fen",),
    Deliberation: ("proposals", "issues_raised"),
    Rounds: ("acts_vote", "acts_money", "awarded"),
    Mobilisation: ("asked", "acts_time"),
    Contribution: ("active_12m", "volunteer_minutes"),
    Settlement: ("awarded", "gifts_fen", "public_fen"),
    Delivery: ("completed", "public_fen"),
    Organisations: ("groups_alive",),
}


@pytest.mark.parametrize("process", NOTHING_LEFT, ids=lambda one: one.name)
def test_what_only_one_step_does_is_gone_without_it(process: type[Process]) -> None:
    left = without(process)
    for indicator in NOTHING_LEFT[process]:
        got = left[indicator].sum()
        if indicator == "active_12m" or indicator == "volunteer_minutes":
            # residents who write bids act in deliberation; all other acts are contributions
            assert got < FULL[indicator].sum() / 10, indicator
        else:
            assert got == 0, indicator


def known_needs(processes: Sequence[type[Process]]) -> tuple[float, float]:
    """Mean error of what staff hold residents' needs to be, and mean fit of what is written."""
    model = run("pb.greedy_votes", processes=processes, overrides=["initiators=quota"])
    needs = model.residents.seen_by("reader").needs
    errors = [
        np.abs(committee.estimated_needs - needs[committee.first : committee.last].mean(axis=0))
        for committee in model.community.places.committees
    ]
    fits = [project.fit for project in model.projects.projects if not project.is_service]
    return float(np.mean(errors)), float(np.mean(fits))


def test_without_a_survey_staff_know_needs_less_well() -> None:
    error, fit = known_needs(MONTH)
    blind_error, blind_fit = known_needs([process for process in MONTH if process is not Analysis])
    assert blind_error > 1.5 * error and blind_fit < fit


def test_without_appraisal_nobody_learns_anything() -> None:
    left = without(Appraisal)
    for indicator in ("trust_fund", "trust_committee", "efficacy", "satisfaction", "sense_of_gain"):
        assert np.ptp(left[indicator], axis=0).max() == 0, indicator
        assert np.ptp(FULL[indicator], axis=0).max() > 0, indicator


def test_without_recording_there_is_no_record() -> None:
    assert without(Recording) == {}


def test_the_month_runs_in_the_plans_order() -> None:
    names = [process.name for process in MONTH]
    order = "calendar analysis deliberation rounds mobilisation contribution settlement delivery visibility appraisal"
    assert names == [*order.split(), "organisations", "recording"]


@pytest.mark.parametrize("process", MONTH, ids=lambda one: one.name)
def test_each_step_says_what_it_reads_and_writes_and_where_it_comes_from(process: type[Process]) -> None:
    import importlib

    text = importlib.import_module(process.__module__).__doc__ or ""
    assert "Reads" in text and ("Writes" in text or "changes nothing" in text)
    assert "P-" in text
    assert process.plan and all(re.fullmatch(r"P-\d\d", clause) for clause in process.plan)
    assert process.writes and process.reads and process.source
