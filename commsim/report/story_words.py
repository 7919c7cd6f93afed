"""How the story of a project names things: who asks, who starts, whose yes, the kind, the place, amounts."""

from __future__ import annotations

from collections.abc import Mapping

from commsim.behaviour.acts import Channel
from commsim.community.projects import Initiator
from commsim.contracts.domains import DOMAIN_NAMES, Domain
from commsim.i18n import Bilingual, Text, _, counted
from commsim.record.stories import ProjectStory, RunStories
from commsim.report.number_words import figure

ASKERS: Mapping[Channel, Text] = {
    Channel.LEADER: _("building leaders"),
    Channel.NEIGHBOUR: _("neighbours who take part"),
    Channel.GROUP: _("activity groups"),
    Channel.STAFF: _("committee staff"),
    Channel.MEDIA: _("notices and online groups"),
    Channel.PROJECT: _("initiators and project teams"),
    Channel.RECALLED: _("the memory of an earlier ask"),
    Channel.OWN: _("their own initiative"),
    Channel.HOUSEHOLD: _("somebody of their household"),
}
"""Who or what brings a resident to a project."""
WHOSE_YES: Mapping[str, Text] = {
    "owners_committee": _("the owners' committee"),
    "property_company": _("the property company"),
    "both": _("the owners' committee and the property company"),
}


def yuan_words(yuan: float) -> Text:
    """Yuan with their unit, rounded.

    >>> yuan_words(1234.4).to("en")
    '1,234 yuan'
    """
    return _("{amount} yuan").format(amount=figure(yuan, 0))


def residents_words(number: int) -> Text:
    """A number of residents."""
    return counted("{n} resident", "{n} residents", number)


def hours_words(hours: float) -> Text:
    """Hours with their unit, whole where they are."""
    whole = round(hours)
    if abs(hours - whole) < 0.05:
        return counted("{n} hour", "{n} hours", whole)
    return _("{amount} hours").format(amount=figure(hours, 1))


def need_of(story: ProjectStory) -> Bilingual:
    """The need that a project is about."""
    return DOMAIN_NAMES[Domain[str(story.columns["domain"]).upper()]]


def kind_of(story: ProjectStory, run: RunStories) -> Text:
    """What kind of project it is, in the scenario's words."""
    names = {kind.id: kind.name for kind in run.scenario.project_kinds}
    kind = str(story.columns["kind"])
    return names.get(kind, Text(kind))


def place_of(story: ProjectStory, run: RunStories) -> Text:
    """The committee of a project, by its name where the scenario lays it out by hand, else by its id."""
    names = {unit.id: unit.name for place in run.scenario.population.places for unit in place.committee_list}
    committee = str(story.columns["committee"])
    return names.get(committee, Text(committee))


def initiator_of(story: ProjectStory) -> Text:
    """Who started a project, with the id under which they apply."""
    return _STARTED_BY[Initiator(story.columns["initiator"])].format(id=story.columns["applicant"])


_STARTED_BY = {
    Initiator.RESIDENT: _("a resident ({id})"),
    Initiator.GROUP: _("an activity group ({id})"),
    Initiator.ORGANISATION: _("a social organisation ({id})"),
    Initiator.STAFF: _("the committee's staff ({id})"),
    Initiator.STREET: _("the street-level office, through the committee ({id})"),
}
INITIATORS: Mapping[Initiator, Text] = {
    Initiator.RESIDENT: Bilingual(en="resident", zh="居民"),
    Initiator.GROUP: Bilingual(en="group", zh="活动团队"),
    Initiator.ORGANISATION: Bilingual(en="organisation", zh="社会组织"),
    Initiator.STAFF: Bilingual(en="staff", zh="居委会工作人员"),
    Initiator.STREET: Bilingual(en="street", zh="街道"),
}
"""Kinds of initiator in a word."""
