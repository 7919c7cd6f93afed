"""A project told on a page: its story month by month, and what a yuan did in it, through whom.

The sums of a story say what went along with the money; what the money moved is for a comparison to say, whose runs
without the fund are the other half of the answer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from commsim.behaviour.acts import Channel
from commsim.community.procedures import Stage
from commsim.community.projects import Initiator
from commsim.i18n import Text, _
from commsim.record.stories import ProjectStory, RunStories
from commsim.report.number_words import Joined, figure
from commsim.report.page_parts import Cell, Number, NumberTable
from commsim.report.run_words import STAGE_NAMES
from commsim.report.story_sentences import MonthOfStory, sentences
from commsim.report.story_words import (
    ASKERS,
    INITIATORS,
    hours_words,
    initiator_of,
    kind_of,
    need_of,
    place_of,
    residents_words,
    yuan_words,
)

CALL = "mobilisation.call"
ASSUMPTIONS: Mapping[Channel, str] = {
    Channel.LEADER: "mobilisation.leader_hours",
    Channel.NEIGHBOUR: "mobilisation.neighbour_hours",
    Channel.GROUP: "mobilisation.group_hours",
    Channel.STAFF: "mobilisation.share_asked",
    Channel.MEDIA: "mobilisation.media_reach_young",
    Channel.PROJECT: "mobilisation.team_hours",
    Channel.RECALLED: "mobilisation.ask_half_life",
    Channel.OWN: "mobilisation.own_initiative",
    Channel.HOUSEHOLD: "mobilisation.household_hours",
}
"""By channel the assumption (a parameter of the registry) by which it asks as much as it does."""
CALLED = (Channel.LEADER, Channel.STAFF, Channel.MEDIA)
"""Channels that ask more while a round is open, where `mobilisation.call` is above 1."""


THROUGH_HEAD = (_("Who asked"), _("Asked"), _("Came"), _("Assumption"))
"""Headings of who came through whom."""


@dataclass(frozen=True)
class Through:
    """A channel in a project: what it is, how often it `asked` (None: it asks nobody), how many `came` through it, and
    the `assumption` behind it, with its value."""

    channel: Channel
    asker: Text
    asked: int | None
    came: int
    assumption: str
    value: float

    @property
    def asked_digits(self) -> str:
        """How often it asked, for a cell of a table; empty where it asks nobody."""
        return "" if self.asked is None else str(self.asked)

    @property
    def assumed(self) -> str:
        """The assumption with its value."""
        return f"{self.assumption} = {self.value:g}"


@dataclass(frozen=True)
class ToldProject:
    """A project as it is told: a `title` and where it ended, its `months` with their sentences, `figures` (name, what
    it comes to) with the same as numbers (`sums`), who came `through` whom, and `remarks`."""

    story: ProjectStory
    title: Text
    months: Sequence[tuple[str, Sequence[Text]]]
    figures: Sequence[tuple[Text, Text]]
    sums: Mapping[str, Any]
    through: Sequence[Through]
    remarks: Sequence[Text]

    @property
    def paragraphs(self) -> Sequence[tuple[str, Text]]:
        """Its months, each with its sentences as one text."""
        return [(date, Joined(said, between=" ")) for date, said in self.months]


def told(story: ProjectStory, run: RunStories) -> ToldProject:
    """The whole story of a project of a run, with its sums."""
    return ToldProject(
        story=story,
        title=title_of(story, run),
        months=[(run.date(month), sentences(MonthOfStory(story, run, lines))) for month, lines in story.months()],
        figures=_figures(story, run),
        sums=sums(story, run),
        through=_through(story, run),
        remarks=_remarks(story, run),
    )


def title_of(story: ProjectStory, run: RunStories) -> Text:
    """What it is, where, and how it ended."""
    return _("{kind} ({need}) in {place}, {year}: {stage}").format(
        kind=kind_of(story, run),
        need=need_of(story),
        place=place_of(story, run),
        year=story.columns["period"],
        stage=STAGE_NAMES[story.stage.value],
    )


def most_drawing(run: RunStories, number: int) -> list[ProjectStory]:
    """The projects that drew most people, most first (ties: newest first); those that drew nobody are left out."""
    drawing = [story for story in run.stories if story.people]
    return sorted(drawing, key=lambda story: -story.people)[:number]


def project_row(story: ProjectStory, run: RunStories) -> dict[str, Any]:
    """What a list of projects says of one."""
    return {
        "project": story.id,
        "short_id": story.short_id,
        "place": place_of(story, run),
        "need": need_of(story),
        "kind": kind_of(story, run),
        "initiator": INITIATORS[Initiator(story.columns["initiator"])],
        "proposed": run.date(int(story.columns["proposed"])),
        "ask_yuan": story.yuan("ask_fen"),
        "award_yuan": story.yuan("award_fen"),
        "people": story.people,
        "new_faces": story.new_faces,
        "hours": story.hours,
        "stage": story.stage.value,
        "end": STAGE_NAMES[story.stage.value],
    }


def sums(story: ProjectStory, run: RunStories) -> dict[str, Any]:
    """What a project comes to in numbers: yuan by source, hours and their worth, people, and ratios (None: of none)."""
    rate = float(run.scenario.parameters["money.hour_rate_yuan"])
    public, worth = story.public_yuan, story.hours * rate
    goods = story.yuan("goods_fen") if story.columns["award_fen"] or story.columns["started"] >= 0 else 0.0
    others = {"gifts_yuan": story.yuan("gifts_fen"), "partner_yuan": story.partner_yuan, "goods_yuan": goods}
    return {
        "public_yuan": public,
        **others,
        "hours": story.hours,
        "hour_rate_yuan": rate,
        "hours_worth_yuan": worth,
        "people": story.people,
        "new_faces": story.new_faces,
        "workers": int(story.columns["workers"]),
        "brought_by_each_public_yuan": _ratio(sum(others.values()) + worth, public),
        "public_yuan_per_person": _ratio(public, story.people),
        "public_yuan_per_new_face": _ratio(public, story.new_faces),
        "hours_per_person": _ratio(story.hours, story.people),
        "call": float(run.scenario.parameters[CALL]),
    }


def _ratio(what: float, of: float) -> float | None:
    return what / of if of else None


def _figures(story: ProjectStory, run: RunStories) -> list[tuple[Text, Text]]:
    found = sums(story, run)
    worth = _("{hours}, worth {yuan} at {rate} an hour").format(
        hours=hours_words(story.hours),
        yuan=yuan_words(found["hours_worth_yuan"]),
        rate=yuan_words(found["hour_rate_yuan"]),
    )
    people = _("{people}, of them {new} new faces").format(people=residents_words(story.people), new=story.new_faces)
    return [
        (_("Started by"), initiator_of(story)),
        (_("Public money"), yuan_words(found["public_yuan"])),
        (_("Residents' gifts"), yuan_words(found["gifts_yuan"])),
        (_("Money of local units"), yuan_words(found["partner_yuan"])),
        (_("Goods and rooms"), yuan_words(found["goods_yuan"])),
        (_("Volunteers' hours"), worth),
        (_("People who gave"), people),
        *_ratios(found),
    ]


def _ratios(found: Mapping[str, Any]) -> list[tuple[Text, Text]]:
    """What goes with one yuan and with one person, where there is any."""
    rows: list[tuple[Text, Text]] = []
    if found["brought_by_each_public_yuan"] is not None:
        went_along = _("{amount} yuan of gifts, goods and hours").format(
            amount=figure(found["brought_by_each_public_yuan"], 2)
        )
        rows.append((_("With each public yuan went"), went_along))
    for name, label in (
        ("public_yuan_per_person", _("Public money for each person who gave")),
        ("public_yuan_per_new_face", _("Public money for each new face")),
    ):
        if found[name] is not None:
            rows.append((label, yuan_words(found[name])))
    if found["hours_per_person"] is not None:
        rows.append((_("Hours for each person who gave"), hours_words(found["hours_per_person"])))
    return rows


def _through(story: ProjectStory, run: RunStories) -> list[Through]:
    """Channels by which somebody was asked or came, those that brought most first."""
    rows = [
        Through(
            channel=channel,
            asker=ASKERS[channel],
            asked=None if channel in (Channel.RECALLED, Channel.OWN, Channel.HOUSEHOLD) else story.asked(channel),
            came=story.came(channel),
            assumption=name,
            value=float(run.scenario.parameters[name]),
        )
        for channel, name in ASSUMPTIONS.items()
    ]
    return sorted((row for row in rows if row.asked or row.came), key=lambda row: (-row.came, row.channel))


def _remarks(story: ProjectStory, run: RunStories) -> list[Text]:
    """How far the call itself asked them, and what the sums do not say."""
    if story.stage is Stage.PROPOSED and not story.people:
        return [_call(run)]
    return [
        _call(run),
        _(
            "New faces had given nothing and started nothing within memory. Asked counts residents of its place in "
            "each month anew; teams of projects in the same place ask for each other's too."
        ),
        _(
            "These sums say what went along with the money, not what it moved: some would have given elsewhere. "
            "commsim compare says what it moved, against runs without the fund."
        ),
    ]


def _call(run: RunStories) -> Text:
    call = float(run.scenario.parameters[CALL])
    if call == 1.0:
        return _("{name} = 1: nobody was asked because of the call.").format(name=CALL)
    return _(
        "{name} = {value}: while the round was open, building leaders, staff and notices asked {value} times as much "
        "as in other months, as far as their hours went; at most {percent}% of their asks are the call's."
    ).format(name=CALL, value=f"{call:g}", percent=figure(100.0 * (1.0 - 1.0 / call), 0))


def through_table(found: ToldProject) -> NumberTable:
    """Who came through whom, as a page shows it."""
    rows: list[list[Cell]] = [
        [row.asker, Number(row.asked_digits), Number(str(row.came)), row.assumed] for row in found.through
    ]
    return NumberTable(THROUGH_HEAD, rows)
