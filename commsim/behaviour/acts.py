"""The kinds of act and the channels of asking that the whole model shares."""

from __future__ import annotations

from enum import IntEnum

from commsim.contracts import Domain


class Act(IntEnum):
    """What a resident can do when asked, from light to deep; the order is the ladder of participation."""

    VOTE = 0
    MEETING = 1
    TIME = 2
    MONEY = 3
    ORGANISE = 4


LIGHT_ACTS = (Act.VOTE, Act.MEETING)
"""Ballots and meetings: light participation."""
GIVING_ACTS = (Act.TIME, Act.MONEY)
"""Hours and money. Residents are asked for these and for light acts; who organises starts something unasked."""
ASKED_ACTS = (*LIGHT_ACTS, *GIVING_ACTS)
"""All acts that residents are asked for."""


class Channel(IntEnum):
    """Through whom a resident is asked (Brady, Schlozman and Verba 1999: who asks decides who is asked)."""

    LEADER = 0
    NEIGHBOUR = 1
    GROUP = 2
    STAFF = 3
    MEDIA = 4
    PROJECT = 5
    """The team of a project that lacks hands."""
    RECALLED = 6
    """Nobody asks again, but an earlier ask is remembered; it fades."""
    OWN = 7
    """Nobody asks: people look for something to do by themselves."""
    HOUSEHOLD = 8
    """Somebody of the household was asked and acts, and takes the other along."""


FACE_TO_FACE = (Channel.LEADER, Channel.NEIGHBOUR, Channel.STAFF, Channel.PROJECT)
"""Somebody spoke to the resident; notices, memories and one's own initiative are none of it."""
ASKS = (*FACE_TO_FACE, Channel.GROUP, Channel.MEDIA, Channel.HOUSEHOLD)
"""Channels through which somebody asks; the others are a memory or one's own initiative."""


class Rung(IntEnum):
    """Ladder of participation."""

    INACTIVE = 0
    AWARE = 1
    TOOK_PART = 2
    GAVE = 3
    ORGANISED = 4


RUNG_OF_ACT = {
    Act.VOTE: Rung.TOOK_PART,
    Act.MEETING: Rung.TOOK_PART,
    Act.TIME: Rung.GAVE,
    Act.MONEY: Rung.GAVE,
    Act.ORGANISE: Rung.ORGANISED,
}

NO_PROJECT = -1
NO_DOMAIN = -1
DOMAINS = len(Domain)
