"""The sentences of a project's story: for everything that can happen to it, what is said of a month in which it does.

Some keys are said together (yuan that were pledged, and by how many). Every key belongs to one sentence.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from commsim.behaviour.acts import Channel
from commsim.community.story import ASKED, CAME, StoryKey
from commsim.i18n import Text, _, counted
from commsim.record.stories import ProjectStory, RunStories, StoryLine
from commsim.report.number_words import figure
from commsim.report.story_words import ASKERS, WHOSE_YES, hours_words, initiator_of, residents_words, yuan_words
from commsim.suggestions import listing


@dataclass(frozen=True)
class MonthOfStory:
    """A month of a project's story, by key: its numbers added up, and what was said last."""

    story: ProjectStory
    run: RunStories
    lines: Sequence[StoryLine]

    def number(self, key: StoryKey) -> float:
        """The sum of a key's numbers in this month; 0 where it does not occur."""
        return sum(line.number for line in self.lines if line.key is key)

    def whole(self, key: StoryKey) -> int:
        """The same as a whole number."""
        return round(self.number(key))

    def said(self, key: StoryKey) -> Text | str:
        """What was said with a key; empty where nothing was."""
        return next((line.said for line in self.lines if line.key is key and line.said is not None), "")

    def yuan(self, key: StoryKey) -> Text:
        """A key's yuan with their unit."""
        return yuan_words(self.number(key))

    def by_channel(self, keys: Mapping[Channel, StoryKey], each: Text) -> Text:
        """ "8 by building leaders, 20 by committee staff", of those channels that occur, most first."""
        counts = [(self.whole(key), ASKERS[channel]) for channel, key in keys.items() if self.number(key)]
        counts.sort(key=lambda count: -count[0])
        return listing(each.format(asker=asker, n=n) for n, asker in counts)


Say = Callable[[MonthOfStory], Text]


def _complaints(month: MonthOfStory) -> Text:
    number = month.whole(StoryKey.COMPLAINTS)
    if not number:
        return _("No resident had raised the matter this year.")
    return _("This year {people} had raised the matter.").format(people=residents_words(number))


def _initiator(month: MonthOfStory) -> Text:
    columns = month.story.columns
    text = _("It was started by {who}, who asked for {yuan}; it wants {hours} of {people}.")
    return text.format(
        who=initiator_of(month.story),
        yuan=month.yuan(StoryKey.INITIATOR),
        hours=hours_words(float(columns["hours_needed"])),
        people=residents_words(round(float(columns["people_needed"]))),
    )


def _asked(month: MonthOfStory) -> Text:
    return _("Asked for it: {list}.").format(list=month.by_channel(ASKED, _("{n} by {asker}")))


def _pledged(month: MonthOfStory) -> Text:
    text = _("{people} said yes and pledged {yuan}.")
    return text.format(people=residents_words(month.whole(StoryKey.PLEDGERS)), yuan=month.yuan(StoryKey.GIFTS_PLEDGED))


def _promised(month: MonthOfStory) -> Text:
    text = _("{people} said yes and promised {hours}.")
    return text.format(
        people=residents_words(month.whole(StoryKey.PROMISERS)),
        hours=hours_words(month.number(StoryKey.HOURS_PROMISED)),
    )


def _awarded(month: MonthOfStory) -> Text:
    reason = month.said(StoryKey.AWARDED)
    yuan = month.yuan(StoryKey.AWARDED)
    if not reason:
        return _("The rule awarded {yuan}.").format(yuan=yuan)
    return _("The rule awarded {yuan}; its reason: {reason}.").format(yuan=yuan, reason=reason)


def _scope(month: MonthOfStory) -> Text:
    share = month.number(StoryKey.SCOPE)
    if share >= 1.0:
        return _("What is in hand covers all that was asked for.")
    return _("It is cut down to {percent}% of what was asked for, which is what is in hand.").format(
        percent=figure(100.0 * share, 0)
    )


def _gifts(month: MonthOfStory) -> Text:
    text = _("{yuan} that {people} had pledged became the project's.")
    return text.format(yuan=month.yuan(StoryKey.GIFTS), people=residents_words(month.whole(StoryKey.DONORS)))


def _permit(month: MonthOfStory) -> Text:
    kinds = {kind.id: kind.permission for kind in month.run.scenario.project_kinds}
    whose = WHOSE_YES.get(str(kinds.get(str(month.story.columns["kind"]), "")))
    return _("It was permitted by {whose}.").format(whose=whose or _("those whose yes it needs"))


def _worked(month: MonthOfStory) -> Text:
    text = _("{people} gave {hours}.")
    return text.format(
        people=residents_words(month.whole(StoryKey.PEOPLE)), hours=hours_words(month.number(StoryKey.HOURS))
    )


def _joined(month: MonthOfStory) -> Text:
    new = month.whole(StoryKey.NEW_FACES)
    text = _("New to the project: {people}, none of them a new face. What brought them: {list}.")
    if new:
        text = _("New to the project: {people}, of them new faces: {new}. What brought them: {list}.")
    return text.format(
        people=residents_words(month.whole(StoryKey.JOINED)),
        new=new,
        list=month.by_channel(CAME, _("{n} through {asker}")),
    )


def _benefit(month: MonthOfStory) -> Text:
    text = _(
        "Its benefit came to {benefit} of 1 (what was in hand × fit to the need × quality); {people} of its place have "
        "the need."
    )
    return text.format(
        benefit=figure(month.number(StoryKey.BENEFIT), 2),
        people=residents_words(int(month.story.columns["concerned"])),
    )


def _plain(text: Text) -> Say:
    return lambda _month: text


def _with_yuan(key: StoryKey, text: Text) -> Say:
    return lambda month: text.format(yuan=month.yuan(key))


def _with_residents(key: StoryKey, text: Text) -> Say:
    return lambda month: text.format(people=residents_words(month.whole(key)))


def _with_reason(key: StoryKey, text: Text) -> Say:
    return lambda month: text.format(reason=month.said(key) or _("no reason was given"))


SENTENCES: Sequence[tuple[Sequence[StoryKey], Say]] = (
    ((StoryKey.COMPLAINTS,), _complaints),
    ((StoryKey.PUBLIC_ISSUE,), _plain(_("It had passed the four discussions and was a public issue."))),
    ((StoryKey.INITIATOR,), _initiator),
    (tuple(ASKED.values()), _asked),
    ((StoryKey.GIFTS_PLEDGED, StoryKey.PLEDGERS), _pledged),
    ((StoryKey.HOURS_PROMISED, StoryKey.PROMISERS), _promised),
    (
        (StoryKey.GOODS_PLEDGED,),
        _with_yuan(StoryKey.GOODS_PLEDGED, _("Local units promised goods and rooms worth {yuan}.")),
    ),
    ((StoryKey.VOTES,), _with_residents(StoryKey.VOTES, _("{people} marked it on the ballot."))),
    (
        (StoryKey.TURN_AWAY,),
        _with_reason(StoryKey.TURN_AWAY, _("It was turned away: {reason}.")),
    ),
    ((StoryKey.SKIP,), _with_reason(StoryKey.SKIP, _("It was passed over: {reason}."))),
    ((StoryKey.REFUSE,), _with_reason(StoryKey.REFUSE, _("It was refused: {reason}."))),
    ((StoryKey.AWARDED,), _awarded),
    ((StoryKey.START,), _plain(_("The project began."))),
    ((StoryKey.PARTNER_GIFT,), _with_yuan(StoryKey.PARTNER_GIFT, _("Local units added {yuan}."))),
    ((StoryKey.SCOPE,), _scope),
    ((StoryKey.GIFTS, StoryKey.DONORS), _gifts),
    ((StoryKey.REFUNDED,), _with_yuan(StoryKey.REFUNDED, _("{yuan} of pledges went back to residents."))),
    ((StoryKey.BONUS,), _with_yuan(StoryKey.BONUS, _("Its donors got a bonus of {yuan} of public money."))),
    ((StoryKey.PERMIT,), _permit),
    (
        (StoryKey.FORBID,),
        _with_reason(StoryKey.FORBID, _("It was not permitted and ended: {reason}.")),
    ),
    ((StoryKey.PEOPLE, StoryKey.HOURS), _worked),
    ((StoryKey.JOINED, StoryKey.NEW_FACES, *CAME.values()), _joined),
    ((StoryKey.PAID,), _with_yuan(StoryKey.PAID, _("{yuan} of public money were paid."))),
    ((StoryKey.STALL,), _plain(_("Something went wrong, and the month's work was lost."))),
    ((StoryKey.RUN_LATE,), _plain(_("It runs late: its planned months have passed."))),
    ((StoryKey.BENEFIT,), _benefit),
    ((StoryKey.COMPLETE,), _plain(_("The project was completed."))),
    (
        (StoryKey.FALL_SHORT,),
        _with_reason(StoryKey.FALL_SHORT, _("The project failed: {reason}.")),
    ),
    ((StoryKey.MISUSE,), _plain(_("The project failed: supervision found that money was misused."))),
    ((StoryKey.RECLAIM,), _plain(_("The project ended: at the review the rule reclaimed its money."))),
    ((StoryKey.RETURNED,), _with_yuan(StoryKey.RETURNED, _("{yuan} of public money were left over and went back."))),
    (
        (StoryKey.GIFTS_RETURNED,),
        _with_yuan(StoryKey.GIFTS_RETURNED, _("{yuan} of residents' gifts were left over and went home.")),
    ),
    (
        (StoryKey.PARTNERS_RETURNED,),
        _with_yuan(StoryKey.PARTNERS_RETURNED, _("{yuan} of local units were left over and went back to them.")),
    ),
    (
        (StoryKey.SCORE,),
        lambda month: _("The appraisal meeting gave it {score} of 5 marks.").format(
            score=figure(month.number(StoryKey.SCORE), 1)
        ),
    ),
    (
        (StoryKey.GROUP,),
        lambda month: _("An activity group of {people} was born of it.").format(
            people=counted("{n} member", "{n} members", month.whole(StoryKey.GROUP))
        ),
    ),
)
"""For one or more keys that are said together, what is said of a month in which one of them occurs."""

_SENTENCE_OF = {key: number for number, (keys, _say) in enumerate(SENTENCES) for key in keys}


def sentences(month: MonthOfStory) -> list[Text]:
    """What is said of a month of a project, in the order in which it happened."""
    told = dict.fromkeys(_SENTENCE_OF[line.key] for line in month.lines)
    return [SENTENCES[number][1](month) for number in told]
