"""Stories of projects: they begin with the need or whoever starts them, end as the stage says, and add up."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import commsim
from commsim.community.procedures import Stage
from commsim.community.story import CAME, StoryKey
from commsim.record.stories import ProjectStory, RunStories, stories_of_run

ENDS = {
    Stage.PROPOSED: set(),
    Stage.REJECTED: {StoryKey.REFUSE, StoryKey.TURN_AWAY, StoryKey.SKIP},
    Stage.RUNNING: {StoryKey.START},
    Stage.COMPLETED: {StoryKey.COMPLETE},
    Stage.FAILED: {StoryKey.FORBID, StoryKey.FALL_SHORT, StoryKey.MISUSE, StoryKey.RECLAIM},
}
"""By stage what may have led to it."""
MOVES = set().union(*ENDS.values())
RULES = ("match.linear", "match.linear:counts=cash+hours+goods", "seed.refund_bonus", "pb.greedy_votes")
CENT = 0.006
"""Numbers of a story are rounded to a hundredth."""


@cache
def played(rule: str, seed: int) -> Any:
    return commsim.simulate("tutorial", rule, seed=seed).record


@cache
def stories(rule: str, seed: int) -> RunStories:
    return stories_of_run(played(rule, seed))


def each(rule: str, seed: int) -> list[ProjectStory]:
    found = list(stories(rule, seed).stories)
    assert found, "a rule that takes proposals has projects"
    return found


runs = pytest.mark.parametrize("rule", RULES)


@runs
def test_every_project_that_is_no_service_has_a_story_and_no_service_has_one(rule: str) -> None:
    projects = played(rule, 1).projects
    assert set(projects.project[projects.kind != ""]) == {story.id for story in each(rule, 1)}


def check_ends(story: ProjectStory, months: int) -> None:
    """It begins with complaints or an initiator, its months ascend within the run, and it ends as its stage says."""
    keys = [line.key for line in story.lines]
    assert keys[0] in (StoryKey.COMPLAINTS, StoryKey.INITIATOR) and StoryKey.INITIATOR in keys
    when = [line.month for line in story.lines]
    assert when == sorted(when) and when[0] == story.columns["proposed"] and when[-1] < months
    moves = [key for key in keys if key in MOVES]
    assert set(moves[-1:]) <= ENDS[story.stage] and bool(moves) == (story.stage is not Stage.PROPOSED)
    if story.stage in (Stage.COMPLETED, Stage.FAILED):
        assert moves[0] is StoryKey.START and StoryKey.SCORE in keys


def check_sums(story: ProjectStory) -> None:
    """What the lines say adds up to what the project's columns say."""
    totals, lines = story.totals, len(story.lines)
    slack = CENT * lines
    assert totals[StoryKey.HOURS] == pytest.approx(story.hours, abs=slack)
    assert totals[StoryKey.HOURS_PROMISED] == pytest.approx(float(story.columns["pledged_hours"]), abs=slack)
    assert totals[StoryKey.VOTES] == story.columns["votes"]
    for column, keys in {
        "pledged_fen": (StoryKey.GIFTS_PLEDGED,),
        "paid_fen": (StoryKey.PAID,),
        "award_fen": (StoryKey.AWARDED,),
        "partner_fen": (StoryKey.PARTNER_GIFT,),
        "goods_fen": (StoryKey.GOODS_PLEDGED,),
        "refunded_fen": (StoryKey.REFUNDED, StoryKey.GIFTS_RETURNED),
        "returned_fen": (StoryKey.RETURNED, StoryKey.GIFTS_RETURNED, StoryKey.PARTNERS_RETURNED),
    }.items():
        assert sum(totals[key] for key in keys) == pytest.approx(story.yuan(column), abs=slack), column
    kept = totals[StoryKey.GIFTS] - totals[StoryKey.GIFTS_RETURNED]
    assert kept == pytest.approx(story.yuan("gifts_fen"), abs=slack)


def check_people(story: ProjectStory) -> None:
    """Everybody who gave joined once, through one channel; new faces are among them."""
    workers, donors = int(story.columns["workers"]), story.totals[StoryKey.DONORS]
    assert max(workers, donors) <= story.people <= workers + donors
    assert story.people == sum(story.came(channel) for channel in CAME)
    assert 0 <= story.new_faces <= story.people
    assert (story.hours > 0) == (workers > 0)


CHECKS: tuple[Callable[[ProjectStory], None], ...] = (check_sums, check_people)


@runs
def test_stories_begin_ascend_end_and_add_up(rule: str) -> None:
    for story in each(rule, 1):
        check_ends(story, played(rule, 1).months)
        for check in CHECKS:
            check(story)


@settings(max_examples=3)
@given(st.sampled_from(RULES), st.integers(2, 30))
def test_stories_do_so_whatever_the_luck(rule: str, seed: int) -> None:
    for story in each(rule, seed):
        check_ends(story, played(rule, seed).months)
        for check in CHECKS:
            check(story)


@runs
def test_the_rules_reason_stands_in_the_story_in_both_languages(rule: str) -> None:
    awarded = [line for story in each(rule, 1) for line in story.lines if line.key is StoryKey.AWARDED]
    assert awarded
    for line in awarded:
        assert line.said is not None and line.said.to("en") and line.said.to("zh") != line.said.to("en")


def test_newest_projects_come_first() -> None:
    proposed = [int(story.columns["proposed"]) for story in each("match.linear", 1)]
    assert proposed == sorted(proposed, reverse=True)


def test_people_who_gave_were_asked_or_came_by_themselves() -> None:
    """Whoever came through somebody was counted among those that somebody had asked, or goes along with one who was."""
    from commsim.behaviour.acts import Channel

    for story in each("match.linear", 1):
        if story.came(Channel.PROJECT):
            assert story.asked(Channel.PROJECT), story.id
