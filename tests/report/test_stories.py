"""A project's story in words: every key has a sentence, in both languages, in the right number; sums and remarks."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

import commsim
from commsim.behaviour.acts import Channel
from commsim.community.projects import Initiator
from commsim.community.story import StoryKey
from commsim.i18n import Bilingual
from commsim.record.stories import ProjectStory, RunStories, StoryLine
from commsim.report.stories import ASSUMPTIONS, told
from commsim.report.story_sentences import SENTENCES, MonthOfStory, sentences
from commsim.report.story_words import ASKERS, INITIATORS, hours_words, initiator_of
from commsim.scenario import load_registry

COLUMNS: dict[str, Any] = {
    "project": "fund-place-health-x-2017", "fund": "fund", "committee": "millrow", "period": 2017, "domain": "health",
    "kind": "renewal", "initiator": "resident", "applicant": "resident-7", "stage": "completed", "proposed": 2,
    "started": 5, "hours_needed": 34.0, "people_needed": 3.0, "concerned": 40, "ask_fen": 400_000,
    "award_fen": 100_000, "paid_fen": 100_000, "gifts_fen": 50_000, "partner_fen": 0, "goods_fen": 20_000,
    "hours_given": 10.5, "workers": 2,
}  # fmt: skip


def a_story(*lines: tuple[int, str, float], **columns: Any) -> ProjectStory:
    return ProjectStory({**COLUMNS, **columns, "story": json.dumps(lines)})


def a_run(*stories: ProjectStory, overrides: tuple[str, ...] = ()) -> RunStories:
    scenario = commsim.load_scenario("tutorial", overrides)
    return RunStories(scenario, "match.linear", Bilingual(en="Match", zh="配套"), 1, 0, stories)


def said(key: StoryKey, number: float, language: Any = "en", reason: Bilingual | None = None) -> str:
    month = MonthOfStory(a_story(), a_run(), [StoryLine(3, key, number, reason)])
    (sentence,) = sentences(month)
    return sentence.to(language)


def test_every_key_belongs_to_one_sentence() -> None:
    keys = [key for of_one, _say in SENTENCES for key in of_one]
    assert sorted(keys, key=lambda key: key.value) == sorted(StoryKey, key=lambda key: key.value)


@pytest.mark.parametrize("key", StoryKey, ids=lambda key: key.value)
@pytest.mark.parametrize("number", [0.5, 1.0, 7.0])
def test_every_key_is_a_whole_sentence_in_both_languages(key: StoryKey, number: float) -> None:
    english, chinese = said(key, number), said(key, number, "zh")
    assert english.endswith(".") and english[0].isupper() or english[0].isdigit()
    assert chinese.endswith("。") and re.search(r"[\u4e00-\u9fff]", chinese)
    assert not re.search(r"[{}]", english + chinese)
    assert not re.search(r"[\u4e00-\u9fff][,.:;]|[,.:;][\u4e00-\u9fff]", chinese), chinese


def test_numbers_stand_with_the_right_form() -> None:
    assert said(StoryKey.VOTES, 1) == "1 resident marked it on the ballot."
    assert said(StoryKey.VOTES, 2) == "2 residents marked it on the ballot."
    assert said(StoryKey.COMPLAINTS, 0) == "No resident had raised the matter this year."
    assert said(StoryKey.GROUP, 1).endswith("of 1 member was born of it.")
    assert [hours_words(hours).to("en") for hours in (1.0, 2.0, 2.25)] == ["1 hour", "2 hours", "2.2 hours"]


def test_a_reason_is_repeated_in_the_readers_language() -> None:
    reason = Bilingual(en="too few hands", zh="人手不足")
    assert said(StoryKey.FALL_SHORT, 0, reason=reason) == "The project failed: too few hands."
    assert said(StoryKey.FALL_SHORT, 0, "zh", reason) == "项目未完成：人手不足。"
    assert "no reason was given" in said(StoryKey.REFUSE, 0)


def test_who_asked_is_told_in_one_sentence_most_first() -> None:
    lines = [StoryLine(3, StoryKey.ASKED_LEADER, 2.0), StoryLine(3, StoryKey.ASKED_PROJECT, 9.0)]
    (sentence,) = sentences(MonthOfStory(a_story(), a_run(), lines))
    assert sentence.to("en") == "Asked for it: 9 by initiators and project teams, 2 by building leaders."
    assert sentence.to("zh") == "为本项目动员居民：发起人和项目团队 9 人、楼组长 2 人。"


def test_every_channel_and_initiator_has_its_words_and_every_channel_its_parameter() -> None:
    assert set(ASKERS) == set(ASSUMPTIONS) == set(Channel) and set(INITIATORS) == set(Initiator)
    registry = load_registry()
    assert all(name in registry for name in ASSUMPTIONS.values())
    for initiator in Initiator:
        assert "x1" in initiator_of(a_story(initiator=initiator.value, applicant="x1")).to("zh")


def test_sums_say_what_went_along_with_each_yuan_and_through_whom() -> None:
    lines = [(5, "joined", 4.0), (5, "new_faces", 2.0), (5, "came_leader", 1.0), (5, "came_own", 3.0)]
    story = a_story(*lines, (5, "asked_leader", 8.0))  # type: ignore[arg-type]
    found = told(story, a_run(story, overrides=("parameters.money.hour_rate_yuan=20",)))
    assert found.sums["hours_worth_yuan"] == 210.0
    assert found.sums["brought_by_each_public_yuan"] == pytest.approx((500 + 200 + 210) / 1000)
    assert found.sums["public_yuan_per_person"] == 250.0 and found.sums["public_yuan_per_new_face"] == 500.0
    assert [(row.channel, row.asked, row.came) for row in found.through] == [
        (Channel.OWN, None, 3),
        (Channel.LEADER, 8, 1),
    ]


def test_a_project_that_drew_nobody_has_no_ratios() -> None:
    found = told(a_story(award_fen=0, paid_fen=0, hours_given=0.0), a_run())
    assert found.sums["public_yuan_per_person"] is None and found.sums["brought_by_each_public_yuan"] is None
    assert len(found.figures) < len(told(a_story((5, "joined", 4.0)), a_run()).figures)


@pytest.mark.parametrize(("call", "part"), [("1", "nobody was asked because of the call"), ("2", "at most 50%")])
def test_a_story_says_how_far_the_call_asked(call: str, part: str) -> None:
    found = told(a_story((5, "joined", 4.0)), a_run(overrides=(f"parameters.mobilisation.call={call}",)))
    assert part in found.remarks[0].to("en")
