"""What can happen to a project, as its story tells it: a key for each kind of line, and what its number counts."""

from __future__ import annotations

from enum import Enum

import numpy as np
from numpy.typing import NDArray

from commsim.behaviour.acts import ASKS, Channel


class StoryKey(Enum):
    """Lines of a project's story; the number of a line is in the unit that stands behind its key, where it has one."""

    # Before the round.
    COMPLAINTS = "complaints"
    """Residents who raised the matter this year."""
    PUBLIC_ISSUE = "public_issue"
    """It passed the four discussions."""
    INITIATOR = "initiator"
    """Somebody starts it; ask in yuan."""
    # In the round.
    ASKED_LEADER = "asked_leader"
    """Residents of its place whom building leaders asked in a month; those below: whoever their names say."""
    ASKED_NEIGHBOUR = "asked_neighbour"
    ASKED_GROUP = "asked_group"
    ASKED_STAFF = "asked_staff"
    ASKED_MEDIA = "asked_media"
    ASKED_PROJECT = "asked_project"
    """Teams of projects, its own or another's of the same place."""
    GIFTS_PLEDGED = "gifts_pledged"
    """Yuan that residents pledged in a month."""
    PLEDGERS = "pledgers"
    """Residents who pledged them."""
    HOURS_PROMISED = "hours_promised"
    PROMISERS = "promisers"
    """Residents who promised hours in a month."""
    GOODS_PLEDGED = "goods_pledged"
    """Yuan of goods and rooms."""
    VOTES = "votes"
    TURN_AWAY = "turn_away"
    SKIP = "skip"
    REFUSE = "refuse"
    AWARDED = "awarded"
    """Yuan awarded."""
    START = "start"
    PARTNER_GIFT = "partner_gift"
    """Yuan that a local unit adds."""
    SCOPE = "scope"
    """Share of the ask that is in hand."""
    GIFTS = "gifts"
    """Yuan of residents that became the project's."""
    DONORS = "donors"
    """Residents whose gifts they are."""
    REFUNDED = "refunded"
    """Yuan that went home to residents."""
    BONUS = "bonus"
    """Yuan that donors of a refused project got besides."""
    # Delivery.
    PERMIT = "permit"
    FORBID = "forbid"
    PEOPLE = "people"
    """Residents who gave hours in a month."""
    HOURS = "hours"
    JOINED = "joined"
    """Of those who gave hours, or money that stayed: who does so for this project for the first time."""
    NEW_FACES = "new_faces"
    """Of those who join: who had given nothing and started nothing within memory."""
    CAME_LEADER = "came_leader"
    """Of those who join: whom building leaders had asked; those below: whoever their names say."""
    CAME_NEIGHBOUR = "came_neighbour"
    CAME_GROUP = "came_group"
    CAME_STAFF = "came_staff"
    CAME_MEDIA = "came_media"
    CAME_PROJECT = "came_project"
    CAME_RECALLED = "came_recalled"
    CAME_OWN = "came_own"
    CAME_HOUSEHOLD = "came_household"
    PAID = "paid"
    """Yuan paid."""
    STALL = "stall"
    RUN_LATE = "run_late"
    COMPLETE = "complete"
    FALL_SHORT = "fall_short"
    MISUSE = "misuse"
    RECLAIM = "reclaim"
    # Afterwards.
    BENEFIT = "benefit"
    """0–1."""
    SCORE = "score"
    """Marks of the appraisal meeting, 1–5."""
    RETURNED = "returned"
    """Yuan of public money that were left over and went back."""
    GIFTS_RETURNED = "gifts_returned"
    """Yuan of residents' gifts that were left over and went home."""
    PARTNERS_RETURNED = "partners_returned"
    """Yuan of local units that were left over and went back to them."""
    GROUP = "group"
    """Members of the group that was born of it."""


ASKED: dict[Channel, StoryKey] = {
    channel: StoryKey[f"ASKED_{channel.name}"] for channel in ASKS if channel is not Channel.HOUSEHOLD
}
"""By channel the key of those asked through it; a household takes along who was not asked."""
CAME: dict[Channel, StoryKey] = {channel: StoryKey[f"CAME_{channel.name}"] for channel in Channel}
"""By channel the key of those who joined because of it."""


def numbers_by_channel(keys: dict[Channel, StoryKey], channels: NDArray[np.intp]) -> list[tuple[StoryKey, int]]:
    """For each channel that occurs in `channels` (and has a key), its key and how often it does."""
    count = np.bincount(channels, minlength=len(Channel))
    return [(key, int(count[channel])) for channel, key in keys.items() if count[channel]]
