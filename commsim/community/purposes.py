"""Why money moves: what every posting says."""

from __future__ import annotations

from enum import Enum


class Purpose(Enum):
    """Why money moves."""

    APPROPRIATION = "appropriation"
    LAPSE = "lapse"
    GIVING_CAPACITY = "giving capacity"
    UNUSED_CAPACITY = "unused capacity"
    PLEDGE = "pledge"
    REFUND = "refund"
    GIFT = "gift"
    AWARD = "award"
    REBATE = "rebate"
    BONUS = "refund bonus"
    PARTNER_GIFT = "partner gift"
    SPENDING = "spending"
    RETURN = "return"
