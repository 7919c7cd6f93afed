"""What can happen to a project, as its story tells it: a key for each kind of line, and what its number counts."""

from __future__ import annotations

from enum import Enum


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
    PLEDGE = "pledge"
    GIFTS_PLEDGED = "gifts_pledged"
    """Yuan that residents pledged in a month."""
    HOURS_PROMISED = "hours_promised"
    GOODS_PLEDGED = "goods_pledged"
    """Yuan of goods and rooms."""
    VOTES = "votes"
    TURN_AWAY = "turn_away"
    SKIP = "skip"
    REFUSE = "refuse"
    AWARDED = "awarded"
    """Yuan awarded."""
    START = "start"
    SCOPE = "scope"
    """Share of the ask that is in hand."""
    JOIN = "join"
    REFUND = "refund"
    TAKE_GIFTS = "take_gifts"
    BONUS = "bonus"
    # Delivery.
    PERMIT = "permit"
    FORBID = "forbid"
    PEOPLE = "people"
    """Residents who gave hours in a month."""
    HOURS = "hours"
    PAY = "pay"
    PAID = "paid"
    """Yuan paid."""
    SPEND = "spend"
    STALL = "stall"
    RUN_LATE = "run_late"
    COMPLETE = "complete"
    FALL_SHORT = "fall_short"
    MISUSE = "misuse"
    RECLAIM = "reclaim"
    GIVE_BACK = "give_back"
    # Afterwards.
    BENEFIT = "benefit"
    """0–1."""
    SCORE = "score"
    """Marks of the appraisal meeting, 1–5."""
    GROUP = "group"
    """Members of the group that was born of it."""
