"""Claims about the runs of the path's facts: what an experiment at the door changes, and what a watch sees."""

from __future__ import annotations

import gc
import weakref

import numpy as np
import pytest

from commsim.behaviour.acts import Act, Channel
from commsim.validation.path_doors import ASK_MONTH, drawn_by_lot, partners_of
from commsim.validation.path_doors_counted import doors
from commsim.validation.path_runs import CALL, DOORS, Runs, Stage
from commsim.validation.path_watch import watched

UNASKED, DOOR, NOTICE = "unasked", "door", "notice"


@pytest.fixture(scope="module")
def stage() -> Stage:
    return Stage(DOORS, 3)


@pytest.fixture(scope="module")
def runs(stage: Stage) -> Runs:
    return stage.play(DOORS.arms, {})


def test_who_is_visited_is_drawn_by_lot_at_most_one_adult_of_a_household(stage: Stage) -> None:
    drawn = drawn_by_lot(stage.world, stage.draws)
    household, age = stage.world.columns["household"], stage.world.columns["age"]
    assert len(np.unique(household[drawn])) == len(drawn) > 1000
    assert (age[drawn] >= 18).all()
    assert np.array_equal(drawn, drawn_by_lot(stage.world, stage.draws))


def test_a_partner_is_the_one_other_adult_of_a_household_of_two(stage: Stage) -> None:
    drawn = drawn_by_lot(stage.world, stage.draws)
    partners = partners_of(stage.world, drawn)
    household, age = stage.world.columns["household"], stage.world.columns["age"]
    two = partners >= 0
    assert two.any() and not two.all()
    assert (household[partners[two]] == household[drawn[two]]).all()
    assert (partners[two] != drawn[two]).all() and (age[partners[two]] >= 18).all()


def test_before_the_visits_the_arms_are_the_same_run(runs: Runs) -> None:
    for month in range(ASK_MONTH):
        for kind in (Act.VOTE, Act.TIME):
            first, *others = (runs[arm].watch.actors[kind, month] for arm in DOORS.arms)
            assert all(np.array_equal(first, other) for other in others)


def test_nobody_asks_those_drawn_in_the_arm_without_an_ask_and_everybody_is_asked_in_the_others(
    stage: Stage, runs: Runs
) -> None:
    drawn = drawn_by_lot(stage.world, stage.draws)
    unasked = runs[UNASKED].watch.actors
    household, adult = stage.world.columns["household"], stage.world.columns["age"] >= 18
    alone = drawn[np.bincount(household[adult])[household[drawn]] == 1]  # nobody at home could take them along
    assert alone.size and not np.isin(unasked[Act.TIME, ASK_MONTH], alone).any()
    asked = {arm: runs[arm].model.monthly for arm in (DOOR, NOTICE)}
    assert asked[DOOR][f"asked_{Channel.STAFF.name.lower()}"][ASK_MONTH].sum() >= len(drawn)
    assert asked[NOTICE][f"asked_{Channel.MEDIA.name.lower()}"][ASK_MONTH].sum() >= len(drawn)


def test_what_is_counted_at_the_door_is_the_difference_from_those_whom_nobody_asked(runs: Runs, stage: Stage) -> None:
    drawn = drawn_by_lot(stage.world, stage.draws)
    voted = {arm: int(np.isin(drawn, runs[arm].watch.actors[Act.VOTE, ASK_MONTH]).sum()) for arm in runs}
    counted = doors(runs)
    assert counted["door_vote_0_all"] == voted[DOOR] - voted[UNASKED] > 0
    assert counted["notice_vote_0_all"] == voted[NOTICE] - voted[UNASKED]


def test_an_arm_keeps_its_own_parameters_and_takes_all_others_from_the_draw() -> None:
    call = Stage(CALL, 1).play(("call",), {"mobilisation.call": 2.0, "visibility.contact": 1.7})["call"].model
    assert call.scenario.parameters["mobilisation.call"] == 1.0
    assert call.scenario.parameters["visibility.contact"] == 1.7


def test_a_run_that_nobody_holds_any_more_is_let_go_of() -> None:
    run = Stage(CALL, 1).play(("none",), {})["none"]
    model = weakref.ref(run.model)
    del run
    gc.collect()
    assert model() is None


def test_a_watch_changes_nothing() -> None:
    plain, seen = (Stage(CALL, 2).play(("none",), {})["none"].model for _time in range(2))
    again = watched(seen, 0)  # a run that is over can be looked at once more
    assert again.months == CALL.months
    assert all(np.array_equal(plain.monthly[name], seen.monthly[name]) for name in plain.monthly)


def test_who_started_something_was_seen_before_the_year_s_proposals_were_written(runs: Runs) -> None:
    del runs
    from commsim.validation.path_runs import YEARS

    run = Stage(YEARS, 1).play(("fund",), {})["fund"]
    starters = run.watch.starters
    own = [project for project in run.projects if project.writer_resident >= 0]
    assert len(starters) == len(own) > 0
    assert any(starter.active for starter in starters)
    lives = run.watch.groups(run.model)
    assert all(life.ended is None or life.ended >= life.founded for life in lives)
    assert sum(life.ended is None for life in lives) == run.model.monthly["groups_alive"][-1].sum()
